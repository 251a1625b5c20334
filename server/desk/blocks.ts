// Maintenance and events: what they displace is listed first, then moved or taken away, never silently.
import type { Displaced } from '../contract/blocks.ts'
import type { Proposal } from '../contract/bookings.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { unfitFor } from '../domain/booking/free-time.ts'
import { clockTime, localOf } from '../domain/wall-time.ts'
import { type ClaimRow, changeClaim, claimsInTheWay, endClaims, expireClaims, insertClaim } from '../store/bookings.ts'
import { withClaims } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { alternativesTo, candidates, type Desk, factsFor, openDesk } from './booking-desk.ts'
import { secondsOf } from './change-booking.ts'
import { isoOf } from './make-booking.ts'

export interface Block {
  readonly kind: 'maintenance' | 'event'
  readonly printerIds: readonly number[]
  readonly from: number
  readonly to: number
  readonly purpose: string
  readonly by: number
}

export interface InItsWay {
  readonly claim: ClaimRow
  readonly movesTo: number | null
  readonly alternatives: readonly Proposal[]
}

const held = async (db: Database, desk: Desk, { printerIds, from, to }: Block): Promise<ClaimRow[]> => {
  const claims = await claimsInTheWay(db, printerIds, { from: isoOf(from), to: isoOf(to) })
  // That a bed would be cleared then stands against nothing.
  const met = claims.filter((claim) => secondsOf(claim.end) > from)
  const block = met.find(({ kind }) => kind === 'maintenance' || kind === 'event')
  if (block === undefined) return met
  const { timeZone } = desk.house
  const [since, until] = [clockTime(secondsOf(block.start), timeZone), clockTime(secondsOf(block.end), timeZone)]
  throw new Refused(refuse('block.taken', { printer: block.printerName, from: since, until }))
}

/** Another printer that can, and is free at its time; null where there is none, or its member wants just this one. */
const otherPrinter = async (
  db: Database,
  desk: Desk,
  claim: ClaimRow,
  without: readonly number[],
): Promise<number | null> => {
  if (!claim.anyPrinter || claim.state !== 'booked') return null
  for (const printer of desk.printers) {
    if (without.includes(printer.id) || printer.outOfService !== null || unfitFor(claim.wish, printer) !== null)
      continue
    const time = { from: claim.start, to: claim.clearBy }
    if ((await claimsInTheWay(db, [printer.id], time)).length === 0) return printer.id
  }
  return null
}

const alternativesFor = async (db: Database, claim: ClaimRow, { printerIds }: Block): Promise<Proposal[]> => {
  if (claim.memberId === null || claim.kind !== 'booking') return []
  const desk = await openDesk(db, claim.memberId)
  if (desk.house.member === null) return []
  const { printerId: _, ...wish } = claim.wish
  const able = candidates(desk, wish)
  const wanted = { wish, from: secondsOf(claim.start), to: secondsOf(claim.end), instead: claim.id }
  const ids = able.map(({ id }) => id)
  const left = able.filter(({ id }) => !printerIds.includes(id))
  if (left.length === 0) return []
  return alternativesTo(desk, await factsFor(db, desk, ids, wanted), left, wanted)
}

/** Which bookings it would displace. Throws Refused where another block lies there. */
export const planBlock = async (db: Database, desk: Desk, block: Block): Promise<InItsWay[]> => {
  const planned: InItsWay[] = []
  for (const claim of await held(db, desk, block)) {
    const movesTo = await otherPrinter(db, desk, claim, block.printerIds)
    const alternatives = movesTo === null ? await alternativesFor(db, claim, block) : []
    planned.push({ claim, movesTo, alternatives })
  }
  return planned
}

/** The blocks' ids. Throws Refused where other bookings lie there than were named. */
export const makeBlock = async (
  db: Database,
  desk: Desk,
  block: Block,
  displaces: readonly number[],
): Promise<{ ids: number[]; displaced: InItsWay[] }> => {
  const planned = await planBlock(db, desk, block)
  const memberIds = planned.flatMap(({ claim }) => (claim.memberId === null ? [] : [claim.memberId]))
  const who = { by: block.by, memberIds, printerIds: desk.printers.map(({ id }) => id) }
  return withClaims(db, who, async (inside) => {
    await expireClaims(inside, block.printerIds)
    const found = await held(inside, desk, block)
    const named = new Set(displaces)
    if (found.length !== named.size || found.some(({ id }) => !named.has(id)))
      throw new Refused(refuse('block.changed'))
    const displaced: InItsWay[] = []
    for (const claim of found) {
      const movesTo = await otherPrinter(inside, desk, claim, block.printerIds)
      const alternatives = planned.find((one) => one.claim.id === claim.id)?.alternatives ?? []
      await displace(inside, claim, { block, movesTo, alternatives })
      displaced.push({ claim, movesTo, alternatives: movesTo === null ? alternatives : [] })
    }
    const ids: number[] = []
    for (const printerId of block.printerIds) ids.push(await insertBlock(inside, desk, block, printerId))
    return { ids, displaced }
  })
}

const displace = async (
  db: Database,
  claim: ClaimRow,
  { block, movesTo, alternatives }: { block: Block } & Pick<Displaced, 'movesTo'> & Pick<InItsWay, 'alternatives'>,
): Promise<void> => {
  const { by, purpose, kind } = block
  if (movesTo !== null) {
    const facts = { from: claim.start, to: claim.end, printer: claim.printerName, why: kind }
    await changeClaim(db, claim.id, { printerId: movesTo }, { by, kind: 'moved', facts })
    return
  }
  const facts = { why: kind, alternatives }
  await endClaims(db, [claim.id], { state: 'displaced', by, reason: purpose, facts })
}

const insertBlock = async (db: Database, desk: Desk, block: Block, printerId: number): Promise<number> => {
  const { timeZone } = desk.house
  const claim = {
    kind: block.kind,
    state: 'booked' as const,
    printerId,
    memberId: null,
    from: isoOf(block.from),
    to: isoOf(block.to),
    clearSeconds: 0,
    localStart: localOf(block.from, timeZone),
    timeZone,
    expiresAt: null,
    wish: {},
    anyPrinter: false,
    fileId: null,
    purpose: block.purpose,
    madeBy: block.by,
  }
  const id = await insertClaim(db, claim)
  if (id !== null) return id
  // A booking before it still has its bed to be cleared then.
  const before = await claimsInTheWay(db, [printerId], { from: claim.from, to: claim.to })
  for (const one of before) {
    const left = Math.max(0, Math.floor(block.from - secondsOf(one.end)))
    const facts = { why: block.kind, clearSeconds: left }
    await changeClaim(db, one.id, { clearSeconds: left }, { by: block.by, kind: 'changed', facts })
  }
  const again = await insertClaim(db, claim)
  if (again === null) throw new Refused(refuse('block.changed'))
  return again
}
