// What of claims somebody gets to see: others' are booked, with a name only where that is allowed.
import type { Claim } from '../contract/bookings.ts'
import type { Me } from '../contract/members.ts'
import { may, type PrinterPlace, reaches } from '../contract/permissions.ts'
import { type NameRules, seesNames } from '../domain/privacy.ts'
import type { ClaimRow } from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import { openNames } from '../store/places.ts'
import { placesById } from './seen.ts'

export interface ClaimView {
  readonly me: Me
  readonly names: NameRules
  readonly places: ReadonlyMap<number, PrinterPlace>
}

export const claimView = async (db: Database, me: Me): Promise<ClaimView> => ({
  me,
  names: await openNames(db),
  places: await placesById(db),
})

const placeIn = ({ places }: ClaimView, printerId: number): PrinterPlace =>
  places.get(printerId) ?? { id: printerId, tags: [] }

export const seesClaim = (view: ClaimView, claim: Pick<ClaimRow, 'printerId' | 'memberId'>): boolean =>
  claim.memberId === view.me.id || reaches(view.me, 'look', placeIn(view, claim.printerId))

export const claimSeen = (view: ClaimView, row: ClaimRow): Claim => {
  const { me, names } = view
  const mine = row.memberId === me.id
  const runs = may(me, 'run-printers', placeIn(view, row.printerId))
  const named = row.memberId !== null && (mine || seesNames(me, row.memberId, names))
  const inside = mine || runs
  // What maintenance and events are for is for everyone to know.
  const told = inside || row.kind === 'maintenance' || row.kind === 'event'
  const holds = row.endedAt === null
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    printerId: row.printerId,
    printerName: row.printerName,
    start: row.start,
    end: row.end,
    clearBy: row.clearBy,
    localStart: row.localStart,
    timeZone: row.timeZone,
    mine,
    memberId: named ? row.memberId : null,
    memberName: named ? row.memberName : null,
    anyPrinter: row.anyPrinter,
    fixed: row.fixed,
    wish: inside ? row.wish : {},
    purpose: told ? row.purpose : '',
    fileId: inside ? row.fileId : null,
    seriesId: inside ? row.seriesId : null,
    expiresAt: row.expiresAt,
    checkedInAt: row.checkedInAt,
    endReason: inside ? row.endReason : null,
    version: row.version,
    mayChange: holds && (runs || (mine && row.kind !== 'maintenance' && row.kind !== 'event')),
  }
}

export const claimsSeen = async (db: Database, me: Me, rows: readonly ClaimRow[]): Promise<Claim[]> => {
  const view = await claimView(db, me)
  return rows.filter((row) => seesClaim(view, row)).map((row) => claimSeen(view, row))
}
