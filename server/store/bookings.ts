// Claims as rows. No two that hold the same printer overlap: the constraint `claim_no_overlap` sees to that.
import sql, { empty, join, type Sql } from 'sql-template-tag'
import type { ClaimEvent, ClaimKind, ClaimState, PrinterWish } from '../contract/bookings.ts'
import type { Database } from './database.ts'

/** A claim with everything in it: routes show of it what may be seen. */
export interface ClaimRow {
  readonly id: number
  readonly uid: string
  readonly kind: ClaimKind
  readonly state: ClaimState
  readonly printerId: number
  readonly printerName: string
  readonly start: string
  readonly end: string
  readonly clearBy: string
  readonly clearSeconds: number
  readonly localStart: string
  readonly timeZone: string
  readonly memberId: number | null
  readonly memberName: string | null
  readonly anyPrinter: boolean
  readonly fixed: boolean
  readonly wish: PrinterWish
  readonly purpose: string
  readonly fileId: number | null
  readonly seriesId: number | null
  readonly seriesDate: string | null
  readonly expiresAt: string | null
  readonly checkedInAt: string | null
  readonly endedAt: string | null
  readonly endReason: string | null
  readonly version: number
}

/** The states that hold the printer, as the constraint has them. */
export const isHolding = sql`claim.state IN ('held', 'booked', 'checked_in')`

const selectClaim = (where: Sql): Sql => sql`
  SELECT claim.id, claim.uid, claim.kind, claim.state, claim.printer_id AS "printerId", printer.name AS "printerName",
    lower(claim.during) AS start, upper(claim.during) AS "end", upper(claim.blocks) AS "clearBy",
    claim.clear_seconds AS "clearSeconds", claim.local_start AS "localStart", claim.time_zone AS "timeZone",
    claim.member_id AS "memberId", member.name AS "memberName", claim.any_printer AS "anyPrinter",
    claim.fixed_at IS NOT NULL OR NOT claim.any_printer AS fixed, claim.wish, claim.purpose, claim.file_id AS "fileId",
    claim.series_id AS "seriesId", claim.series_date::text AS "seriesDate", claim.expires_at AS "expiresAt",
    claim.checked_in_at AS "checkedInAt", claim.ended_at AS "endedAt", claim.end_reason AS "endReason", claim.version
  FROM claim JOIN printer ON printer.id = claim.printer_id LEFT JOIN member ON member.id = claim.member_id
  WHERE ${where}`

export const readClaim = (db: Database, id: number): Promise<ClaimRow | null> =>
  db.row<ClaimRow>(selectClaim(sql`claim.id = ${id}`))

export const readClaims = (db: Database, ids: readonly number[]): Promise<ClaimRow[]> =>
  db.rows<ClaimRow>(selectClaim(sql`claim.id = ANY(${[...ids]}) ORDER BY lower(claim.during), claim.id`))

/** What holds a printer at any moment of the range; also what is over, but for the drafts and what was called off. */
export const claimsWithin = (db: Database, from: string, to: string): Promise<ClaimRow[]> =>
  db.rows<ClaimRow>(
    selectClaim(sql`claim.during && tstzrange(${from}, ${to})
      AND (${isHolding} OR claim.state IN ('completed', 'released_early', 'no_show'))
      AND NOT (claim.state = 'held' AND claim.expires_at <= now())
      ORDER BY lower(claim.during), claim.id`),
  )

const MOST_PAST = 200

export const claimsOf = (db: Database, memberId: number, past: boolean): Promise<ClaimRow[]> =>
  db.rows<ClaimRow>(
    past
      ? selectClaim(sql`claim.member_id = ${memberId} AND (claim.ended_at IS NOT NULL OR upper(claim.during) <= now())
          AND claim.state <> 'expired' ORDER BY lower(claim.during) DESC LIMIT ${MOST_PAST}`)
      : selectClaim(sql`claim.member_id = ${memberId} AND claim.ended_at IS NULL AND upper(claim.during) > now()
          AND NOT (claim.state = 'held' AND claim.expires_at <= now()) ORDER BY lower(claim.during)`),
  )

export const claimsOfSeries = (db: Database, seriesId: number): Promise<ClaimRow[]> =>
  db.rows<ClaimRow>(
    selectClaim(sql`claim.series_id = ${seriesId} AND claim.ended_at IS NULL ORDER BY lower(claim.during)`),
  )

/** Those that hold one of these printers at any moment of the time, clearing included. */
export const claimsInTheWay = (
  db: Database,
  printerIds: readonly number[],
  { from, to }: { from: string; to: string },
): Promise<ClaimRow[]> =>
  db.rows<ClaimRow>(
    selectClaim(sql`claim.printer_id = ANY(${[...printerIds]}) AND ${isHolding}
      AND claim.blocks && tstzrange(${from}, ${to}) ORDER BY lower(claim.during), claim.id`),
  )

export interface NewClaim {
  readonly kind: ClaimKind
  readonly state: 'held' | 'booked'
  readonly printerId: number
  readonly memberId: number | null
  readonly from: string
  readonly to: string
  readonly clearSeconds: number
  readonly localStart: string
  readonly timeZone: string
  readonly expiresAt: string | null
  readonly wish: PrinterWish
  readonly anyPrinter: boolean
  readonly fileId: number | null
  readonly purpose: string
  readonly seriesId?: number | null
  readonly seriesDate?: string | null
  readonly madeBy: number
}

/** Its id; null where the printer is not free then. */
export const insertClaim = async (db: Database, claim: NewClaim): Promise<number | null> => {
  const row = await db.row<{ id: number }>(sql`
    WITH made AS (
      INSERT INTO claim (kind, state, printer_id, member_id, during, booked_during, clear_seconds, local_start, time_zone,
        expires_at, wish, any_printer, file_id, purpose, series_id, series_date, made_by)
      VALUES (${claim.kind}, ${claim.state}, ${claim.printerId}, ${claim.memberId},
        tstzrange(${claim.from}, ${claim.to}), tstzrange(${claim.from}, ${claim.to}), ${claim.clearSeconds},
        ${claim.localStart}, ${claim.timeZone}, ${claim.expiresAt}, ${JSON.stringify(claim.wish)}, ${claim.anyPrinter},
        ${claim.fileId}, ${claim.purpose}, ${claim.seriesId ?? null}, ${claim.seriesDate ?? null}, ${claim.madeBy})
      ON CONFLICT DO NOTHING RETURNING id)
    INSERT INTO claim_event (claim_id, by_id, kind) SELECT id, ${claim.madeBy}, 'made' FROM made RETURNING claim_id AS id`)
  return row?.id ?? null
}

export interface ClaimChange {
  readonly printerId?: number
  readonly memberId?: number
  readonly from?: string
  readonly to?: string
  readonly localStart?: string
  readonly clearSeconds?: number
  readonly wish?: PrinterWish
  readonly anyPrinter?: boolean
  readonly purpose?: string
  readonly fileId?: number | null
  /** A draft becomes a booking. */
  readonly confirm?: boolean
  /** The printer is settled. */
  readonly fix?: boolean
}

/** False where it holds nothing any more. Throws where the printer is not free then (`claim_no_overlap`). */
export const changeClaim = async (
  db: Database,
  id: number,
  change: ClaimChange,
  told: { readonly by: number | null; readonly kind: string; readonly facts?: object },
): Promise<boolean> => {
  const sets: Sql[] = [sql`version = version + 1`, sql`changed_at = now()`]
  const { from, to } = change
  if (change.printerId !== undefined) sets.push(sql`printer_id = ${change.printerId}`)
  if (change.memberId !== undefined) sets.push(sql`member_id = ${change.memberId}`)
  if (from !== undefined || to !== undefined) {
    const range = sql`tstzrange(coalesce(${from ?? null}::timestamptz, lower(during)), coalesce(${to ?? null}::timestamptz, upper(during)))`
    sets.push(sql`during = ${range}`, sql`booked_during = ${range}`)
  }
  if (change.localStart !== undefined) sets.push(sql`local_start = ${change.localStart}`)
  if (change.clearSeconds !== undefined) sets.push(sql`clear_seconds = ${change.clearSeconds}`)
  if (change.wish !== undefined) sets.push(sql`wish = ${JSON.stringify(change.wish)}`)
  if (change.anyPrinter !== undefined) sets.push(sql`any_printer = ${change.anyPrinter}`)
  if (change.purpose !== undefined) sets.push(sql`purpose = ${change.purpose}`)
  if (change.fileId !== undefined) sets.push(sql`file_id = ${change.fileId}`)
  if (change.confirm === true) sets.push(sql`state = 'booked'`, sql`kind = 'booking'`, sql`expires_at = NULL`)
  if (change.fix === true) sets.push(sql`fixed_at = coalesce(fixed_at, now())`)
  const changed = await db.run(sql`UPDATE claim SET ${join(sets)} WHERE id = ${id} AND ${isHolding}`)
  if (changed === 0) return false
  await tellClaims(db, [id], told.kind, told.by, told.facts)
  return true
}

export type ClaimEnd = Exclude<ClaimState, 'held' | 'booked' | 'checked_in'>

/** What held a printer holds it no more; those that did not are left out. Their ids. `at` ends its range there. */
export const endClaims = async (
  db: Database,
  ids: readonly number[],
  end: {
    readonly state: ClaimEnd
    readonly by: number | null
    readonly reason: string | null
    readonly facts?: object
  },
): Promise<number[]> => {
  const ended = await db.rows<{ id: number }>(sql`
    UPDATE claim SET state = ${end.state}, ended_at = now(), end_reason = ${end.reason}, expires_at = NULL,
      version = version + 1, changed_at = now()
    WHERE id = ANY(${[...ids]}) AND ${isHolding} RETURNING id`)
  const done = ended.map(({ id }) => id)
  await tellClaims(db, done, end.state.replace('_', '-'), end.by, { ...end.facts, reason: end.reason })
  await db.run(sql`
    UPDATE claim_handover SET answer = 'lapsed', answered_at = now()
    WHERE answered_at IS NULL AND (claim_id = ANY(${done}) OR for_claim_id = ANY(${done}))`)
  return done
}

/** Writes down what was done, in the transaction in which it is done. */
export const tellClaims = async (
  db: Database,
  ids: readonly number[],
  kind: string,
  by: number | null,
  facts: object = {},
): Promise<void> => {
  if (ids.length === 0) return
  await db.run(sql`
    INSERT INTO claim_event (claim_id, by_id, kind, facts)
    SELECT id, ${by}, ${kind}, ${JSON.stringify(facts)} FROM unnest(${[...ids]}::bigint[]) id`)
}

export const listClaimEvents = (db: Database, claimId: number): Promise<ClaimEvent[]> =>
  db.rows<ClaimEvent>(sql`
    SELECT claim_event.at, member.name AS "byName", claim_event.kind, claim_event.facts
    FROM claim_event LEFT JOIN member ON member.id = claim_event.by_id
    WHERE claim_id = ${claimId} ORDER BY claim_event.id`)

/** Drafts and holds whose time is over hold nothing any more: of these printers, or of all. Their ids. */
export const expireClaims = async (db: Database, printerIds?: readonly number[]): Promise<number[]> => {
  const where = printerIds === undefined ? empty : sql`AND printer_id = ANY(${[...printerIds]})`
  const ended = await db.rows<{ id: number }>(sql`
    UPDATE claim SET state = 'expired', ended_at = now(), expires_at = NULL, changed_at = now()
    WHERE state = 'held' AND expires_at <= now() ${where} RETURNING id`)
  const ids = ended.map(({ id }) => id)
  await tellClaims(db, ids, 'expired', null)
  return ids
}

/** They belong to another series from now on. */
export const relinkClaims = async (db: Database, ids: readonly number[], seriesId: number): Promise<void> => {
  await db.run(sql`UPDATE claim SET series_id = ${seriesId} WHERE id = ANY(${[...ids]})`)
}
