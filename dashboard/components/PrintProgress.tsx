// How far a print is, what is left, and when it will be done.
import { Trans, useLingui } from '@lingui/react/macro'
import { Group, Progress, Text } from '@mantine/core'
import type { Telemetry } from '../../server/contract/printers.ts'
import { formatDuration, formatInstant, formatPercent } from '../format.ts'

type PrintProgressOf = NonNullable<Telemetry['progress']>

/** The part that is done, 0 to 1: by time where it is known, else by bytes. */
export const donePart = (progress: PrintProgressOf): number => {
  if (progress.totalSeconds > 0) return Math.min(1, progress.doneSeconds / progress.totalSeconds)
  return progress.totalBytes > 0 ? progress.acceptedBytes / progress.totalBytes : 0
}

export const PrintProgress = ({ progress, paused }: { progress: PrintProgressOf; paused: boolean }) => {
  const { t } = useLingui()
  const part = donePart(progress)
  const left = progress.remainingSeconds
  return (
    <div>
      <Progress.Root size="lg" radius="xl">
        <Progress.Section
          value={part * 100}
          color={paused ? 'yellow' : 'tile'}
          animated={!paused}
          aria-label={t`Done`}
        />
      </Progress.Root>
      <Group justify="space-between" mt={6} gap="xs">
        <Text size="sm" fw={600} className="figures">
          {formatPercent(part)}
        </Text>
        <Text size="sm" c="dimmed" className="figures">
          {progress.fetching ? (
            <Trans>Bringing the file to the printer</Trans>
          ) : left === null || paused ? null : (
            <Trans>
              {formatDuration(left)} left · done at {formatInstant(Date.now() + left * 1000)}
            </Trans>
          )}
        </Text>
      </Group>
    </div>
  )
}
