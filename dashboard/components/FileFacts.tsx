// What was found in a file, as people ask for it.
import { Trans, useLingui } from '@lingui/react/macro'
import { Group, Loader, Text } from '@mantine/core'
import type { GcodeFile } from '../../server/contract/files.ts'
import { formatDuration, formatLength, formatNumber } from '../format.ts'

/** One line: time, size, material. */
export const FileFacts = ({ file }: { file: GcodeFile }) => {
  const { t } = useLingui()
  const { findings } = file
  if (file.state === 'failed') {
    return (
      <Text size="sm" c="red">
        <Trans>It could not be read: {file.reason}</Trans>
      </Text>
    )
  }
  if (findings === null) {
    return (
      <Group gap={6}>
        <Loader size={12} />
        <Text size="sm" c="dimmed">
          <Trans>Being read</Trans>
        </Text>
      </Group>
    )
  }
  const box = findings.extruded
  const filament = findings.filament.reduce((sum, length) => sum + length, 0)
  const size =
    box && [box.maxX - box.minX, box.maxY - box.minY, box.maxZ].map((length) => formatNumber(length)).join(' × ')
  const facts = [
    formatDuration(findings.statedSeconds ?? findings.motionSeconds),
    size ? `${size} mm` : null,
    findings.filamentType,
    findings.filamentGrams === null
      ? filament > 0
        ? formatLength(filament)
        : null
      : `${formatNumber(findings.filamentGrams, 1)} g`,
    findings.layers > 0 ? t`${formatNumber(findings.layers)} layers` : null,
  ]
  return (
    <Text size="sm" c="dimmed">
      {facts.filter((fact) => fact !== null).join(' · ')}
    </Text>
  )
}
