// Time that is free is offered to who waits for it, the first in the line first, before the queue gets it.

import { Refused } from '../contract/refusals.ts'
import { brokenAt, candidates, factsFor, openDesk, rulesOf } from '../desk/booking-desk.ts'
import { type Offer, offersFor, type WaitingMember } from '../domain/waiting-line.ts'
import { localOf } from '../domain/wall-time.ts'
import { freeTimes, lockRounds } from '../store/booking-times.ts'
import { lockPrinters } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { tell } from '../store/notices.ts'
import * as line from '../store/waiting-offers.ts'

/** So long an offer is kept for one; then the next is asked. */
export const OFFER_SECONDS = 600

/** `now` in seconds since 1970. */
export const offerFreeTime = async (db: Database, now: number): Promise<void> => {
  await tellLapsed(db, now)
  // Looked at first without a lock: mostly nobody waits.
  if ((await line.waitingEntries(db, now)).length === 0) return
  await db.transaction(async (inside) => {
    await lockRounds(inside)
    const entries = await line.waitingEntries(inside, now)
    if (entries.length === 0) return
    const free = await freeTimes(inside, now, Math.max(...entries.map(({ to }) => to)) + 86_400)
    await lockPrinters(
      inside,
      free.map(({ printerId }) => printerId),
    )
    const given: Offer[] = []
    for (const entry of [...entries].sort((one, other) => one.since - other.since || one.id - other.id)) {
      await offerTo(inside, entry, { free, given, now })
    }
  })
}

interface Round {
  readonly free: Awaited<ReturnType<typeof freeTimes>>
  /** What was offered in this round. */
  readonly given: Offer[]
  readonly now: number
}

const offerTo = async (db: Database, entry: line.WaitingRow, { free, given, now }: Round): Promise<void> => {
  const opened = await openDesk(db, entry.memberId)
  const desk = { ...opened, house: { ...opened.house, now } }
  const able = ableFor(desk, entry)
  const printerIds = able.map(({ id }) => id)
  const facts = await factsFor(db, desk, printerIds, entry)
  const clearOf = (printerId: number): number => rulesOf(desk, printerId).clearMinutes * 60
  const times = free.map((one) => ({
    ...one,
    clearSeconds: clearOf(one.printerId),
    free: without(one, given, clearOf),
  }))
  const member: WaitingMember = { ...entry, printerIds }
  const [offer] = offersFor([member], times, now, ({ printerId, from, to }) => {
    const printer = able.find(({ id }) => id === printerId)
    const wanted = { wish: entry.wish, from, to, instead: null }
    return printer !== undefined && brokenAt(desk, facts, printer, wanted).length === 0
  })
  if (offer === undefined) return
  const { timeZone } = desk.house
  const kept = {
    ...entry,
    ...offer,
    clearSeconds: clearOf(offer.printerId),
    // What begins sooner than the offer would last is no longer of use then.
    expiresAt: Math.min(now + OFFER_SECONDS, offer.to),
    localStart: localOf(offer.from, timeZone),
    timeZone,
  }
  const made = await line.makeOffer(db, kept, now)
  if (made === null) return
  given.push(offer)
  const printer = able.find(({ id }) => id === offer.printerId)?.name ?? ''
  const words = { printer, from: iso(offer.from), to: iso(offer.to), until: iso(kept.expiresAt) }
  const { memberId } = entry
  const key = `offer-${made.offerId}`
  await tell(
    db,
    [{ memberId, event: 'waiting.offer', facts: words, key, endsAt: kept.expiresAt, claimId: made.claimId }],
    now,
  )
}

/** Nothing, where no printer can do any more what was wished for. */
const ableFor = (desk: Parameters<typeof candidates>[0], { wish }: line.WaitingRow): ReturnType<typeof candidates> => {
  try {
    return candidates(desk, wish)
  } catch (error) {
    if (error instanceof Refused) return []
    throw error
  }
}

/** The gaps, without what others were given in this round. */
const without = (
  { printerId, free }: Round['free'][number],
  given: readonly Offer[],
  clearOf: (printerId: number) => number,
): { from: number; to: number }[] =>
  given
    .filter((one) => one.printerId === printerId)
    .reduce(
      (gaps, offer) =>
        gaps.flatMap(({ from, to }) => [
          { from, to: Math.min(to, offer.from) },
          { from: Math.max(from, offer.to + clearOf(printerId)), to },
        ]),
      [...free],
    )
    .filter(({ from, to }) => from < to)

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()

const tellLapsed = async (db: Database, now: number): Promise<void> => {
  await db.transaction(async (inside) => {
    const lapsed = await line.lapseEntries(inside, now)
    const news = lapsed.map(({ id, memberId, from, to }) => ({
      memberId,
      event: 'waiting.over' as const,
      facts: { from: iso(from), to: iso(to) },
      key: `waiting-over-${id}`,
      endsAt: null,
      claimId: null,
    }))
    await tell(inside, news, now)
  })
}
