// The last lines of printers' wires: as somebody asked for them, or as they were when a session failed.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

/** Of each printer. */
const KEPT = 10

export interface PrinterLog {
  readonly id: number
  /** What failed; null where somebody has asked. */
  readonly failure: string | null
  readonly lines: string
  readonly at: string
}

/** PostgreSQL takes no NUL in a text, and a bad cable sends them. */
const sound = (text: string): string => text.replaceAll('\0', '\u2400')

export const saveLog = (
  db: Database,
  log: { printerId: number; failure: string | null; lines: string },
): Promise<void> =>
  db.transaction(async (inside) => {
    await inside.run(sql`
      INSERT INTO printer_log (printer_id, failure, lines)
      VALUES (${log.printerId}, ${log.failure === null ? null : sound(log.failure)}, ${sound(log.lines)})`)
    await inside.run(sql`
      DELETE FROM printer_log WHERE printer_id = ${log.printerId} AND id NOT IN (
        SELECT id FROM printer_log WHERE printer_id = ${log.printerId}
        ORDER BY failure IS NULL, id DESC LIMIT ${KEPT})
        AND id <> (SELECT max(id) FROM printer_log WHERE printer_id = ${log.printerId})`)
  })

/** The newest, after the one of number `after`. */
export const newestLog = (db: Database, printerId: number, after = 0): Promise<PrinterLog | null> =>
  db.row(sql`
    SELECT id, failure, lines, at FROM printer_log
    WHERE printer_id = ${printerId} AND id > ${after} ORDER BY id DESC LIMIT 1`)

/** What failed last, of the failures that are kept. */
export const newestFailure = (db: Database, printerId: number): Promise<PrinterLog | null> =>
  db.row(sql`
    SELECT id, failure, lines, at FROM printer_log
    WHERE printer_id = ${printerId} AND failure IS NOT NULL ORDER BY id DESC LIMIT 1`)
