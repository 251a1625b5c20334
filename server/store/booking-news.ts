// What others did with a member's bookings, and what they ask of him: read from the record, to be told once.
import sql, { type Sql } from 'sql-template-tag'
import type { Database } from './database.ts'

const at = (seconds: number): Sql => sql`to_timestamp(${seconds})`
/** What was done longer ago, and was not told then, is no news. */
const NEWS = '3 days'

export interface ClaimNews {
  readonly eventId: number
  readonly claimId: number
  readonly memberId: number
  readonly kind: string
  readonly reason: string | null
  readonly printerName: string
  readonly start: string
  readonly end: string
}

/** Changes by somebody else than its member; of those by the workshop itself, what made room for another. */
export const changesByOthers = (db: Database, now: number): Promise<ClaimNews[]> =>
  db.rows<ClaimNews>(sql`
    SELECT claim_event.id AS "eventId", claim.id AS "claimId", claim.member_id AS "memberId", claim_event.kind,
      coalesce(claim_event.facts->>'reason', claim.end_reason) AS reason, printer.name AS "printerName",
      lower(claim.during) AS start, upper(claim.during) AS "end"
    FROM claim_event JOIN claim ON claim.id = claim_id JOIN printer ON printer.id = claim.printer_id
    WHERE claim.kind = 'booking' AND claim.member_id IS NOT NULL
      AND claim_event.at > ${at(now)} - ${NEWS}::interval AND claim_event.at <= ${at(now)}
      AND (claim_event.by_id <> claim.member_id
          AND claim_event.kind IN ('made', 'moved', 'changed', 'extended', 'shortened', 'cancelled', 'displaced', 'released-early')
        OR claim_event.by_id IS NULL AND claim_event.kind = 'moved' AND claim_event.facts->>'why' = 'room')
      AND NOT EXISTS (SELECT FROM notice WHERE member_id = claim.member_id AND key = 'change-' || claim_event.id)
    ORDER BY claim_event.id LIMIT 200`)

export interface HandoverNews {
  readonly id: number
  readonly fromMember: number
  readonly toMember: number
  readonly fromName: string
  readonly toName: string
  readonly swap: boolean
  readonly answer: 'accepted' | 'refused' | null
  readonly claimId: number
  readonly printerName: string
  readonly start: string
  readonly end: string
}

/** Offers that wait for a word, and those that have got one. */
export const handoverNews = (db: Database, now: number): Promise<HandoverNews[]> =>
  db.rows<HandoverNews>(sql`
    SELECT claim_handover.id, from_member AS "fromMember", to_member AS "toMember", giver.name AS "fromName",
      taker.name AS "toName", for_claim_id IS NOT NULL AS swap, answer, claim_id AS "claimId",
      printer.name AS "printerName", lower(claim.during) AS start, upper(claim.during) AS "end"
    FROM claim_handover JOIN claim ON claim.id = claim_id JOIN printer ON printer.id = claim.printer_id
      JOIN member giver ON giver.id = from_member JOIN member taker ON taker.id = to_member
    WHERE (answer IS NULL OR answer IN ('accepted', 'refused'))
      AND coalesce(answered_at, claim_handover.created_at) > ${at(now)} - ${NEWS}::interval
    ORDER BY claim_handover.id LIMIT 200`)
