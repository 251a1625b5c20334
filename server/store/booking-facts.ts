// What the rules of booking are asked with: read in few statements, because many ask at once.
import sql from 'sql-template-tag'
import type { BookingRules } from '../contract/booking-rules.ts'
import type { Holder, Role } from '../contract/permissions.ts'
import type { PrinterProfile } from '../contract/printers.ts'
import type { Covers, Level, QualificationKind } from '../contract/qualifications.ts'
import type { Database } from './database.ts'

export interface BookedPrinterRow {
  readonly id: number
  readonly name: string
  readonly tags: readonly string[]
  readonly profile: PrinterProfile
  readonly outOfService: string | null
  readonly takesJobs: boolean
  readonly enclosed: boolean | null
  readonly materials: readonly string[]
  readonly printing: boolean
}

/** What holds without a lock: it changes seldom, and not by booking. Instants are seconds since 1970. */
export interface BookingHouse {
  readonly now: number
  readonly timeZone: string
  readonly ruleSets: readonly {
    readonly id: number
    readonly role: Role | null
    readonly printerId: number | null
    readonly rules: Partial<BookingRules>
  }[]
  readonly printers: readonly BookedPrinterRow[]
  readonly member: (Holder & { readonly id: number; readonly name: string }) | null
  readonly required: readonly {
    readonly id: number
    readonly name: string
    readonly kind: QualificationKind
    readonly covers: Covers
    readonly expiry: 'never' | 'after' | 'disuse'
    readonly expiryDays: number | null
    readonly nextStep: string
  }[]
  readonly granted: readonly {
    readonly qualificationId: number
    readonly level: Level
    readonly at: number
    readonly validUntil: number | null
  }[]
  readonly uses: readonly { readonly printerId: number; readonly material: string; readonly at: number }[]
  /** Kept for jobs that have waited too long. */
  readonly kept: readonly { readonly printerId: number; readonly from: number; readonly to: number }[]
}

const printerColumns = sql`
  printer.id, printer.name, printer.tags, printer.profile, printer.out_of_service AS "outOfService",
  printer.takes_jobs AS "takesJobs", rule.enclosed,
  array(SELECT filament.material FROM printer_spool JOIN spool ON spool.id = printer_spool.spool_id
    JOIN filament ON filament.id = spool.filament_id WHERE printer_spool.printer_id = printer.id) AS materials,
  EXISTS (SELECT FROM print WHERE print.printer_id = printer.id AND print.ended_at IS NULL) AS printing`

const all = (select: ReturnType<typeof sql>) =>
  sql`(SELECT coalesce(jsonb_agg(to_jsonb(one)), '[]') FROM (${select}) one)`

/** A job that was promised its printer hard is not given more of its time than it will need. Hours, where that is not known. */
const UNKNOWN_HOURS = 12

/** `memberId`: whose record and role; he need not be who asks. */
export const readBookingHouse = async (db: Database, memberId: number): Promise<BookingHouse> => {
  const row = await db.row<BookingHouse>(sql`
    SELECT extract(epoch FROM clock_timestamp())::float8 AS now,
      coalesce((SELECT time_zone FROM site), 'UTC') AS "timeZone",
      ${all(sql`SELECT id, role, printer_id AS "printerId", rules FROM booking_rules`)} AS "ruleSets",
      ${all(sql`
        SELECT ${printerColumns} FROM printer LEFT JOIN printer_rule rule ON rule.printer_id = printer.id
        WHERE printer.removed_at IS NULL ORDER BY printer.id`)} AS printers,
      (SELECT to_jsonb(one) FROM (SELECT id, name::text, role, limits, NULL AS scopes FROM member
        WHERE id = ${memberId} AND deactivated_at IS NULL AND removed_at IS NULL) one) AS member,
      ${all(requiredRows)} AS required,
      ${all(grantedRows(memberId))} AS granted,
      ${all(usesRows(memberId))} AS uses,
      ${all(sql`
        SELECT job_promise.printer_id AS "printerId", extract(epoch FROM starts_at)::float8 AS "from",
          extract(epoch FROM coalesce((job_outlook.prediction->'finish'->>'p90')::timestamptz,
            starts_at + make_interval(hours => ${UNKNOWN_HOURS})))::float8 AS "to"
        FROM job_promise LEFT JOIN job_outlook ON job_outlook.job_id = job_promise.job_id
        WHERE hard`)} AS kept`)
  return row as BookingHouse
}

const requiredRows = sql`
  SELECT id, name::text, kind, covers, expiry, expiry_days AS "expiryDays", next_step AS "nextStep"
  FROM qualification WHERE removed_at IS NULL ORDER BY id`

const grantedRows = (memberId: number) => sql`
  SELECT qualification_id AS "qualificationId", level, extract(epoch FROM at)::float8 AS at,
    extract(epoch FROM valid_until)::float8 AS "validUntil"
  FROM qualification_grant granted WHERE member_id = ${memberId}
    AND NOT EXISTS (SELECT FROM qualification_revocation WHERE grant_id = granted.id)`

/** Only where something ends by disuse is it asked for. */
const usesRows = (memberId: number) => sql`
  SELECT print.printer_id AS "printerId", upper(coalesce(file.findings->>'filamentType', '')) AS material,
    extract(epoch FROM max(print.ended_at))::float8 AS at
  FROM print JOIN job ON job.id = print.job_id JOIN file ON file.id = print.file_id
  WHERE job.member_id = ${memberId} AND print.state = 'completed'
    AND EXISTS (SELECT FROM qualification WHERE expiry = 'disuse' AND removed_at IS NULL)
  GROUP BY 1, 2`

/** What must be read after the locks are taken: it decides. Instants are seconds since 1970. */
export interface BookingFacts {
  readonly own: readonly {
    readonly id: number
    readonly printerId: number
    readonly from: number
    readonly to: number
    readonly open: boolean
  }[]
  /** Those that hold or have held a printer, by printer. */
  readonly claims: readonly {
    readonly id: number
    readonly printerId: number
    readonly from: number
    readonly to: number
    /** With clearing. */
    readonly clearBy: number
    readonly booking: boolean
    readonly open: boolean
    /** Its member takes any printer, and this one is not settled yet. */
    readonly movable: boolean
  }[]
}

const seconds = (instant: ReturnType<typeof sql>) => sql`extract(epoch FROM ${instant})::float8`

/** Claims of the member and on the printers that touch the time from `from` to `to`. */
export const readBookingFacts = async (
  db: Database,
  memberId: number | null,
  printerIds: readonly number[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<BookingFacts> => {
  const range = sql`tstzrange(to_timestamp(${from}), to_timestamp(${to}))`
  const live = sql`NOT (state = 'held' AND expires_at <= now())`
  const counted = sql`state IN ('held', 'booked', 'checked_in', 'completed', 'released_early', 'no_show') AND ${live}`
  const row = await db.row<BookingFacts>(sql`
    SELECT ${all(sql`
      SELECT id, printer_id AS "printerId", ${seconds(sql`lower(during)`)} AS "from", ${seconds(sql`upper(during)`)} AS "to",
        ended_at IS NULL AS open
      FROM claim WHERE member_id = ${memberId} AND kind IN ('booking', 'hold') AND ${counted}
        AND (during && ${range} OR ended_at IS NULL AND upper(during) > now())`)} AS own,
    ${all(sql`
      SELECT id, printer_id AS "printerId", ${seconds(sql`lower(during)`)} AS "from", ${seconds(sql`upper(during)`)} AS "to",
        ${seconds(sql`upper(blocks)`)} AS "clearBy", kind IN ('booking', 'hold') AS booking, ended_at IS NULL AS open,
        any_printer AND fixed_at IS NULL AND state = 'booked' AS movable
      FROM claim WHERE printer_id = ANY(${[...printerIds]}) AND ${counted} AND blocks && ${range}`)} AS claims`)
  return row as BookingFacts
}

/** An active member, however the name is written. */
export const memberIdByName = async (db: Database, name: string): Promise<{ id: number; name: string } | null> =>
  db.row<{ id: number; name: string }>(sql`
    SELECT id, name FROM member WHERE name = ${name} AND deactivated_at IS NULL AND removed_at IS NULL`)
