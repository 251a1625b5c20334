// Whose booking it is, and who may touch it.
import type { Claim } from '../contract/bookings.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { seesFile } from '../domain/privacy.ts'
import { claimsSeen } from '../plugins/claims-seen.ts'
import { type ClaimRow, readClaim } from '../store/bookings.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import { openNames, placeOf } from '../store/places.ts'

export const wantedClaim = async (db: Database, id: number): Promise<ClaimRow> => {
  const row = await readClaim(db, id)
  if (row === null) throw new Refused(refuse('booking.missing'))
  return row
}

/** As this member gets to see it. */
export const shownClaim = async (db: Database, id: number, me: Me): Promise<Claim> => {
  const [claim] = await claimsSeen(db, me, [await wantedClaim(db, id)])
  if (claim === undefined) throw new Refused(refuse('booking.missing'))
  return claim
}

/** One's own, or anybody's for who runs the printer; one that still holds it. */
export const ownClaim = async (db: Database, id: number, me: Me): Promise<ClaimRow> => {
  await shownClaim(db, id, me)
  const row = await wantedClaim(db, id)
  const place = await placeOf(db, row.printerId)
  const runs = place !== null && may(me, 'run-printers', place)
  if (!runs && row.memberId !== me.id) throw new Refused(refuse('permission.missing'))
  if (row.endedAt !== null) throw new Refused(refuse('booking.state', { state: row.state.replace('_', ' ') }))
  return row
}

/** The file must be there, and be this member's to see. */
export const checkFile = async (db: Database, fileId: number | null, me: Me): Promise<void> => {
  if (fileId === null) return
  const file = await readFile(db, fileId)
  if (file === null || !seesFile(me, await openNames(db), file)) throw new Refused(refuse('file.missing'))
}
