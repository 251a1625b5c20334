// Moves the nozzle a hair off the bed or nearer to it, while it prints.
import { Trans, useLingui } from '@lingui/react/macro'
import { Button, Group, Text } from '@mantine/core'
import type { CommandBody } from '../../server/contract/printer-commands.ts'
import { formatNumber } from '../format.ts'

const steps = [-0.05, -0.01, 0.01, 0.05] as const

export const BabySteps = ({
  sum,
  disabled,
  ask,
}: {
  /** mm; up is positive. */
  sum: number
  disabled: boolean
  ask(body: CommandBody): void
}) => {
  const { t } = useLingui()
  const shown = formatNumber(sum, 2)
  return (
    <section aria-label={t`Height of the nozzle`}>
      <Group justify="space-between" mb={4}>
        <Text size="sm" fw={500}>
          <Trans>Height of the nozzle</Trans>
        </Text>
        <Text size="sm" className="figures" aria-live="polite">
          {sum > 0 ? t`${shown} mm higher` : sum < 0 ? t`${formatNumber(-sum, 2)} mm nearer` : t`as levelled`}
        </Text>
      </Group>
      <Group grow gap={6} wrap="nowrap">
        {steps.map((z) => (
          <Button
            key={z}
            variant="default"
            px={4}
            disabled={disabled}
            aria-label={z > 0 ? t`Higher by ${formatNumber(z, 2)} mm` : t`Nearer by ${formatNumber(-z, 2)} mm`}
            onClick={() => ask({ kind: 'baby-step', z })}
          >
            {z > 0 ? '+' : '−'}
            {formatNumber(Math.abs(z), 2)}
          </Button>
        ))}
      </Group>
    </section>
  )
}
