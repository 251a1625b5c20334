// Keys by which programs act in one's own name.
import { Trans, useLingui } from '@lingui/react/macro'
import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { KeyRound, Plus } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { type ApiKey, listKeys, makeKey, revokeKey } from '../../server/contract/account.ts'
import type { Me } from '../../server/contract/members.ts'
import { may, scopes } from '../../server/contract/permissions.ts'
import { CopyField } from '../components/CopyField.tsx'
import { formatInstant } from '../format.ts'
import { queries, useAction, useEndpoint } from '../state/use-endpoint.ts'

type Scope = ApiKey['scopes'][number]

const reread = (): void => {
  queries.invalidateQueries({ queryKey: [listKeys.url] }).catch(() => {})
}

const useScopeNames = (): Record<Scope, string> => {
  const { t } = useLingui()
  return {
    look: t`See printers, queue and files`,
    queue: t`Upload files and queue jobs`,
    start: t`Have its jobs started without my word`,
    book: t`Book machine time for me`,
    'mind-own-prints': t`Pause and cancel my prints, clear beds`,
    'emergency-stop': t`Stop in an emergency`,
    'press-macros': t`Press macros that are for all members`,
    'run-printers': t`Run any printer, any print`,
    console: t`Send G-code`,
    'set-up-printers': t`Add and change printers`,
  }
}

export const Keys = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const keys = useEndpoint(listKeys, {}).data ?? []
  const [making, setMaking] = useState(false)
  const revoke = useAction(revokeKey, { done: reread })
  return (
    <Stack>
      {keys.length > 0 && (
        <ul className="plain-list">
          {keys.map((key) => (
            <KeyRow
              key={key.id}
              apiKey={key}
              revoking={revoke.isPending && revoke.variables?.params.id === key.id}
              revoke={() => revoke.mutate({ params: { id: key.id } })}
            />
          ))}
        </ul>
      )}
      <Group>
        <Button variant="default" leftSection={<Plus size={16} aria-hidden />} onClick={() => setMaking(true)}>
          <Trans>Make a key</Trans>
        </Button>
      </Group>
      <Modal opened={making} onClose={() => setMaking(false)} title={t`New key`} centered>
        <NewKey me={me} close={() => setMaking(false)} />
      </Modal>
    </Stack>
  )
}

const KeyRow = ({ apiKey, revoking, revoke }: { apiKey: ApiKey; revoking: boolean; revoke(): void }) => {
  const { t } = useLingui()
  const names = useScopeNames()
  const over = Date.parse(apiKey.endsAt) < Date.now()
  const facts = [
    over ? t`ended ${formatInstant(apiKey.endsAt)}` : t`until ${formatInstant(apiKey.endsAt)}`,
    apiKey.usedAt === null ? t`never used` : t`used ${formatInstant(apiKey.usedAt)} from ${apiKey.usedFrom ?? '?'}`,
  ]
  return (
    <Group component="li" wrap="nowrap" gap="sm" py={6} align="flex-start">
      <KeyRound size={20} aria-hidden className="no-shrink" />
      <div className="grow">
        <Text fw={550} size="sm" {...(over ? { c: 'dimmed' } : {})}>
          {apiKey.name}
        </Text>
        <Text size="sm" c="dimmed">
          {facts.join(' · ')}
        </Text>
        <Text size="sm">{apiKey.scopes.map((scope) => names[scope]).join(' · ')}</Text>
      </div>
      <Button
        variant="default"
        size="xs"
        flex="none"
        loading={revoking}
        onClick={revoke}
        aria-label={t`Revoke ${apiKey.name}`}
      >
        <Trans>Revoke</Trans>
      </Button>
    </Group>
  )
}

const NewKey = ({ me, close }: { me: Me; close(): void }) => {
  const { t } = useLingui()
  const scopeNames = useScopeNames()
  const [name, setName] = useState('')
  const [days, setDays] = useState('365')
  const [chosen, setChosen] = useState<string[]>(['look', 'queue', 'start'])
  const make = useAction(makeKey, { quiet: true, done: reread })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wanted = scopes.filter((scope) => chosen.includes(scope))
    make.mutate({ body: { name: name.trim(), days: Number(days), scopes: wanted } })
  }
  if (make.data) return <MadeKey value={make.data.key} close={close} />
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t`Name`}
          placeholder={t`Slicer on the workshop's laptop`}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          required
          maxLength={80}
          data-autofocus
        />
        <Checkbox.Group label={t`It may`} value={chosen} onChange={setChosen}>
          <Stack gap={8} mt={6}>
            {scopes
              .filter((scope) => may(me, scope))
              .map((scope) => (
                <Checkbox key={scope} value={scope} label={scopeNames[scope]} />
              ))}
          </Stack>
        </Checkbox.Group>
        <Select
          label={t`It works for`}
          data={[
            { value: '1', label: t`a day` },
            { value: '30', label: t`30 days` },
            { value: '90', label: t`90 days` },
            { value: '365', label: t`a year` },
            { value: '1825', label: t`5 years` },
          ]}
          value={days}
          onChange={(value) => setDays(value ?? '365')}
          allowDeselect={false}
        />
        {make.isError && (
          <Alert color="red" role="alert">
            {make.error.message}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={make.isPending} disabled={chosen.length === 0}>
            <Trans>Make the key</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const MadeKey = ({ value, close }: { value: string; close(): void }) => {
  const { t } = useLingui()
  return (
    <Stack>
      <Text>
        <Trans>Copy it now: it is not shown again. Who has it acts in your name.</Trans>
      </Text>
      <CopyField value={value} label={t`Key`} />
      <Text size="sm" c="dimmed">
        <Trans>Programs send it as</Trans> <code>Authorization: Bearer …</code>
      </Text>
      <Group justify="flex-end">
        <Button onClick={close}>
          <Trans>I have kept it</Trans>
        </Button>
      </Group>
    </Stack>
  )
}
