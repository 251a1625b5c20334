// What the scheduler is told of claims and of what members have learnt; and that no start runs into a claim.
import sql, { type Sql } from 'sql-template-tag'
import type { BookingHouse } from './booking-facts.ts'
import type { Database } from './database.ts'

export interface ClaimAhead {
  readonly printerId: number
  /** Seconds since 1970. */
  readonly from: number
  readonly to: number
  readonly memberId: number | null
  readonly kind: 'booking' | 'hold' | 'maintenance' | 'event'
}

/** Those that hold a printer now or later; a draft holds it like a short hold, until it expires. */
export const claimsAhead = (db: Database): Promise<ClaimAhead[]> =>
  db.rows<ClaimAhead>(sql`
    SELECT printer_id AS "printerId", extract(epoch FROM lower(during))::float8 AS "from",
      extract(epoch FROM upper(during))::float8 AS "to", member_id AS "memberId",
      CASE WHEN state = 'held' THEN 'hold' ELSE kind END AS kind
    FROM claim WHERE state IN ('held', 'booked', 'checked_in') AND upper(during) > now()
      AND NOT (state = 'held' AND expires_at <= now())
    ORDER BY printer_id, lower(during)`)

/** No claim of anybody but the job's member lies between now and `until`. */
export const noneElses = (printerId: number, until: number | null): Sql => sql`
  NOT EXISTS (SELECT FROM claim WHERE claim.printer_id = ${printerId}
    AND claim.state IN ('held', 'booked', 'checked_in') AND NOT (claim.state = 'held' AND claim.expires_at <= now())
    AND claim.during && tstzrange(now(), greatest(now(), coalesce(to_timestamp(${until}), now())), '[]')
    AND claim.member_id IS DISTINCT FROM job.member_id)`

export interface LearningRows {
  readonly required: BookingHouse['required']
  readonly granted: readonly (BookingHouse['granted'][number] & { readonly memberId: number })[]
  readonly uses: readonly (BookingHouse['uses'][number] & { readonly memberId: number })[]
}

/** Of those whose jobs wait, and of those who are to be there. Where nothing is asked for, one statement. */
export const readLearning = async (db: Database): Promise<LearningRows> => {
  const required = await db.rows<LearningRows['required'][number]>(sql`
    SELECT id, name::text, kind, covers, expiry, expiry_days AS "expiryDays", next_step AS "nextStep"
    FROM qualification WHERE removed_at IS NULL ORDER BY id`)
  if (required.length === 0) return { required, granted: [], uses: [] }
  const starters = sql`(SELECT member_id FROM job WHERE to_start > 0 UNION SELECT attend_start FROM job WHERE to_start > 0)`
  const granted = await db.rows<LearningRows['granted'][number]>(sql`
    SELECT member_id AS "memberId", qualification_id AS "qualificationId", level,
      extract(epoch FROM at)::float8 AS at, extract(epoch FROM valid_until)::float8 AS "validUntil"
    FROM qualification_grant granted WHERE member_id IN ${starters}
      AND NOT EXISTS (SELECT FROM qualification_revocation WHERE grant_id = granted.id)`)
  if (!required.some(({ expiry }) => expiry === 'disuse')) return { required, granted, uses: [] }
  const uses = await db.rows<LearningRows['uses'][number]>(sql`
    SELECT job.member_id AS "memberId", print.printer_id AS "printerId",
      upper(coalesce(file.findings->>'filamentType', '')) AS material, extract(epoch FROM max(print.ended_at))::float8 AS at
    FROM print JOIN job ON job.id = print.job_id JOIN file ON file.id = print.file_id
    WHERE job.member_id IN ${starters} AND print.state = 'completed' GROUP BY 1, 2, 3`)
  return { required, granted, uses }
}
