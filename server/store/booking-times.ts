// What the clock does with bookings. Each statement may run again: it changes only rows that are still to be changed.
// `now` and all instants are seconds since 1970.
import sql, { type Sql } from 'sql-template-tag'
import type { PrinterWish } from '../contract/bookings.ts'
import type { Role } from '../contract/permissions.ts'
import type { Database } from './database.ts'

const at = (seconds: number): Sql => sql`to_timestamp(${seconds})`
const seconds = (instant: Sql): Sql => sql`extract(epoch FROM ${instant})::float8`

/** One round at a time over all servers; held until the transaction ends. */
export const lockRounds = async (db: Database): Promise<void> => {
  await db.run(sql`SELECT pg_advisory_xact_lock(4280012)`)
}

export const noteRound = async (db: Database, now: number): Promise<void> => {
  await db.run(sql`
    INSERT INTO clock_round (at) VALUES (${at(now)})
    ON CONFLICT (id) DO UPDATE SET at = greatest(clock_round.at, excluded.at)`)
}

/** When the last round was; null before the first. */
export const lastRound = async (db: Database): Promise<string | null> =>
  (await db.row<{ at: string }>(sql`SELECT at FROM clock_round`))?.at ?? null

export interface AwaitedRow {
  readonly id: number
  readonly printerId: number
  readonly printerName: string
  readonly memberId: number
  readonly role: Role
  readonly start: number
  readonly end: number
  readonly ownPrintAt: number | null
  readonly othersUntil: number | null
  readonly bed: 'clear' | 'occupied' | 'unknown'
  readonly bedChangedAt: number
  readonly outSince: number | null
  readonly down: boolean
  readonly unreadyAt: number | null
}

/** A bridge that is silent for so long is away. A printer that is only switched off waits for its member. Seconds. */
const SILENT = 60

/** Bookings that nobody has checked in for and that could be, `early` seconds before they start. */
export const awaitedBookings = (db: Database, now: number, early: number): Promise<AwaitedRow[]> =>
  db.rows<AwaitedRow>(sql`
    SELECT claim.id, claim.printer_id AS "printerId", printer.name AS "printerName", claim.member_id AS "memberId",
      member.role, ${seconds(sql`lower(during)`)} AS start, ${seconds(sql`upper(during)`)} AS "end",
      (SELECT ${seconds(sql`min(print.started_at)`)} FROM print JOIN job ON job.id = print.job_id
        WHERE print.printer_id = claim.printer_id AND job.member_id = claim.member_id
          AND print.started_at >= lower(during) - make_interval(secs => ${early}) AND print.started_at < upper(during)
          AND print.started_at <= ${at(now)}) AS "ownPrintAt",
      (SELECT max(CASE WHEN print.ended_at <= ${at(now)} THEN ${seconds(sql`print.ended_at`)} ELSE 'Infinity' END)
        FROM print JOIN job ON job.id = print.job_id
        WHERE print.printer_id = claim.printer_id AND job.member_id IS DISTINCT FROM claim.member_id
          AND print.started_at < upper(during) AND print.started_at <= ${at(now)}
          AND (print.ended_at IS NULL OR print.ended_at > lower(during))) AS "othersUntil",
      printer.bed, ${seconds(sql`printer.bed_changed_at`)} AS "bedChangedAt",
      CASE WHEN printer.out_of_service IS NOT NULL THEN ${seconds(sql`printer.out_since`)} END AS "outSince",
      coalesce(snapshot.telemetry->>'state' = 'halted', false)
        OR coalesce(bridge.seen_at < ${at(now)} - make_interval(secs => ${SILENT}), false) AS down,
      ${seconds(sql`claim.unready_at`)} AS "unreadyAt"
    FROM claim JOIN printer ON printer.id = claim.printer_id JOIN member ON member.id = claim.member_id
      LEFT JOIN printer_snapshot snapshot ON snapshot.printer_id = printer.id
      LEFT JOIN bridge ON bridge.name = printer.bridge
    WHERE claim.state = 'booked' AND claim.kind = 'booking'
      AND lower(during) <= ${at(now)} + make_interval(secs => ${early})
    ORDER BY lower(during), claim.id`)

export const noteUnready = async (db: Database, id: number, now: number): Promise<void> => {
  await db.run(sql`
    UPDATE claim SET unready_at = ${at(now)} WHERE id = ${id} AND state = 'booked' AND lower(during) <= ${at(now)}`)
}

export type CheckInWay = 'print' | 'tap' | 'code'

/** False where it is no booking that waits for that any more. */
export const checkIn = async (
  db: Database,
  id: number,
  { by, how, now }: { readonly by: number | null; readonly how: CheckInWay; readonly now: number },
): Promise<boolean> => {
  const changed = await db.run(sql`
    UPDATE claim SET state = 'checked_in', checked_in_at = ${at(now)}, checked_in_by = ${by}, checked_in_how = ${how},
      fixed_at = coalesce(fixed_at, ${at(now)}), version = version + 1, changed_at = ${at(now)}
    WHERE id = ${id} AND state = 'booked' AND kind = 'booking'`)
  if (changed === 1) await tellClaim(db, id, { kind: 'checked-in', by, now, facts: { how } })
  return changed === 1
}

export interface ClaimEnd {
  readonly state: 'completed' | 'released_early' | 'no_show' | 'displaced'
  /** From then on it holds the printer no more. */
  readonly at: number
  readonly reason: string | null
  readonly by: number | null
}

/** Ends what still holds its printer, and cuts off what is left of it. False where it had ended already. */
export const endBooking = async (
  db: Database,
  id: number,
  { state, at: end, reason, by }: ClaimEnd,
): Promise<boolean> => {
  const changed = await db.run(sql`
    UPDATE claim SET state = ${state}, ended_at = ${at(end)}, end_reason = ${reason}, expires_at = NULL,
      during = CASE WHEN ${at(end)} > lower(during) AND ${at(end)} < upper(during)
        THEN tstzrange(lower(during), ${at(end)}) ELSE during END,
      version = version + 1, changed_at = ${at(end)}
    WHERE id = ${id} AND state IN ('booked', 'checked_in')`)
  if (changed === 1) await tellClaim(db, id, { kind: state.replace('_', '-'), by, now: end, facts: { reason } })
  return changed === 1
}

export const tellClaim = async (
  db: Database,
  id: number,
  told: { readonly kind: string; readonly by: number | null; readonly now: number; readonly facts: object },
): Promise<void> => {
  await db.run(sql`
    INSERT INTO claim_event (claim_id, at, by_id, kind, facts)
    VALUES (${id}, ${at(told.now)}, ${told.by}, ${told.kind}, ${JSON.stringify(told.facts)})`)
}

/** Those whose member was there and whose time is over; they end when it was over. Their ids. */
export const completeBookings = async (db: Database, now: number): Promise<number[]> => {
  const rows = await db.rows<{ id: number }>(sql`
    WITH ended AS (
      UPDATE claim SET state = 'completed', ended_at = upper(during), version = version + 1, changed_at = upper(during)
      WHERE state = 'checked_in' AND upper(during) <= ${at(now)}
        OR state = 'booked' AND kind IN ('maintenance', 'event') AND upper(during) <= ${at(now)}
      RETURNING id, ended_at)
    INSERT INTO claim_event (claim_id, at, kind) SELECT id, ended_at, 'completed' FROM ended RETURNING claim_id AS id`)
  return rows.map(({ id }) => id)
}

/** Drafts, short holds and offers whose time is over: they ended then, whenever that is looked at. */
export const expireHeld = async (db: Database, now: number): Promise<number> => {
  const expired = await db.rows<{ id: number }>(sql`
    WITH ended AS (
      UPDATE claim SET state = 'expired', ended_at = expires_at, changed_at = expires_at, version = version + 1
      WHERE state = 'held' AND expires_at <= ${at(now)} RETURNING id, ended_at)
    INSERT INTO claim_event (claim_id, at, kind) SELECT id, ended_at, 'expired' FROM ended RETURNING claim_id AS id`)
  // Also of claims that somebody else has found expired, or that were cancelled by hand.
  await db.run(sql`
    UPDATE waiting_offer SET answer = 'expired', answered_at = waiting_offer.expires_at
    WHERE answered_at IS NULL AND waiting_offer.expires_at <= ${at(now)}`)
  await db.run(sql`
    UPDATE waiting_entry SET state = 'waiting'
    WHERE state = 'offered' AND NOT EXISTS (SELECT FROM waiting_offer WHERE entry_id = waiting_entry.id AND answered_at IS NULL)`)
  return expired.length
}

export interface ReminderRow {
  readonly id: number
  readonly memberId: number
  readonly printerName: string
  readonly start: number
  readonly end: number
  readonly createdAt: number
}

/** Bookings of which their member was to be reminded by now: `within` seconds ahead, or begun since `since`. */
export const bookingsToRemind = (db: Database, now: number, within: number, since: number): Promise<ReminderRow[]> =>
  db.rows<ReminderRow>(sql`
    SELECT claim.id, claim.member_id AS "memberId", printer.name AS "printerName",
      ${seconds(sql`lower(booked_during)`)} AS start, ${seconds(sql`upper(booked_during)`)} AS "end",
      ${seconds(sql`claim.created_at`)} AS "createdAt"
    FROM claim JOIN printer ON printer.id = claim.printer_id
    WHERE claim.kind = 'booking' AND claim.member_id IS NOT NULL
      AND (claim.state IN ('booked', 'checked_in', 'no_show', 'completed', 'released_early')
        OR claim.state = 'displaced' AND claim.ended_at > lower(booked_during))
      AND lower(booked_during) > ${at(since)} AND lower(booked_during) <= ${at(now)} + make_interval(secs => ${within})
    ORDER BY claim.id`)

/** Those whose printer is still open, and must be settled by now. */
export interface OpenChoice {
  readonly id: number
  readonly memberId: number
  readonly printerId: number
  readonly printerName: string
  readonly start: number
  readonly end: number
  readonly clearSeconds: number
  readonly wish: PrinterWish
  readonly anyPrinter: boolean
  readonly fixed: boolean
}

/** Bookings to come within `within` seconds, or that have begun and nobody has checked in for. */
export const comingBookings = (db: Database, now: number, within: number): Promise<OpenChoice[]> =>
  db.rows<OpenChoice>(sql`
    SELECT claim.id, claim.member_id AS "memberId", claim.printer_id AS "printerId", printer.name AS "printerName",
      ${seconds(sql`lower(during)`)} AS start, ${seconds(sql`upper(during)`)} AS "end",
      claim.clear_seconds AS "clearSeconds", wish, any_printer AS "anyPrinter",
      NOT any_printer OR fixed_at IS NOT NULL AS fixed
    FROM claim JOIN printer ON printer.id = claim.printer_id
    WHERE claim.kind = 'booking' AND claim.state = 'booked' AND claim.member_id IS NOT NULL
      AND lower(during) <= ${at(now)} + make_interval(secs => ${within}) AND upper(during) > ${at(now)}
    ORDER BY lower(during), claim.id`)

/** Settles the printers of those who take any, `before` seconds before their start; as of then, whenever that is looked at. */
export const fixPrinters = (db: Database, now: number, before: number): Promise<FixedRow[]> =>
  db.rows<FixedRow>(sql`
    UPDATE claim SET fixed_at = greatest(claim.created_at, lower(during) - make_interval(secs => ${before}))
    FROM printer
    WHERE printer.id = claim.printer_id AND any_printer AND fixed_at IS NULL AND claim.state = 'booked'
      AND kind = 'booking' AND member_id IS NOT NULL AND lower(during) <= ${at(now)} + make_interval(secs => ${before})
    RETURNING claim.id, member_id AS "memberId", printer.name AS "printerName",
      ${seconds(sql`lower(during)`)} AS start, ${seconds(sql`upper(during)`)} AS "end"`)

export interface FixedRow {
  readonly id: number
  readonly memberId: number
  readonly printerName: string
  readonly start: number
  readonly end: number
}

/** Gives it another printer. False where it holds nothing any more, or that printer is not free then. */
export const moveBooking = async (
  db: Database,
  id: number,
  { printerId, by, now }: { readonly printerId: number; readonly by: number | null; readonly now: number },
): Promise<boolean> => {
  const row = await db.row<{ from: number }>(sql`
    UPDATE claim SET printer_id = ${printerId}, version = claim.version + 1, changed_at = ${at(now)}, unready_at = NULL
    FROM claim before
    WHERE claim.id = ${id} AND before.id = claim.id AND claim.state = 'booked' AND NOT EXISTS (
      SELECT FROM claim other WHERE other.printer_id = ${printerId} AND other.id <> ${id}
        AND other.state IN ('held', 'booked', 'checked_in') AND other.blocks && claim.blocks)
    RETURNING before.printer_id AS "from"`)
  if (row !== null) await tellClaim(db, id, { kind: 'moved', by, now, facts: { from: row.from, to: printerId } })
  return row !== null
}

/** Free time of each printer from `from` to `to`: what no claim holds, its clearing included. */
export const freeTimes = async (
  db: Database,
  from: number,
  to: number,
): Promise<{ printerId: number; free: { from: number; to: number }[] }[]> =>
  db.rows(sql`
    SELECT printer.id AS "printerId", (
      SELECT coalesce(jsonb_agg(jsonb_build_object('from', ${seconds(sql`lower(gap)`)}, 'to', ${seconds(sql`upper(gap)`)})
        ORDER BY lower(gap)), '[]')
      FROM unnest(tstzmultirange(tstzrange(${at(from)}, ${at(to)})) - coalesce(
        (SELECT range_agg(blocks) FROM claim WHERE claim.printer_id = printer.id
          AND claim.state IN ('held', 'booked', 'checked_in') AND blocks && tstzrange(${at(from)}, ${at(to)})),
        '{}'::tstzmultirange)) gap) AS free
    FROM printer WHERE removed_at IS NULL AND out_of_service IS NULL ORDER BY printer.id`)

/** Printers on which a member who has checked in neither prints nor has a part lying, and since when. */
export interface IdleBooking {
  readonly id: number
  readonly memberId: number
  readonly printerName: string
  readonly start: number
  readonly end: number
  readonly printId: number
  readonly idleSince: number
}

export const idleBookings = (db: Database, now: number): Promise<IdleBooking[]> =>
  db.rows<IdleBooking>(sql`
    SELECT claim.id, claim.member_id AS "memberId", printer.name AS "printerName",
      ${seconds(sql`lower(during)`)} AS start, ${seconds(sql`upper(during)`)} AS "end", last.id AS "printId",
      greatest(${seconds(sql`last.ended_at`)}, ${seconds(sql`printer.bed_changed_at`)}) AS "idleSince"
    FROM claim JOIN printer ON printer.id = claim.printer_id
      JOIN LATERAL (SELECT print.id, print.ended_at FROM print JOIN job ON job.id = print.job_id
        WHERE print.printer_id = claim.printer_id AND job.member_id = claim.member_id
          AND print.started_at >= claim.checked_in_at - interval '1 hour' AND print.started_at <= ${at(now)}
        ORDER BY print.id DESC LIMIT 1) last ON last.ended_at <= ${at(now)}
    WHERE claim.state = 'checked_in' AND upper(during) > ${at(now)} AND printer.bed = 'clear'
      AND NOT EXISTS (SELECT FROM print WHERE print.printer_id = claim.printer_id AND print.ended_at IS NULL)
      AND NOT EXISTS (SELECT FROM job WHERE job.member_id = claim.member_id AND job.to_start > 0 AND NOT job.held
        AND job.state IN ('queued', 'printing') AND (job.printer_id IS NULL OR job.printer_id = claim.printer_id))`)

/** When something is due next, after `now`: until then a round finds nothing to do but what changes ring for. */
export const nextDue = async (db: Database, now: number, upTo: number): Promise<number[]> => {
  const rows = await db.rows<{ due: number }>(sql`
    SELECT DISTINCT ceil(${seconds(sql`due`)}) AS due FROM (
      SELECT lower(during) - make_interval(secs => coalesce(
        (notice_choice.choices->>'reminderMinutes')::integer * 60, 7200)) AS due
        FROM claim LEFT JOIN notice_choice ON notice_choice.member_id = claim.member_id
        WHERE claim.state = 'booked' AND kind = 'booking'
      UNION ALL SELECT lower(during) - interval '1 hour' FROM claim WHERE state = 'booked' AND any_printer AND fixed_at IS NULL
      UNION ALL SELECT lower(during) FROM claim WHERE state = 'booked'
      UNION ALL SELECT upper(during) FROM claim WHERE state IN ('booked', 'checked_in')
      UNION ALL SELECT expires_at FROM claim WHERE state = 'held'
      UNION ALL SELECT expires_at FROM waiting_offer WHERE answered_at IS NULL
      UNION ALL SELECT upper(within) FROM waiting_entry WHERE ended_at IS NULL
      UNION ALL SELECT due_at FROM notice_delivery WHERE state = 'waiting'
    ) times WHERE due > ${at(now)} AND due <= ${at(upTo)} ORDER BY 1 LIMIT 200`)
  return rows.map(({ due }) => due)
}

export const nameOfPrinter = async (db: Database, id: number): Promise<string> =>
  (await db.row<{ name: string }>(sql`SELECT name FROM printer WHERE id = ${id}`))?.name ?? ''

export const printerNames = async (db: Database): Promise<ReadonlyMap<number, string>> => {
  const rows = await db.rows<{ id: number; name: string }>(sql`SELECT id, name FROM printer WHERE removed_at IS NULL`)
  return new Map(rows.map(({ id, name }) => [id, name]))
}
