// The one place in which wall time becomes instants, and the other way round. Instants are seconds since 1970.
import { Temporal } from 'temporal-polyfill'

const DAY = 86_400

/** No such instant or wall time. */
export class NoSuchTime extends Error {
  constructor(text: string) {
    super(`${text} is no time.`)
    this.name = 'NoSuchTime'
  }
}

const zoned = (instant: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(Math.round(instant * 1000)).toZonedDateTimeISO(timeZone)

const secondsOf = (time: Temporal.ZonedDateTime | Temporal.Instant): number => time.epochMilliseconds / 1000

/**
 * `2026-11-21T18:00` in the zone -> instant. What the clocks leave out in spring is moved on by what they leave out; of
 * what they show twice in autumn it is the first. Throws NoSuchTime.
 */
export const instantOfLocal = (local: string, timeZone: string): number => {
  try {
    return secondsOf(Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone, { disambiguation: 'compatible' }))
  } catch {
    throw new NoSuchTime(local)
  }
}

/** Whether clocks of the zone ever show it. */
export const isShown = (local: string, timeZone: string): boolean =>
  localOf(instantOfLocal(local, timeZone), timeZone) === local.slice(0, 16)

/** An instant as it is, wall time in the zone. Throws NoSuchTime. */
export const instantOfStart = (start: string, timeZone: string): number => {
  if (!/(Z|[+-]\d{2}:\d{2})$/.test(start)) return instantOfLocal(start, timeZone)
  try {
    return secondsOf(Temporal.Instant.from(start))
  } catch {
    throw new NoSuchTime(start)
  }
}

/** `2026-11-21T18:00`. */
export const localOf = (instant: number, timeZone: string): string =>
  zoned(instant, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' })

const offsets = new Map<string, Map<number, number>>()

/** Seconds by which clocks of the zone are ahead of UTC. */
export const offsetOf = (instant: number, timeZone: string): number => {
  const known = offsets.get(timeZone) ?? new Map<number, number>()
  offsets.set(timeZone, known)
  // Clocks are changed at full quarters of an hour, everywhere since 1972. Asking for them is slow.
  const quarter = Math.floor(instant / 900)
  const kept = known.get(quarter)
  if (kept !== undefined) return kept
  const offset = zoned(quarter * 900, timeZone).offsetNanoseconds / 1e9
  if (known.size > 20_000) known.clear()
  known.set(quarter, offset)
  return offset
}

/** `2026-11-21`. */
export const dateOf = (instant: number, timeZone: string): string => zoned(instant, timeZone).toPlainDate().toString()

/** The first instant of a local date. */
export const startOfDate = (date: string, timeZone: string): number =>
  secondsOf(Temporal.PlainDate.from(date).toZonedDateTime({ timeZone }))

export const nextDate = (date: string, days = 1): string => Temporal.PlainDate.from(date).add({ days }).toString()

/** The same wall time on another date; of what the clocks leave out as `instantOfLocal`. */
export const sameTimeOn = (local: string, date: string): string => `${date}${local.slice(10)}`

/** 1 January 1970 was a Thursday. */
const THURSDAY = 3

/** The local week, Monday to Sunday, in which an instant lies. */
export const weekOf = (instant: number, timeZone: string): { from: number; to: number } => {
  const zone = zoneOf(timeZone)
  const day = zone.dayOf(instant)
  const monday = day - ((day + THURSDAY) % 7)
  return { from: zone.instantOf(monday * DAY), to: zone.instantOf((monday + 7) * DAY) }
}

/** The local weeks that a time touches. */
export const weeksOf = (from: number, to: number, timeZone: string): { from: number; to: number }[] => {
  const weeks: { from: number; to: number }[] = []
  for (let at = from; at < to; at = weeks.at(-1)?.to ?? to) weeks.push(weekOf(at, timeZone))
  return weeks
}

/** `Sat 21 Nov, 18:00`: for sentences. */
export const clockTime = (instant: number, timeZone: string): string => {
  const time = zoned(instant, timeZone)
  const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][time.dayOfWeek - 1] ?? ''
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
  const clock = time.toPlainTime().toString({ smallestUnit: 'minute' })
  return `${weekday} ${time.day} ${months[time.month - 1] ?? ''}, ${clock}`
}

export interface Zone {
  /** Days since 1970 of the local date. */
  dayOf(instant: number): number
  /** Local seconds since 1970 -> instant, as `instantOfLocal` does. */
  instantOf(local: number): number
}

const zones = new Map<string, Zone>()

/** The rules of a time zone do not change while the program runs; asking for them is slow. Throws RangeError where there is none. */
export const zoneOf = (timeZone: string): Zone => {
  const known = zones.get(timeZone)
  if (known !== undefined) return known
  zoned(0, timeZone)
  const instants = new Map<number, number>()
  const zone: Zone = {
    dayOf: (instant) => Math.floor((instant + offsetOf(instant, timeZone)) / DAY),
    instantOf: (local) => {
      const kept = instants.get(local)
      if (kept !== undefined) return kept
      const plain = Temporal.Instant.fromEpochMilliseconds(local * 1000)
        .toZonedDateTimeISO('UTC')
        .toPlainDateTime()
      const instant = secondsOf(plain.toZonedDateTime(timeZone, { disambiguation: 'compatible' }))
      if (instants.size > 20_000) instants.clear()
      instants.set(local, instant)
      return instant
    },
  }
  zones.set(timeZone, zone)
  return zone
}
