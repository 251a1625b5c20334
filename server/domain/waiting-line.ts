// Who is offered time that has become free: whoever waits longest and can use it. Instants are seconds since 1970.
import type { Window } from './scheduling/windows.ts'

export interface WaitingMember {
  readonly id: number
  readonly memberId: number
  readonly since: number
  /** It must lie within. */
  readonly from: number
  readonly to: number
  readonly seconds: number
  /** He also takes less, down to this. */
  readonly leastSeconds: number
  /** Printers that would do, the best first. */
  readonly printerIds: readonly number[]
  /** What he let go by already: it is not offered to him again. */
  readonly declined: readonly (Window & { readonly printerId: number })[]
}

/** A printer's free time; after what is booked its bed is cleared for `clearSeconds`. */
export interface FreeTime {
  readonly printerId: number
  readonly clearSeconds: number
  readonly free: readonly Window[]
}

export interface Offer extends Window {
  readonly entryId: number
  readonly memberId: number
  readonly printerId: number
}

/** Starts lie on full steps, so that what is left between is of use too. */
const STEP = 300

/**
 * One offer for each who can have one, in the order in which they came; two never get the same time.
 * `allowed` says whether this member may have that.
 */
export const offersFor = (
  line: readonly WaitingMember[],
  times: readonly FreeTime[],
  now: number,
  allowed: (offer: Offer) => boolean,
): Offer[] => {
  const offers: Offer[] = []
  const inTurn = [...line].sort((one, other) => one.since - other.since || one.id - other.id)
  for (const entry of inTurn) {
    const offer = offerFor(entry, times, offers, now, allowed)
    if (offer !== null) offers.push(offer)
  }
  return offers
}

const offerFor = (
  entry: WaitingMember,
  times: readonly FreeTime[],
  given: readonly Offer[],
  now: number,
  allowed: (offer: Offer) => boolean,
): Offer | null => {
  // The whole length on any printer comes before less of it on the best.
  for (const seconds of entry.seconds === entry.leastSeconds ? [entry.seconds] : [entry.seconds, entry.leastSeconds]) {
    for (const printerId of entry.printerIds) {
      const time = times.find((one) => one.printerId === printerId)
      const offer = time === undefined ? null : firstIn(entry, time, given, { seconds, now })
      if (offer !== null && allowed(offer)) return offer
    }
  }
  return null
}

const firstIn = (
  entry: WaitingMember,
  { printerId, clearSeconds, free }: FreeTime,
  given: readonly Offer[],
  { seconds, now }: { seconds: number; now: number },
): Offer | null => {
  const taken = [
    ...given.filter((one) => one.printerId === printerId),
    ...entry.declined.filter((one) => one.printerId === printerId),
  ]
  for (const { from, to } of free) {
    const start = Math.ceil(Math.max(from, entry.from, now) / STEP) * STEP
    const end = Math.min(to - clearSeconds, entry.to, start + entry.seconds)
    if (end - start < seconds) continue
    const overlaps = taken.some((one) => one.from < end + clearSeconds && start < one.to + clearSeconds)
    if (!overlaps) return { entryId: entry.id, memberId: entry.memberId, printerId, from: start, to: end }
  }
  return null
}
