// Plays a demand on printers that exist nowhere, by one policy: who started when, and which bookings came too late.
import { type Calendar, calendarOf } from '../scheduling/calendar.ts'
import type { FinishedPrint } from '../scheduling/runtime.ts'
import type { Promised, SchedulePrinter, Snapshot, WaitingJob } from '../scheduling/snapshot.ts'
import type { Dispatch } from '../scheduling/starts.ts'
import { nextIn } from '../scheduling/windows.ts'
import { type Demand, findingsOf, simulatedSettings, type WantedBooking, type WantedJob } from './demand.ts'

/** Decides what starts; and what is to be remembered until the next time. */
export type Policy = (
  snapshot: Snapshot,
  now: number,
) => { readonly dispatches: readonly Dispatch[]; readonly promises: readonly Promised[] }

export interface Begun {
  readonly job: WantedJob
  readonly printerId: number
  readonly start: number
  readonly finish: number
  /** When the part was off and the bed clear. */
  readonly clear: number
}

export interface Played {
  readonly begun: readonly Begun[]
  readonly waiting: readonly WantedJob[]
  readonly bookings: readonly WantedBooking[]
  /** Those whose printer was not clear when they began. */
  readonly delayed: readonly WantedBooking[]
  readonly calendar: Calendar
}

const TIME_ZONE = 'Europe/Madrid'
const TICK = 1800
const HOUR = 3600

const profile = {
  shape: 'rectangular' as const,
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

class Play {
  readonly begun: Begun[] = []
  readonly #demand: Demand
  readonly #running = new Map<number, Begun>()
  readonly #finished: FinishedPrint[] = []
  readonly #waited = new Map<number, { seconds: number; at: number }>()
  readonly #held = new Map<number, { seconds: number; at: number }>()
  readonly #findings = new Map<number, WaitingJob['findings']>()
  #waiting: WantedJob[] = []
  #next = 0
  #promises: readonly Promised[] = []

  constructor(demand: Demand) {
    this.#demand = demand
  }

  get waiting(): readonly WantedJob[] {
    return this.#waiting
  }

  /** The next instant at which something happens by itself. */
  nextAfter(now: number): number {
    const arrival = this.#demand.jobs[this.#next]?.at ?? Number.POSITIVE_INFINITY
    const changes = [...this.#running.values()].flatMap(({ finish, clear }) => [finish, clear]).filter((at) => at > now)
    return Math.min(now + TICK, Math.max(arrival, now + 1), ...changes)
  }

  pass(now: number, printers: number, policy: Policy, calendar: Calendar): void {
    for (
      let job = this.#demand.jobs[this.#next];
      job !== undefined && job.at <= now;
      job = this.#demand.jobs[++this.#next]
    ) {
      this.#waiting.push(job)
    }
    this.#settle(now)
    if (this.#waiting.length === 0) return
    const { dispatches, promises } = policy(this.#snapshot(now, printers), now)
    this.#promises = promises
    for (const { jobId, printerId } of dispatches) this.#start(jobId, printerId, now, calendar)
  }

  #start(jobId: number, printerId: number, now: number, calendar: Calendar): void {
    const job = this.#waiting.find(({ id }) => id === jobId)
    if (job === undefined || this.#running.has(printerId)) throw new Error(`Job ${jobId} was started twice.`)
    const { setupMinutes, clearMinutes } = simulatedSettings
    const finish = now + setupMinutes * 60 + job.actual
    const clear = nextIn(calendar.attended, finish, clearMinutes * 60) + clearMinutes * 60
    const begun = { job, printerId, start: now, finish, clear }
    this.#waited.set(job.memberId, { seconds: this.#waitedBy(job.memberId, now) + now - job.at, at: now })
    this.#waiting = this.#waiting.filter(({ id }) => id !== jobId)
    this.#running.set(printerId, begun)
    this.begun.push(begun)
  }

  #settle(now: number): void {
    for (const [printerId, { job, start, finish, clear }] of this.#running) {
      if (clear > now) continue
      this.#running.delete(printerId)
      this.#charge(job.memberId, job.fails ? 0 : finish - start, now)
      if (!job.fails)
        this.#finished.unshift({ model: 'one', material: 'PLA', estimate: job.estimate, actual: job.actual })
    }
    this.#finished.length = Math.min(this.#finished.length, 100)
    for (const { memberId, from, to } of this.#demand.bookings) {
      if (to <= now && to > now - TICK) this.#charge(memberId, to - from, now)
    }
  }

  #charge(memberId: number, seconds: number, now: number): void {
    this.#held.set(memberId, { seconds: this.#heldBy(memberId, now) + seconds, at: now })
  }

  #heldBy(memberId: number, now: number): number {
    const held = this.#held.get(memberId)
    if (held === undefined) return 0
    return held.seconds * 0.5 ** ((now - held.at) / 86_400 / simulatedSettings.halfLifeDays)
  }

  #waitedBy(memberId: number, now: number): number {
    const waited = this.#waited.get(memberId)
    if (waited === undefined) return 0
    return waited.seconds * 0.5 ** ((now - waited.at) / 86_400 / simulatedSettings.halfLifeDays)
  }

  #snapshot(now: number, printers: number): Snapshot {
    const { bookings } = this.#demand
    const members = new Set([...this.#held.keys(), ...this.#waited.keys()])
    const use = [...members].map((memberId) => ({
      memberId,
      heldSeconds: this.#heldBy(memberId, now),
      waitedSeconds: this.#waitedBy(memberId, now),
    }))
    for (const { job, start } of this.#running.values()) {
      use.push({ memberId: job.memberId, heldSeconds: now - start, waitedSeconds: 0 })
    }
    return {
      timeZone: TIME_ZONE,
      settings: simulatedSettings,
      jobs: this.#waiting.map((job) => this.#waitingJob(job)),
      printers: Array.from({ length: printers }, (_, place) => this.#printer(place + 1, now)),
      claims: bookings
        .filter(({ madeAt, to }) => madeAt <= now && to > now)
        // Machines are booked for people with a part to make; none of their queued jobs is drawn in.
        .map(({ printerId, from, to }) => ({ printerId, from, to, memberId: null, kind: 'booking' as const })),
      promises: this.#promises,
      circuits: [],
      use,
      finished: this.#finished,
    }
  }

  #waitingJob({ id, memberId, at, estimate }: WantedJob): WaitingJob {
    const findings = this.#findings.get(id) ?? findingsOf(estimate)
    this.#findings.set(id, findings)
    return {
      id,
      memberId,
      queuedAt: at,
      findings,
      failure: null,
      copies: 1,
      copiesDone: 0,
      copiesUnderWay: 0,
      materialWanted: null,
      colourWanted: null,
      nozzleWanted: null,
      printerId: null,
      printerTags: [],
      earliestStart: null,
      wantedBy: null,
      priority: 'normal',
      held: false,
      approval: 'none',
      attendStart: false,
      gramsByTool: [],
    }
  }

  #printer(id: number, now: number): SchedulePrinter {
    const begun = this.#running.get(id)
    const prints = begun !== undefined && begun.finish > now
    const elapsed = begun === undefined ? 0 : now - begun.start
    return {
      id,
      name: `P${id}`,
      model: 'one',
      state: prints ? 'printing' : 'idle',
      bed: begun === undefined ? 'clear' : 'occupied',
      takesJobs: true,
      ejects: false,
      failedInRow: 0,
      refusal: null,
      running:
        begun !== undefined && prints
          ? {
              memberId: begun.job.memberId,
              material: 'PLA',
              estimate: begun.job.estimate,
              elapsed,
              remaining: null,
              done: 0,
            }
          : null,
      profile,
      tags: [],
      enclosed: null,
      loaded: null,
      circuitId: null,
      heatingWatts: 0,
      holdingWatts: 0,
      heating: 'no',
    }
  }
}

/** `begin` in seconds since 1970. The same demand and policy give the same play. */
export const play = (demand: Demand, printers: number, begin: number, end: number, policy: Policy): Played => {
  const game = new Play(demand)
  const calendar = wholeCalendar(begin, end)
  for (let now = begin; now < end; now = game.nextAfter(now)) game.pass(now, printers, policy, calendar)
  const past = demand.bookings.filter(({ from }) => from < end)
  const late = (booking: WantedBooking): boolean =>
    game.begun.some(
      (begun) =>
        begun.printerId === booking.printerId &&
        begun.start < booking.from &&
        // What was begun before anybody had booked is nobody's fault.
        begun.start >= booking.madeAt &&
        begun.clear > booking.from,
    )
  return { begun: game.begun, waiting: game.waiting, bookings: past, delayed: past.filter(late), calendar }
}

/** The hours over all of the play: a calendar reaches four weeks, so several are joined. */
export const wholeCalendar = (begin: number, end: number): Calendar => {
  const calendars: Calendar[] = []
  for (let from = begin; from < end + 7 * 24 * HOUR; from += 28 * 24 * HOUR) {
    calendars.push(calendarOf(simulatedSettings, TIME_ZONE, from))
  }
  const [first] = calendars
  if (first === undefined) throw new RangeError('A play must end after it begins.')
  const merged = new Map(calendars.flatMap(({ attended }) => attended).map((window) => [window.from, window]))
  return { ...first, attended: [...merged.values()].sort((one, other) => one.from - other.from) }
}
