// A booking goes to another member, or two change places: only where each may have what he gets.
import type { Broken } from '../contract/booking-rules.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import type { ClaimRow } from '../store/bookings.ts'
import { changeClaim, readClaim } from '../store/bookings.ts'
import { withClaims } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { answerHandover, type HandoverRow, lapseHandovers } from '../store/handovers.ts'
import { brokenAt, candidates, type Desk, factsFor, openDesk } from './booking-desk.ts'
import { secondsOf } from './change-booking.ts'
import { refusalFor } from './make-booking.ts'

/** What was agreed long ago may begin soon: that is between the two. */
const notAsked = new Set(['past', 'notice', 'step', 'short', 'long', 'advance', 'busy', 'share'])

/** Throws Refused where one of the two may not have what he would get, or things have changed meanwhile. */
export const acceptHandover = async (db: Database, offer: HandoverRow): Promise<void> => {
  const taker = await openDesk(db, offer.toId)
  const giver = offer.againstId === null ? null : await openDesk(db, offer.fromId)
  const [claim, against] = await Promise.all([
    readClaim(db, offer.claimId),
    offer.againstId === null ? null : readClaim(db, offer.againstId),
  ])
  const printerIds = [claim, against].flatMap((one) => (one === null ? [] : [one.printerId]))
  const who = { by: offer.toId, memberIds: [offer.fromId, offer.toId], printerIds }
  await withClaims(db, who, async (inside) => {
    const given = await standing(inside, offer.claimId, offer.fromId)
    const back = offer.againstId === null ? null : await standing(inside, offer.againstId, offer.toId)
    await checkTaker(inside, taker, given, back)
    if (giver !== null && back !== null) await checkTaker(inside, giver, back, given)
    if (!(await answerHandover(inside, offer.id, 'accepted'))) throw new Refused(refuse('handover.answered'))
    await pass(inside, given, offer.toId, offer.toId)
    if (back !== null) await pass(inside, back, offer.fromId, offer.toId)
    await lapseHandovers(inside, back === null ? [given.id] : [given.id, back.id])
  })
}

const pass = (db: Database, claim: ClaimRow, memberId: number, by: number): Promise<boolean> =>
  changeClaim(db, claim.id, { memberId }, { by, kind: 'handed-over', facts: { from: claim.memberName } })

const standing = async (db: Database, id: number, ownerId: number): Promise<ClaimRow> => {
  const claim = await readClaim(db, id)
  const stands = claim !== null && claim.endedAt === null && claim.memberId === ownerId && claim.state !== 'held'
  if (!stands) throw new Refused(refuse('handover.answered'))
  return claim
}

/** `instead`: what he gives away for it does not count against him. */
const checkTaker = async (db: Database, desk: Desk, claim: ClaimRow, instead: ClaimRow | null): Promise<void> => {
  const wish = { ...claim.wish, printerId: claim.printerId }
  const [printer] = candidates(desk, { printerId: claim.printerId })
  if (printer === undefined) throw new Refused(refuse('printer.missing'))
  const wanted = { wish, from: secondsOf(claim.start), to: secondsOf(claim.end), instead: instead?.id ?? null }
  const facts = await factsFor(db, desk, [claim.printerId], wanted)
  const others = { ...facts, claims: facts.claims.filter(({ id }) => id !== claim.id) }
  const broken: Broken[] = brokenAt(desk, others, printer, wanted).filter(({ code }) => !notAsked.has(code))
  if (broken.length > 0) throw new Refused(await refusalFor(db, desk, wanted, { broken, facts: others }))
}
