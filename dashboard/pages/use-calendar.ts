// Which days the calendar shows, and what the server knows of them.
import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { type BookingCalendar, showCalendar } from '../../server/contract/calendar.ts'
import { type Axis, axisOf } from '../components/calendar/axis.ts'
import { addDays, isDate, mondayOf } from '../components/calendar/local-date.ts'
import { wallOf } from '../components/calendar/site-time.ts'
import { useEndpoint } from '../state/use-endpoint.ts'

export interface CalendarUse {
  readonly date: string
  readonly view: 'day' | 'week'
  readonly look: 'timeline' | 'table'
  readonly calendar: BookingCalendar | null
  readonly axis: Axis | null
  readonly error: string | null
  show(part: { date?: string; view?: 'day' | 'week'; look?: 'timeline' | 'table' }): void
  page(by: number): void
}

export const useCalendar = (timeZone: string, isPhone: boolean): CalendarUse => {
  const [search, setSearch] = useSearchParams()
  const today = wallOf(Date.now(), timeZone).slice(0, 10)
  const asked = search.get('date') ?? ''
  const date = isDate(asked) ? asked : today
  const view = search.get('view') === 'week' && !isPhone ? 'week' : 'day'
  const look = search.get('look') === 'table' ? 'table' : 'timeline'
  const monday = mondayOf(date)
  // A day more on both sides: where the local midnights are, the server says.
  const query = { from: `${addDays(monday, -1)}T00:00:00.000Z`, to: `${addDays(monday, 9)}T00:00:00.000Z` }
  const reply = useEndpoint(showCalendar, { query }, { every: 60_000 })
  const calendar = reply.data ?? null
  const days = calendar?.days
  const axis = useMemo(() => {
    if (days === undefined) return null
    const wish =
      view === 'week' ? { first: mondayOf(date), days: 7, cellMinutes: 60 } : { first: date, days: 1, cellMinutes: 30 }
    return axisOf(days, timeZone, wish)
  }, [days, timeZone, view, date])
  const show: CalendarUse['show'] = (part) =>
    setSearch((before) => {
      const after = new URLSearchParams(before)
      for (const [name, value] of Object.entries(part)) after.set(name, value)
      if (after.get('date') === today) after.delete('date')
      return after
    })
  return {
    date,
    view,
    look,
    calendar,
    axis,
    error: reply.error?.message ?? null,
    show,
    page: (by) => show({ date: addDays(date, by * (view === 'week' ? 7 : 1)) }),
  }
}
