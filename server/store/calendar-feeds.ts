// Secret links under which calendars elsewhere read bookings, and what they read.
import sql from 'sql-template-tag'
import type { CalendarLink } from '../contract/calendars.ts'
import type { Holder } from '../contract/permissions.ts'
import type { Database } from './database.ts'
import { isActive } from './members.ts'
import { hashOf, newToken } from './tokens.ts'

export const listFeeds = (db: Database, memberId: number): Promise<CalendarLink[]> =>
  db.rows<CalendarLink>(sql`
    SELECT calendar_feed.id, CASE WHEN printer_id IS NULL THEN 'own' ELSE 'printer' END AS kind,
      printer_id AS "printerId", printer.name AS "printerName", calendar_feed.created_at AS "createdAt",
      used_at AS "usedAt"
    FROM calendar_feed LEFT JOIN printer ON printer.id = printer_id
    WHERE calendar_feed.member_id = ${memberId} AND revoked_at IS NULL ORDER BY calendar_feed.id DESC`)

/** The secret is told this once; only its hash is kept. Null where this member has `most` already. */
export const createFeed = async (
  db: Database,
  memberId: number,
  printerId: number | null,
  most: number,
): Promise<{ id: number; token: string } | null> => {
  const token = newToken()
  const row = await db.transaction(async (inside) => {
    await inside.run(sql`SELECT FROM member WHERE id = ${memberId} FOR UPDATE`)
    return inside.row<{ id: number }>(sql`
      INSERT INTO calendar_feed (token_hash, member_id, printer_id)
      SELECT ${hashOf(token)}, ${memberId}::bigint, ${printerId}::bigint
      WHERE (SELECT count(*) FROM calendar_feed WHERE member_id = ${memberId} AND revoked_at IS NULL) < ${most}
      RETURNING id`)
  })
  return row === null ? null : { id: row.id, token }
}

/** False where it is none of his, or was revoked. */
export const revokeFeed = async (db: Database, memberId: number, id: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE calendar_feed SET revoked_at = now()
    WHERE id = ${id} AND member_id = ${memberId} AND revoked_at IS NULL`)) === 1

export interface OpenFeed extends Holder {
  readonly id: number
  readonly memberId: number
  readonly memberName: string
  readonly printer: { readonly id: number; readonly name: string; readonly tags: readonly string[] } | null
}

/** Null where no link of a member who is still here has this secret, or its printer is gone. */
export const openFeed = (db: Database, token: string): Promise<OpenFeed | null> =>
  db.row<OpenFeed>(sql`
    SELECT calendar_feed.id, member.id AS "memberId", member.name AS "memberName", member.role, member.limits,
      NULL AS scopes,
      CASE WHEN printer.id IS NOT NULL THEN
        jsonb_build_object('id', printer.id, 'name', printer.name, 'tags', to_jsonb(printer.tags)) END AS printer
    FROM calendar_feed JOIN member ON member.id = calendar_feed.member_id AND ${isActive}
      LEFT JOIN printer ON printer.id = printer_id
    WHERE token_hash = ${hashOf(token)} AND revoked_at IS NULL
      AND (printer_id IS NULL OR printer.removed_at IS NULL)`)

/** Written no more than once a minute: calendars ask often. */
export const touchFeed = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`
    UPDATE calendar_feed SET used_at = now()
    WHERE id = ${id} AND (used_at IS NULL OR used_at < now() - interval '1 minute')`)
}

export interface FeedClaim {
  readonly uid: string
  readonly version: number
  readonly kind: 'booking' | 'hold' | 'maintenance' | 'event'
  readonly printerName: string
  readonly start: string
  readonly end: string
  readonly changedAt: string
  readonly purpose: string
  readonly anyPrinter: boolean
  /** It is no more, and would have been to come. */
  readonly cancelled: boolean
}

const feedClaim = sql`
  SELECT claim.uid, claim.version, claim.kind, printer.name AS "printerName", lower(during) AS start,
    upper(during) AS "end", changed_at AS "changedAt", purpose, any_printer AND fixed_at IS NULL AS "anyPrinter",
    claim.state IN ('cancelled', 'displaced', 'no_show') AS cancelled
  FROM claim JOIN printer ON printer.id = claim.printer_id`

/** Of the last month and to come. Drafts and what has lapsed are nobody's appointment. */
export const claimsOfMember = (db: Database, memberId: number): Promise<FeedClaim[]> =>
  db.rows<FeedClaim>(sql`
    ${feedClaim}
    WHERE claim.member_id = ${memberId} AND claim.kind = 'booking' AND claim.state NOT IN ('held', 'expired')
      AND upper(during) > now() - interval '30 days'
    ORDER BY lower(during), claim.id LIMIT 1000`)

/** When it is taken, whoever has it. */
export const claimsOfPrinter = (db: Database, printerId: number): Promise<FeedClaim[]> =>
  db.rows<FeedClaim>(sql`
    ${feedClaim}
    WHERE claim.printer_id = ${printerId} AND claim.kind <> 'hold'
      AND claim.state IN ('booked', 'checked_in', 'completed', 'released_early')
      AND upper(during) > now() - interval '30 days'
    ORDER BY lower(during), claim.id LIMIT 1000`)
