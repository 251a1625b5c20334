// What is done with a spool: load it, weigh it, put it away.
import { Trans, useLingui } from '@lingui/react/macro'
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Menu,
  Modal,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
} from '@mantine/core'
import { Archive, ArchiveRestore, Download, EllipsisVertical, Scale, Upload } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { listPrinters } from '../../server/contract/printers.ts'
import { loadSpool, retireSpool, type Spool, weighSpool } from '../../server/contract/spools.ts'
import { nameOfFilament } from '../components/SpoolSign.tsx'
import { useAction, useEndpoint } from '../state/use-endpoint.ts'

const icon = { size: 15, 'aria-hidden': true } as const

export const SpoolActions = ({ spool }: { spool: Spool }) => {
  const { t } = useLingui()
  const [doing, setDoing] = useState<'load' | 'weigh' | null>(null)
  const retire = useAction(retireSpool)
  const unload = useAction(loadSpool)
  const { id, printerId, tool, retiredAt } = spool
  const name = nameOfFilament(spool.filament)
  const close = (): void => setDoing(null)
  return (
    <>
      <Menu position="bottom-end" withArrow>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t`What can be done with spool ${id}`}>
            <EllipsisVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {retiredAt === null && (
            <>
              <Menu.Item leftSection={<Upload {...icon} />} onClick={() => setDoing('load')}>
                <Trans>Load into a printer</Trans>
              </Menu.Item>
              {printerId !== null && tool !== null && (
                <Menu.Item
                  leftSection={<Download {...icon} />}
                  onClick={() => unload.mutate({ params: { printerId, tool }, body: { spoolId: null } })}
                >
                  <Trans>It was taken out</Trans>
                </Menu.Item>
              )}
              <Menu.Item leftSection={<Scale {...icon} />} onClick={() => setDoing('weigh')}>
                <Trans>Weigh it</Trans>
              </Menu.Item>
            </>
          )}
          <Menu.Item
            leftSection={retiredAt === null ? <Archive {...icon} /> : <ArchiveRestore {...icon} />}
            onClick={() => retire.mutate({ params: { id }, body: { retired: retiredAt === null } })}
          >
            {retiredAt === null ? <Trans>Empty: put it away</Trans> : <Trans>Take it back into use</Trans>}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={doing === 'load'} onClose={close} title={t`Load ${name}`}>
        {doing === 'load' && <Load spool={spool} close={close} />}
      </Modal>
      <Modal opened={doing === 'weigh'} onClose={close} title={t`Weigh spool ${id}`}>
        {doing === 'weigh' && <Weigh spool={spool} close={close} />}
      </Modal>
    </>
  )
}

const Load = ({ spool, close }: { spool: Spool; close(): void }) => {
  const { t } = useLingui()
  const printers = useEndpoint(listPrinters, {})
  const load = useAction(loadSpool, { quiet: true, done: close })
  const [printerId, setPrinterId] = useState<string | null>(null)
  const [tool, setTool] = useState(1)
  const chosen = printerId ?? (printers.data?.[0] ? String(printers.data[0].id) : null)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (chosen !== null)
      load.mutate({ params: { printerId: Number(chosen), tool: tool - 1 }, body: { spoolId: spool.id } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Select
          label={t`Printer`}
          data={(printers.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }))}
          value={chosen}
          onChange={setPrinterId}
          allowDeselect={false}
          data-autofocus
        />
        <NumberInput
          label={t`Tool`}
          description={t`1, unless the printer takes several filaments`}
          min={1}
          max={64}
          value={tool}
          onChange={(value) => setTool(Number(value) || 1)}
        />
        {load.error && <Alert color="red">{load.error.message}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={load.isPending} disabled={chosen === null}>
            <Trans>It is loaded</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

const Weigh = ({ spool, close }: { spool: Spool; close(): void }) => {
  const { t } = useLingui()
  const [how, setHow] = useState(spool.emptyGrams === null ? 'net' : 'gross')
  const [grams, setGrams] = useState<number | ''>('')
  const weigh = useAction(weighSpool, { quiet: true, done: close })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (grams === '') return
    weigh.mutate({ params: { id: spool.id }, body: how === 'gross' ? { gross: grams } : { net: grams } })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t`What lies on the scales`}
          value={how}
          onChange={setHow}
          data={[
            { value: 'gross', label: t`With the spool`, disabled: spool.emptyGrams === null },
            { value: 'net', label: t`Filament alone` },
          ]}
        />
        <NumberInput
          label={t`Weight (g)`}
          min={0}
          value={grams}
          onChange={(value) => setGrams(typeof value === 'number' ? value : '')}
          required
          data-autofocus
        />
        {weigh.error && <Alert color="red">{weigh.error.message}</Alert>}
        <Group justify="flex-end">
          <Button type="submit" loading={weigh.isPending}>
            <Trans>Save</Trans>
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
