// "I am on my way": a printer is kept from now for a short while.
import type { BrokenCode } from '../contract/booking-sentences.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { isFree } from '../domain/booking/free-time.ts'
import { localOf } from '../domain/wall-time.ts'
import { expireClaims, insertClaim } from '../store/bookings.ts'
import { withClaims } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { brokenAt, candidates, type Desk, factsFor, roomsOf } from './booking-desk.ts'
import { isoOf, refusalFor } from './make-booking.ts'

/** What is said of lengths, steps and hours is not said of a hold: it is not a booking yet. */
const held = new Set<string>([
  'not-bookable',
  'service',
  'busy',
  'kept',
  'open',
  'at-once',
  'qualification',
] satisfies BrokenCode[])

/** Its id. Throws Refused. */
export const bookHold = async (db: Database, desk: Desk, printerId: number, minutes: number): Promise<number> => {
  const { house } = desk
  const wish = { printerId }
  const from = Math.floor(house.now)
  const to = from + minutes * 60
  const wanted = { wish, from, to, instead: null }
  const [printer] = candidates(desk, wish)
  const memberId = house.member?.id
  if (printer === undefined || memberId === undefined) throw new Refused(refuse('printer.missing'))
  const who = { by: memberId, memberIds: [memberId], printerIds: [printer.id] }
  const made = await withClaims(db, who, async (inside) => {
    await expireClaims(inside, [printer.id])
    const facts = await factsFor(inside, desk, [printer.id], wanted)
    const broken = brokenAt(desk, facts, printer, wanted).filter(({ code }) => held.has(code))
    const [room] = roomsOf(desk, facts, [printer])
    if (broken.length > 0 || room === undefined || !isFree({ ...room, clearSeconds: 0 }, from, to)) return { broken }
    const id = await insertClaim(inside, {
      kind: 'hold',
      state: 'held',
      printerId,
      memberId,
      from: isoOf(from),
      to: isoOf(to),
      clearSeconds: 0,
      localStart: localOf(from, house.timeZone),
      timeZone: house.timeZone,
      expiresAt: isoOf(to),
      wish,
      anyPrinter: false,
      fileId: null,
      purpose: '',
      madeBy: memberId,
    })
    return id ?? { broken: [] }
  })
  if (typeof made === 'number') return made
  throw new Refused(await refusalFor(db, desk, wanted, made))
}
