// What the QR code on each printer says. It opens nothing by itself: whoever reads it must be signed in.
import { randomBytes } from 'node:crypto'
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

const newCode = (): string => randomBytes(15).toString('base64url')

/** One is made where there is none. Null where there is no such printer. */
export const codeOf = async (
  db: Database,
  printerId: number,
): Promise<{ code: string; printerName: string } | null> => {
  await db.run(sql`
    INSERT INTO printer_code (printer_id, code) SELECT id, ${newCode()} FROM printer
    WHERE id = ${printerId} AND removed_at IS NULL ON CONFLICT (printer_id) DO NOTHING`)
  return db.row<{ code: string; printerName: string }>(sql`
    SELECT code, printer.name AS "printerName" FROM printer_code JOIN printer ON printer.id = printer_id
    WHERE printer_id = ${printerId} AND removed_at IS NULL`)
}

/** The old one works no more. */
export const renewCode = async (db: Database, printerId: number): Promise<void> => {
  await db.run(sql`
    UPDATE printer_code SET code = ${newCode()}, made_at = now() WHERE printer_id = ${printerId}`)
}

export const printerByCode = (
  db: Database,
  code: string,
): Promise<{ id: number; name: string; tags: string[] } | null> =>
  db.row<{ id: number; name: string; tags: string[] }>(sql`
    SELECT printer.id, printer.name, printer.tags FROM printer_code JOIN printer ON printer.id = printer_id
    WHERE code = ${code} AND removed_at IS NULL`)
