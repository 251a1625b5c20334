// Bookings: look, check, book, hold, find a time.
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import {
  checkBooking,
  createBooking,
  findTime,
  holdPrinter,
  listBookings,
  listClaimEvents,
  proposeLength,
  showBooking,
} from '../contract/bookings.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { candidates, type Desk, openDesk, startOf } from '../desk/booking-desk.ts'
import { findTimes, lengthFor } from '../desk/find-time.ts'
import { bookHold } from '../desk/hold-printer.ts'
import { checkWanted, type NewBooking, refusalFor, tryToBook } from '../desk/make-booking.ts'
import { claimsSeen } from '../plugins/claims-seen.ts'
import { mount } from '../plugins/mount.ts'
import * as bookings from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import { mountBookingChanges } from './booking-changes.ts'
import { checkFile, ownClaim, shownClaim, wantedClaim } from './booking-standing.ts'
import type { House } from './house.ts'

export const mountBookings = (app: FastifyInstance, { db }: House): void => {
  mount(app, listBookings, async ({ query, me }) =>
    claimsSeen(db, me, await bookings.claimsOf(db, me.id, query.past === true)),
  )
  mount(app, proposeLength, async ({ query, me }) => {
    await checkFile(db, query.fileId, me)
    return lengthFor(db, query.fileId, query.printerId ?? null)
  })
  mount(app, showBooking, ({ params, me }) => shownClaim(db, params.id, me))
  mount(app, listClaimEvents, async ({ params, me }) => {
    const claim = await shownClaim(db, params.id, me)
    const row = await wantedClaim(db, params.id)
    if (!claim.mine && claim.mayChange === false) await ownClaim(db, params.id, me)
    return bookings.listClaimEvents(db, row.id)
  })

  mount(app, checkBooking, async ({ body, me }) => {
    // A booking that is moved keeps its own rules: those of its member.
    const moved = body.instead === undefined ? null : await ownClaim(db, body.instead, me)
    const desk = await openDesk(db, moved?.memberId ?? me.id)
    const from = startOf(desk, body.start)
    return checkWanted(db, desk, {
      wish: body.wish,
      from,
      to: from + body.minutes * 60,
      instead: moved?.id ?? null,
    })
  })

  mount(app, createBooking, async ({ body, me }) => {
    await checkFile(db, body.fileId ?? null, me)
    const desk = await openDesk(db, body.memberId ?? me.id)
    if (desk.house.member === null) throw new Refused(refuse('member.missing'))
    checkActing(me, desk, body)
    const from = startOf(desk, body.start)
    const key = body.key === undefined ? null : { key: body.key, hash: hashOf(body) }
    return book(db, me, desk, {
      wish: body.wish,
      from,
      to: from + body.minutes * 60,
      fileId: body.fileId ?? null,
      purpose: body.purpose?.trim() ?? '',
      draft: body.draft ?? false,
      by: me.id,
      overrule: body.overrule ?? null,
      key,
    })
  })

  mount(app, holdPrinter, async ({ body, me }) => {
    const desk = await openDesk(db, me.id)
    const made = await bookHold(db, desk, body.printerId, body.minutes)
    return shownClaim(db, made, me)
  })

  mount(app, findTime, async ({ body, me }) => {
    const fileId = body.fileId ?? null
    await checkFile(db, fileId, me)
    if (body.minutes === undefined && fileId === null) throw new Refused(refuse('booking.no-file'))
    const length = body.minutes ?? (await lengthFor(db, fileId ?? 0, body.wish.printerId ?? null)).minutes
    const desk = await openDesk(db, me.id)
    const from = body.from === undefined ? desk.house.now : startOf(desk, body.from)
    const to = body.to === undefined ? null : startOf(desk, body.to)
    return findTimes(db, desk, { wish: body.wish, seconds: length * 60, from, to })
  })
  mountBookingChanges(app, db)
}

/** For others, and against the rules, books only who runs all printers that come into question. */
const checkActing = (
  me: Me,
  desk: Desk,
  { memberId, overrule, wish }: { memberId?: number; overrule?: string; wish: NewBooking['wish'] },
): void => {
  const acts = (memberId !== undefined && memberId !== me.id) || overrule !== undefined
  if (!acts) return
  if (!candidates(desk, wish).every((printer) => may(me, 'run-printers', printer))) {
    throw new Refused(refuse('permission.missing'))
  }
}

const book = async (db: Database, me: Me, desk: Desk, booking: NewBooking) => {
  const made = await tryToBook(db, desk, booking)
  if (typeof made !== 'number') throw new Refused(await refusalFor(db, desk, { ...booking, instead: null }, made))
  return shownClaim(db, made, me)
}

const hashOf = (body: object): Buffer => createHash('sha256').update(JSON.stringify(body)).digest()
