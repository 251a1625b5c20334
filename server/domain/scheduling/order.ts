// Whose turn it is: points for each job, and the order that follows from them.
// After Slurm's multifactor priority (slurm.schedmd.com/priority_multifactor.html) with its classic fair share, 2^(-U/(S·d)).
import type { Priority, ScheduleSettings, ScoreParts } from '../../contract/scheduling.ts'
import type { Need } from './need.ts'
import type { MemberUse, Snapshot, WaitingJob } from './snapshot.ts'

const SHORT_SECONDS = 12 * 3600
const LATE_SECONDS = 24 * 3600

/** One copy of a job, in its turn. */
export interface Turn {
  readonly need: Need
  readonly score: ScoreParts
}

/** Machine time held by each member, with what this pass gives out on top. */
export class Account {
  readonly #held = new Map<number | null, number>()
  readonly #members: number
  readonly #damping: number
  #all = 0

  /** `waiting`: the members whose jobs wait; they and those who held time share the machines. */
  constructor(use: readonly MemberUse[], waiting: Iterable<number | null>, damping: number) {
    for (const { memberId, heldSeconds } of use) this.charge(memberId, heldSeconds)
    for (const memberId of waiting) if (!this.#held.has(memberId)) this.#held.set(memberId, 0)
    this.#members = Math.max(1, this.#held.size)
    this.#damping = damping
  }

  charge(memberId: number | null, seconds: number): void {
    this.#held.set(memberId, (this.#held.get(memberId) ?? 0) + seconds)
    this.#all += seconds
  }

  /** Of all that was held, 0 to 1. */
  partOf(memberId: number | null): number {
    return this.#all === 0 ? 0 : (this.#held.get(memberId) ?? 0) / this.#all
  }

  /** 1: held nothing; 0.5 where damping is 1 and the member held just their share. */
  factorOf(memberId: number | null): number {
    return 2 ** ((-this.partOf(memberId) * this.#members) / this.#damping)
  }
}

/** Members who wait this many times as long for an hour of machine time as all do, have all points for it. */
const MUCH_WAITED = 2
/** So much machine time says little of its member yet: as much is taken to have been waited for as all wait. */
const LITTLE_SECONDS = 12 * 3600

/** Waiting for each hour of machine time, compared with that of all: 0.5 for who waits as all do, 0 to 1. By member. */
export const waitedFactors = (
  needs: readonly Need[],
  use: readonly MemberUse[],
  now: number,
): ReadonlyMap<number | null, number> => {
  const sums = new Map<number | null, { waited: number; machine: number }>()
  const all = { waited: 0, machine: 0 }
  const add = (memberId: number | null, waited: number, machine: number): void => {
    const sum = sums.get(memberId) ?? { waited: 0, machine: 0 }
    sums.set(memberId, { waited: sum.waited + waited, machine: sum.machine + machine })
    all.waited += waited
    all.machine += machine
  }
  for (const { memberId, heldSeconds, waitedSeconds = 0 } of use) add(memberId, waitedSeconds, heldSeconds)
  for (const { job, seconds } of needs) add(job.memberId, now - job.queuedAt, seconds)
  const usual = all.waited / Math.max(1, all.machine)
  const factor = ({ waited, machine }: { waited: number; machine: number }): number => {
    if (usual <= 0) return 0.5
    const times = (waited / usual + LITTLE_SECONDS) / (machine + LITTLE_SECONDS)
    return clamp(0.5 + Math.log(times) / (2 * Math.log(MUCH_WAITED)))
  }
  return new Map([...sums].map(([memberId, sum]) => [memberId, factor(sum)]))
}

/**
 * All copies of all jobs in their turn. Each turn is charged to its member before the next is given out: so members take
 * turns, however many jobs one of them has. Of one member's jobs of one priority, those come first that people put first.
 */
export const turnsOf = (needs: readonly Need[], snapshot: Snapshot, now: number): Turn[] => {
  const { settings, use } = snapshot
  const queues = queuesOf(needs, settings, now)
  const account = new Account(
    use,
    queues.map(({ memberId }) => memberId),
    settings.damping,
  )
  const waited = waitedFactors(needs, use, now)
  const refresh = (queue: MemberQueue): void => {
    queue.fairPoints = settings.weights.fairShare * account.factorOf(queue.memberId)
    queue.waitedPoints = settings.weights.waited * (waited.get(queue.memberId) ?? 0.5)
    queue.points =
      (queue.waiting[queue.next]?.points ?? Number.NEGATIVE_INFINITY) + queue.fairPoints + queue.waitedPoints
  }
  queues.forEach(refresh)
  const turns: Turn[] = []
  for (;;) {
    let best: MemberQueue | undefined
    let bestPoints = Number.NEGATIVE_INFINITY
    for (const queue of queues) {
      // Equal points: whose job waits longer; queues stand in the order of their first job.
      if (queue.points > bestPoints) {
        best = queue
        bestPoints = queue.points
      }
    }
    const entry = best?.waiting[best.next]
    if (best === undefined || entry === undefined) return turns
    turns.push({
      need: entry.need,
      score: { ...entry.parts, fairShare: best.fairPoints, waited: best.waitedPoints, total: bestPoints },
    })
    account.charge(best.memberId, entry.need.seconds)
    best.copies += 1
    if (best.copies >= copiesLeft(entry.need.job)) {
      best.next += 1
      best.copies = 0
    }
    refresh(best)
    // What one has gained, all others have lost a little: told to them now and then, for it is little.
    if (turns.length % 16 === 0) queues.forEach(refresh)
  }
}

/** Never more than so many turns for one job at once: the others come with the next pass. */
const MOST_COPIES = 20

export const copiesLeft = ({ copies, copiesDone, copiesUnderWay }: WaitingJob): number =>
  Math.min(MOST_COPIES, Math.max(0, copies - copiesDone - copiesUnderWay))

interface Entry {
  readonly need: Need
  readonly parts: ScoreParts
  /** All but the fair share. */
  readonly points: number
}

interface MemberQueue {
  readonly memberId: number | null
  readonly waiting: readonly Entry[]
  /** Which of them is next, and how many of its copies had their turn. */
  next: number
  copies: number
  fairPoints: number
  waitedPoints: number
  /** Of its next job, all in all. */
  points: number
}

const queuesOf = (needs: readonly Need[], settings: ScheduleSettings, now: number): MemberQueue[] => {
  const queuedAt = ageByPlace(needs)
  const byMember = new Map<number | null, Entry[]>()
  needs.forEach((need, place) => {
    const parts = pointsOf(need, settings, now - (queuedAt[place] ?? now), now)
    const list = byMember.get(need.job.memberId) ?? []
    list.push({ need, parts, points: parts.total })
    byMember.set(need.job.memberId, list)
  })
  return [...byMember].map(([memberId, entries]) => ({
    memberId,
    waiting: asPeopleOrdered(entries),
    next: 0,
    copies: 0,
    fairPoints: 0,
    waitedPoints: 0,
    points: 0,
  }))
}

/** Who moves a job to the front gives it the age of the oldest: the ages follow the order that people gave the queue. */
const ageByPlace = (needs: readonly Need[]): number[] =>
  needs.map(({ job }) => job.queuedAt).sort((one, other) => one - other)

/** Within one priority, jobs stand as in the queue: they take, in its order, the places that their points have won. */
const asPeopleOrdered = (entries: readonly Entry[]): Entry[] => {
  const inOrder: Record<Priority, Entry[]> = { low: [], normal: [], high: [] }
  for (const entry of entries) inOrder[entry.need.job.priority].push(entry)
  const taken: Record<Priority, number> = { low: 0, normal: 0, high: 0 }
  const byPoints = [...entries].sort((one, other) => other.points - one.points)
  return byPoints.map((won) => {
    const { priority } = won.need.job
    return inOrder[priority][taken[priority]++] ?? won
  })
}

const pointsOf = (need: Need, settings: ScheduleSettings, waited: number, now: number): ScoreParts => {
  const { weights, ageHours } = settings
  const age = weights.age * clamp(waited / (ageHours * 3600))
  const short = weights.short * (1 - clamp(need.seconds / SHORT_SECONDS))
  const priority = weights.priority * { low: 0, normal: 0.5, high: 1 }[need.job.priority]
  const spare = need.job.wantedBy === null ? LATE_SECONDS : need.job.wantedBy - now - need.seconds
  const wantedBy = weights.wantedBy * (1 - clamp(spare / LATE_SECONDS))
  return { age, short, priority, wantedBy, fairShare: 0, waited: 0, total: age + short + priority + wantedBy }
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value))
