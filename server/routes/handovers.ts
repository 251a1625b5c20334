// Bookings for others and against others; the waiting list.
import type { FastifyInstance } from 'fastify'
import {
  addWaiting,
  answerHandover,
  type Handover,
  handOver,
  listHandovers,
  listWaiting,
  removeWaiting,
  swapBookings,
} from '../contract/handovers.ts'
import type { Me } from '../contract/members.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { candidates, openDesk, startOf } from '../desk/booking-desk.ts'
import { acceptHandover } from '../desk/hand-over.ts'
import { claimSeen, claimView } from '../plugins/claims-seen.ts'
import { mount } from '../plugins/mount.ts'
import { memberIdByName } from '../store/booking-facts.ts'
import { type ClaimRow, readClaims } from '../store/bookings.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import * as handovers from '../store/handovers.ts'
import { ownClaim, shownClaim, wantedClaim } from './booking-standing.ts'
import type { House } from './house.ts'

const MOST_WAITING = 10
const DAY = 86_400
const MOST_WAITING_DAYS = 62

export const mountHandovers = (app: FastifyInstance, { db }: House): void => {
  mount(app, handOver, async ({ params, body, me }) => {
    const claim = await givenAway(db, params.id, me)
    const taker = await memberIdByName(db, body.name.trim())
    if (taker === null) throw new Refused(refuse('handover.nobody', { name: body.name }))
    return offer(db, me, claim, { toId: taker.id, againstId: null })
  })

  mount(app, swapBookings, async ({ params, body, me }) => {
    const claim = await givenAway(db, params.id, me)
    await shownClaim(db, body.withId, me)
    const other = await wantedClaim(db, body.withId)
    if (other.kind !== 'booking' || other.state !== 'booked' || other.memberId === null) {
      throw new Refused(refuse('booking.state', { state: other.state.replace('_', ' ') }))
    }
    return offer(db, me, claim, { toId: other.memberId, againstId: other.id })
  })

  mount(app, listHandovers, async ({ me }) => {
    const rows = await handovers.openHandovers(db, me.id)
    return Promise.all(rows.map((row) => shown(db, me, row)))
  })

  mount(app, answerHandover, async ({ params, body, me }) => {
    const row = await handovers.readHandover(db, params.id)
    const concerns = row !== null && (row.toId === me.id || row.fromId === me.id)
    if (!concerns) throw new Refused(refuse('handover.missing'))
    const answers = body.answer === 'withdrawn' ? row.fromId : row.toId
    if (answers !== me.id) throw new Refused(refuse('permission.missing'))
    if (row.answer !== null) throw new Refused(refuse('handover.answered'))
    if (body.answer === 'accepted') await acceptHandover(db, row)
    else if (!(await handovers.answerHandover(db, row.id, body.answer))) throw new Refused(refuse('handover.answered'))
    return shown(db, me, (await handovers.readHandover(db, row.id)) ?? row)
  })
  mountWaiting(app, db)
}

/** One's own booking that is to come or under way; nobody gives away what is another's. */
const givenAway = async (db: Database, id: number, me: Me): Promise<ClaimRow> => {
  const claim = await ownClaim(db, id, me)
  if (claim.memberId !== me.id) throw new Refused(refuse('permission.missing'))
  if (claim.kind !== 'booking' || claim.state === 'held') {
    throw new Refused(refuse('booking.state', { state: claim.state.replace('_', ' ') }))
  }
  return claim
}

const offer = async (
  db: Database,
  me: Me,
  claim: ClaimRow,
  { toId, againstId }: { toId: number; againstId: number | null },
): Promise<Handover> => {
  if (toId === me.id) throw new Refused(refuse('handover.self'))
  try {
    const id = await handovers.createHandover(db, { claimId: claim.id, fromId: me.id, toId, againstId })
    const row = await handovers.readHandover(db, id)
    if (row === null) throw new Refused(refuse('handover.missing'))
    return shown(db, me, row)
  } catch (error) {
    if (brokenConstraint(error) === 'claim_handover_open') throw new Refused(refuse('handover.open'))
    throw error
  }
}

/** To whom a booking is offered sees what it is, also where he sees no others. */
const shown = async (db: Database, me: Me, row: handovers.HandoverRow): Promise<Handover> => {
  const view = await claimView(db, me)
  const claims = await readClaims(db, row.againstId === null ? [row.claimId] : [row.claimId, row.againstId])
  const seen = new Map(claims.map((claim) => [claim.id, claimSeen(view, claim)]))
  const booking = seen.get(row.claimId)
  if (booking === undefined) throw new Refused(refuse('handover.missing'))
  const { id, fromId, fromName, toId, toName, createdAt, answer } = row
  const against = row.againstId === null ? null : (seen.get(row.againstId) ?? null)
  return { id, fromId, fromName, toId, toName, booking, against, createdAt, answer }
}

const mountWaiting = (app: FastifyInstance, db: Database): void => {
  mount(app, listWaiting, ({ me }) => handovers.waitingOf(db, me.id))

  mount(app, addWaiting, async ({ body, me }) => {
    const desk = await openDesk(db, me.id)
    candidates(desk, body.wish)
    const from = Math.max(startOf(desk, body.from), desk.house.now)
    const to = startOf(desk, body.to)
    const seconds = body.minutes * 60
    if (to - from < seconds || to > desk.house.now + MOST_WAITING_DAYS * DAY) throw new Refused(refuse('waiting.range'))
    const waiting = await handovers.waitingOf(db, me.id)
    if (waiting.length >= MOST_WAITING) throw new Refused(refuse('waiting.many', { count: waiting.length }))
    const id = await handovers.createWaiting(db, {
      memberId: me.id,
      wish: body.wish,
      from: new Date(from * 1000).toISOString(),
      to: new Date(to * 1000).toISOString(),
      seconds,
      leastSeconds: Math.min(body.leastMinutes ?? body.minutes, body.minutes) * 60,
      purpose: body.purpose?.trim() ?? '',
    })
    const entry = await handovers.readWaiting(db, id)
    if (entry === null) throw new Refused(refuse('waiting.missing'))
    return entry
  })

  mount(app, removeWaiting, async ({ params, me }) => {
    if (!(await db.transaction((inside) => handovers.withdrawWaiting(inside, me.id, params.id)))) {
      throw new Refused(refuse('waiting.missing'))
    }
    return {}
  })
}
