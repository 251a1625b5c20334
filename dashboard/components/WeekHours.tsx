// Spans of time for each day of the week.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { Copy, Plus, X } from 'lucide-react'
import type { Span, Week } from '../../server/contract/scheduling.ts'
import { weekdayName } from '../format.ts'

export const WeekHours = ({ week, change }: { week: Week; change: (week: Week) => void }) => {
  const { t } = useLingui()
  const setDay = (day: number, spans: Span[]): void => change(week.map((one, place) => (place === day ? spans : one)))
  return (
    <Stack gap="xs">
      {week.map((spans, day) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the days of a week are always these seven, in this order
        <Group key={day} gap="sm" align="center" className="week-day">
          <Text w={92} size="sm" fw={550}>
            {weekdayName(day)}
          </Text>
          <SpanList name={weekdayName(day)} spans={spans} change={(next) => setDay(day, next)} />
        </Group>
      ))}
      <Group>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<Copy size={14} aria-hidden />}
          onClick={() => change(week.map(() => week[0] ?? []))}
        >
          {t`Every day as on ${weekdayName(0)}`}
        </Button>
      </Group>
    </Stack>
  )
}

interface SpanListProps {
  readonly name: string
  readonly spans: readonly Span[]
  change(spans: Span[]): void
}

export const SpanList = ({ name, spans, change }: SpanListProps) => {
  const { t } = useLingui()
  const set = (place: number, part: Partial<Span>): void =>
    change(spans.map((span, at) => (at === place ? { ...span, ...part } : span)))
  return (
    <Group gap="xs" className="grow">
      {spans.length === 0 && (
        <Text size="sm" c="dimmed">
          <Trans>not at all</Trans>
        </Text>
      )}
      {spans.map(({ from, to }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans have nothing else by which they could be told apart
        <Group key={place} gap={4} wrap="nowrap">
          <TextInput
            type="time"
            size="xs"
            aria-label={t`${name}, from`}
            value={from}
            onChange={({ currentTarget }) => set(place, { from: currentTarget.value || from })}
          />
          <span aria-hidden>–</span>
          <TextInput
            type="time"
            size="xs"
            aria-label={t`${name}, until`}
            // The browser has no 24:00; midnight as an end is the end of the day.
            value={to === '24:00' ? '00:00' : to}
            onChange={({ currentTarget }) => {
              const { value } = currentTarget
              if (value !== '') set(place, { to: value === '00:00' ? '24:00' : value })
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t`${name}: take ${from} out`}
            onClick={() => change(spans.filter((_, at) => at !== place))}
          >
            <X size={15} />
          </ActionIcon>
        </Group>
      ))}
      <ActionIcon
        variant="subtle"
        aria-label={t`${name}: add a time`}
        onClick={() => change([...spans, { from: '10:00', to: '20:00' }])}
      >
        <Plus size={16} />
      </ActionIcon>
    </Group>
  )
}
