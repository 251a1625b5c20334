// What must be known of printers and members to decide who may what, and who sees whose names.
import sql from 'sql-template-tag'
import type { Holder, PrinterPlace } from '../contract/permissions.ts'
import type { Database } from './database.ts'

export const placeOf = (db: Database, printerId: number): Promise<PrinterPlace | null> =>
  db.row<PrinterPlace>(sql`SELECT id, tags FROM printer WHERE id = ${printerId} AND removed_at IS NULL`)

/** All printers, also those that were taken out: past prints name them. */
export const listPlaces = (db: Database): Promise<PrinterPlace[]> =>
  db.rows<PrinterPlace>(sql`SELECT id, tags FROM printer`)

/** Whose jobs are named to everyone: `all`, or these members'. */
export interface OpenNames {
  readonly all: boolean
  readonly members: ReadonlySet<number>
}

export const openNames = async (db: Database): Promise<OpenNames> => {
  const rows = await db.rows<{ id: number | null }>(sql`
    SELECT NULL::bigint AS id FROM site WHERE shows_names
    UNION ALL SELECT id FROM member WHERE shows_jobs AND removed_at IS NULL`)
  const members = rows.flatMap(({ id }) => (id === null ? [] : [id]))
  return { all: members.length < rows.length, members: new Set(members) }
}

/** What the owners of waiting jobs may, by their id; who is deactivated is not among them. */
export const holdersWithJobs = async (db: Database): Promise<Map<number, Holder>> => {
  const rows = await db.rows<Holder & { id: number }>(sql`
    SELECT id, role, limits, NULL AS scopes FROM member
    WHERE deactivated_at IS NULL AND removed_at IS NULL
      AND id IN (SELECT member_id FROM job WHERE to_start > 0)`)
  return new Map(rows.map(({ id, ...holder }) => [id, holder]))
}
