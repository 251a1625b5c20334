// What the patterns of the calendar mean.
import { Trans } from '@lingui/react/macro'
import { Group, Text } from '@mantine/core'
import type { ReactNode } from 'react'

const Sample = ({ look, children }: { look: string; children: ReactNode }) => (
  <Group gap={6} wrap="nowrap">
    <span className={`legend-sample ${look}`} aria-hidden />
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  </Group>
)

export const Legend = () => (
  <Group gap="6px 16px">
    <Sample look="block claim mine">
      <Trans>Mine</Trans>
    </Sample>
    <Sample look="block claim others">
      <Trans>Booked</Trans>
    </Sample>
    <Sample look="block claim maintenance">
      <Trans>Maintenance</Trans>
    </Sample>
    <Sample look="block claim event">
      <Trans>Event</Trans>
    </Sample>
    <Sample look="block printing">
      <Trans>Printing, its end uncertain</Trans>
    </Sample>
    <Sample look="block promise">
      <Trans>Probably from the queue</Trans>
    </Sample>
    <Sample look="window attended">
      <Trans>Attended</Trans>
    </Sample>
    <Sample look="window closed">
      <Trans>Closed</Trans>
    </Sample>
    <Sample look="window quiet">
      <Trans>Quiet</Trans>
    </Sample>
  </Group>
)
