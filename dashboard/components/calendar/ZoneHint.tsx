// Said where the reader's clock is not the workshop's.
import { Trans } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import { formatDuration } from '../../format.ts'
import { minutesAhead } from './site-time.ts'
import { useSiteTimes } from './use-site-times.ts'

export const ZoneHint = () => {
  const { timeZone } = useSiteTimes()
  const ahead = minutesAhead(timeZone, Date.now())
  if (ahead === 0) return null
  const by = formatDuration(Math.abs(ahead) * 60)
  return (
    <Text size="sm" c="dimmed" className="zone-hint">
      {ahead > 0 ? (
        <Trans>
          All times are those of the workshop ({timeZone}). Your clock is {by} ahead.
        </Trans>
      ) : (
        <Trans>
          All times are those of the workshop ({timeZone}). Your clock is {by} behind.
        </Trans>
      )}
    </Text>
  )
}
