// Spools: what is on them, where they are loaded, and what prints took from them.
import sql, { type Sql } from 'sql-template-tag'
import type { Loaded, Spool, SpoolShape, SpoolUse } from '../contract/spools.ts'
import type { Database } from './database.ts'
import { filamentAsJson } from './filaments.ts'
import { tellSpoolman } from './spoolman.ts'

const instant = (column: Sql): Sql => sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const spoolAsJson = sql`jsonb_build_object(
  'id', spool.id, 'filamentId', spool.filament_id, 'filament', ${filamentAsJson}, 'fullGrams', spool.full_grams,
  'emptyGrams', spool.empty_grams, 'gramsLeft', spool.grams_left, 'lot', spool.lot, 'location', spool.location,
  'openedAt', ${instant(sql`spool.opened_at`)}, 'weighedAt', ${instant(sql`spool.weighed_at`)},
  'retiredAt', ${instant(sql`spool.retired_at`)}, 'spoolmanId', spool.spoolman_id,
  'printerId', printer_spool.printer_id, 'printerName', printer.name, 'tool', printer_spool.tool)`

const fromSpool = sql`
  FROM spool JOIN filament ON filament.id = spool.filament_id
    LEFT JOIN printer_spool ON printer_spool.spool_id = spool.id
    LEFT JOIN printer ON printer.id = printer_spool.printer_id`

const select = async (db: Database, where: Sql): Promise<Spool[]> =>
  (await db.rows<{ spool: Spool }>(sql`SELECT ${spoolAsJson} AS spool ${fromSpool} ${where}`)).map(({ spool }) => spool)

/** Loaded ones first, then by number. */
export const listSpools = (db: Database, retired: boolean): Promise<Spool[]> =>
  select(
    db,
    retired
      ? sql`WHERE spool.retired_at IS NOT NULL ORDER BY spool.retired_at DESC LIMIT 500`
      : sql`WHERE spool.retired_at IS NULL ORDER BY printer.name NULLS LAST, printer_spool.tool, spool.id`,
  )

export const readSpool = async (db: Database, id: number): Promise<Spool | null> =>
  (await select(db, sql`WHERE spool.id = ${id}`))[0] ?? null

export const createSpool = async (db: Database, shape: SpoolShape & { gramsLeft: number }): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO spool (filament_id, full_grams, empty_grams, grams_left, lot, location, opened_at)
    VALUES (${shape.filamentId}, ${shape.fullGrams}, ${shape.emptyGrams}, ${shape.gramsLeft}, ${shape.lot},
      ${shape.location}, ${shape.openedAt}) RETURNING id`)
  return (row as { id: number }).id
}

export const changeSpool = (db: Database, id: number, shape: SpoolShape): Promise<void> =>
  db.transaction(async (inside) => {
    const before = await inside.row<{ location: string; lot: string }>(sql`
      SELECT location, lot FROM spool WHERE id = ${id} FOR UPDATE`)
    await inside.run(sql`
      UPDATE spool SET filament_id = ${shape.filamentId}, full_grams = ${shape.fullGrams}, empty_grams = ${shape.emptyGrams},
        lot = ${shape.lot}, location = ${shape.location}, opened_at = ${shape.openedAt}
      WHERE id = ${id}`)
    if (before?.location !== shape.location || before.lot !== shape.lot) await tellSpoolman(inside, id, 'place', null)
  })

export const saveWeight = (db: Database, id: number, gramsLeft: number): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`UPDATE spool SET grams_left = ${gramsLeft}, weighed_at = now() WHERE id = ${id}`)
    await tellSpoolman(inside, id, 'weight', gramsLeft)
  })

/** Puts it away, out of the printer where it is; or takes it back. */
export const retireSpool = (db: Database, id: number, retired: boolean): Promise<void> =>
  db.transaction(async (inside) => {
    const changed = await inside.run(sql`
      UPDATE spool SET retired_at = ${retired ? sql`now()` : null} WHERE id = ${id} AND (retired_at IS NOT NULL) <> ${retired}`)
    if (retired) await inside.run(sql`DELETE FROM printer_spool WHERE spool_id = ${id}`)
    if (changed === 1) await tellSpoolman(inside, id, 'archive', null)
  })

export const listLoaded = async (db: Database, printerId?: number): Promise<Loaded[]> => {
  const rows = await db.rows<{ printerId: number; tool: number; loadedAt: string; spool: Spool }>(sql`
    SELECT printer_spool.printer_id AS "printerId", printer_spool.tool, printer_spool.loaded_at AS "loadedAt",
      ${spoolAsJson} AS spool
    ${fromSpool}
    WHERE printer_spool.printer_id IS NOT NULL AND (${printerId ?? null}::bigint IS NULL OR printer.id = ${printerId ?? null})
    ORDER BY printer.name, printer_spool.tool`)
  return rows
}

/** What is in a tool now, and no longer where it was before; null: nothing. */
export const saveLoaded = async (
  db: Database,
  place: { printerId: number; tool: number },
  spoolId: number | null,
  memberId: number,
): Promise<void> => {
  const { printerId, tool } = place
  await db.run(sql`
    DELETE FROM printer_spool WHERE (printer_id = ${printerId} AND tool = ${tool}) OR spool_id = ${spoolId}`)
  if (spoolId === null) return
  await db.run(sql`
    INSERT INTO printer_spool (printer_id, tool, spool_id, loaded_by) VALUES (${printerId}, ${tool}, ${spoolId}, ${memberId})`)
  await db.run(sql`UPDATE spool SET opened_at = coalesce(opened_at, now()) WHERE id = ${spoolId}`)
}

export const listSpoolUses = (
  db: Database,
  spoolId: number,
): Promise<(SpoolUse & { memberId: number | null; printerId: number })[]> =>
  db.rows(sql`
    SELECT print.id AS "printId", print.printer_id AS "printerId", job.member_id AS "memberId", file.name AS "fileName", printer.name AS "printerName", print.state,
      print_use.length, print_use.grams, print_use.at
    FROM print_use JOIN print ON print.id = print_use.print_id JOIN file ON file.id = print.file_id
      JOIN job ON job.id = print.job_id JOIN printer ON printer.id = print.printer_id
    WHERE print_use.spool_id = ${spoolId} ORDER BY print_use.id DESC LIMIT 200`)
