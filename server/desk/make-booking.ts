// Makes and moves bookings: under the locks of the member and of the printers, by the rules, or not at all.
import type { Broken } from '../contract/booking-rules.ts'
import { DRAFT_SECONDS, type PrinterWish } from '../contract/bookings.ts'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import { isFree, unfitFor } from '../domain/booking/free-time.ts'
import { clockTime, localOf } from '../domain/wall-time.ts'
import type { BookingFacts } from '../store/booking-facts.ts'
import { changeClaim, claimsInTheWay, expireClaims, insertClaim } from '../store/bookings.ts'
import { withClaims } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { readKey, saveKey } from '../store/idempotency.ts'
import {
  alternativesTo,
  type BookedPrinter,
  candidates,
  choosePrinter,
  type Desk,
  factsFor,
  proposalOf,
  roomsOf,
  rulesOf,
  type Wanted,
} from './booking-desk.ts'
import { turnstile } from './turnstile.ts'

/** Bookings that are made at once; more would wait for each other's locks. */
const enter = turnstile(3)

export const isoOf = (instant: number): string => new Date(instant * 1000).toISOString()

export interface NewBooking {
  readonly wish: PrinterWish
  readonly from: number
  readonly to: number
  readonly fileId: number | null
  readonly purpose: string
  readonly draft: boolean
  /** By whom; the desk says for whom. */
  readonly by: number
  /** Why the rules are set aside, or null. */
  readonly overrule: string | null
  readonly key: { readonly key: string; readonly hash: Buffer } | null
  readonly seriesId?: number
  readonly seriesDate?: string
}

/** What stands in the way: of rules, all that are broken; else the time is taken. */
export interface InTheWay {
  readonly broken: readonly Broken[]
  /** As it was found. */
  readonly facts?: BookingFacts
}

/** Its id, or what stands in the way. Throws Refused where no printer can do it, or the key was used for another. */
export const tryToBook = async (db: Database, desk: Desk, booking: NewBooking): Promise<number | InTheWay> => {
  const able = candidates(desk, booking.wish)
  const memberId = desk.house.member?.id ?? 0
  const wanted: Wanted = { ...booking, instead: null }
  const printerIds = able.map(({ id }) => id)
  const book = (ids: readonly number[], moving: boolean): Promise<number | InTheWay> =>
    withClaims(db, { by: booking.by, memberIds: [memberId], printerIds: ids }, async (inside) => {
      const made = booking.key && (await readKey(inside, memberId, booking.key))
      if (made === 'other') throw new Refused(refuse('booking.key'))
      if (made) return made.claimId
      if (moving) await makeRoom(inside, desk, printerIds, wanted)
      return bookOne(inside, desk, able, { booking, wanted, memberId })
    })
  const first = await enter(async () => {
    // Who comes too late is told so without a transaction.
    const seen = booking.key === null ? await isTaken(db, desk, able, wanted) : null
    return seen ?? book(printerIds, false)
  })
  if (typeof first === 'number' || first.broken.length > 0) return first
  // Those who take any printer may make room: for that the others must be held too.
  if (!couldMakeRoom(first.facts, wanted)) return first
  return book(
    desk.printers.map(({ id }) => id),
    true,
  )
}

const bookOne = async (
  db: Database,
  desk: Desk,
  able: readonly BookedPrinter[],
  { booking, wanted, memberId }: { booking: NewBooking; wanted: Wanted; memberId: number },
): Promise<number | InTheWay> => {
  let left = [...able]
  const facts = await factsFor(
    db,
    desk,
    left.map(({ id }) => id),
    wanted,
  )
  while (left.length > 0) {
    const choice = choosePrinter(desk, facts, left, wanted)
    if (choice === null) return { broken: [], facts }
    if (choice.broken.length > 0 && booking.overrule === null) return { broken: choice.broken, facts }
    const id = await insertAt(db, desk, choice.printer, booking)
    if (id !== null) {
      if (booking.key !== null) await saveKey(db, memberId, booking.key, id)
      return id
    }
    left = left.filter((printer) => printer !== choice.printer)
  }
  return { broken: [] }
}

const insertAt = async (
  db: Database,
  desk: Desk,
  printer: BookedPrinter,
  booking: NewBooking,
): Promise<number | null> => {
  const { house } = desk
  const claim = {
    kind: 'booking' as const,
    state: booking.draft ? ('held' as const) : ('booked' as const),
    printerId: printer.id,
    memberId: house.member?.id ?? null,
    from: isoOf(booking.from),
    to: isoOf(booking.to),
    clearSeconds: rulesOf(desk, printer.id).clearMinutes * 60,
    localStart: localOf(booking.from, house.timeZone),
    timeZone: house.timeZone,
    expiresAt: booking.draft ? isoOf(house.now + DRAFT_SECONDS) : null,
    wish: booking.wish,
    anyPrinter: booking.wish.printerId == null,
    fileId: booking.fileId,
    purpose: booking.purpose,
    seriesId: booking.seriesId ?? null,
    seriesDate: booking.seriesDate ?? null,
    madeBy: booking.by,
  }
  const made = await insertClaim(db, claim)
  if (made !== null) return made
  // What lies there may be a draft whose time is over.
  return (await expireClaims(db, [printer.id])).length > 0 ? insertClaim(db, claim) : null
}

/** Null where it may be free. */
const isTaken = async (
  db: Database,
  desk: Desk,
  able: readonly BookedPrinter[],
  wanted: Wanted,
): Promise<InTheWay | null> => {
  const printerIds = able.map(({ id }) => id)
  const facts = await factsFor(db, desk, printerIds, wanted)
  const free = roomsOf(desk, facts, able).some((room) => isFree(room, wanted.from, wanted.to))
  return free ? null : { broken: [], facts }
}

/** What lies in the way is somebody's who takes any printer, and its printer is not settled. */
const couldMakeRoom = (facts: BookingFacts | undefined, { from, to }: Wanted): boolean =>
  facts?.claims.some((claim) => claim.movable && claim.from < to && from < claim.clearBy) ?? false

/** Moves those who take any printer to others that are free at their time. All printers are held by the caller. */
export const makeRoom = async (
  db: Database,
  { printers }: Desk,
  printerIds: readonly number[],
  wanted: Pick<Wanted, 'from' | 'to'>,
): Promise<number[]> => {
  const moved: number[] = []
  const inTheWay = await claimsInTheWay(db, printerIds, { from: isoOf(wanted.from), to: isoOf(wanted.to) })
  for (const claim of inTheWay) {
    if (!claim.anyPrinter || claim.fixed || claim.state !== 'booked') continue
    const others = printers.filter(
      (printer) =>
        !printerIds.includes(printer.id) && printer.outOfService === null && unfitFor(claim.wish, printer) === null,
    )
    for (const other of others) {
      const time = { from: claim.start, to: claim.clearBy }
      if ((await claimsInTheWay(db, [other.id], time)).length > 0) continue
      const told = { by: null, kind: 'moved', facts: { printer: other.name, why: 'room' } }
      await changeClaim(db, claim.id, { printerId: other.id }, told)
      moved.push(claim.id)
      break
    }
  }
  return moved
}

/** The refusal for what stands in the way, with the nearest times that could be booked. */
export const refusalFor = async (
  db: Database,
  desk: Desk,
  wanted: Wanted,
  { broken, facts: known }: InTheWay,
): Promise<Refusal> => {
  const able = candidates(desk, wanted.wish)
  const printerIds = able.map(({ id }) => id)
  const facts = known ?? (await factsFor(db, desk, printerIds, wanted))
  const alternatives = alternativesTo(desk, facts, able, wanted)
  if (broken.length > 0) {
    const reasons = broken.map(({ message, allowed }) => `${message} ${allowed}`).join(' ')
    return { ...refuse('booking.rules', { reasons }), broken: [...broken], alternatives }
  }
  const [nearest] = alternatives
  const hint =
    nearest === undefined
      ? 'Nothing near it is free either: choose another day, or wait for it.'
      : `${nearest.printerName} is free ${clockTime(Date.parse(nearest.start) / 1000, desk.house.timeZone)}.`
  const [only] = able
  const printer = able.length === 1 && only !== undefined ? only.name : 'Any such printer'
  return { ...refuse('booking.taken', { printer, hint }), broken: [], alternatives }
}

/** What would become of it, without doing it. */
export const checkWanted = async (db: Database, desk: Desk, wanted: Wanted) => {
  const able = candidates(desk, wanted.wish)
  const facts = await factsFor(
    db,
    desk,
    able.map(({ id }) => id),
    wanted,
  )
  const choice = choosePrinter(desk, facts, able, wanted)
  const fine = choice !== null && choice.broken.length === 0
  return {
    proposal: choice && proposalOf(desk, { printerId: choice.printer.id, ...wanted }, choice.broken),
    alternatives: fine ? [] : alternativesTo(desk, facts, able, wanted),
  }
}
