// Who has held the machines lately, and what that does to the turn of their next job.
import { Trans, useLingui } from '@lingui/react/macro'
import { Anchor, Card, Center, Loader, Stack, Table, Text, Title } from '@mantine/core'
import { Scale } from 'lucide-react'
import { Link } from 'wouter'
import type { Me } from '../../server/contract/members.ts'
import { showShares, type Weights } from '../../server/contract/scheduling.ts'
import { EmptyState } from '../components/EmptyState.tsx'
import { ShareBars } from '../components/ShareBars.tsx'
import { formatNumber } from '../format.ts'
import { useEndpoint } from '../state/use-endpoint.ts'

export const SharesPage = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const shares = useEndpoint(showShares, {}, { every: 60_000 })
  return (
    <Stack gap="md" maw={760}>
      <div>
        <Anchor component={Link} href="/queue" size="sm">
          <Trans>Queue</Trans>
        </Anchor>
        <Title order={1}>
          <Trans>Shares of machine time</Trans>
        </Title>
      </div>
      {shares.isPending && (
        <Center mih={160}>
          <Loader />
        </Center>
      )}
      {shares.error && <Text>{shares.error.message}</Text>}
      {shares.data && (
        <>
          <Text c="dimmed">
            <Trans>
              Who has held the machines less comes first. Machine time counts half after{' '}
              {formatNumber(shares.data.halfLifeDays)} days; what failed through a machine is not counted.
            </Trans>
          </Text>
          {shares.data.members.length === 0 ? (
            <EmptyState icon={Scale} title={t`Nobody has printed lately`}>
              <Trans>All have the same turn.</Trans>
            </EmptyState>
          ) : (
            <Card withBorder>
              <ShareBars members={shares.data.members} ownId={me.id} />
            </Card>
          )}
          <WeightTable weights={shares.data.weights} />
        </>
      )}
    </Stack>
  )
}

const WeightTable = ({ weights }: { weights: Weights }) => {
  const { t } = useLingui()
  const rows: [string, number][] = [
    [t`No machine time held lately`, weights.fairShare],
    [t`Waited long for each hour of machine time`, weights.waited],
    [t`A short part`, weights.short],
    [t`High priority (half of it for normal)`, weights.priority],
    [t`A long wait`, weights.age],
    [t`Wanted soon`, weights.wantedBy],
    [t`Taken off: the bed would lie idle, with the part on it`, -weights.idleBed],
  ]
  return (
    <Card withBorder p={0}>
      <Table verticalSpacing="xs" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Trans>What a turn is made of</Trans>
            </Table.Th>
            <Table.Th ta="right">
              <Trans>Points at most</Trans>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(([name, points]) => (
            <Table.Tr key={name}>
              <Table.Td>{name}</Table.Td>
              <Table.Td ta="right" className="figures">
                {formatNumber(points)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  )
}
