// What starts now: EASY backfill (Lifka 1995) with claims. The head of the queue is promised a start, and nobody who
// comes after it may take the printer beyond that.
import type { Found } from '../../contract/reasons.ts'
import { mismatches, type Need, swapFor, tooWarm } from './need.ts'
import type { Turn } from './order.ts'
import type { Power } from './power.ts'
import { type Admission, admit, earliest, type Floor, isAdmitted, isKept, type Kind, type Slot } from './slots.ts'
import type { Promised } from './snapshot.ts'

/** So many turns are looked at for what could be started in between. */
const BACKFILL_TURNS = 60
/** A start after which the bed is idle for more than this part of the time held can wait for a better one. */
const MOST_IDLE = 0.5
const SLIP_SECONDS = 1800
/** Another printer must be so much sooner for a promise to move there. */
const MOVE_SECONDS = 600

export interface Dispatch {
  readonly jobId: number
  readonly printerId: number
}

export interface Started extends Dispatch {
  readonly turn: Turn
  readonly slot: Slot
  readonly admission: Admission
}

/** What stands against a job on printers of each kind, looked up once. */
export class Matches {
  readonly #known = new Map<Need, readonly (readonly Found[])[]>()
  readonly #kinds: readonly Kind[]

  constructor(kinds: readonly Kind[]) {
    this.#kinds = kinds
  }

  of(need: Need): readonly (readonly Found[])[] {
    const known = this.#known.get(need)
    if (known !== undefined) return known
    const byShape: (readonly Found[])[] = []
    const all: (readonly Found[])[] = []
    for (const kind of this.#kinds) {
      const why = byShape[kind.shape] ?? mismatches(need, kind)
      byShape[kind.shape] = why
      all.push(why)
    }
    this.#known.set(need, all)
    return all
  }

  fits(need: Need, slot: Slot): boolean {
    const { printerId, barred, unlearnt } = need.job
    if (barred?.has(slot.printer.id) || unlearnt?.has(slot.printer.id)) return false
    return (printerId === null || printerId === slot.printer.id) && this.of(need)[slot.kind.number]?.length === 0
  }
}

interface Pair {
  readonly turn: Turn
  readonly slot: Slot
  readonly points: number
}

/** The turns in which jobs are looked at: first those with a promise, then those that have waited too long. */
export interface Line {
  readonly promised: readonly Turn[]
  readonly overdue: readonly Turn[]
  /** So many of the overdue are kept a printer at once. */
  readonly mostOverdue: number
  readonly others: readonly Turn[]
}

export class Starts {
  readonly started: Started[] = []
  readonly promises = new Map<number, Promised>()
  readonly #floor: Floor
  readonly #matches: Matches
  readonly #power: Power
  readonly #line: Line
  readonly #before: ReadonlyMap<number, Promised>
  readonly #done = new Set<Turn>()

  constructor(floor: Floor, matches: Matches, power: Power, line: Line, before: readonly Promised[]) {
    this.#floor = floor
    this.#matches = matches
    this.#power = power
    this.#line = line
    this.#before = new Map(before.map((promise) => [promise.jobId, promise]))
  }

  run(): void {
    this.#drawIn()
    this.#head()
    const pairs = this.#pairs()
    while (this.#startBest(pairs)) this.#head()
  }

  /** Starts those whose turn it is; the first that cannot start, and all who were promised something, are kept a printer. */
  #head(): void {
    const { promised, overdue, mostOverdue, others } = this.#line
    for (const turn of promised) {
      if (!this.#isOver(turn) && !this.#startWell(turn)) this.#promise(turn, true)
    }
    for (const turn of overdue) {
      const kept = [...this.promises.values()].filter(({ hard }) => hard).length
      if (kept >= mostOverdue) break
      if (!this.#isOver(turn) && !this.#startWell(turn)) this.#promise(turn, true)
    }
    for (const turn of others) {
      if (this.#isOver(turn) || this.#startWell(turn)) continue
      if (this.promises.has(turn.need.job.id) || this.#promise(turn, false)) return
    }
  }

  /** What a member has in the queue is drawn into his own booking, whosever turn it is (as MAGNETIC reservations of Slurm). */
  #drawIn(): void {
    const { promised, overdue, others } = this.#line
    for (const slot of this.#floor.slots) {
      const claim = slot.claims.find(({ from, to }) => from <= this.#floor.now && this.#floor.now < to)
      if (claim === undefined || claim.memberId === null) continue
      for (const turn of [...promised, ...overdue, ...others]) {
        if (turn.need.job.memberId !== claim.memberId || this.#isOver(turn)) continue
        const admission = this.#now(turn.need, slot)
        if (admission === null) continue
        this.#start(turn, slot, admission)
        break
      }
    }
  }

  #isOver(turn: Turn): boolean {
    return this.#done.has(turn)
  }

  /** On the printer where least is wasted; false where it would lie idle for long, or cannot start. */
  #startWell(turn: Turn): boolean {
    let best: { slot: Slot; admission: Admission; waste: number } | null = null
    for (const slot of this.#floor.slots) {
      const admission = this.#now(turn.need, slot)
      if (admission === null || admission.idle > MOST_IDLE * (admission.clear - admission.start)) continue
      const waste = wasteOf(admission, slot)
      if (best === null || waste < best.waste) best = { slot, admission, waste }
    }
    if (best === null) return false
    this.#start(turn, best.slot, best.admission)
    return true
  }

  #now(need: Need, slot: Slot): Admission | null {
    if (slot.blocked !== null || !this.#matches.fits(need, slot)) return null
    if ((need.job.earliestStart ?? 0) > this.#floor.now || swapFor(need, slot.kind) !== null) return null
    if (this.#power.hindrance(slot.printer) !== null || tooWarm(need, slot.printer) !== null) return null
    const admission = admit(this.#floor, slot, need, this.#floor.now, false)
    return isAdmitted(admission) && !isKept(slot, need, admission) ? admission : null
  }

  #start(turn: Turn, slot: Slot, admission: Admission): void {
    const jobId = turn.need.job.id
    this.#done.add(turn)
    this.#unpromise(jobId)
    this.#power.start(slot.printer)
    const { p10, p50 } = admission.finish
    slot.blocked = { code: 'order.one-before', values: {} }
    slot.free = { p10: Math.min(p10, admission.clear), p50: Math.min(p50, admission.clear), p90: admission.clear }
    this.started.push({ jobId, printerId: slot.printer.id, turn, slot, admission })
  }

  #unpromise(jobId: number): void {
    const promise = this.promises.get(jobId)
    if (promise === undefined) return
    this.promises.delete(jobId)
    for (const slot of this.#floor.slots) if (slot.keptFor?.jobId === jobId) slot.keptFor = null
  }

  /** False where no printer can be promised. `waited`: long enough to have a filament changed for it. */
  #promise({ need }: Turn, waited: boolean): boolean {
    const { job } = need
    if (this.promises.has(job.id)) return true
    const { now, settings, slots } = this.#floor
    const before = this.#before.get(job.id)
    let best: { slot: Slot; start: number; from: number } | null = null
    for (const slot of slots) {
      if (slot.keptFor !== null || slot.free.p90 === Number.POSITIVE_INFINITY || !this.#matches.fits(need, slot))
        continue
      const swap = swapFor(need, slot.kind) !== null
      if (swap && !waited) continue
      const at =
        earliest(this.#floor, slot, need, slot.free.p90, swap, MOST_IDLE) ??
        earliest(this.#floor, slot, need, slot.free.p90, swap)
      if (at === null) continue
      // It could start now, and waits for a better time: what prints meanwhile may still be taken off then.
      const waits = at.start > now && this.#now(need, slot) !== null
      const from = at.start + (waits ? (settings.clearMinutes + settings.marginMinutes) * 60 : 0)
      // A promise stays where it was given, unless it can be bettered.
      const start = from - (before?.printerId === slot.printer.id ? MOVE_SECONDS : 0)
      if (best === null || start < best.start) best = { slot, start, from }
    }
    if (best === null) return false
    const slipped = before !== undefined && best.from > before.startsAt + SLIP_SECONDS
    const slips = (before?.slips ?? 0) + (slipped ? 1 : 0)
    const hard = (before?.hard ?? false) || slips >= 2 || now - job.queuedAt >= settings.holdHours * 3600
    const startsAt = before === undefined || slipped ? best.from : Math.min(before.startsAt, best.from)
    this.promises.set(job.id, { jobId: job.id, printerId: best.slot.printer.id, startsAt, slips, hard })
    best.slot.keptFor = { jobId: job.id, startsAt: Math.max(best.from, now) }
    return true
  }

  /** What could start now of the turns at the front, the best first. */
  #pairs(): Pair[] {
    const { weights } = this.#floor.settings
    const idle = this.#floor.slots.filter(({ blocked }) => blocked === null)
    if (idle.length === 0) return []
    const { promised, overdue, others } = this.#line
    const waiting = [...promised, ...overdue, ...others].filter((turn) => !this.#isOver(turn))
    const pairs: Pair[] = []
    for (const turn of waiting.slice(0, BACKFILL_TURNS)) {
      for (const slot of idle) {
        const admission = this.#now(turn.need, slot)
        if (admission === null) continue
        const idlePart = admission.idle / Math.max(1, admission.clear - admission.start)
        pairs.push({ turn, slot, points: turn.score.total - weights.idleBed * idlePart })
      }
    }
    return pairs.sort((one, other) => other.points - one.points || one.slot.printer.id - other.slot.printer.id)
  }

  #startBest(pairs: readonly Pair[]): boolean {
    for (const { turn, slot } of pairs) {
      if (this.#isOver(turn) || slot.blocked !== null) continue
      // Asked again: a promise or a heat-up may have come in between.
      const admission = this.#now(turn.need, slot)
      if (admission === null) continue
      this.#start(turn, slot, admission)
      return true
    }
    return false
  }
}

/** Small is good: little idle time, no large printer for a small part. */
const wasteOf = (admission: Admission, { printer }: Slot): number => {
  const { width, depth, height } = printer.profile
  return admission.idle + (width * depth * height) / 1e6
}
