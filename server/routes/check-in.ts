// The sign on a printer: whoever reads its code stands before it, and checks in by one tap.
import type { FastifyInstance } from 'fastify'
import * as contract from '../contract/during.ts'
import type { Me } from '../contract/members.ts'
import { reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { EARLY_SECONDS } from '../domain/booking-course.ts'
import { mount } from '../plugins/mount.ts'
import { type ClaimRow, claimsInTheWay } from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import * as codes from '../store/printer-codes.ts'
import { databaseNow } from '../store/scheduling.ts'
import { shownClaim } from './booking-standing.ts'
import { checkInNow } from './during.ts'
import type { House } from './house.ts'

/** So far ahead the page of a printer looks. */
const DAY = 86_400

export const mountCheckIn = (app: FastifyInstance, { db }: House): void => {
  mount(app, contract.showCheckIn, async ({ params, me }) => {
    const { printer, now, claims } = await standing(db, params.code, me)
    const own = ownNow(claims, me, now)
    const next = claims.find((claim) => claim.memberId === me.id && claim !== own && starts(claim) > now)
    const other = claims.find((claim) => claim.memberId !== me.id && starts(claim) <= now && ends(claim) > now)
    const following = claims.find((claim) => claim !== own && starts(claim) > now)
    return {
      printerId: printer.id,
      printerName: printer.name,
      now: new Date(now * 1000).toISOString(),
      booking: own === undefined ? null : await shownClaim(db, own.id, me),
      next: next === undefined ? null : await shownClaim(db, next.id, me),
      takenUntil: other?.end ?? null,
      freeUntil: following?.start ?? null,
    }
  })

  mount(app, contract.checkInByCode, async ({ params, me }) => {
    const { printer, now, claims } = await standing(db, params.code, me)
    const own = ownNow(claims, me, now)
    if (own === undefined) throw new Refused(refuse('booking.none-here', { printer: printer.name }))
    return checkInNow(db, own, me, 'code')
  })

  mount(app, contract.showPrinterCode, ({ params }) => wantedCode(db, params.id))
  mount(app, contract.renewPrinterCode, async ({ params }) => {
    await codes.renewCode(db, params.id)
    return wantedCode(db, params.id)
  })
}

const wantedCode = async (db: Database, printerId: number): Promise<{ code: string; printerName: string }> => {
  const code = await codes.codeOf(db, printerId)
  if (code === null) throw new Refused(refuse('printer.missing'))
  return code
}

/** Throws Refused where it is the code of no printer that this member gets to see. */
const standing = async (db: Database, code: string, me: Me) => {
  const printer = await codes.printerByCode(db, code)
  if (printer === null || !reaches(me, 'look', printer)) throw new Refused(refuse('check-in.code'))
  const now = await databaseNow(db)
  const range = { from: new Date(now * 1000).toISOString(), to: new Date((now + DAY) * 1000).toISOString() }
  return { printer, now, claims: await claimsInTheWay(db, [printer.id], range) }
}

const starts = ({ start }: ClaimRow): number => Date.parse(start) / 1000
const ends = ({ end }: ClaimRow): number => Date.parse(end) / 1000

const ownNow = (claims: readonly ClaimRow[], me: Me, now: number): ClaimRow | undefined =>
  claims.find(
    (claim) =>
      claim.memberId === me.id &&
      claim.kind === 'booking' &&
      claim.state !== 'held' &&
      starts(claim) - EARLY_SECONDS <= now &&
      ends(claim) > now,
  )
