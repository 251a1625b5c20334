// May this member book this printer then? Every rule that stands against it, with the reason and what would be allowed.
import { type BookingRules, type Broken, usualRules } from '../../contract/booking-rules.ts'
import { type BrokenCode, broken, inHours } from '../../contract/booking-sentences.ts'
import type { Role } from '../../contract/permissions.ts'
import type { Missing } from '../../contract/qualifications.ts'
import type { ScheduleSettings } from '../../contract/scheduling.ts'
import type { Calendar } from '../scheduling/calendar.ts'
import { endOf, intersect, isIn, nextIn, type Window, type Windows } from '../scheduling/windows.ts'
import { clockTime, offsetOf, weeksOf } from '../wall-time.ts'

/** So far behind a start may lie: the form was open for a moment. Seconds. */
const LATE_START = 300

export interface RuleRow {
  readonly role: Role | null
  readonly printerId: number | null
  readonly rules: Partial<BookingRules>
}

/** The narrower rules over the wider: the workshop's, the role's, the printer's, the role's at the printer. */
export const rulesFor = (sets: readonly RuleRow[], role: Role, printerId: number | null): BookingRules => {
  const layer = (forRole: Role | null, forPrinter: number | null): Partial<BookingRules> =>
    sets.find((set) => set.role === forRole && set.printerId === forPrinter)?.rules ?? {}
  const atPrinter = printerId === null ? {} : { ...layer(null, printerId), ...layer(role, printerId) }
  return { ...usualRules, ...layer(null, null), ...layer(role, null), ...atPrinter }
}

/** One of the member's own claims. Instants are seconds since 1970. */
export interface OwnClaim extends Window {
  readonly id: number
  readonly printerId: number
  /** It still holds its printer. */
  readonly open: boolean
}

/** What is asked for: a printer and a time. */
export interface Asked extends Window {
  readonly printerId: number
  readonly printerName: string
  /** The claim that is moved, or null. */
  readonly instead: number | null
}

export interface RuleFacts {
  readonly now: number
  readonly timeZone: string
  readonly rules: BookingRules
  readonly settings: Pick<ScheduleSettings, 'runWhenClosed' | 'quietStopsPrints'>
  readonly calendar: Calendar
  readonly own: readonly OwnClaim[]
  /** Booked times of the printer by anybody, this one left out. */
  readonly booked: readonly Window[]
  /** What he lacks. */
  readonly missing: readonly Missing[]
  /** Why nothing starts on it; null: in service. */
  readonly outOfService: string | null
  /** When the print on it will be off, at its 90 %; null: nothing prints. */
  readonly busyUntil: number | null
  /** Times kept for jobs that have waited long. */
  readonly kept: readonly Window[]
}

type Say = (code: BrokenCode, values: Readonly<Record<string, string | number>>) => Broken

const isoOf = (instant: number): string => new Date(instant * 1000).toISOString()

/** All that are broken, in the order in which one would mend them; empty where it may be booked. */
export const brokenRules = (asked: Asked, facts: RuleFacts): Broken[] => {
  const say: Say = (code, values) =>
    broken(code, values, (instant) => clockTime(Date.parse(instant) / 1000, facts.timeZone))
  if (!facts.rules.bookable) return [say('not-bookable', { printer: asked.printerName })]
  return [
    ...printerRules(asked, facts, say),
    ...timeRules(asked, facts, say),
    ...openingRules(asked, facts, say),
    ...ownRules(asked, facts, say),
    ...shareRule(asked, facts, say),
    ...facts.missing.map(({ message, nextStep, qualificationId }) =>
      say('qualification', { reason: message, step: nextStep, qualificationId }),
    ),
  ]
}

const printerRules = ({ from, to, printerName }: Asked, facts: RuleFacts, say: Say): Broken[] => {
  const found: Broken[] = []
  const { outOfService, busyUntil, kept } = facts
  if (outOfService !== null) found.push(say('service', { printer: printerName, reason: outOfService }))
  if (busyUntil !== null && from < busyUntil) {
    const free = alignedUp(busyUntil, facts)
    found.push(say('busy', { printer: printerName, until: isoOf(busyUntil), from: isoOf(free) }))
  }
  const promise = kept.find((one) => one.from < to && from < one.to)
  if (promise !== undefined) found.push(say('kept', { printer: printerName, from: isoOf(promise.to) }))
  return found
}

/** The first full step of local time from an instant on. */
const alignedUp = (instant: number, { rules, timeZone }: Pick<RuleFacts, 'rules' | 'timeZone'>): number => {
  const step = rules.stepMinutes * 60
  const offset = offsetOf(instant, timeZone)
  return Math.ceil((instant + offset) / step) * step - offset
}

const timeRules = ({ from, to }: Asked, facts: RuleFacts, say: Say): Broken[] => {
  const { now, rules } = facts
  const minutes = (to - from) / 60
  const found: Broken[] = []
  const soonest = alignedUp(now + rules.noticeMinutes * 60, facts)
  if (from < now - LATE_START) found.push(say('past', { from: isoOf(soonest) }))
  else if (rules.noticeMinutes > 0 && from < now + rules.noticeMinutes * 60) {
    found.push(say('notice', { asked: inHours(rules.noticeMinutes), from: isoOf(soonest) }))
  }
  const step = rules.stepMinutes
  // One who is there already begins at once, wherever the clock stands.
  const atOnce = Math.abs(from - now) <= LATE_START
  const aligned = alignedUp(from, facts)
  if ((aligned !== from && !atOnce) || minutes % step !== 0) {
    found.push(say('step', { minutes: step, from: isoOf(aligned) }))
  }
  if (minutes < rules.shortestMinutes) {
    found.push(say('short', { asked: inHours(minutes), least: inHours(rules.shortestMinutes) }))
  }
  if (rules.longestMinutes !== null && minutes > rules.longestMinutes) {
    found.push(say('long', { asked: inHours(minutes), most: inHours(rules.longestMinutes) }))
  }
  if (rules.advanceDays !== null && from > now + rules.advanceDays * 86_400) {
    found.push(say('advance', { days: rules.advanceDays, until: isoOf(now + rules.advanceDays * 86_400) }))
  }
  return found
}

/** Somebody must be able to come in at the start, and to fetch the part at the end; between them it may print alone. */
const openingRules = ({ from, to }: Asked, facts: RuleFacts, say: Say): Broken[] => {
  const { calendar, rules, settings } = facts
  const found: Broken[] = []
  const next = (at: number): string => {
    const opens = nextIn(calendar.open, at)
    return opens === Number.POSITIVE_INFINITY
      ? 'The hours of the workshop leave no such time.'
      : `It opens ${clockTime(opens, facts.timeZone)}.`
  }
  if (rules.withinOpeningHours) {
    if (!isIn(calendar.open, from)) found.push(say('closed', { edge: 'start', hint: next(from) }))
    const endIsIn = isIn(calendar.open, to) || endOf(calendar.open, to - 1) >= to
    if (!endIsIn) found.push(say('closed', { edge: 'end', hint: `${next(to)} Until then it may stay on the printer.` }))
    if (!settings.runWhenClosed && endOf(calendar.open, from) < to) found.push(say('closed-inside', {}))
  }
  if (settings.quietStopsPrints) {
    const quiet = intersect(calendar.quiet, [{ from, to }])[0]
    if (quiet !== undefined) found.push(say('quiet', { until: isoOf(quiet.from) }))
  }
  return found
}

const ownRules = (asked: Asked, facts: RuleFacts, say: Say): Broken[] => {
  const { rules, now } = facts
  const { from, to, instead, printerId } = asked
  const own = facts.own.filter(({ id }) => id !== instead)
  const found: Broken[] = []
  const open = own.filter((claim) => claim.open && claim.to > now)
  if (rules.mostOpen !== null && open.length >= rules.mostOpen) {
    found.push(say('open', { count: open.length, most: rules.mostOpen }))
  }
  found.push(...weekRule(asked, own, facts, say))
  const beside = new Set(open.filter((one) => one.from < to && from < one.to).map((one) => one.printerId))
  beside.add(printerId)
  if (rules.printersAtOnce !== null && beside.size > rules.printersAtOnce) {
    found.push(say('at-once', { count: beside.size, most: rules.printersAtOnce }))
  }
  const gap = rules.gapMinutes * 60
  const near = open.find((one) => one.printerId === printerId && one.from < to + gap && from < one.to + gap)
  if (gap > 0 && near !== undefined) {
    const values = { until: isoOf(near.from - gap - (to - from)), from: isoOf(near.to + gap) }
    found.push(say('gap', { printer: asked.printerName, asked: inHours(rules.gapMinutes), ...values }))
  }
  return found
}

const overlap = (one: Window, other: Window): number =>
  Math.max(0, Math.min(one.to, other.to) - Math.max(one.from, other.from))

const hours = (seconds: number): number => Math.round(seconds / 360) / 10

const weekRule = (asked: Asked, own: readonly OwnClaim[], facts: RuleFacts, say: Say): Broken[] => {
  const { rules, timeZone } = facts
  const most = rules.hoursPerWeek
  if (most === null) return []
  return weeksOf(asked.from, asked.to, timeZone).flatMap((week) => {
    const had = own.reduce((sum, claim) => sum + overlap(claim, week), 0)
    const all = had + overlap(asked, week)
    if (all <= most * 3600) return []
    const left = hours(Math.max(0, most * 3600 - had))
    return [say('week', { from: isoOf(week.from), asked: hours(all), most, left })]
  })
}

const lengthOf = (windows: Windows): number => windows.reduce((sum, { from, to }) => sum + (to - from), 0)

const shareRule = (asked: Asked, facts: RuleFacts, say: Say): Broken[] => {
  const { rules, calendar, booked, timeZone } = facts
  if (rules.queueShare === 0) return []
  return weeksOf(asked.from, asked.to, timeZone).flatMap((week) => {
    const most = (1 - rules.queueShare) * lengthOf(intersect(calendar.open, [week]))
    const taken = booked.reduce((sum, claim) => sum + overlap(claim, week), 0)
    if (taken + overlap(asked, week) <= most) return []
    const values = { percent: Math.round(rules.queueShare * 100), left: hours(Math.max(0, most - taken)) }
    return [say('share', { printer: asked.printerName, from: isoOf(week.from), ...values })]
  })
}

/** Cancelled or moved away so late, the time counts as held. */
export const isLate = (start: number, now: number, { cancelNoticeMinutes }: BookingRules): boolean =>
  start - now < cancelNoticeMinutes * 60
