// One bar for each member: the machine time held lately.
import { Trans } from '@lingui/react/macro'
import { Badge, Group, Progress, Stack, Text } from '@mantine/core'
import type { MemberShare } from '../../server/contract/scheduling.ts'
import { formatDuration, formatNumber, formatPercent } from '../format.ts'

export const ShareBars = ({ members, ownId }: { members: readonly MemberShare[]; ownId: number }) => {
  const most = Math.max(1, ...members.map(({ heldSeconds }) => heldSeconds))
  return (
    <Stack gap="md" component="ul" className="plain-list">
      {members.map(({ memberId, name, heldSeconds, part, points, waitingJobs }, row) => (
        <li key={memberId ?? `row ${row}`}>
          <Group justify="space-between" gap="xs" mb={4}>
            <Group gap="xs">
              <Text fw={memberId === ownId ? 650 : 500}>{name ?? <Trans>Another member</Trans>}</Text>
              {memberId === ownId && (
                <Badge size="sm" variant="light" className="state-badge">
                  <Trans>You</Trans>
                </Badge>
              )}
              {waitingJobs > 0 && (
                <Text size="sm" c="dimmed">
                  {waitingJobs === 1 ? <Trans>1 job waits</Trans> : <Trans>{waitingJobs} jobs wait</Trans>}
                </Text>
              )}
            </Group>
            <Text size="sm" className="figures">
              <Trans>
                {formatDuration(heldSeconds)} ({formatPercent(part)}), {formatNumber(points)} points
              </Trans>
            </Text>
          </Group>
          <Progress
            value={(100 * heldSeconds) / most}
            size="lg"
            aria-hidden
            color={memberId === ownId ? 'tile' : 'slate'}
          />
        </li>
      ))}
    </Stack>
  )
}
