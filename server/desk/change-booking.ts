// Moves, stretches and ends bookings.
import type { Broken } from '../contract/booking-rules.ts'
import { type BrokenCode, broken, inHours } from '../contract/booking-sentences.ts'
import type { PrinterWish } from '../contract/bookings.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { isFree } from '../domain/booking/free-time.ts'
import { isLate } from '../domain/booking/rules.ts'
import { clockTime, localOf } from '../domain/wall-time.ts'
import {
  type ClaimChange,
  type ClaimRow,
  changeClaim,
  claimsInTheWay,
  endClaims,
  expireClaims,
  readClaim,
} from '../store/bookings.ts'
import { withClaims } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { type BookedPrinter, brokenAt, candidates, type Desk, factsFor, roomsOf, rulesOf } from './booking-desk.ts'
import { type InTheWay, isoOf, refusalFor } from './make-booking.ts'

export interface BookingChange {
  readonly wish?: PrinterWish
  readonly from?: number
  readonly seconds?: number
  readonly fileId?: number | null
  readonly purpose?: string
  readonly confirm: boolean
  /** Why the rules are set aside, or null. */
  readonly overrule: string | null
  readonly by: number
}

/** What is said of a start is not said again of one that stays. */
const ofTheStart = new Set<string>(['past', 'notice', 'advance', 'step', 'busy', 'open'] satisfies BrokenCode[])
/** One who takes less must still keep to these. */
const ofShorter = new Set<string>(['short'] satisfies BrokenCode[])

export const secondsOf = (instant: string): number => Date.parse(instant) / 1000

/** Throws Refused where it cannot be changed so; then it is as it was. */
export const changeOne = async (db: Database, desk: Desk, claim: ClaimRow, change: BookingChange): Promise<void> => {
  const before = { from: secondsOf(claim.start), to: secondsOf(claim.end) }
  const from = change.from ?? before.from
  const to = from + (change.seconds ?? before.to - before.from)
  const wish = change.wish ?? claim.wish
  const moves = from !== before.from || change.wish !== undefined
  if (moves && claim.state !== 'held' && before.from <= desk.house.now) throw new Refused(refuse('booking.begun'))
  const able = currentFirst(candidates(desk, wish), claim.printerId)
  const wanted = { wish, from, to, instead: claim.id }
  const who = {
    by: change.by,
    memberIds: claim.memberId === null ? [] : [claim.memberId],
    printerIds: [claim.printerId, ...able.map(({ id }) => id)],
  }
  const stuck = await withClaims(db, who, async (inside): Promise<InTheWay | null> => {
    const now = await readClaim(inside, claim.id)
    if (now === null || now.endedAt !== null)
      throw new Refused(refuse('booking.state', { state: now?.state ?? 'gone' }))
    if (now.state === 'held' && secondsOf(now.expiresAt ?? now.end) <= desk.house.now) {
      throw new Refused(refuse('booking.state', { state: 'expired' }))
    }
    await expireClaims(inside, who.printerIds)
    const printerIds = able.map(({ id }) => id)
    const facts = await factsFor(inside, desk, printerIds, wanted)
    let first: readonly Broken[] | null = null
    for (const room of roomsOf(desk, facts, able, claim.id)) {
      if (!isFree(room, from, to)) continue
      const rules = stillBroken(desk, claim, brokenAt(desk, facts, room.printer, wanted), { before, from, to, moves })
      first ??= rules
      if (rules.length > 0 && change.overrule === null) continue
      await write(inside, desk, room.printer, { claim, change, from, to, wish })
      return null
    }
    return { broken: first ?? [] }
  })
  if (stuck !== null) throw new Refused(await refusalFor(db, desk, wanted, stuck))
}

/** It stays where it is, if that will do. */
const currentFirst = (able: readonly BookedPrinter[], printerId: number): BookedPrinter[] => [
  ...able.filter(({ id }) => id === printerId),
  ...able.filter(({ id }) => id !== printerId),
]

interface Moved {
  readonly before: { readonly from: number; readonly to: number }
  readonly from: number
  readonly to: number
  readonly moves: boolean
}

const stillBroken = (desk: Desk, claim: ClaimRow, all: readonly Broken[], moved: Moved): Broken[] => {
  const { before, from, to, moves } = moved
  const { house } = desk
  const isDraft = claim.state === 'held'
  if (!moves && !isDraft) {
    if (to < before.to) return all.filter(({ code }) => ofShorter.has(code))
    if (to === before.to) return []
    return all.filter(({ code }) => !ofTheStart.has(code))
  }
  const rules = rulesOf(desk, claim.printerId)
  if (isDraft || from === before.from || !isLate(before.from, house.now, rules)) return [...all]
  const late = broken('late', { asked: inHours(rules.cancelNoticeMinutes) }, (at) => at)
  return [...all, late]
}

const write = async (
  db: Database,
  desk: Desk,
  printer: BookedPrinter,
  made: { claim: ClaimRow; change: BookingChange; from: number; to: number; wish: PrinterWish },
): Promise<void> => {
  const { claim, change, from, to, wish } = made
  const { house } = desk
  const moved = from !== secondsOf(claim.start) || to !== secondsOf(claim.end) || printer.id !== claim.printerId
  const row: ClaimChange = {
    ...(moved
      ? { from: isoOf(from), to: isoOf(to), localStart: localOf(from, house.timeZone), printerId: printer.id }
      : {}),
    ...(moved || change.confirm ? { clearSeconds: rulesOf(desk, printer.id).clearMinutes * 60 } : {}),
    ...(change.wish === undefined ? {} : { wish, anyPrinter: wish.printerId == null }),
    ...(change.fileId === undefined ? {} : { fileId: change.fileId }),
    ...(change.purpose === undefined ? {} : { purpose: change.purpose }),
    confirm: change.confirm && claim.state === 'held',
  }
  const kind = row.confirm === true ? 'confirmed' : moved ? 'moved' : 'changed'
  const facts = { from: claim.start, to: claim.end, printer: claim.printerName, overrule: change.overrule }
  await changeClaim(db, claim.id, row, { by: change.by, kind, facts })
}

/**
 * As far as nothing follows. Once it has begun no rule stands against that: the part is on the bed. Throws Refused where
 * nothing can be added.
 */
export const extendClaim = async (
  db: Database,
  desk: Desk,
  claim: ClaimRow,
  { minutes, by }: { readonly minutes: number; readonly by: number | null },
): Promise<{ addedMinutes: number; nextStart: string | null }> => {
  const memberIds = claim.memberId === null ? [] : [claim.memberId]
  const who = { by: by ?? claim.memberId ?? 0, memberIds, printerIds: [claim.printerId] }
  const { house } = desk
  return withClaims(db, who, async (inside) => {
    await expireClaims(inside, [claim.printerId])
    const now = await readClaim(inside, claim.id)
    if (now === null || now.endedAt !== null)
      throw new Refused(refuse('booking.state', { state: now?.state ?? 'gone' }))
    const end = secondsOf(now.end)
    const asked = end + minutes * 60
    const time = { from: now.end, to: isoOf(asked + now.clearSeconds) }
    const next = (await claimsInTheWay(inside, [now.printerId], time)).find((one) => one.id !== now.id)
    const limit = next === undefined ? asked : secondsOf(next.start) - now.clearSeconds
    const to = Math.min(asked, end + Math.floor((limit - end) / 60) * 60)
    if (to <= end) {
      const at = clockTime(next === undefined ? end : secondsOf(next.start), house.timeZone)
      throw new Refused(refuse('booking.extend', { printer: now.printerName, at }))
    }
    if (secondsOf(now.start) > house.now) await checkLonger(inside, desk, now, to)
    const facts = { from: now.start, to: now.end }
    await changeClaim(inside, now.id, { to: isoOf(to) }, { by, kind: 'extended', facts })
    return { addedMinutes: (to - end) / 60, nextStart: next?.start ?? null }
  })
}

const checkLonger = async (db: Database, desk: Desk, claim: ClaimRow, to: number): Promise<void> => {
  const from = secondsOf(claim.start)
  const wanted = { wish: { ...claim.wish, printerId: claim.printerId }, from, to, instead: claim.id }
  const printer = desk.printers.find(({ id }) => id === claim.printerId)
  if (printer === undefined) throw new Refused(refuse('printer.missing'))
  const facts = await factsFor(db, desk, [claim.printerId], wanted)
  const rules = brokenAt(desk, facts, printer, wanted).filter(({ code }) => !ofTheStart.has(code))
  if (rules.length > 0) throw new Refused(await refusalFor(db, desk, wanted, { broken: rules, facts }))
}

/** Those that have begun are released from now on. Throws Refused where the notice is over and `late` was not said. */
export const cancelClaims = async (
  db: Database,
  desk: Desk,
  claims: readonly ClaimRow[],
  asked: { readonly late: boolean; readonly by: number; readonly reason: string | null },
): Promise<number[]> => {
  const { now } = desk.house
  const late = claims.filter((claim) => {
    const begun = secondsOf(claim.start) <= now
    const counts = claim.kind === 'booking' && claim.state !== 'held' && !begun
    return counts && isLate(secondsOf(claim.start), now, rulesOf(desk, claim.printerId))
  })
  const [first] = late
  if (first !== undefined && !asked.late) {
    const notice = inHours(rulesOf(desk, first.printerId).cancelNoticeMinutes)
    throw new Refused(refuse('booking.late', { notice }))
  }
  const members = claims.flatMap(({ memberId }) => (memberId === null ? [] : [memberId]))
  const who = { by: asked.by, memberIds: members, printerIds: claims.map(({ printerId }) => printerId) }
  return withClaims(db, who, async (inside) => {
    const done: number[] = []
    for (const claim of claims) {
      const begun = claim.state !== 'held' && secondsOf(claim.start) < Math.floor(now) && claim.kind === 'booking'
      const state = begun ? 'released_early' : 'cancelled'
      const facts = { late: late.includes(claim) }
      done.push(...(await endClaims(inside, [claim.id], { state, by: asked.by, reason: asked.reason, facts })))
    }
    return done
  })
}
