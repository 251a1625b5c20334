// What would go wrong with a file on the printers of this workshop.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Group, Stack, Text } from '@mantine/core'
import { Info, OctagonX, TriangleAlert } from 'lucide-react'
import type { FileWarning, GcodeFile } from '../../server/contract/files.ts'

const MOST_SHOWN = 4
const rank = { refuse: 0, warn: 1, note: 2 } as const
const icons = { refuse: OctagonX, warn: TriangleAlert, note: Info } as const

/** Each once, the gravest first; notes only where there is nothing graver. */
const gathered = (file: GcodeFile): FileWarning[] => {
  const byText = new Map<string, FileWarning>()
  for (const { warnings } of file.findings?.warnings ?? []) for (const one of warnings) byText.set(one.message, one)
  const all = [...byText.values()].sort((one, other) => rank[one.severity] - rank[other.severity])
  const grave = all.filter(({ severity }) => severity !== 'note')
  return grave.length > 0 ? grave : all
}

export const FileWarnings = ({ file }: { file: GcodeFile }) => {
  const { t } = useLingui()
  const all = gathered(file)
  if (all.length === 0) return null
  const more = all.length - MOST_SHOWN
  return (
    <Stack component="ul" gap={4} mt={4} aria-label={t`What to look at`} className="plain-list">
      {all.slice(0, MOST_SHOWN).map(({ severity, message, line }) => {
        const Icon = icons[severity]
        return (
          <Group component="li" key={message} gap={6} wrap="nowrap" align="flex-start">
            <Icon size={15} aria-hidden className={severity === 'refuse' ? 'bad no-shrink' : 'no-shrink'} />
            <Text size="sm">
              {message} {line > 0 && <Trans>(line {line})</Trans>}
            </Text>
          </Group>
        )
      })}
      {more > 0 && (
        <Text component="li" size="sm" c="dimmed">
          <Plural value={more} one="and # more" other="and # more" />
        </Text>
      )}
    </Stack>
  )
}
