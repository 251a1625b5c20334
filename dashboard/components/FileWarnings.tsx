// What would go wrong with a file on the printers of this workshop.
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Group, Stack, Text } from '@mantine/core'
import { Info, OctagonX, TriangleAlert } from 'lucide-react'
import type { FileWarning, GcodeFile } from '../../server/contract/files.ts'

const MOST_SHOWN = 4
const rank = { refuse: 0, warn: 1, note: 2 } as const
const icons = { refuse: OctagonX, warn: TriangleAlert, note: Info } as const

/** The printer that the file suits best is the one it was sliced for: what is wrong there is wrong. Gravest first. */
const gathered = (file: GcodeFile): FileWarning[] => {
  const badness = (warnings: readonly FileWarning[]): number =>
    warnings.reduce((sum, { severity }) => sum + (severity === 'refuse' ? 1000 : severity === 'warn' ? 1 : 0), 0)
  const sets = (file.findings?.warnings ?? []).map(({ warnings }) => warnings)
  const best = [...sets].sort((one, other) => badness(one) - badness(other))[0] ?? []
  const all = [...best].sort((one, other) => rank[one.severity] - rank[other.severity])
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
