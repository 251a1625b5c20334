// The hours of a workshop, as people set them in local time, as sets of instants.
import type { Hours, ScheduleSettings, Span, Week } from '../../contract/scheduling.ts'
import { type Zone, zoneOf } from '../wall-time.ts'
import { allTime, complement, intersect, union, type Window, type Windows } from './windows.ts'

const DAY = 86_400
/** So far ahead the schedule looks; beyond, nobody knows. */
export const HORIZON_DAYS = 28

/** When what may be done. */
export interface Calendar {
  readonly timeZone: string
  /** The doors are open. */
  readonly open: Windows
  /** Somebody can clear a bed. */
  readonly attended: Windows
  readonly quiet: Windows
  /** A print may start, on a clear bed. */
  readonly starts: Windows
  /** A print may start for which somebody must be there. */
  readonly watchedStarts: Windows
  readonly runs: Windows
}

/**
 * `now` and what comes out are seconds since 1970; known from yesterday to `days` from now. Throws RangeError where there
 * is no such time zone.
 */
export const calendarOf = (
  settings: ScheduleSettings,
  timeZone: string,
  now: number,
  days = HORIZON_DAYS + 7,
): Calendar => {
  const { hours } = settings
  const zone = zoneOf(timeZone)
  const open = windowsOf(hours, 'open', zone, { now, days })
  const attended = windowsOf(hours, 'attended', zone, { now, days })
  const quiet = windowsOf(hours, 'quiet', zone, { now, days })
  const loud = complement(quiet)
  const whenClosed = settings.runWhenClosed ? allTime : union([...open, ...attended])
  const started = settings.startUnattended ? union([...attended, ...whenClosed]) : attended
  return {
    timeZone,
    open,
    attended,
    quiet,
    starts: intersect(started, loud),
    watchedStarts: intersect(attended, loud),
    runs: settings.quietStopsPrints ? intersect(whenClosed, loud) : whenClosed,
  }
}

const isAlways = (week: Week): boolean =>
  week.every((day) => day.some(({ from, to }) => from === '00:00' && to === '24:00'))

const windowsOf = (
  hours: Hours,
  kind: 'open' | 'attended' | 'quiet',
  zone: Zone,
  { now, days }: { now: number; days: number },
): Windows => {
  const week = hours[kind]
  if (isAlways(week) && (kind === 'quiet' || hours.exceptions.length === 0)) return allTime
  const exceptions = new Map(kind === 'quiet' ? [] : hours.exceptions.map((one) => [one.date, one[kind]]))
  const spans: Window[] = []
  const today = zone.dayOf(now)
  // Yesterday's spans may reach into today.
  for (let day = today - 1; day <= today + days; day++) {
    const date = new Date(day * DAY * 1000)
    const weekday = (date.getUTCDay() + 6) % 7
    const spansOfDay = exceptions.get(date.toISOString().slice(0, 10)) ?? week[weekday] ?? []
    for (const span of spansOfDay) spans.push(instantsOf(span, day, zone))
  }
  return union(spans)
}

const instantsOf = ({ from, to }: Span, day: number, zone: Zone): Window => {
  const begin = day * DAY + secondsOf(from)
  const end = day * DAY + secondsOf(to)
  return { from: zone.instantOf(begin), to: zone.instantOf(end <= begin ? end + DAY : end) }
}

const secondsOf = (time: string): number => Number(time.slice(0, 2)) * 3600 + Number(time.slice(3)) * 60
