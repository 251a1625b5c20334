// While a booking runs: being there, giving the rest back, and prints that run long.
import type { FastifyInstance } from 'fastify'
import type { Claim } from '../contract/bookings.ts'
import * as contract from '../contract/during.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { movedUnlessTaken, readOutlooks } from '../desk/booking-outlooks.ts'
import { EARLY_SECONDS } from '../domain/booking-course.ts'
import { clockTime } from '../domain/wall-time.ts'
import { mount } from '../plugins/mount.ts'
import { placesById } from '../plugins/seen.ts'
import * as times from '../store/booking-times.ts'
import type { ClaimRow } from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import { placeOf } from '../store/places.ts'
import { askCommand } from '../store/printer-commands.ts'
import { readPrinter } from '../store/printers.ts'
import { databaseNow } from '../store/scheduling.ts'
import { ownClaim, shownClaim, wantedClaim } from './booking-standing.ts'
import type { House } from './house.ts'

export const mountDuring = (app: FastifyInstance, { db }: House): void => {
  mount(app, contract.checkInBooking, async ({ params, me }) =>
    checkInNow(db, await ownClaim(db, params.id, me), me, 'tap'),
  )

  mount(app, contract.releaseRest, async ({ params, me }) => {
    const claim = await ownClaim(db, params.id, me)
    const now = await databaseNow(db)
    if (now < secondsOf(claim.start)) throw new Refused(refuse('booking.not-begun'))
    const ended = await db.transaction((inside) =>
      times.endBooking(inside, claim.id, { state: 'released_early', at: now, by: me.id, reason: null }),
    )
    if (!ended) throw new Refused(refuse('booking.over'))
    return shownClaim(db, claim.id, me)
  })

  mount(app, contract.takeOtherPrinter, async ({ params, me }) => {
    const claim = await ownClaim(db, params.id, me)
    const now = await databaseNow(db)
    const outlook = (await readOutlooks(db, now)).find(({ booking }) => booking.id === claim.id)
    const to = outlook?.instead ?? null
    if (to === null) throw new Refused(refuse('booking.no-other', { printer: claim.printerName }))
    const moved = await db.transaction((inside) =>
      movedUnlessTaken(inside, claim.id, { printerId: to, by: me.id, now }),
    )
    if (!moved) throw new Refused(refuse('booking.no-other', { printer: claim.printerName }))
    return shownClaim(db, claim.id, me)
  })

  mount(app, contract.stopForBooking, async ({ params, body, me }) => {
    const claim = await wantedClaim(db, params.id)
    const place = await placeOf(db, claim.printerId)
    if (place === null || !reaches(me, 'look', place)) throw new Refused(refuse('booking.missing'))
    if (!may(me, 'run-printers', place)) throw new Refused(refuse('permission.missing'))
    const now = await databaseNow(db)
    const outlook = (await readOutlooks(db, now)).find(({ booking }) => booking.id === claim.id)
    if (outlook?.isPrinting !== true)
      throw new Refused(refuse('booking.nothing-prints', { printer: claim.printerName }))
    const printer = await readPrinter(db, claim.printerId)
    if (printer === null) throw new Refused(refuse('printer.missing'))
    if (!printer.bridgeAlive) throw new Refused(refuse('printer.bridge-away', { bridge: printer.bridge }))
    const commandId = await db.transaction(async (inside) => {
      await times.tellClaim(inside, claim.id, { kind: 'print-stopped', by: me.id, now, facts: { reason: body.reason } })
      const cancel = { kind: 'cancel' } as const
      return askCommand(inside, { printerId: printer.id, bridge: printer.bridge, body: cancel, askedBy: me.id })
    })
    return { commandId }
  })

  mount(app, contract.listOutlooks, async ({ me }) => {
    const places = await placesById(db)
    const names = await times.printerNames(db)
    const outlooks = await readOutlooks(db, await databaseNow(db))
    return outlooks
      .filter(({ booking }) =>
        reaches(me, 'look', places.get(booking.printerId) ?? { id: booking.printerId, tags: [] }),
      )
      .map(({ booking, light, ready, printingMember, isPrinting, instead }) => ({
        bookingId: booking.id,
        printerId: booking.printerId,
        printerName: booking.printerName,
        start: isoOf(booking.start),
        light,
        readyBy: Number.isFinite(ready.p90) ? isoOf(ready.p90) : null,
        printing: isPrinting,
        printIsMine: isPrinting && printingMember === me.id,
        mine: booking.memberId === me.id,
        instead: instead === null ? null : { printerId: instead, name: names.get(instead) ?? '' },
      }))
  })

  mount(app, contract.showRounds, async () => ({ lastRound: await times.lastRound(db) }))
}

const secondsOf = (instant: string): number => Date.parse(instant) / 1000
const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** Also after its start, as long as it was not given up. Throws Refused. */
export const checkInNow = async (db: Database, claim: ClaimRow, me: Me, how: times.CheckInWay): Promise<Claim> => {
  const now = await databaseNow(db)
  const early = secondsOf(claim.start) - EARLY_SECONDS
  if (now < early) {
    throw new Refused(refuse('booking.too-early', { from: clockTime(early, claim.timeZone) }))
  }
  if (now >= secondsOf(claim.end) || claim.kind !== 'booking' || claim.state === 'held') {
    throw new Refused(refuse('booking.over'))
  }
  const done =
    claim.state === 'checked_in' ||
    (await db.transaction((inside) => times.checkIn(inside, claim.id, { by: me.id, how, now })))
  if (!done) throw new Refused(refuse('booking.over'))
  return shownClaim(db, claim.id, me)
}
