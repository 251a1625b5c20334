// Each rule of booking: set here, or as it is elsewhere.
import { useLingui } from '@lingui/react/macro'
import { Checkbox, NumberInput, Select, SimpleGrid, Stack } from '@mantine/core'
import type { BookingRules } from '../../../server/contract/booking-rules.ts'

export interface RuleFieldsProps {
  readonly rules: Partial<BookingRules>
  readonly wider: BookingRules
  change(rules: Partial<BookingRules>): void
}

type NumberRule = Exclude<keyof BookingRules, 'bookable' | 'withinOpeningHours'>
type Field = readonly [NumberRule, string, string, number]

/** An empty field means: as it is elsewhere; what that is stands in it in grey. */
export const RuleFields = ({ rules, wider, change }: RuleFieldsProps) => {
  const { t } = useLingui()
  const fields: readonly Field[] = [
    ['stepMinutes', t`Steps`, t` min`, 1],
    ['shortestMinutes', t`Shortest booking`, t` min`, 1],
    ['longestMinutes', t`Longest booking`, t` h`, 60],
    ['advanceDays', t`At most so far ahead`, t` days`, 1],
    ['noticeMinutes', t`At least so far ahead`, t` min`, 1],
    ['mostOpen', t`Bookings to come, at once`, '', 1],
    ['hoursPerWeek', t`Hours a week`, t` h`, 1],
    ['printersAtOnce', t`Printers at once`, '', 1],
    ['gapMinutes', t`Between two of one member`, t` min`, 1],
    ['cancelNoticeMinutes', t`Notice for cancelling`, t` h`, 60],
    ['queueShare', t`Left to the queue`, t` %`, 0.01],
    ['clearMinutes', t`For clearing the bed`, t` min`, 1],
    ['graceMinutes', t`Given up when nobody came after`, t` min`, 1],
  ]
  const set = (field: keyof BookingRules, value: boolean | number | null | undefined): void => {
    const { [field]: _, ...rest } = rules
    change(value === undefined ? rest : { ...rest, [field]: value })
  }
  const yesNo = (field: 'bookable' | 'withinOpeningHours', label: string) => (
    <Select
      label={label}
      value={rules[field] === undefined ? '' : rules[field] ? 'yes' : 'no'}
      data={[
        { value: '', label: wider[field] ? t`as elsewhere (yes)` : t`as elsewhere (no)` },
        { value: 'yes', label: t`yes` },
        { value: 'no', label: t`no` },
      ]}
      allowDeselect={false}
      onChange={(value) => set(field, value === '' || value === null ? undefined : value === 'yes')}
    />
  )
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
      {yesNo('bookable', t`Can be booked`)}
      {yesNo('withinOpeningHours', t`Only in opening hours`)}
      {fields.map(([field, label, suffix, scale]) => (
        <Stack key={field} gap={4}>
          <NumberInput
            label={label}
            suffix={suffix}
            min={0}
            disabled={rules[field] === null}
            placeholder={rules[field] === null ? t`no bound` : placeholderOf(wider[field], suffix, scale, t`no bound`)}
            value={shown(rules[field], scale)}
            onChange={(value) => set(field, typeof value === 'number' ? roundTo(value * scale, scale) : undefined)}
          />
          {mayBeUnbound.has(field) && (
            <Checkbox
              size="xs"
              label={t`no bound`}
              aria-label={t`${label}: no bound`}
              checked={rules[field] === null}
              onChange={({ currentTarget }) => set(field, currentTarget.checked ? null : undefined)}
            />
          )}
        </Stack>
      ))}
    </SimpleGrid>
  )
}

const mayBeUnbound = new Set<keyof BookingRules>([
  'longestMinutes',
  'advanceDays',
  'mostOpen',
  'hoursPerWeek',
  'printersAtOnce',
])

const roundTo = (value: number, scale: number): number =>
  scale < 1 ? Math.round(value * 100) / 100 : Math.round(value)

const shown = (value: number | null | undefined, scale: number): number | string =>
  value == null ? '' : Math.round((value / scale) * 100) / 100

const placeholderOf = (value: number | null, suffix: string, scale: number, none: string): string =>
  value === null ? none : `${shown(value, scale)}${suffix}`
