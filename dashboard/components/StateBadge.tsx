// What a printer is doing, in a word and a sign: never by colour alone.
import { useLingui } from '@lingui/react/macro'
import { Badge } from '@mantine/core'
import { CircleCheck, Flame, Hand, Loader, type LucideIcon, OctagonX, Pause, Plug, PlugZap } from 'lucide-react'
import type { PrinterState } from '../../server/contract/printers.ts'

const looks: Readonly<Record<PrinterState, { color: string; icon: LucideIcon }>> = {
  offline: { color: 'gray', icon: Plug },
  connecting: { color: 'gray', icon: PlugZap },
  idle: { color: 'slate', icon: CircleCheck },
  printing: { color: 'tile', icon: Flame },
  pausing: { color: 'yellow', icon: Pause },
  paused: { color: 'yellow', icon: Pause },
  resuming: { color: 'tile', icon: Loader },
  cancelling: { color: 'yellow', icon: Loader },
  reconnecting: { color: 'yellow', icon: PlugZap },
  halted: { color: 'red', icon: OctagonX },
  manual: { color: 'tile', icon: Hand },
  'awaiting-clear': { color: 'blue', icon: Hand },
}

/** A printer's state in the person's language. */
export const useStateName = (): ((state: PrinterState) => string) => {
  const { t } = useLingui()
  return (state) => {
    const names: Record<PrinterState, string> = {
      offline: t`Offline`,
      connecting: t`Connecting`,
      idle: t`Ready`,
      printing: t`Printing`,
      pausing: t`Pausing`,
      paused: t`Paused`,
      resuming: t`Resuming`,
      cancelling: t`Cancelling`,
      reconnecting: t`Reconnecting`,
      halted: t`Halted`,
      manual: t`Printing by hand`,
      'awaiting-clear': t`Clear the bed`,
    }
    return names[state]
  }
}

export const StateBadge = ({ state, size = 'md' }: { state: PrinterState; size?: 'md' | 'lg' }) => {
  const nameOf = useStateName()
  const { color, icon: Icon } = looks[state]
  return (
    <Badge
      color={color}
      variant="light"
      size={size}
      leftSection={<Icon size={size === 'lg' ? 15 : 13} aria-hidden />}
      className="state-badge"
    >
      {nameOf(state)}
    </Badge>
  )
}
