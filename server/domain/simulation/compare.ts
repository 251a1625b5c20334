// The scheduler against first come, first served, on the same demand.
import { schedule } from '../schedule.ts'
import { calendarOf } from '../scheduling/calendar.ts'
import { needOf } from '../scheduling/need.ts'
import { admit, floorOf, isAdmitted } from '../scheduling/slots.ts'
import type { Dispatch } from '../scheduling/starts.ts'
import { demandOf } from './demand.ts'
import { type Played, type Policy, play, wholeCalendar } from './play.ts'

const HOUR = 3600

export interface SimulationOptions {
  readonly seed: number
  readonly weeks: number
  readonly printers: number
}

/** Times in hours. */
export interface Outcome {
  readonly policy: string
  readonly jobs: number
  readonly stillWaiting: number
  readonly medianWait: number
  readonly p95Wait: number
  readonly longestWait: number
  /** Of waiting per machine hour over members: 0 where all wait alike. */
  readonly gini: number
  readonly bookings: number
  readonly bookingsDelayedPercent: number
  /** Nights of a printer in which a print ran for half of the time or more. */
  readonly nightsUsedPercent: number
  readonly machineHours: number
}

const scheduler: Policy = (snapshot, now) => schedule(snapshot, now)

/** In the order of arrival, each on the first printer that can; who cannot start holds up all behind. Bookings are respected. */
const firstComeFirstServed: Policy = (snapshot, now) => {
  const floor = floorOf(snapshot, calendarOf(snapshot.settings, snapshot.timeZone, now), now)
  const dispatches: Dispatch[] = []
  const taken = new Set<number>()
  for (const job of snapshot.jobs) {
    const need = needOf(job)
    const slot = floor.slots.find(
      (one) =>
        need !== null &&
        one.blocked === null &&
        !taken.has(one.printer.id) &&
        isAdmitted(admit(floor, one, need, now, false)),
    )
    if (slot === undefined) break
    taken.add(slot.printer.id)
    dispatches.push({ jobId: job.id, printerId: slot.printer.id })
  }
  return { dispatches, promises: [] }
}

/** Weeks begin on a Monday in winter time; the clocks change in between. */
const BEGIN = Date.UTC(2026, 8, 28) / 1000

export const compare = ({ seed, weeks, printers }: SimulationOptions): { fifo: Outcome; scheduled: Outcome } => {
  const end = BEGIN + weeks * 7 * 24 * HOUR
  const demand = demandOf({ seed, weeks, printers }, BEGIN, wholeCalendar(BEGIN, end).attended)
  const outcome = (name: string, policy: Policy): Outcome =>
    outcomeOf(name, play(demand, printers, BEGIN, end, policy), printers, end)
  return {
    fifo: outcome('first come, first served', firstComeFirstServed),
    scheduled: outcome('scheduler', scheduler),
  }
}

const outcomeOf = (policy: string, played: Played, printers: number, end: number): Outcome => {
  // Who still waits has waited at least until now.
  const waits = [
    ...played.begun.map(({ job, start }) => ({ job, wait: start - job.at })),
    ...played.waiting.map((job) => ({ job, wait: end - job.at })),
  ]
  const sorted = waits.map(({ wait }) => wait / HOUR).sort((one, other) => one - other)
  const at = (fraction: number): number => round(sorted[Math.floor(fraction * (sorted.length - 1))] ?? 0)
  const byMember = new Map<number, { wait: number; machine: number }>()
  for (const { job, wait } of waits) {
    const sum = byMember.get(job.memberId) ?? { wait: 0, machine: 0 }
    byMember.set(job.memberId, { wait: sum.wait + wait, machine: sum.machine + job.estimate })
  }
  return {
    policy,
    jobs: waits.length,
    stillWaiting: played.waiting.length,
    medianWait: at(0.5),
    p95Wait: at(0.95),
    longestWait: at(1),
    gini: round(giniOf([...byMember.values()].map(({ wait, machine }) => wait / machine)), 3),
    bookings: played.bookings.length,
    bookingsDelayedPercent: round((100 * played.delayed.length) / Math.max(1, played.bookings.length)),
    nightsUsedPercent: round(nightsUsed(played, printers)),
    machineHours: round(played.begun.reduce((sum, { start, finish }) => sum + finish - start, 0) / HOUR, 0),
  }
}

/** 0: all have the same; towards 1: one has everything. */
export const giniOf = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other)
  const sum = sorted.reduce((all, value) => all + value, 0)
  if (sum === 0) return 0
  const weighted = sorted.reduce((all, value, place) => all + value * (place + 1), 0)
  return (2 * weighted) / (sorted.length * sum) - (sorted.length + 1) / sorted.length
}

const nightsUsed = ({ begun, calendar }: Played, printers: number): number => {
  const end = Math.max(...begun.map(({ finish }) => finish))
  let nights = 0
  let used = 0
  for (let place = 0; place + 1 < calendar.attended.length; place++) {
    const from = calendar.attended[place]?.to ?? 0
    const to = calendar.attended[place + 1]?.from ?? 0
    if (from > end) break
    for (let printerId = 1; printerId <= printers; printerId++) {
      const printed = begun
        .filter((one) => one.printerId === printerId)
        .reduce((sum, { start, finish }) => sum + Math.max(0, Math.min(finish, to) - Math.max(start, from)), 0)
      nights += 1
      if (printed >= (to - from) / 2) used += 1
    }
  }
  return (100 * used) / Math.max(1, nights)
}

const round = (value: number, digits = 2): number => Number(value.toFixed(digits))
