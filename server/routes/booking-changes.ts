// Bookings that are there: confirm, move, make longer or shorter, cancel.
import type { FastifyInstance } from 'fastify'
import { cancelBooking, changeBooking, extendBooking } from '../contract/bookings.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { openDesk, startOf } from '../desk/booking-desk.ts'
import { cancelClaims, changeOne, extendClaim } from '../desk/change-booking.ts'
import { cancelSeries, changeSeries } from '../desk/series.ts'
import { mount } from '../plugins/mount.ts'
import type { Database } from '../store/database.ts'
import { placeOf } from '../store/places.ts'
import { checkFile, ownClaim, shownClaim } from './booking-standing.ts'

export const mountBookingChanges = (app: FastifyInstance, db: Database): void => {
  mount(app, changeBooking, async ({ params, body, me }) => {
    const claim = await ownClaim(db, params.id, me)
    await checkFile(db, body.fileId ?? null, me)
    const desk = await openDesk(db, claim.memberId ?? me.id)
    const place = await placeOf(db, claim.printerId)
    if (body.overrule !== undefined && (place === null || !may(me, 'run-printers', place))) {
      throw new Refused(refuse('permission.missing'))
    }
    const change = {
      ...(body.wish === undefined ? {} : { wish: body.wish }),
      ...(body.start === undefined ? {} : { from: startOf(desk, body.start) }),
      ...(body.minutes === undefined ? {} : { seconds: body.minutes * 60 }),
      ...(body.fileId === undefined ? {} : { fileId: body.fileId }),
      ...(body.purpose === undefined ? {} : { purpose: body.purpose.trim() }),
      confirm: body.confirm ?? false,
      overrule: body.overrule ?? null,
      by: me.id,
    }
    if (claim.seriesId === null || (body.scope ?? 'this') === 'this') await changeOne(db, desk, claim, change)
    else await changeSeries(db, desk, { claim, scope: body.scope === 'all' ? 'all' : 'following' }, change)
    return shownClaim(db, claim.id, me)
  })

  mount(app, extendBooking, async ({ params, body, me }) => {
    const claim = await ownClaim(db, params.id, me)
    const desk = await openDesk(db, claim.memberId ?? me.id)
    const { addedMinutes, nextStart } = await extendClaim(db, desk, claim, { minutes: body.minutes, by: me.id })
    return { booking: await shownClaim(db, claim.id, me), addedMinutes, nextStart }
  })

  mount(app, cancelBooking, async ({ params, body, me }) => {
    const claim = await ownClaim(db, params.id, me)
    const desk = await openDesk(db, claim.memberId ?? me.id)
    const asked = { late: body.late ?? false, by: me.id, reason: body.reason?.trim() || null }
    const scope = body.scope ?? 'this'
    if (claim.seriesId === null || scope === 'this') return { cancelled: await cancelClaims(db, desk, [claim], asked) }
    return { cancelled: await cancelSeries(db, desk, { claim, scope }, asked) }
  })
}
