// The scheduler's own reasons, in plain words: for one job and every printer, or in one line.
import { type Found, found, inWords, type Reason } from '../../contract/reasons.ts'
import type { JobReasons, Prediction, Range } from '../../contract/scheduling.ts'
import type { Schedule } from '../schedule.ts'
import type { Foreseen } from './forecast.ts'
import { swapFor, tooWarm } from './need.ts'
import type { Turn } from './order.ts'
import type { Quantiles } from './runtime.ts'
import { admit, isAdmitted, isKept, isoOf, type Slot } from './slots.ts'
import type { WaitingJob } from './snapshot.ts'

/** So many printers are named in one line. */
const MOST_NAMED = 3

type Clock = (instant: string) => string

/** `14:00`, or `Sat 14:00` on another day, in the workshop's time. */
export const clockOf = (timeZone: string, now: number): Clock => {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short' })
  const date = new Intl.DateTimeFormat('en-GB', { timeZone, day: 'numeric', month: 'short' })
  const today = date.format(now * 1000)
  return (instant) => {
    const at = new Date(instant)
    if (date.format(at) === today) return time.format(at)
    const far = at.getTime() / 1000 - now > 6 * 86_400
    return `${far ? date.format(at) : day.format(at)} ${time.format(at)}`
  }
}

/** For each job that goes on waiting, one line. */
export const linesOf = (plan: Schedule): Map<number, string> => {
  const clock = clockOf(plan.snapshot.timeZone, plan.now)
  const firstTurns = new Map<number, Turn>()
  for (const turn of plan.turns) if (!firstTurns.has(turn.need.job.id)) firstTurns.set(turn.need.job.id, turn)
  const started = new Set(plan.dispatches.map(({ jobId }) => jobId))
  const lines = new Map<number, string>()
  for (const job of plan.snapshot.jobs) {
    const turn = firstTurns.get(job.id)
    if (turn === undefined && started.has(job.id)) continue
    lines.set(job.id, lineOf(plan, job, turn, clock))
  }
  return lines
}

const lineOf = (plan: Schedule, job: WaitingJob, turn: Turn | undefined, clock: Clock): string => {
  const itself = plan.notYet.get(job.id) ?? whereTo(plan, job)
  if (itself !== null || turn === undefined) return sentence(inWords(itself ?? found('order.next'), clock).message)
  const named = namedSlots(plan, turn)
  const place = plan.places.get(job.id) ?? 1
  const each = named.map((slot) => {
    const [first] = whyNot(plan, turn, slot, place - 1)
    return `${slot.printer.name}: ${inWords(first ?? found('order.next'), clock).message}`
  })
  return `${each.join(' · ')}.`
}

/** Where one would look first: where it will probably go; else those that could print it; else all. */
const namedSlots = (plan: Schedule, { need }: Turn): Slot[] => {
  const foreseen = plan.predictions.get(need.job.id)
  const { slots } = plan.floor
  if (foreseen !== undefined && slots.length > MOST_NAMED) {
    return slots.filter(({ printer }) => printer.id === foreseen.printerId)
  }
  const { printerId } = need.job
  const wanted = printerId === null ? slots : slots.filter(({ printer }) => printer.id === printerId)
  const fitting = wanted.length > MOST_NAMED ? wanted.filter((slot) => plan.matches.fits(need, slot)) : wanted
  return (fitting.length > 0 ? fitting : wanted).slice(0, MOST_NAMED)
}

const whereTo = ({ snapshot }: Schedule, { printerId }: WaitingJob): Found | null => {
  if (snapshot.printers.length === 0) return found('job.no-printer')
  if (printerId === null || snapshot.printers.some(({ id }) => id === printerId)) return null
  return found('job.printer-gone')
}

/** Everything that stands between a job and a printer now; `ahead`: how many jobs come first. Never empty. */
const whyNot = (plan: Schedule, { need }: Turn, slot: Slot, ahead: number): Found[] => {
  const { floor, matches, power, now } = plan
  const { printerId } = need.job
  if (printerId !== null && printerId !== slot.printer.id) return [found('match.other-printer')]
  if (need.job.barred?.has(slot.printer.id)) return [found('match.barred')]
  const unlearnt = need.job.unlearnt?.get(slot.printer.id)
  if (unlearnt !== undefined) return [found('match.unlearnt', { reason: unlearnt })]
  const misfits = matches.of(need)[slot.kind.number] ?? []
  if (misfits.length > 0) return [...misfits]
  const why: Found[] = []
  if (slot.blocked !== null) why.push(slot.blocked)
  const swap = swapFor(need, slot.kind)
  if (swap !== null) why.push(swap)
  const admission = slot.blocked === null ? admit(floor, slot, need, now, false) : null
  if (admission !== null && !isAdmitted(admission)) why.push(admission)
  if (admission !== null && isAdmitted(admission) && isKept(slot, need, admission)) why.push(found('order.promised'))
  const warm = slot.blocked === null ? tooWarm(need, slot.printer) : null
  if (warm !== null) why.push(warm)
  const current = slot.blocked === null ? power.hindrance(slot.printer) : null
  if (current !== null) why.push(current)
  if (why.length > 0) return ahead > 0 && slot.blocked !== null ? [...why, before(ahead)] : why
  if (ahead > 0) return [before(ahead)]
  const idles = admission !== null && isAdmitted(admission) && admission.idle > 0
  return [found(idles ? 'order.tonight' : 'order.next')]
}

const before = (ahead: number): Found =>
  ahead === 1 ? found('order.one-before') : found('order.before', { count: ahead })

/** All that is known of why this job waits; null where it does not wait. */
export const explain = (plan: Schedule, jobId: number): JobReasons | null => {
  const job = plan.snapshot.jobs.find(({ id }) => id === jobId)
  if (job === undefined) return null
  const clock = clockOf(plan.snapshot.timeZone, plan.now)
  const say = (all: readonly Found[]): Reason[] => all.map((one) => inWords(one, clock))
  const turn = plan.turns.find(({ need }) => need.job.id === jobId)
  const itself = plan.notYet.get(jobId) ?? whereTo(plan, job)
  const printers =
    turn === undefined || itself !== null
      ? []
      : plan.floor.slots.map((slot) => ({
          printerId: slot.printer.id,
          name: slot.printer.name,
          reasons: say(whyNot(plan, turn, slot, aheadOn(plan, turn, slot))),
        }))
  const foreseen = plan.predictions.get(jobId)
  return {
    jobId,
    turn: plan.places.get(jobId) ?? null,
    reasons: say(itself === null ? (turn === undefined ? [found('order.next')] : byShare(plan, turn)) : [itself]),
    printers,
    prediction: foreseen === undefined ? null : predictionOf(foreseen),
    score: turn?.score ?? null,
  }
}

/** Jobs with an earlier turn that could take this printer. */
const aheadOn = ({ turns, matches }: Schedule, { need }: Turn, slot: Slot): number => {
  const jobs = new Set<number>()
  for (const { need: other } of turns) {
    if (other.job.id === need.job.id) break
    if (matches.fits(other, slot)) jobs.add(other.job.id)
  }
  return jobs.size
}

/** Jobs that came later and yet come first, because their members held less machine time. */
const byShare = ({ turns }: Schedule, { need, score }: Turn): Found[] => {
  const jobs = new Set<number>()
  for (const { need: other, score: others } of turns) {
    if (other.job.id === need.job.id) break
    if (other.job.queuedAt > need.job.queuedAt && others.fairShare > score.fairShare) jobs.add(other.job.id)
  }
  return jobs.size > 1 ? [found('order.less-printed', { count: jobs.size })] : []
}

/** People are told ranges, not minutes: instants to five minutes. */
const GRAIN = 300

export const predictionOf = ({ printerId, start, finish }: Foreseen): Prediction => ({
  printerId,
  start: rangeOf(start),
  finish: rangeOf(finish),
})

const rangeOf = ({ p10, p50, p90 }: Quantiles): Range => {
  const iso = (instant: number): string => isoOf(Math.round(instant / GRAIN) * GRAIN)
  return { p10: iso(p10), p50: iso(p50), p90: iso(p90) }
}

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
