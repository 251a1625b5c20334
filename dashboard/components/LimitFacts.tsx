// Where one's own role holds, in words.
import { useLingui } from '@lingui/react/macro'
import { Text } from '@mantine/core'
import type { Me } from '../../server/contract/members.ts'
import type { Limit } from '../../server/contract/permissions.ts'

export const LimitFacts = ({ me }: { me: Me }) => {
  const { t } = useLingui()
  const lines: Partial<Record<Limit['permission'], (where: string) => string>> = {
    look: (where) => t`You see the printers tagged or named: ${where}.`,
    queue: (where) => t`You print at those tagged or named: ${where}.`,
    'run-printers': (where) => t`You run those tagged or named: ${where}.`,
    'set-up-printers': (where) => t`You set up those tagged or named: ${where}.`,
  }
  return me.limits.map(({ permission, tags, printerIds }) => {
    const where = [...tags, ...(printerIds.length > 0 ? [t`${printerIds.length} printers`] : [])].join(', ')
    const line = lines[permission]?.(where)
    return line === undefined ? null : (
      <Text key={permission} size="sm" c="dimmed">
        {line}
      </Text>
    )
  })
}
