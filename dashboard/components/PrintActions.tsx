// Pause, resume, cancel; and the emergency stop, which is always there.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Popover, Stack, Text } from '@mantine/core'
import { OctagonX, Pause, Play, PlugZap, Spool, X } from 'lucide-react'
import { useState } from 'react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import type { PrinterState } from '../../server/contract/printers.ts'

export interface PrintActionsProps {
  readonly state: PrinterState
  readonly mayRun: boolean
  readonly mayStop: boolean
  readonly mayConnect: boolean
  readonly busy: boolean
  /** The filament is being changed: that is led elsewhere on the page. */
  readonly changing: boolean
  ask(body: CommandBody): void
}

const cancellable: readonly PrinterState[] = ['printing', 'pausing', 'paused', 'resuming', 'reconnecting']

/** Only here it means nothing. A printer that is not heard of may still move: whether it does, the bridge knows. */
const isStoppable = (state: PrinterState): boolean => state !== 'halted'

export const PrintActions = ({ state, mayRun, mayStop, mayConnect, busy, changing, ask }: PrintActionsProps) => (
  <Group gap="xs">
    {mayRun && state === 'printing' && (
      <Button
        variant="default"
        leftSection={<Pause size={16} aria-hidden />}
        loading={busy}
        onClick={() => ask({ kind: 'pause' })}
      >
        <Trans>Pause</Trans>
      </Button>
    )}
    {mayRun && (state === 'printing' || state === 'paused') && !changing && (
      <Button
        variant="default"
        leftSection={<Spool size={16} aria-hidden />}
        onClick={() => ask({ kind: 'change-filament' })}
      >
        <Trans>Change filament</Trans>
      </Button>
    )}
    {mayRun && state === 'paused' && !changing && (
      <Button leftSection={<Play size={16} aria-hidden />} loading={busy} onClick={() => ask({ kind: 'resume' })}>
        <Trans>Resume</Trans>
      </Button>
    )}
    {mayRun && cancellable.includes(state) && <CancelButton ask={ask} />}
    {mayConnect && (state === 'halted' || state === 'offline') && (
      <Button leftSection={<PlugZap size={16} aria-hidden />} loading={busy} onClick={() => ask({ kind: 'reconnect' })}>
        <Trans>Connect anew</Trans>
      </Button>
    )}
    {mayStop && isStoppable(state) && (
      <Button
        color="red"
        leftSection={<OctagonX size={16} aria-hidden />}
        onClick={() => ask({ kind: 'emergency-stop' })}
      >
        <Trans>Emergency stop</Trans>
      </Button>
    )}
  </Group>
)

/** A print of hours is not lost by one slip of the finger. */
const CancelButton = ({ ask }: Pick<PrintActionsProps, 'ask'>) => {
  const { t } = useLingui()
  const [open, setOpen] = useState(false)
  return (
    <Popover opened={open} onChange={setOpen} withArrow trapFocus shadow="md" position="bottom-end">
      <Popover.Target>
        <Button variant="default" leftSection={<X size={16} aria-hidden />} onClick={() => setOpen(!open)}>
          <Trans>Cancel</Trans>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t`Cancel the print?`}>
        <Stack gap="xs" maw={260}>
          <Text size="sm">
            <Trans>The heaters go off and the nozzle parks. What is printed so far stays on the bed.</Trans>
          </Text>
          <Group grow>
            <Button variant="default" size="compact-md" onClick={() => setOpen(false)}>
              <Trans>Go on printing</Trans>
            </Button>
            <Button
              color="red"
              size="compact-md"
              onClick={() => {
                setOpen(false)
                ask({ kind: 'cancel' })
              }}
            >
              <Trans>Cancel it</Trans>
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
