// What starts next, why the rest waits, and until when: a pure function of how things stand.
import type { Found } from '../contract/reasons.ts'
import { type Calendar, calendarOf } from './scheduling/calendar.ts'
import { type Foreseen, forecast } from './scheduling/forecast.ts'
import { type Need, needOf } from './scheduling/need.ts'
import { copiesLeft, type Turn, turnsOf } from './scheduling/order.ts'
import { Power } from './scheduling/power.ts'
import { type Floor, floorOf } from './scheduling/slots.ts'
import type { Promised, Snapshot, WaitingJob } from './scheduling/snapshot.ts'
import { type Dispatch, type Line, Matches, Starts } from './scheduling/starts.ts'
import { waitsForItself } from './scheduling/waits.ts'

export interface Schedule {
  readonly snapshot: Snapshot
  readonly now: number
  readonly dispatches: readonly Dispatch[]
  /** By printer: when its bed will be clear, if what is dispatched there ends at its 90 %. */
  readonly clearBy: ReadonlyMap<number, number>
  /** What is kept for whom, to be told to the next pass. */
  readonly promises: readonly Promised[]
  readonly predictions: ReadonlyMap<number, Foreseen>
  /** The place of each job that could start, from 1. */
  readonly places: ReadonlyMap<number, number>
  readonly turns: readonly Turn[]
  /** Jobs that cannot start yet, and why. */
  readonly notYet: ReadonlyMap<number, Found>
  /** As it stands after the dispatches. */
  readonly floor: Floor
  readonly calendar: Calendar
  readonly matches: Matches
  readonly power: Power
}

/** Of the printers, so many may be kept at once for jobs that have waited too long. */
const PART_FOR_OVERDUE = 0.25

/** `now` in seconds since 1970. The same snapshot and instant give the same schedule. */
export const schedule = (snapshot: Snapshot, now: number): Schedule => {
  const calendar = calendarOf(snapshot.settings, snapshot.timeZone, now)
  const floor = floorOf(snapshot, calendar, now)
  const matches = new Matches(floor.kinds)
  const power = new Power(snapshot)
  const notYet = new Map<number, Found>()
  const ready: Need[] = []
  const later: Need[] = []
  for (const job of snapshot.jobs) {
    const why = waitsForItself(job, now)
    if (why !== null) notYet.set(job.id, why)
    const need = needOf(job)
    if (need === null || copiesLeft(job) === 0) continue
    if (why === null) ready.push(need)
    else if (why.code === 'job.early') later.push(need)
  }
  const turns = turnsOf(ready, snapshot, now)
  const starts = new Starts(floor, matches, power, lineOf(turns, snapshot, now), snapshot.promises)
  starts.run()
  const begun = new Set(starts.started.map(({ turn }) => turn))
  const rest = turns.filter((turn) => !begun.has(turn))
  return {
    snapshot,
    now,
    dispatches: starts.started.map(({ jobId, printerId }) => ({ jobId, printerId })),
    clearBy: new Map(starts.started.map(({ printerId, admission }) => [printerId, admission.clear])),
    promises: [...starts.promises.values()],
    predictions: forecast(floor, matches, [...rest, ...turnsOf(later, snapshot, now)]),
    places: placesOf(rest),
    turns: rest,
    notYet,
    floor,
    calendar,
    matches,
    power,
  }
}

const placesOf = (turns: readonly Turn[]): Map<number, number> => {
  const places = new Map<number, number>()
  for (const { need } of turns) if (!places.has(need.job.id)) places.set(need.job.id, places.size + 1)
  return places
}

/** Those who were promised a printer come first, then a few that have waited too long, the oldest first. */
const lineOf = (turns: readonly Turn[], { promises, printers, settings }: Snapshot, now: number): Line => {
  const promisedAt = new Map(promises.map(({ jobId, startsAt }) => [jobId, startsAt]))
  const overdue = (job: WaitingJob): boolean => now - job.queuedAt >= settings.holdHours * 3600
  const first = new Map<number, Turn>()
  for (const turn of turns) {
    const { job } = turn.need
    if (!first.has(job.id) && (promisedAt.has(job.id) || overdue(job))) first.set(job.id, turn)
  }
  const promised = [...first.values()].filter(({ need }) => promisedAt.has(need.job.id))
  const waited = [...first.values()].filter(({ need }) => !promisedAt.has(need.job.id))
  promised.sort((one, other) => startOf(one, promisedAt) - startOf(other, promisedAt) || byAge(one, other))
  const quota = Math.max(1, Math.floor(printers.length * PART_FOR_OVERDUE))
  const isPromised = new Set(promised)
  return {
    promised,
    overdue: waited.sort(byAge),
    mostOverdue: quota,
    others: turns.filter((turn) => !isPromised.has(turn)),
  }
}

const startOf = ({ need }: Turn, promisedAt: ReadonlyMap<number, number>): number => promisedAt.get(need.job.id) ?? 0

const byAge = (one: Turn, other: Turn): number =>
  one.need.job.queuedAt - other.need.job.queuedAt || one.need.job.id - other.need.job.id
