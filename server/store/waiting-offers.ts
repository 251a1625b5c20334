// Freed time that is offered to those who wait for it. `now` and all instants are seconds since 1970.
import sql, { type Sql } from 'sql-template-tag'
import type { PrinterWish } from '../contract/bookings.ts'
import type { Role } from '../contract/permissions.ts'
import type { Database } from './database.ts'

const at = (seconds: number): Sql => sql`to_timestamp(${seconds})`
const seconds = (instant: Sql): Sql => sql`extract(epoch FROM ${instant})::float8`

export interface WaitingRow {
  readonly id: number
  readonly memberId: number
  readonly role: Role
  readonly since: number
  readonly from: number
  readonly to: number
  readonly seconds: number
  readonly leastSeconds: number
  readonly wish: PrinterWish
  readonly purpose: string
  readonly declined: readonly { readonly printerId: number; readonly from: number; readonly to: number }[]
}

/** Who waits and can still be served. */
export const waitingEntries = (db: Database, now: number): Promise<WaitingRow[]> =>
  db.rows<WaitingRow>(sql`
    SELECT waiting_entry.id, member_id AS "memberId", member.role, ${seconds(sql`waiting_entry.created_at`)} AS since,
      ${seconds(sql`lower(within)`)} AS "from", ${seconds(sql`upper(within)`)} AS "to", seconds,
      least_seconds AS "leastSeconds", wish, purpose,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('printerId', claim.printer_id,
          'from', ${seconds(sql`lower(claim.during)`)}, 'to', ${seconds(sql`upper(claim.during)`)})), '[]')
        FROM waiting_offer JOIN claim ON claim.id = claim_id
        WHERE entry_id = waiting_entry.id AND answer IN ('refused', 'expired')) AS declined
    FROM waiting_entry JOIN member ON member.id = member_id
    WHERE waiting_entry.state = 'waiting' AND upper(within) - make_interval(secs => least_seconds) >= ${at(now)}
      AND member.deactivated_at IS NULL AND member.removed_at IS NULL
    ORDER BY waiting_entry.created_at, waiting_entry.id`)

export interface LapsedEntry {
  readonly id: number
  readonly memberId: number
  readonly from: number
  readonly to: number
}

/** Those whose time has gone by without an offer that they took; they ended then. */
export const lapseEntries = (db: Database, now: number): Promise<LapsedEntry[]> =>
  db.rows<LapsedEntry>(sql`
    UPDATE waiting_entry SET state = 'lapsed', ended_at = upper(within) - make_interval(secs => least_seconds)
    WHERE state = 'waiting' AND upper(within) - make_interval(secs => least_seconds) < ${at(now)}
    RETURNING id, member_id AS "memberId", ${seconds(sql`lower(within)`)} AS "from", ${seconds(sql`upper(within)`)} AS "to"`)

export interface NewOffer {
  readonly entryId: number
  readonly memberId: number
  readonly printerId: number
  readonly from: number
  readonly to: number
  readonly clearSeconds: number
  readonly expiresAt: number
  readonly localStart: string
  readonly timeZone: string
  readonly wish: PrinterWish
  readonly purpose: string
}

/** Keeps the time for him. Null where somebody else has it by now. */
export const makeOffer = async (
  db: Database,
  offer: NewOffer,
  now: number,
): Promise<{ offerId: number; claimId: number } | null> => {
  const claim = await db.row<{ id: number }>(sql`
    INSERT INTO claim (printer_id, member_id, kind, state, during, booked_during, clear_seconds, local_start, time_zone,
      expires_at, wish, any_printer, purpose, created_at, changed_at)
    VALUES (${offer.printerId}, ${offer.memberId}, 'hold', 'held',
      tstzrange(${at(offer.from)}, ${at(offer.to)}), tstzrange(${at(offer.from)}, ${at(offer.to)}), ${offer.clearSeconds},
      ${offer.localStart}, ${offer.timeZone}, ${at(offer.expiresAt)}, ${JSON.stringify(offer.wish)}, false, ${offer.purpose},
      ${at(now)}, ${at(now)})
    ON CONFLICT DO NOTHING RETURNING id`)
  if (claim === null) return null
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO waiting_offer (entry_id, claim_id, expires_at, created_at)
    VALUES (${offer.entryId}, ${claim.id}, ${at(offer.expiresAt)}, ${at(now)}) RETURNING id`)
  await db.run(sql`UPDATE waiting_entry SET state = 'offered' WHERE id = ${offer.entryId}`)
  return row === null ? null : { offerId: row.id, claimId: claim.id }
}

export interface OfferRow {
  readonly id: number
  readonly entryId: number
  readonly claimId: number
  readonly memberId: number
  readonly printerId: number
  readonly printerName: string
  readonly start: string
  readonly end: string
  readonly expiresAt: string
}

const offerRow = (where: Sql): Sql => sql`
  SELECT waiting_offer.id, entry_id AS "entryId", claim_id AS "claimId", waiting_entry.member_id AS "memberId",
    claim.printer_id AS "printerId", printer.name AS "printerName", lower(claim.during) AS start,
    upper(claim.during) AS "end", waiting_offer.expires_at AS "expiresAt"
  FROM waiting_offer JOIN waiting_entry ON waiting_entry.id = entry_id JOIN claim ON claim.id = claim_id
    JOIN printer ON printer.id = claim.printer_id
  WHERE answered_at IS NULL AND claim.state = 'held' AND ${where}`

/** What he was offered and has not answered. */
export const openOffers = (db: Database, memberId: number, now: number): Promise<OfferRow[]> =>
  db.rows<OfferRow>(
    offerRow(
      sql`waiting_entry.member_id = ${memberId} AND waiting_offer.expires_at > ${at(now)} ORDER BY waiting_offer.id`,
    ),
  )

export const readOffer = (db: Database, id: number, memberId: number, now: number): Promise<OfferRow | null> =>
  db.row<OfferRow>(
    offerRow(
      sql`waiting_offer.id = ${id} AND waiting_entry.member_id = ${memberId} AND waiting_offer.expires_at > ${at(now)}`,
    ),
  )

/** It is his booking now, or free again. Once: false where it was answered meanwhile. */
export const answerOffer = async (
  db: Database,
  { id, entryId, claimId, memberId }: OfferRow,
  taken: boolean,
  now: number,
): Promise<boolean> => {
  const answered = await db.run(sql`
    UPDATE waiting_offer SET answer = ${taken ? 'taken' : 'refused'}, answered_at = ${at(now)}
    WHERE id = ${id} AND answered_at IS NULL`)
  if (answered === 0) return false
  const changed = taken
    ? await db.run(sql`
        UPDATE claim SET kind = 'booking', state = 'booked', expires_at = NULL, version = version + 1, changed_at = ${at(now)}
        WHERE id = ${claimId} AND state = 'held'`)
    : await db.run(sql`
        UPDATE claim SET state = 'cancelled', ended_at = ${at(now)}, expires_at = NULL, changed_at = ${at(now)}
        WHERE id = ${claimId} AND state = 'held'`)
  if (changed === 0) return false
  await db.run(
    taken
      ? sql`UPDATE waiting_entry SET state = 'taken', ended_at = ${at(now)} WHERE id = ${entryId}`
      : sql`UPDATE waiting_entry SET state = 'waiting' WHERE id = ${entryId} AND state = 'offered'`,
  )
  await db.run(sql`
    INSERT INTO claim_event (claim_id, at, by_id, kind) VALUES (${claimId}, ${at(now)}, ${memberId}, ${taken ? 'confirmed' : 'cancelled'})`)
  return true
}
