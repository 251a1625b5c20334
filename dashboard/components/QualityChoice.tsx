// The few qualities to choose from, each with what it is for.
import { Trans } from '@lingui/react/macro'
import { Group, Radio, SimpleGrid, Text } from '@mantine/core'
import type { SlicingProfile } from '../../server/contract/slicing.ts'

export interface QualityChoiceProps {
  readonly qualities: readonly SlicingProfile[]
  readonly value: string
  change(value: string): void
}

export const QualityChoice = ({ qualities, value, change }: QualityChoiceProps) => (
  <Radio.Group value={value} onChange={change} label={<Trans>How fine and how strong</Trans>}>
    <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="xs" mt={4}>
      {qualities.map(({ key, name, note }) => (
        <Radio.Card key={key} value={key} className="quality" p="sm">
          <Group wrap="nowrap" align="flex-start" gap="sm">
            <Radio.Indicator />
            <div>
              <Text fw={600} size="sm">
                {name}
              </Text>
              <Text size="xs" c="dimmed">
                {note}
              </Text>
            </div>
          </Group>
        </Radio.Card>
      ))}
    </SimpleGrid>
  </Radio.Group>
)
