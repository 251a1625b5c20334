// The calendar with what turns its pages: a timeline, the same as a table, or on a phone a list.
import { Trans, useLingui } from '@lingui/react/macro'
import { ActionIcon, Button, Card, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { CalendarX2, ChevronLeft, ChevronRight } from 'lucide-react'
import type { Claim } from '../../server/contract/bookings.ts'
import type { BookingCalendar } from '../../server/contract/calendar.ts'
import type { Axis } from '../components/calendar/axis.ts'
import { DayList } from '../components/calendar/DayList.tsx'
import { DayTable } from '../components/calendar/DayTable.tsx'
import { Legend } from '../components/calendar/Legend.tsx'
import { addDays, isDate } from '../components/calendar/local-date.ts'
import { Timeline } from '../components/calendar/Timeline.tsx'
import type { Sketch } from '../components/calendar/taken.ts'
import { useSiteTimes } from '../components/calendar/use-site-times.ts'
import { ZoneHint } from '../components/calendar/ZoneHint.tsx'
import { EmptyState } from '../components/EmptyState.tsx'
import type { CalendarUse } from './use-calendar.ts'

export interface BookingCalendarViewProps {
  readonly use: CalendarUse
  readonly calendar: BookingCalendar
  readonly axis: Axis
  readonly stepMinutes: number
  readonly isPhone: boolean
  readonly formOpen: boolean
  finish(sketch: Sketch): void
  openClaim(claim: Claim): void
}

export const BookingCalendarView = (props: BookingCalendarViewProps) => {
  const { use, calendar, axis, isPhone } = props
  const { t } = useLingui()
  const times = useSiteTimes()
  const label =
    use.view === 'week'
      ? t`Week from ${times.longDate(axis.days[0]?.date ?? use.date)}`
      : times.longDate(axis.days[0]?.date ?? use.date)
  const note = calendar.days.find(({ date }) => date === use.date)?.note
  if (calendar.printers.length === 0) return <EmptyState icon={CalendarX2} title={t`There is no printer to book yet`} />
  return (
    <Stack gap="sm">
      <Pager use={use} label={label} isPhone={isPhone} />
      {note && use.view === 'day' && (
        <Text size="sm" c="dimmed">
          {note}
        </Text>
      )}
      <ZoneHint />
      {isPhone ? (
        <DayList {...props} />
      ) : use.look === 'table' ? (
        <Card withBorder>
          <DayTable {...props} />
        </Card>
      ) : (
        <>
          <Card withBorder padding={0} className="timeline-card">
            <Timeline {...props} label={label} page={use.page} />
          </Card>
          <Legend />
        </>
      )}
    </Stack>
  )
}

const Pager = ({ use, label, isPhone }: { use: CalendarUse; label: string; isPhone: boolean }) => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const today = times.wall(Date.now()).slice(0, 10)
  const isWeek = use.view === 'week'
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs" wrap="nowrap" className="pager">
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={isWeek ? t`The week before` : t`The day before`}
          onClick={() => use.page(-1)}
        >
          <ChevronLeft size={18} aria-hidden />
        </ActionIcon>
        <TextInput
          type="date"
          aria-label={t`Day`}
          value={use.date}
          onChange={({ currentTarget }) => isDate(currentTarget.value) && use.show({ date: currentTarget.value })}
        />
        <ActionIcon
          variant="default"
          size="lg"
          aria-label={isWeek ? t`The week after` : t`The day after`}
          onClick={() => use.page(1)}
        >
          <ChevronRight size={18} aria-hidden />
        </ActionIcon>
        {use.date !== today && (
          <Button variant="subtle" onClick={() => use.show({ date: today })}>
            <Trans>Today</Trans>
          </Button>
        )}
      </Group>
      {!isPhone && (
        <Text fw={600} className="grow" ta="center" aria-live="polite">
          {label}
        </Text>
      )}
      {!isPhone && (
        <Group gap="xs">
          <SegmentedControl
            aria-label={t`How it is shown`}
            value={use.look}
            data={[
              { value: 'timeline', label: t`Timeline` },
              { value: 'table', label: t`Table` },
            ]}
            onChange={(value) => use.show({ look: value === 'table' ? 'table' : 'timeline' })}
          />
          <SegmentedControl
            aria-label={t`How much is shown`}
            value={use.view}
            data={[
              { value: 'day', label: t`Day` },
              { value: 'week', label: t`Week` },
            ]}
            onChange={(value) => use.show({ view: value === 'week' ? 'week' : 'day' })}
          />
        </Group>
      )}
      {isPhone && <WeekStrip use={use} today={today} />}
    </Group>
  )
}

/** On a phone: the days around, one tap each. */
const WeekStrip = ({ use, today }: { use: CalendarUse; today: string }) => {
  const times = useSiteTimes()
  const first = use.date < today ? use.date : addDays(use.date, -Math.min(2, daysBetween(today, use.date)))
  return (
    <div className="week-strip">
      {Array.from({ length: 7 }, (_, place) => addDays(first, place)).map((date) => {
        const [weekday, ...rest] = times.date(date).split(/,? /)
        return (
          <button
            key={date}
            type="button"
            className={date === use.date ? 'week-strip-day active' : 'week-strip-day'}
            aria-current={date === use.date ? 'date' : undefined}
            aria-label={times.longDate(date)}
            onClick={() => use.show({ date })}
          >
            <span>{weekday}</span>
            <strong>{rest.find((part) => /^\d/.test(part)) ?? rest[0]}</strong>
          </button>
        )
      })}
    </div>
  )
}

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
