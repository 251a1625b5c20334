// On which dates a series falls: a rule of RFC 5545, read in the wall time of the workshop.
import { RRuleTemporal } from 'rrule-temporal'
import { Temporal } from 'temporal-polyfill'
import { instantOfLocal, instantOfStart, isShown, localOf } from '../wall-time.ts'

export interface Occurrence {
  /** Local date. */
  readonly date: string
  /** Wall time, `2026-11-21T18:00`. */
  readonly local: string
  /** Null: the clocks leave it out on that date (RFC 5545 3.3.10: such a one is skipped). */
  readonly start: number | null
}

/** More dates than these are not looked at. */
const MOST_LOOKED_AT = 2000

const allowedFrequencies = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY']
const allowedParts = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'BYMONTHDAY', 'BYMONTH', 'BYSETPOS', 'WKST']

/** Why a rule cannot be read, a sentence without its end; null where it can. */
export const wrongRule = (rule: string, localStart: string, timeZone: string): string | null => {
  const parts = rule.split(';').map((part) => part.split('='))
  const names = parts.map(([name]) => name ?? '')
  const other = names.find((name) => !allowedParts.includes(name))
  if (other !== undefined) return `${other} is not taken here`
  if (new Set(names).size < names.length) return 'a part is there twice'
  const frequency = parts.find(([name]) => name === 'FREQ')?.[1] ?? ''
  if (!allowedFrequencies.includes(frequency)) return 'it must come daily, weekly, monthly or yearly'
  try {
    occurrences({ rule, localStart, timeZone }, instantOfLocal(localStart, timeZone))
    return null
  } catch (error) {
    return error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
  }
}

export interface Recurrence {
  readonly rule: string
  /** Wall time of the first. */
  readonly localStart: string
  readonly timeZone: string
}

/**
 * Those that begin up to `until`, in turn. The rule is worked out on wall times alone and each is then looked up in the
 * zone: so the wall time stays the same over every change of the clocks. Throws where the rule cannot be read.
 */
export const occurrences = ({ rule, localStart, timeZone }: Recurrence, until: number): Occurrence[] => {
  const floating = (local: string): Temporal.ZonedDateTime => Temporal.PlainDateTime.from(local).toZonedDateTime('UTC')
  const start = floating(localStart)
  const last = floating(localOf(until, timeZone))
  if (Temporal.ZonedDateTime.compare(last, start) < 0) return []
  const recurrence = new RRuleTemporal({
    rruleString: `RRULE:${withFloatingEnd(rule, timeZone)}`,
    dtstart: start,
    tzid: 'UTC',
    temporal: Temporal,
    maxIterations: MOST_LOOKED_AT,
  })
  return recurrence.between(start, last, true).map((time) => {
    const local = time.toPlainDateTime().toString({ smallestUnit: 'minute' })
    const date = local.slice(0, 10)
    return { date, local, start: isShown(local, timeZone) ? instantOfLocal(local, timeZone) : null }
  })
}

/** The end, a date or an instant, as wall time: the whole rule is worked out in that. */
const withFloatingEnd = (rule: string, timeZone: string): string =>
  rule.replace(/UNTIL=(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?/, (_, y, mo, d, h, mi, s, utc) => {
    if (h === undefined) return `UNTIL=${y}${mo}${d}T235959Z`
    const text = `${y}-${mo}-${d}T${h}:${mi}:${s}`
    const local = utc === 'Z' ? localOf(instantOfStart(`${text}Z`, timeZone), timeZone) : text.slice(0, 16)
    return `UNTIL=${local.replace(/[-:]/g, '')}${s}Z`
  })

/** The rule with an end before a date: what is left of a series when what follows goes another way. */
export const endedBefore = (rule: string, date: string): string => {
  const kept = rule.split(';').filter((part) => !/^(COUNT|UNTIL)=/.test(part))
  const eve = Temporal.PlainDate.from(date).subtract({ days: 1 }).toString().replaceAll('-', '')
  return [...kept, `UNTIL=${eve}`].join(';')
}

/** The rule for what follows after `passed` dates. */
export const continued = (rule: string, passed: number): string =>
  rule.replace(/COUNT=(\d+)/, (_, count: string) => `COUNT=${Math.max(1, Number(count) - passed)}`)
