// Calendars of public holidays that were read, and the days that they suggest.
import sql from 'sql-template-tag'
import type { HolidaySource, HolidaySuggestion } from '../contract/calendars.ts'
import type { Database } from './database.ts'

const sourceColumns = sql`id, name, address, read_at AS "readAt", days`

export const listSources = (db: Database): Promise<HolidaySource[]> =>
  db.rows<HolidaySource>(sql`SELECT ${sourceColumns} FROM holiday_source ORDER BY name, id`)

export const readSource = (db: Database, id: number): Promise<HolidaySource | null> =>
  db.row<HolidaySource>(sql`SELECT ${sourceColumns} FROM holiday_source WHERE id = ${id}`)

/** Days from `today` (a local date) on that nobody has decided on. */
export const listSuggestions = (db: Database, today: string): Promise<HolidaySuggestion[]> =>
  db.rows<HolidaySuggestion>(sql`
    SELECT id, to_char(date, 'YYYY-MM-DD') AS date, name, source FROM holiday_suggestion
    WHERE decided_at IS NULL AND date >= ${today}::date ORDER BY date, name`)

/** A source by its address, or by its name where it was uploaded; read again, it is the same one with its new days. */
export const saveSource = async (
  db: Database,
  source: { readonly name: string; readonly address: string | null },
  days: readonly { readonly date: string; readonly name: string }[],
): Promise<HolidaySource> => {
  const { name, address } = source
  const known = await db.row<{ id: number }>(sql`
    SELECT id FROM holiday_source
    WHERE address IS NOT DISTINCT FROM ${address} AND (${address}::text IS NOT NULL OR name = ${name}) FOR UPDATE`)
  const row =
    known === null
      ? await db.row<HolidaySource>(sql`
          INSERT INTO holiday_source (name, address, days) VALUES (${name}, ${address}, ${days.length})
          RETURNING ${sourceColumns}`)
      : await db.row<HolidaySource>(sql`
          UPDATE holiday_source SET name = ${name}, read_at = now(), days = ${days.length} WHERE id = ${known.id}
          RETURNING ${sourceColumns}`)
  const saved = row as HolidaySource
  // What it no longer names, and nobody has decided on, it no longer suggests.
  await db.run(sql`DELETE FROM holiday_suggestion WHERE source_id = ${saved.id} AND decided_at IS NULL`)
  await db.run(sql`
    INSERT INTO holiday_suggestion (date, name, source, source_id)
    SELECT date::date, name, ${name}, ${saved.id}
    FROM jsonb_to_recordset(${JSON.stringify(days)}::jsonb) AS told (date text, name text)
    ON CONFLICT (date, name) DO NOTHING`)
  return saved
}

/** What was decided stays. False where there is none. */
export const removeSource = async (db: Database, id: number): Promise<boolean> => {
  await db.run(sql`DELETE FROM holiday_suggestion WHERE source_id = ${id} AND decided_at IS NULL`)
  return (await db.run(sql`DELETE FROM holiday_source WHERE id = ${id}`)) === 1
}

/** Null where somebody has decided on it meanwhile; `undefined` where there is no such day. */
export const decideSuggestion = async (
  db: Database,
  id: number,
  accepted: boolean,
  memberId: number,
): Promise<{ date: string; name: string } | null | undefined> => {
  const row = await db.row<{ date: string; name: string }>(sql`
    UPDATE holiday_suggestion SET decided_at = now(), decided_by = ${memberId},
      decision = ${accepted ? 'taken' : 'waved-off'}
    WHERE id = ${id} AND decided_at IS NULL RETURNING to_char(date, 'YYYY-MM-DD') AS date, name`)
  if (row !== null) return row
  const there = await db.row(sql`SELECT FROM holiday_suggestion WHERE id = ${id}`)
  return there === null ? undefined : null
}

/** Holds until the transaction ends: the settings are read, and written with one date more. */
export const lockSettings = async (db: Database): Promise<void> => {
  await db.run(sql`SELECT pg_advisory_xact_lock(4280011)`)
}
