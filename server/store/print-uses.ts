// What prints took, by tool and spool; a spool has so much less from then on.
import sql from 'sql-template-tag'
import type { Course } from '../../gcode/index.ts'
import type { Database } from './database.ts'
import { tellSpoolman } from './spoolman.ts'

/** What is needed to know how much of its file a print has pushed out. */
export interface PrintRun {
  readonly printId: number
  readonly printerId: number
  readonly started: boolean
  readonly completed: boolean
  readonly fromByte: number
  readonly acceptedBytes: number
  readonly sizeBytes: number
  /** mm by tool; empty where the file is not read. */
  readonly filament: number[]
  readonly course: Course | null
}

const select = sql`
  SELECT print.id AS "printId", print.printer_id AS "printerId", print.started_at IS NOT NULL AS started,
    print.state = 'completed' AS completed, print.from_byte AS "fromByte", print.accepted_bytes AS "acceptedBytes",
    blob.size_bytes AS "sizeBytes", coalesce(file.findings->'filament', '[]') AS filament, file.course
  FROM print JOIN file ON file.id = print.file_id JOIN blob ON blob.id = file.blob_id`

export const readRun = (db: Database, printId: number): Promise<PrintRun | null> =>
  db.row<PrintRun>(sql`${select} WHERE print.id = ${printId}`)

/** The print that is under way on a printer, kept from ending until the transaction does. */
export const readOpenRun = (db: Database, printerId: number): Promise<PrintRun | null> =>
  db.row<PrintRun>(sql`${select} WHERE print.printer_id = ${printerId} AND print.ended_at IS NULL FOR UPDATE OF print`)

export interface LoadedRow {
  readonly spoolId: number
  readonly tool: number
  readonly gramsLeft: number
  readonly diameter: number
  readonly density: number
}

/** What is loaded in a printer, in numbers. */
export const loadedIn = (db: Database, printerId: number): Promise<LoadedRow[]> =>
  db.rows<LoadedRow>(sql`
    SELECT spool.id AS "spoolId", printer_spool.tool, spool.grams_left AS "gramsLeft", filament.diameter, filament.density
    FROM printer_spool JOIN spool ON spool.id = printer_spool.spool_id JOIN filament ON filament.id = spool.filament_id
    WHERE printer_spool.printer_id = ${printerId} ORDER BY printer_spool.tool`)

/** The same of all printers. */
export const loadedEverywhere = (db: Database): Promise<(LoadedRow & { printerId: number })[]> =>
  db.rows<LoadedRow & { printerId: number }>(sql`
    SELECT printer_spool.printer_id AS "printerId", spool.id AS "spoolId", printer_spool.tool,
      spool.grams_left AS "gramsLeft", filament.diameter, filament.density
    FROM printer_spool JOIN spool ON spool.id = printer_spool.spool_id JOIN filament ON filament.id = spool.filament_id
    ORDER BY printer_spool.printer_id, printer_spool.tool`)

/** What is loaded, in words: material and colour. */
export const loadedMaterials = (
  db: Database,
): Promise<{ printerId: number; tool: number; material: string; colour: string | null; gramsLeft: number | null }[]> =>
  db.rows(sql`
    SELECT printer_spool.printer_id AS "printerId", printer_spool.tool, filament.material,
      coalesce(filament.colour, nullif(filament.colour_name, '')) AS colour, spool.grams_left AS "gramsLeft"
    FROM printer_spool JOIN spool ON spool.id = printer_spool.spool_id JOIN filament ON filament.id = spool.filament_id
    ORDER BY printer_spool.printer_id, printer_spool.tool`)

/** mm by tool that are written down already of a print. */
export const lengthsSaved = async (db: Database, printId: number): Promise<Map<number, number>> =>
  new Map(
    (
      await db.rows<{ tool: number; length: number }>(sql`
        SELECT tool, sum(length) AS length FROM print_use WHERE print_id = ${printId} GROUP BY tool`)
    ).map(({ tool, length }) => [tool, length]),
  )

export interface Use {
  readonly tool: number
  readonly spoolId: number | null
  readonly length: number
  readonly grams: number
}

export const saveUses = async (db: Database, printId: number, uses: readonly Use[]): Promise<void> => {
  for (const { tool, spoolId, length, grams } of uses) {
    await db.run(sql`
      INSERT INTO print_use (print_id, tool, spool_id, length, grams)
      VALUES (${printId}, ${tool}, ${spoolId}, ${length}, ${grams})`)
    if (spoolId === null) continue
    await db.run(sql`UPDATE spool SET grams_left = greatest(0, grams_left - ${grams}) WHERE id = ${spoolId}`)
    await tellSpoolman(db, spoolId, 'use', grams)
  }
}
