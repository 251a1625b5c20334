// What is not as the standard says in a design, and what was made of it.
import { Plural, Trans } from '@lingui/react/macro'
import { Group, Spoiler, Stack, Text } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import type { DesignWarning } from '../../../server/contract/commons.ts'

export const DesignWarnings = ({ warnings, most = 8 }: { warnings: readonly DesignWarning[]; most?: number }) => {
  if (warnings.length === 0) return null
  return (
    <div>
      <Group gap={8} mb={4}>
        <TriangleAlert size={17} aria-hidden />
        <Text size="sm" fw={600}>
          <Plural value={warnings.length} one="One thing was noticed" other="# things were noticed" />
        </Text>
      </Group>
      <Spoiler maxHeight={most * 34} showLabel={<Trans>Show all</Trans>} hideLabel={<Trans>Show fewer</Trans>}>
        <Stack component="ul" gap={4} className="plain-list">
          {warnings.map(({ code, place, message }) => (
            <Text component="li" size="sm" key={`${code} ${place} ${message}`} className="break-anywhere">
              {place !== '' && (
                <Text span c="dimmed" inherit>
                  {place}:{' '}
                </Text>
              )}
              {message}
            </Text>
          ))}
        </Stack>
      </Spoiler>
    </div>
  )
}
