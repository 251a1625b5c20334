// Bookings that are offered to others, and who waits for time.
import sql, { type Sql } from 'sql-template-tag'
import type { PrinterWish } from '../contract/bookings.ts'
import type { WaitingEntry } from '../contract/handovers.ts'
import type { Database } from './database.ts'

export type HandoverAnswer = 'accepted' | 'refused' | 'withdrawn' | 'lapsed'

export interface HandoverRow {
  readonly id: number
  readonly fromId: number
  readonly fromName: string
  readonly toId: number
  readonly toName: string
  readonly claimId: number
  readonly againstId: number | null
  readonly createdAt: string
  readonly answer: HandoverAnswer | null
}

const selectHandover = (where: Sql): Sql => sql`
  SELECT offer.id, offer.from_member AS "fromId", giver.name AS "fromName", offer.to_member AS "toId",
    taker.name AS "toName", offer.claim_id AS "claimId", offer.for_claim_id AS "againstId",
    offer.created_at AS "createdAt", offer.answer
  FROM claim_handover offer JOIN member giver ON giver.id = offer.from_member JOIN member taker ON taker.id = offer.to_member
  WHERE ${where}`

export const readHandover = (db: Database, id: number): Promise<HandoverRow | null> =>
  db.row<HandoverRow>(selectHandover(sql`offer.id = ${id}`))

/** What waits for a word, to or from the member. */
export const openHandovers = (db: Database, memberId: number): Promise<HandoverRow[]> =>
  db.rows<HandoverRow>(
    selectHandover(sql`offer.answered_at IS NULL AND ${memberId} IN (offer.from_member, offer.to_member)
      ORDER BY offer.id`),
  )

/** Throws where the booking is offered already (`claim_handover_open`). */
export const createHandover = async (
  db: Database,
  offer: { claimId: number; fromId: number; toId: number; againstId: number | null },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO claim_handover (claim_id, from_member, to_member, for_claim_id)
    VALUES (${offer.claimId}, ${offer.fromId}, ${offer.toId}, ${offer.againstId}) RETURNING id`)
  return (row as { id: number }).id
}

/** False where it was answered already. */
export const answerHandover = async (db: Database, id: number, answer: HandoverAnswer): Promise<boolean> =>
  (await db.run(sql`
    UPDATE claim_handover SET answer = ${answer}, answered_at = now() WHERE id = ${id} AND answered_at IS NULL`)) === 1

/** The others for the same bookings mean nothing any more. */
export const lapseHandovers = async (db: Database, claimIds: readonly number[]): Promise<void> => {
  await db.run(sql`
    UPDATE claim_handover SET answer = 'lapsed', answered_at = now()
    WHERE answered_at IS NULL AND (claim_id = ANY(${[...claimIds]}) OR for_claim_id = ANY(${[...claimIds]}))`)
}

const selectWaiting = (where: Sql): Sql => sql`
  SELECT entry.id, entry.wish, lower(entry.within) AS "from", upper(entry.within) AS "to", entry.seconds / 60 AS minutes,
    entry.least_seconds / 60 AS "leastMinutes", entry.purpose, entry.state, entry.created_at AS "createdAt",
    (SELECT count(*)::integer FROM waiting_entry other WHERE other.ended_at IS NULL AND other.id < entry.id
      AND other.within && entry.within) AS ahead
  FROM waiting_entry entry WHERE ${where}`

export const waitingOf = (db: Database, memberId: number): Promise<WaitingEntry[]> =>
  db.rows<WaitingEntry>(selectWaiting(sql`entry.member_id = ${memberId} AND entry.ended_at IS NULL ORDER BY entry.id`))

export const readWaiting = (db: Database, id: number): Promise<WaitingEntry | null> =>
  db.row<WaitingEntry>(selectWaiting(sql`entry.id = ${id}`))

export const createWaiting = async (
  db: Database,
  entry: {
    memberId: number
    wish: PrinterWish
    from: string
    to: string
    seconds: number
    leastSeconds: number
    purpose: string
  },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO waiting_entry (member_id, wish, within, seconds, least_seconds, purpose)
    VALUES (${entry.memberId}, ${JSON.stringify(entry.wish)}, tstzrange(${entry.from}, ${entry.to}), ${entry.seconds},
      ${entry.leastSeconds}, ${entry.purpose}) RETURNING id`)
  return (row as { id: number }).id
}

/** False where the member does not wait for it. An offer that he was made is taken back with it. */
export const withdrawWaiting = async (db: Database, memberId: number, id: number): Promise<boolean> => {
  const ended = await db.run(sql`
    UPDATE waiting_entry SET state = 'withdrawn', ended_at = now()
    WHERE id = ${id} AND member_id = ${memberId} AND ended_at IS NULL`)
  if (ended === 0) return false
  await db.run(sql`
    WITH gone AS (
      UPDATE waiting_offer SET answer = 'withdrawn', answered_at = now()
      WHERE entry_id = ${id} AND answered_at IS NULL RETURNING claim_id)
    UPDATE claim SET state = 'cancelled', ended_at = now(), expires_at = NULL, version = version + 1
    FROM gone WHERE claim.id = gone.claim_id AND claim.state = 'held'`)
  return true
}
