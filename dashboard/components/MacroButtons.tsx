// The macros of a printer as buttons.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Card, Group, Title } from '@mantine/core'
import { Zap } from 'lucide-react'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import type { PrinterState } from '../../server/contract/printers.ts'
import type { Macro } from '../../server/contract/routines.ts'

export interface MacroButtonsProps {
  readonly macros: readonly Macro[]
  readonly state: PrinterState
  ask(body: CommandBody): void
}

export const MacroButtons = ({ macros, state, ask }: MacroButtonsProps) => {
  const { t } = useLingui()
  const ready = state === 'idle' || state === 'awaiting-clear' || state === 'paused'
  if (macros.length === 0) return null
  return (
    <Card withBorder component="section" aria-label={t`Macros`}>
      <Title order={2} mb="xs">
        <Trans>Macros</Trans>
      </Title>
      <Group gap="xs">
        {macros.map(({ name, whilePrinting }) => (
          <Button
            key={name}
            variant="default"
            leftSection={<Zap size={15} aria-hidden />}
            disabled={!ready && !(whilePrinting && state === 'printing')}
            onClick={() => ask({ kind: 'macro', name })}
          >
            {name}
          </Button>
        ))}
      </Group>
    </Card>
  )
}
