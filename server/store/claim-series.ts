// Series of bookings: what was asked for, and how far it has been made.
import sql, { type Sql } from 'sql-template-tag'
import type { SkippedDate } from '../contract/booking-series.ts'
import type { PrinterWish } from '../contract/bookings.ts'
import type { Database } from './database.ts'

export interface SeriesRow {
  readonly id: number
  readonly memberId: number
  readonly rule: string
  readonly localStart: string
  readonly timeZone: string
  readonly seconds: number
  readonly wish: PrinterWish
  readonly purpose: string
  readonly leftOut: readonly string[]
  readonly skipped: readonly SkippedDate[]
  readonly bookedTo: string | null
  readonly endedAt: string | null
}

const selectSeries = (where: Sql): Sql => sql`
  SELECT id, member_id AS "memberId", rule, local_start AS "localStart", time_zone AS "timeZone", seconds, wish, purpose,
    left_out::text[] AS "leftOut", skipped, booked_to::text AS "bookedTo", ended_at AS "endedAt"
  FROM claim_series WHERE ${where}`

export const readSeries = (db: Database, id: number): Promise<SeriesRow | null> =>
  db.row<SeriesRow>(selectSeries(sql`id = ${id}`))

export const seriesOf = (db: Database, memberId: number): Promise<SeriesRow[]> =>
  db.rows<SeriesRow>(selectSeries(sql`member_id = ${memberId} AND ended_at IS NULL ORDER BY id`))

/** All that go on: their next dates come within reach as time goes by. */
export const openSeries = (db: Database): Promise<SeriesRow[]> =>
  db.rows<SeriesRow>(selectSeries(sql`ended_at IS NULL ORDER BY id`))

export const createSeries = async (
  db: Database,
  one: Pick<SeriesRow, 'memberId' | 'rule' | 'localStart' | 'timeZone' | 'seconds' | 'wish' | 'purpose'>,
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO claim_series (member_id, rule, local_start, time_zone, seconds, wish, purpose)
    VALUES (${one.memberId}, ${one.rule}, ${one.localStart}, ${one.timeZone}, ${one.seconds},
      ${JSON.stringify(one.wish)}, ${one.purpose})
    RETURNING id`)
  return (row as { id: number }).id
}

/** What was skipped before stays listed. */
export const saveProgress = async (
  db: Database,
  id: number,
  { bookedTo, skipped }: { readonly bookedTo: string | null; readonly skipped: readonly SkippedDate[] },
): Promise<void> => {
  await db.run(sql`
    UPDATE claim_series SET booked_to = greatest(booked_to, ${bookedTo}::date),
      skipped = skipped || ${JSON.stringify(skipped)}::jsonb WHERE id = ${id}`)
}

export const changeSeries = async (
  db: Database,
  id: number,
  one: Pick<SeriesRow, 'rule' | 'localStart' | 'seconds' | 'wish' | 'purpose'>,
  skipped: readonly SkippedDate[],
): Promise<void> => {
  await db.run(sql`
    UPDATE claim_series SET rule = ${one.rule}, local_start = ${one.localStart}, seconds = ${one.seconds},
      wish = ${JSON.stringify(one.wish)}, purpose = ${one.purpose}, skipped = skipped || ${JSON.stringify(skipped)}::jsonb
    WHERE id = ${id}`)
}

/** `goesOn`: it has a shorter end now, and what lies before that comes still. */
export const endSeries = async (db: Database, id: number, rule: string, goesOn: boolean): Promise<void> => {
  await db.run(sql`
    UPDATE claim_series SET rule = ${rule}, ended_at = CASE WHEN ${goesOn} THEN ended_at ELSE now() END WHERE id = ${id}`)
}

/** One that never was. */
export const forgetSeries = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`DELETE FROM claim_series WHERE id = ${id}`)
}
