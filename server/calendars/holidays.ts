// An .ics file of public holidays -> its days. Files come from anywhere, so what they may ask for has bounds.
import ICAL from 'ical.js'

export interface Holiday {
  /** `2026-12-25` */
  readonly date: string
  readonly name: string
}

export interface HolidayCalendar {
  /** What the file calls itself, or ''. */
  readonly name: string
  /** In order, each date and name once. */
  readonly days: readonly Holiday[]
}

/** The file is no calendar, or names no day to come. For people. */
export class NoHolidays extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'NoHolidays'
  }
}

const DAY = 86_400_000
const MOST_EVENTS = 5000
const MOST_DAYS = 400
/** What lasts longer is no holiday but a term or a season. */
const LONGEST_DAYS = 14
const LONGEST_NAME = 120

/** Days from `from` up to, not with, `to`; both `2026-11-21`. Throws NoHolidays. */
export const readHolidays = (text: string, from: string, to: string): HolidayCalendar => {
  const calendar = parse(text)
  const events = calendar.getAllSubcomponents('vevent')
  if (events.length === 0) throw new NoHolidays('It is a calendar without any day in it.')
  if (events.length > MOST_EVENTS) throw new NoHolidays(`It has more than ${MOST_EVENTS} entries.`)
  const found = new Map<string, Holiday>()
  for (const event of events) {
    for (const day of daysOf(event, from, to)) found.set(`${day.date} ${day.name}`, day)
  }
  const days = [...found.values()].sort((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0))
  if (days.length === 0) throw new NoHolidays(`It names no day from ${from} on.`)
  if (days.length > MOST_DAYS) throw new NoHolidays(`It names ${days.length} days; that is no calendar of holidays.`)
  return { name: nameOf(calendar), days }
}

const parse = (text: string): ICAL.Component => {
  try {
    const parsed: unknown = ICAL.parse(text.replace(/^\uFEFF/, ''))
    // Several calendars in one file come as a list of them.
    const first: unknown = Array.isArray(parsed) && Array.isArray(parsed[0]) ? parsed[0] : parsed
    if (Array.isArray(first) && first[0] === 'vcalendar') return new ICAL.Component(first)
  } catch {
    // What it does not like about the file says nothing to people.
  }
  throw new NoHolidays('It is not an iCalendar file (.ics).')
}

const nameOf = (calendar: ICAL.Component): string => {
  const value: unknown = calendar.getFirstPropertyValue('x-wr-calname') ?? calendar.getFirstPropertyValue('name')
  return typeof value === 'string' ? clean(value) : ''
}

const daysOf = (event: ICAL.Component, from: string, to: string): Holiday[] => {
  const start: unknown = event.getFirstPropertyValue('dtstart')
  if (!(start instanceof ICAL.Time) || event.getFirstPropertyValue('status') === 'CANCELLED') return []
  const summary: unknown = event.getFirstPropertyValue('summary')
  const name = typeof summary === 'string' && clean(summary) !== '' ? clean(summary) : 'Holiday'
  const length = daysLong(event, start)
  if (length === null || length > LONGEST_DAYS) return []
  return startsOf(event, start, from, to)
    .flatMap((first) => Array.from({ length }, (_, place) => dateOf(first + place * DAY)))
    .filter((date) => date >= from && date < to)
    .map((date) => ({ date, name }))
}

/** Whole days, at least one; an end that is no midnight counts its day too. Null where it ends before it begins. */
const daysLong = (event: ICAL.Component, start: ICAL.Time): number | null => {
  const end: unknown = event.getFirstPropertyValue('dtend')
  if (!(end instanceof ICAL.Time)) return 1
  const whole = (dayOf(end) - dayOf(start)) / DAY
  const rest = end.isDate || (end.hour === 0 && end.minute === 0 && end.second === 0) ? 0 : 1
  return whole < 0 ? null : Math.max(1, whole + rest)
}

/** The local date as it stands in the file, as its midnight in UTC. */
const dayOf = ({ year, month, day }: ICAL.Time): number => Date.UTC(year, month - 1, day)

const dateOf = (day: number): string => new Date(day).toISOString().slice(0, 10)

/** A yearly holiday comes again; what repeats otherwise is no public holiday, and only its first day counts. */
const startsOf = (event: ICAL.Component, start: ICAL.Time, from: string, to: string): number[] => {
  const rule: unknown = event.getFirstPropertyValue('rrule')
  if (!(rule instanceof ICAL.Recur) || !isTame(rule)) return [dayOf(start)]
  const earliest = Date.parse(from) - LONGEST_DAYS * DAY
  const days: number[] = []
  const dates = rule.iterator(start)
  // A yearly rule with these parts comes at least once in some years: 500 steps end it, whatever it says.
  for (let count = 0; count < 500; count++) {
    const next: unknown = dates.next()
    if (!(next instanceof ICAL.Time) || dayOf(next) >= Date.parse(to)) break
    if (dayOf(next) >= earliest) days.push(dayOf(next))
  }
  return days
}

const tameParts = new Set(['BYMONTH', 'BYDAY', 'BYMONTHDAY'])

/** Rules that can never be fulfilled (`BYMONTH=2;BYMONTHDAY=30`) would be searched for without end. */
const isTame = (rule: ICAL.Recur): boolean => {
  const parts = Object.entries(rule.parts as Record<string, readonly unknown[]>)
  if (rule.freq !== 'YEARLY' || parts.some(([name, values]) => !tameParts.has(name) || values.length > 12)) return false
  const of = (name: string): string[] => (parts.find(([one]) => one === name)?.[1] ?? []).map(String)
  const [days, weekdays] = [of('BYMONTHDAY'), of('BYDAY')]
  if (days.length > 0 && weekdays.length > 0) return false
  return (
    days.every((day) => Number(day) >= 1 && Number(day) <= 28) &&
    weekdays.every((day) => /^[+-]?[1-4]?[A-Z]{2}$/.test(day))
  )
}

const clean = (text: string): string =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, LONGEST_NAME)
    .trim()
