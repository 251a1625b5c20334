// How good the link to a printer is, with a plain verdict: a bad cable shall be found before it spoils a print.
import { Trans, useLingui } from '@lingui/react/macro'
import { Card, Group, SimpleGrid, Text, Title } from '@mantine/core'
import { Cable, CircleCheck, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { type LinkReport, linkVerdict } from '../../server/contract/printers.ts'
import { formatNumber } from '../format.ts'

export const LinkQuality = ({ link }: { link: LinkReport }) => {
  const { t } = useLingui()
  const verdict = linkVerdict(link)
  const perThousand = formatNumber(link.linesSent > 0 ? (link.resends * 1000) / link.linesSent : 0, 1)
  const Icon = verdict === 'good' ? CircleCheck : verdict === 'unknown' ? Cable : TriangleAlert
  const color = verdict === 'bad' ? 'red' : verdict === 'fair' ? 'yellow.8' : undefined
  return (
    <Card withBorder component="section" aria-label={t`Connection`}>
      <Title order={2} mb="xs">
        <Trans>Connection</Trans>
      </Title>
      <Group gap="xs" wrap="nowrap" mb="xs" align="flex-start">
        <Icon size={18} aria-hidden />
        <Text size="sm" {...(color ? { c: color } : {})}>
          {verdict === 'unknown' && <Trans>Too few lines have gone over the cable to judge it.</Trans>}
          {verdict === 'good' && <Trans>The cable is good.</Trans>}
          {verdict === 'fair' && (
            <Trans>
              {perThousand} lines in 1000 arrive garbled: lay the cable away from motors and mains, or change it.
            </Trans>
          )}
          {verdict === 'bad' && <Trans>{perThousand} lines in 1000 arrive garbled: change the cable.</Trans>}
        </Text>
      </Group>
      {(link.underruns ?? 0) > 0 && (
        <Text size="sm" mb="xs">
          <Trans>
            The printer ran dry {formatNumber(link.underruns ?? 0)} times: it was faster than its link, which leaves
            marks on the part.
          </Trans>
        </Text>
      )}
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="xs">
        <Figure name={<Trans>Lines a second</Trans>} value={formatNumber(link.linesPerSecond)} />
        <Figure name={<Trans>Sent again</Trans>} value={formatNumber(link.resends)} />
        <Figure name={<Trans>Answer within</Trans>} value={t`${formatNumber(link.okLatency, 1)} ms`} />
        <Figure name={<Trans>At worst</Trans>} value={t`${formatNumber(link.okLatencyP99, 1)} ms`} />
      </SimpleGrid>
    </Card>
  )
}

const Figure = ({ name, value }: { name: ReactNode; value: string }) => (
  <div>
    <Text size="xs" c="dimmed">
      {name}
    </Text>
    <Text size="sm" fw={600} className="figures">
      {value}
    </Text>
  </div>
)
