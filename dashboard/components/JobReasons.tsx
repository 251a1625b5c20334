// Why a job waits: when it will probably be done, its turn and what that is made of, and each printer's reasons.
import { Trans, useLingui } from '@lingui/react/macro'
import { Badge, Group, List, Progress, SimpleGrid, Stack, Text } from '@mantine/core'
import { CalendarClock } from 'lucide-react'
import type { ScoreParts, JobReasons as Told } from '../../server/contract/scheduling.ts'
import { formatNumber, formatSpan } from '../format.ts'

export const JobReasons = ({ told }: { told: Told }) => (
  <Stack gap="sm">
    <Outlook told={told} />
    {told.reasons.length > 0 && (
      <List size="sm" spacing={2}>
        {told.reasons.map(({ code, message }) => (
          <List.Item key={code}>{asSentence(message)}</List.Item>
        ))}
      </List>
    )}
    {told.printers.length > 0 && (
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" verticalSpacing="xs">
        {told.printers.map(({ printerId, name, reasons }) => (
          <div key={printerId} className="reason">
            <Text size="sm" fw={600}>
              {name}
            </Text>
            {reasons.map(({ code, message }) => (
              <Text key={code} size="sm" c="dimmed">
                {asSentence(message)}
              </Text>
            ))}
          </div>
        ))}
      </SimpleGrid>
    )}
    {told.score && <Score score={told.score} />}
  </Stack>
)

const asSentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

const Outlook = ({ told: { turn, prediction } }: { told: Told }) => (
  <Group gap="xs">
    {turn !== null && (
      <Badge variant="light" className="state-badge">
        {turn === 1 ? <Trans>Next in turn</Trans> : <Trans>Turn {turn}</Trans>}
      </Badge>
    )}
    <CalendarClock size={16} aria-hidden />
    <Text size="sm">
      {prediction === null ? (
        <Trans>Nobody can tell yet when it will start.</Trans>
      ) : (
        <Trans>
          Will probably start {formatSpan(prediction.start.p10, prediction.start.p90)}, and be done{' '}
          {formatSpan(prediction.finish.p10, prediction.finish.p90)}.
        </Trans>
      )}
    </Text>
  </Group>
)

const Score = ({ score }: { score: ScoreParts }) => {
  const { t } = useLingui()
  const parts = [
    { name: t`has waited`, points: score.age, color: 'slate.7' },
    { name: t`held little machine time`, points: score.fairShare, color: 'slate.4' },
    { name: t`its member waited long`, points: score.waited, color: 'slate.7' },
    { name: t`is short`, points: score.short, color: 'tile.5' },
    { name: t`priority`, points: score.priority, color: 'blue.6' },
    { name: t`wanted soon`, points: score.wantedBy, color: 'grape.6' },
  ].filter(({ points }) => points >= 1)
  return (
    <div>
      <Progress.Root size={10} aria-hidden>
        {parts.map(({ name, points, color }) => (
          <Progress.Section key={name} value={(100 * points) / Math.max(1, score.total)} color={color} />
        ))}
      </Progress.Root>
      <Text size="xs" c="dimmed" mt={4}>
        <Trans>
          {formatNumber(score.total)} points:{' '}
          {parts.map(({ name, points }) => `${name} ${formatNumber(points)}`).join(' + ')}
        </Trans>
      </Text>
    </div>
  )
}
