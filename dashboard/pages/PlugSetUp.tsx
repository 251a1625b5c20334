// The smart plug of a printer: which one it is, and switching the printer by it.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  Alert,
  Button,
  Card,
  Group,
  NumberInput,
  PasswordInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { Power } from 'lucide-react'
import { useState } from 'react'
import {
  type Plug,
  type PlugKind,
  plugKinds,
  removePlug,
  setPlug,
  showPlug,
  switchPlug,
} from '../../server/contract/power.ts'
import type { Printer } from '../../server/contract/printers.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

const refresh = (): void => {
  queries.invalidateQueries({ queryKey: [showPlug.url] }).catch(() => {})
}

/** Shown beside the printer's other buttons, where it has a plug. */
export const PowerSwitch = ({ printer }: { printer: Printer }) => {
  const found = useEndpoint(showPlug, { params: { id: printer.id } }, { every: 10_000 })
  const act = useAction(switchPlug, { done: refresh })
  const plug = found.data?.plug
  if (!plug) return null
  const on = plug.isOn !== true
  return (
    <Group gap="xs">
      <Button
        variant="default"
        leftSection={<Power size={16} aria-hidden />}
        loading={act.isPending}
        onClick={() => act.mutate({ params: { id: printer.id }, body: { on } })}
      >
        {on ? <Trans>Switch on</Trans> : <Trans>Switch off</Trans>}
      </Button>
      {plug.trouble !== null && (
        <Text size="sm" c="dimmed">
          {plug.trouble}
        </Text>
      )}
    </Group>
  )
}

export const PlugSetUp = ({ printer }: { printer: Printer }) => {
  const { t } = useLingui()
  const found = useEndpoint(showPlug, { params: { id: printer.id } })
  const [adding, setAdding] = useState(false)
  if (!found.data) return null
  const { plug } = found.data
  return (
    <Card withBorder component="section" aria-label={t`Smart plug`}>
      <Title order={2} mb="xs">
        <Trans>Smart plug</Trans>
      </Title>
      {plug === null && !adding ? (
        <Group justify="space-between">
          <Text size="sm">
            <Trans>A plug can switch the printer on before a print, and off when it has cooled down.</Trans>
          </Text>
          <Button variant="default" onClick={() => setAdding(true)}>
            <Trans>Add a plug</Trans>
          </Button>
        </Group>
      ) : (
        <PlugForm key={String(plug === null)} printerId={printer.id} plug={plug} close={() => setAdding(false)} />
      )}
    </Card>
  )
}

const titles: Readonly<Record<PlugKind, string>> = {
  tasmota: 'Tasmota',
  'shelly-1': 'Shelly (Gen1)',
  'shelly-2': 'Shelly (Gen2, Gen3, Plus, Pro)',
}

const PlugForm = ({ printerId, plug, close }: { printerId: number; plug: Plug | null; close(): void }) => {
  const { t } = useLingui()
  const params = { id: printerId }
  const [kind, setKind] = useState<PlugKind>(plug?.kind ?? 'tasmota')
  const [address, setAddress] = useState(plug?.address ?? '')
  const [outlet, setOutlet] = useState((plug?.outlet ?? 0) + 1)
  const [userName, setUserName] = useState(plug?.userName ?? '')
  const [password, setPassword] = useState('')
  const [onBeforePrint, setOnBeforePrint] = useState(plug?.onBeforePrint ?? true)
  const [minutes, setMinutes] = useState<number | null>(plug === null ? 15 : plug.offAfterMinutes)
  const [anywhere, setAnywhere] = useState(plug?.anywhere ?? false)
  const save = useAction(setPlug, { quiet: true, done: refresh })
  const remove = useAction(removePlug, {
    done: () => {
      close()
      refresh()
    },
  })
  const body = {
    kind,
    address: address.trim(),
    outlet: outlet - 1,
    userName: userName.trim() === '' ? null : userName.trim(),
    onBeforePrint,
    offAfterMinutes: minutes,
    anywhere,
    ...(password === '' ? {} : { password }),
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate({ params, body })
      }}
    >
      <Stack gap="sm">
        <Select
          label={t`Kind of plug`}
          data={plugKinds.map((one) => ({ value: one, label: titles[one] }))}
          value={kind}
          onChange={(value) => setKind(plugKinds.find((one) => one === value) ?? 'tasmota')}
          allowDeselect={false}
        />
        <TextInput
          label={t`Address in the network`}
          placeholder="192.168.1.30"
          value={address}
          onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          required
          spellCheck={false}
          autoComplete="off"
        />
        <NumberInput
          label={t`Outlet`}
          value={outlet}
          min={1}
          max={8}
          allowDecimal={false}
          onChange={(next) => typeof next === 'number' && setOutlet(next)}
        />
        <TextInput
          label={t`Name, where it asks for one`}
          value={userName}
          onChange={({ currentTarget }) => setUserName(currentTarget.value)}
          autoComplete="off"
        />
        <PasswordInput
          label={t`Password, where it asks for one`}
          {...(plug?.hasPassword ? { placeholder: t`A password is kept` } : {})}
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          autoComplete="new-password"
        />
        <Switch
          label={t`Switch on when a job waits for this printer`}
          checked={onBeforePrint}
          onChange={({ currentTarget }) => setOnBeforePrint(currentTarget.checked)}
        />
        <Switch
          label={t`Switch off when it is cool and idle`}
          checked={minutes !== null}
          onChange={({ currentTarget }) => setMinutes(currentTarget.checked ? 15 : null)}
        />
        {minutes !== null && (
          <NumberInput
            label={t`Idle for`}
            value={minutes}
            min={1}
            max={1440}
            suffix={t` min`}
            allowDecimal={false}
            onChange={(next) => typeof next === 'number' && setMinutes(next)}
          />
        )}
        <Switch
          label={t`Allow an address outside of the workshop's own network`}
          checked={anywhere}
          onChange={({ currentTarget }) => setAnywhere(currentTarget.checked)}
        />
        {plug?.trouble && <Alert color="yellow">{plug.trouble}</Alert>}
        {save.error && (
          <Alert color="red" role="alert">
            {save.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          {plug !== null && (
            <Button color="red" variant="light" loading={remove.isPending} onClick={() => remove.mutate({ params })}>
              <Trans>Remove the plug</Trans>
            </Button>
          )}
          <Button type="submit" loading={save.isPending} disabled={address.trim() === ''}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
