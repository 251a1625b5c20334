// The hours of a workshop, as people set them in local time, as sets of instants.
import type { Hours, ScheduleSettings, Span, Week } from '../../contract/scheduling.ts'
import { allTime, complement, intersect, union, type Window, type Windows } from './windows.ts'

const DAY = 86_400
/** So far ahead the schedule looks; beyond, nobody knows. */
export const HORIZON_DAYS = 28

/** When what may be done. */
export interface Calendar {
  readonly timeZone: string
  /** Somebody can clear a bed. */
  readonly attended: Windows
  readonly quiet: Windows
  /** A print may start, on a clear bed. */
  readonly starts: Windows
  /** A print may start for which somebody must be there. */
  readonly watchedStarts: Windows
  readonly runs: Windows
}

/** `now` and what comes out are seconds since 1970. Throws RangeError where there is no such time zone. */
export const calendarOf = (settings: ScheduleSettings, timeZone: string, now: number): Calendar => {
  const { hours } = settings
  const zone = zoneOf(timeZone)
  const open = windowsOf(hours, 'open', zone, now)
  const attended = windowsOf(hours, 'attended', zone, now)
  const quiet = windowsOf(hours, 'quiet', zone, now)
  const loud = complement(quiet)
  const whenClosed = settings.runWhenClosed ? allTime : union([...open, ...attended])
  const started = settings.startUnattended ? union([...attended, ...whenClosed]) : attended
  return {
    timeZone,
    attended,
    quiet,
    starts: intersect(started, loud),
    watchedStarts: intersect(attended, loud),
    runs: settings.quietStopsPrints ? intersect(whenClosed, loud) : whenClosed,
  }
}

const isAlways = (week: Week): boolean =>
  week.every((day) => day.some(({ from, to }) => from === '00:00' && to === '24:00'))

const windowsOf = (hours: Hours, kind: 'open' | 'attended' | 'quiet', zone: Zone, now: number): Windows => {
  const week = hours[kind]
  if (isAlways(week) && (kind === 'quiet' || hours.exceptions.length === 0)) return allTime
  const exceptions = new Map(kind === 'quiet' ? [] : hours.exceptions.map((one) => [one.date, one[kind]]))
  const spans: Window[] = []
  const today = zone.dayOf(now)
  // Yesterday's spans may reach into today.
  for (let day = today - 1; day <= today + HORIZON_DAYS + 7; day++) {
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

export interface Zone {
  /** Days since 1970 of the local date. */
  dayOf(instant: number): number
  /**
   * Local seconds since 1970 -> instant. What the clocks leave out in spring is read as if they had not changed yet;
   * what they show twice in autumn is the first of both.
   */
  instantOf(local: number): number
}

const zones = new Map<string, Zone>()

/** The rules of a time zone do not change while the program runs; asking for them is slow. */
export const zoneOf = (timeZone: string): Zone => {
  const known = zones.get(timeZone)
  if (known !== undefined) return known
  const zone = readZone(timeZone)
  zones.set(timeZone, zone)
  return zone
}

const readZone = (timeZone: string): Zone => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    calendar: 'iso8601',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const localOf = (instant: number): number => {
    const parts = new Map(format.formatToParts(instant * 1000).map(({ type, value }) => [type, Number(value)]))
    const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
    return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) / 1000
  }
  const offsets = new Map<number, number>()
  const offsetAt = (instant: number): number => {
    // Clocks are changed at full quarters of an hour, everywhere since 1972.
    const quarter = Math.floor(instant / 900)
    const known = offsets.get(quarter)
    if (known !== undefined) return known
    const offset = localOf(quarter * 900) - quarter * 900
    if (offsets.size > 20_000) offsets.clear()
    offsets.set(quarter, offset)
    return offset
  }
  return {
    dayOf: (instant) => Math.floor((instant + offsetAt(instant)) / DAY),
    instantOf: (local) => {
      const before = offsetAt(local - DAY)
      const early = local - before
      const late = local - offsetAt(local + DAY)
      if (offsetAt(early) === before) return early
      return offsetAt(late) === local - late ? late : early
    },
  }
}
