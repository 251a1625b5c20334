// One printer's time: since when it is free, what is claimed, and whether a print fits in.
import { type Found, found } from '../../contract/reasons.ts'
import { MOST_FAILED, type ScheduleSettings } from '../../contract/scheduling.ts'
import type { Calendar } from './calendar.ts'
import { kindOf, type Need, type PrinterKind } from './need.ts'
import { firstBelief, learnRatios, type Quantiles, ratiosOf, remainingOf, times } from './runtime.ts'
import type { Claim, SchedulePrinter, Snapshot } from './snapshot.ts'
import { endOf, isIn, nextIn } from './windows.ts'

const NEVER = Number.POSITIVE_INFINITY

export interface Kind extends PrinterKind {
  readonly number: number
  /** Kinds that differ only in what is loaded have the same. */
  readonly shape: number
  /** By material. */
  readonly ratios: Map<string, Quantiles>
}

export interface Slot {
  readonly printer: SchedulePrinter
  readonly kind: Kind
  /** In order of time. */
  readonly claims: readonly Claim[]
  /** Why nothing starts on it now; null where a print could. */
  blocked: Found | null
  /** When its bed will be clear and nothing prints on it. */
  free: Quantiles
  /** The job that it is kept for, and since when. */
  keptFor: { readonly jobId: number; readonly startsAt: number } | null
}

/** What all slots of one pass share. */
export interface Floor {
  readonly now: number
  readonly settings: ScheduleSettings
  readonly calendar: Calendar
  readonly slots: readonly Slot[]
  readonly kinds: readonly Kind[]
}

/** A print in a slot's time. Instants. */
export interface Admission {
  readonly start: number
  readonly finish: Quantiles
  /** When the part is off and the bed clear, where it ends at its 90 %. */
  readonly clear: number
  /** Seconds for which the part lies there and nobody comes. */
  readonly idle: number
}

export const isAdmitted = (one: Admission | Found): one is Admission => 'clear' in one

export const floorOf = (snapshot: Snapshot, calendar: Calendar, now: number): Floor => {
  const { settings, printers, finished } = snapshot
  const learnt = learnRatios(finished)
  const kinds = new Map<string, Kind>()
  const shapes = new Map<string, number>()
  const claims = new Map<number, Claim[]>()
  for (const claim of snapshot.claims) {
    const list = claims.get(claim.printerId)
    if (list) list.push(claim)
    else claims.set(claim.printerId, [claim])
  }
  const slots = printers.map((printer): Slot => {
    const like = kindOf(printer)
    const shape = shapes.get(like.shapeKey) ?? shapes.size
    shapes.set(like.shapeKey, shape)
    const kind = kinds.get(like.key) ?? { ...like, number: kinds.size, shape, ratios: new Map() }
    kinds.set(like.key, kind)
    const ofPrinter = (claims.get(printer.id) ?? []).filter(({ to }) => to > now).sort((a, b) => a.from - b.from)
    const whole =
      printer.running && times(printer.running.estimate, ratiosOf(learnt, printer.model, printer.running.material))
    return { printer, kind, claims: ofPrinter, keptFor: null, ...standing(printer, whole, { settings, calendar, now }) }
  })
  for (const kind of kinds.values()) kind.ratios.set('', ratiosOf(learnt, kind.like.model, ''))
  const floor = { now, settings, calendar, slots, kinds: [...kinds.values()] }
  for (const [key, ratios] of learnt) {
    for (const kind of floor.kinds)
      if (key.startsWith(`${kind.like.model}|`)) kind.ratios.set(key.slice(kind.like.model.length + 1), ratios)
  }
  return floor
}

const forever: Quantiles = { p10: NEVER, p50: NEVER, p90: NEVER }

/** Why nothing starts on a printer now, and when it will be free. */
const standing = (
  printer: SchedulePrinter,
  whole: Quantiles | null,
  floor: Pick<Floor, 'settings' | 'calendar' | 'now'>,
): Pick<Slot, 'blocked' | 'free'> => {
  const { now } = floor
  const at = (instant: number): Quantiles => ({ p10: instant, p50: instant, p90: instant })
  if (printer.state === 'offline' || printer.state === 'connecting') {
    return { blocked: found('printer.offline'), free: forever }
  }
  if (printer.state === 'halted') return { blocked: found('printer.halted'), free: forever }
  if (printer.running !== null && whole !== null) {
    const left = remainingOf(whole, printer.running)
    const cleared = (seconds: number): number => clearAfter(printer, now + seconds, floor)
    const free = { p10: cleared(left.p10), p50: cleared(left.p50), p90: cleared(left.p90) }
    const blocked = found('printer.printing-until', { until: isoOf(now + left.p50) })
    return printer.takesJobs ? { blocked, free } : { blocked: found('printer.no-jobs'), free: forever }
  }
  if (!printer.takesJobs) return { blocked: found('printer.no-jobs'), free: forever }
  if (printer.switchedOff) return { blocked: found('printer.switched-off'), free: forever }
  if (printer.failedInRow >= MOST_FAILED) {
    return { blocked: found('printer.failed-twice', { count: printer.failedInRow }), free: forever }
  }
  if (printer.refusal !== null) {
    return { blocked: found('printer.refused', { reason: printer.refusal.replace(/\.$/, '') }), free: at(now + 60) }
  }
  if (printer.state !== 'idle') return { blocked: found('printer.busy'), free: at(now + 600) }
  if (printer.bed === 'clear') return { blocked: null, free: at(now) }
  const someone = nextIn(floor.calendar.attended, now)
  const later = someone > now && someone < NEVER
  return {
    blocked: later ? found('printer.bed-later', { until: isoOf(someone) }) : found('printer.bed'),
    free: at(someone + floor.settings.clearMinutes * 60),
  }
}

/** When the bed is clear after a print that ends at `finish`: by a script at once, by a person when one is there. */
const clearAfter = (
  printer: SchedulePrinter,
  finish: number,
  { settings, calendar }: Pick<Floor, 'settings' | 'calendar'>,
): number => {
  const seconds = settings.clearMinutes * 60
  return (printer.ejects ? finish : nextIn(calendar.attended, finish, seconds)) + seconds
}

export const isoOf = (instant: number): string => new Date(instant * 1000).toISOString()

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What a job takes on this kind of printer, from the start on. */
export const durationOf = (need: Need, kind: Kind, settings: ScheduleSettings): Mutable<Quantiles> => {
  const { p10, p50, p90 } = kind.ratios.get(need.material) ?? kind.ratios.get('') ?? firstBelief
  const setup = settings.setupMinutes * 60
  return { p10: setup + need.seconds * p10, p50: setup + need.seconds * p50, p90: setup + need.seconds * p90 }
}

const isOwn = (claim: Claim, need: Need): boolean => claim.memberId !== null && claim.memberId === need.job.memberId

/**
 * Whether a print that starts at `start` is in nobody's way: its 90 % finish, the next moment when somebody is there,
 * and the clearing come before the next claim. Both grow with the finish: so a print that really ends within its 90 %
 * delays no claim.
 */
export const admit = (floor: Floor, slot: Slot, need: Need, start: number, needsHands: boolean): Admission | Found => {
  const { calendar, settings } = floor
  const starts = needsHands || need.job.attendStart ? calendar.watchedStarts : calendar.starts
  if (!isIn(starts, start)) return whyNotNow(floor, nextIn(starts, start), start)
  const finish = durationOf(need, slot.kind, settings)
  const begin = start + (needsHands ? settings.swapMinutes * 60 : 0)
  finish.p10 += begin
  finish.p50 += begin
  finish.p90 += begin
  const stop = endOf(calendar.runs, start)
  if (!isIn(calendar.runs, start) || finish.p90 > stop) return found('time.closes', { at: isoOf(stop) })
  const clear = clearAfter(slot.printer, finish.p90, floor)
  if (clear === NEVER) return found('time.never')
  const margin = settings.marginMinutes * 60
  for (const claim of slot.claims) {
    if (claim.to <= start || isOwn(claim, need)) continue
    if (claim.from <= start) return claimed(claim)
    if (clear + margin > claim.from || surelyClear(floor, slot, start, finish) > claim.from)
      return found('time.too-long', { at: isoOf(claim.from) })
    break
  }
  return { start, finish, clear, idle: clear - settings.clearMinutes * 60 - finish.p90 }
}

/** When the bed is clear where the print takes longer than its 90 %: the ratio of 90 to 50 %, so many times over. */
const surelyClear = (floor: Floor, { printer }: Slot, start: number, { p50, p90 }: Quantiles): number => {
  const longest = (p50 - start) * ((p90 - start) / (p50 - start)) ** floor.settings.bookingCaution
  return clearAfter(printer, start + longest, floor)
}

/** It would run into the time that the printer is kept for another job. */
export const isKept = ({ keptFor }: Slot, need: Need, { clear }: Admission): boolean =>
  keptFor !== null && keptFor.jobId !== need.job.id && clear > keptFor.startsAt

const claimed = ({ kind, to }: Claim): Found => {
  const until = { until: isoOf(to) }
  if (kind === 'booking') return found('time.claimed', until)
  if (kind === 'event') return found('time.event', until)
  return kind === 'maintenance' ? found('time.maintenance', until) : found('time.held', until)
}

const whyNotNow = ({ calendar }: Floor, next: number, at: number): Found => {
  if (next === NEVER) return found('time.never')
  if (isIn(calendar.quiet, at)) return found('time.quiet', { until: isoOf(next) })
  return found('time.nobody-there', { until: isoOf(next) })
}

const MOST_STEPS = 60

/** The first admission from `from` on; null where there is none within sight. `most`: of the time held, so much may be idle. */
export const earliest = (
  floor: Floor,
  slot: Slot,
  need: Need,
  from: number,
  needsHands = false,
  mostIdle = 1,
): Admission | null => {
  const { calendar } = floor
  const starts = needsHands || need.job.attendStart ? calendar.watchedStarts : calendar.starts
  let start = nextIn(starts, Math.max(from, floor.now, need.job.earliestStart ?? 0))
  for (let step = 0; step < MOST_STEPS && start < NEVER; step++) {
    const admission = admit(floor, slot, need, start, needsHands)
    if (isAdmitted(admission)) {
      if (admission.idle <= mostIdle * (admission.clear - start)) return admission
      // It would end when nobody is there: begun when somebody comes again, it may end when they are still there.
      start = nextIn(starts, Math.max(start + 60, nextIn(calendar.attended, admission.finish.p90)))
    } else {
      start = nextIn(starts, later(admission, floor, slot, need, start))
    }
  }
  return null
}

/** From when on another try makes sense. */
const later = (why: Found, { calendar }: Floor, slot: Slot, need: Need, start: number): number => {
  switch (why.code) {
    case 'time.claimed':
    case 'time.maintenance':
    case 'time.event':
    case 'time.held':
    case 'time.too-long': {
      const next = slot.claims.find((claim) => claim.to > start && !isOwn(claim, need))
      return next?.to ?? NEVER
    }
    case 'time.closes':
      return Math.max(nextIn(calendar.runs, endOf(calendar.runs, start)), start + 60)
    default:
      return NEVER
  }
}
