// What stands on a printer's display, and what its file announces.
import { Trans, useLingui } from '@lingui/react/macro'
import { Group, Progress, Stack, Text } from '@mantine/core'
import { MessageSquareText } from 'lucide-react'
import type { ManualPrint, PrinterControls } from '../../server/contract/printer-controls.ts'
import { formatDuration, formatInstant, formatPercent } from '../format.ts'

export const PrinterSays = ({ controls }: { controls: PrinterControls | undefined }) => {
  const { t } = useLingui()
  const announced = controls?.announced ?? null
  const told = [
    controls?.message,
    announced?.minutesLeft != null && t`${formatDuration(announced.minutesLeft * 60)} left, says the file`,
  ].filter(Boolean)
  if (told.length === 0) return null
  return (
    <Group gap={6} wrap="nowrap">
      <MessageSquareText size={15} aria-hidden className="cold" />
      <Text size="sm" c="dimmed" className="break-anywhere">
        {told.join(' · ')}
      </Text>
    </Group>
  )
}

/** A print that somebody has begun at the printer. */
export const ManualNow = ({ manual }: { manual: ManualPrint }) => {
  const { t } = useLingui()
  const { file, doneBytes, totalBytes, since, paused } = manual
  const part = doneBytes !== null && totalBytes ? doneBytes / totalBytes : null
  return (
    <Stack gap="xs">
      <Text fw={650} className="break-anywhere">
        {file ?? t`Printing by hand`}
      </Text>
      <Text size="sm" c="dimmed">
        {paused ? (
          <Trans>Paused at the printer.</Trans>
        ) : (
          <Trans>
            Somebody has begun this at the printer at {formatInstant(since)}. It takes no jobs until that is done and
            the bed is clear.
          </Trans>
        )}
      </Text>
      {part !== null && (
        <Group gap="sm" wrap="nowrap">
          <Progress value={part * 100} className="grow" aria-label={t`Progress`} />
          <Text size="sm" className="figures">
            {formatPercent(part)}
          </Text>
        </Group>
      )}
    </Stack>
  )
}
