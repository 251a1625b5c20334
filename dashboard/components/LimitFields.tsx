// At which printers a role holds: nothing chosen means at every one.
import { Trans, useLingui } from '@lingui/react/macro'
import { MultiSelect, Stack, Text } from '@mantine/core'
import { type Limit, permissionsOf, type Role } from '../../server/contract/permissions.ts'
import type { Printer } from '../../server/contract/printers.ts'

type Limitable = Limit['permission']
export type EditableLimit = { permission: Limitable; tags: string[]; printerIds: number[] }

export interface LimitFieldsProps {
  readonly role: Role
  readonly limits: readonly EditableLimit[]
  readonly printers: readonly Printer[]
  change(limits: EditableLimit[]): void
}

/** Those that people think of; what they bind besides follows from them. */
const shown = ['look', 'queue', 'run-printers', 'set-up-printers'] as const

const chosenOf = ({ tags, printerIds }: EditableLimit): string[] => [
  ...tags.map((tag) => `tag ${tag}`),
  ...printerIds.map((id) => `printer ${id}`),
]

const setFrom = (values: readonly string[]): { tags: string[]; printerIds: number[] } => ({
  tags: values.filter((value) => value.startsWith('tag ')).map((value) => value.slice(4)),
  printerIds: values.filter((value) => value.startsWith('printer ')).map((value) => Number(value.slice(8))),
})

export const LimitFields = ({ role, limits, printers, change }: LimitFieldsProps) => {
  const { t } = useLingui()
  const labels: Record<(typeof shown)[number], string> = {
    look: t`Sees`,
    queue: t`Prints at`,
    'run-printers': t`Runs`,
    'set-up-printers': t`Sets up`,
  }
  const tags = [...new Set([...printers.flatMap((one) => one.tags), ...limits.flatMap((one) => one.tags)])].sort()
  const data = [
    { group: t`Tags`, items: tags.map((tag) => ({ value: `tag ${tag}`, label: tag })) },
    { group: t`Printers`, items: printers.map(({ id, name }) => ({ value: `printer ${id}`, label: name })) },
  ].filter(({ items }) => items.length > 0)
  const set = (permission: Limitable, values: readonly string[]): void => {
    const others = limits.filter((limit) => limit.permission !== permission)
    change(values.length === 0 ? others : [...others, { permission, ...setFrom(values) }])
  }
  if (printers.length === 0) return null
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        <Trans>Choose tags or printers where the role shall hold only at some of them.</Trans>
      </Text>
      {shown
        .filter((permission) => permissionsOf(role).includes(permission))
        .map((permission) => {
          const limit = limits.find((one) => one.permission === permission)
          const values = limit ? chosenOf(limit) : []
          return (
            <MultiSelect
              key={permission}
              label={labels[permission]}
              placeholder={values.length === 0 ? t`All printers` : ''}
              data={data}
              value={values}
              onChange={(next) => set(permission, next)}
              clearable
              searchable
            />
          )
        })}
    </Stack>
  )
}

/** A line that tells the limits, or null where there are none. */
export const useLimitText = (): ((limits: readonly Limit[], printers: readonly Printer[]) => string | null) => {
  const { t } = useLingui()
  return (limits, printers) => {
    if (limits.length === 0) return null
    const names = new Set(
      limits.flatMap(({ tags, printerIds }) => [
        ...tags,
        ...printerIds.map((id) => printers.find((one) => one.id === id)?.name ?? t`a printer that is gone`),
      ]),
    )
    return t`Only at ${[...names].join(', ')}`
  }
}
