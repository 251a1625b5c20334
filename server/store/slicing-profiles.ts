// What the workshop has of its own for slicing: profiles, scripts by firmware, and how each printer differs.
import sql, { type Sql } from 'sql-template-tag'
import type { FirmwareDialect } from '../contract/printers.ts'
import type { ProfileKind, Settings, SlicingProfile } from '../contract/slicing.ts'
import type { PrinterSlicing } from '../contract/slicing-scripts.ts'
import type { Database } from './database.ts'

/** Before the numbers of own profiles; ours have words. */
const OWN = 'own-'

const idOf = (key: string): number => (key.startsWith(OWN) ? Number(key.slice(OWN.length)) || 0 : 0)

const selectProfile = (where: Sql): Sql => sql`
  SELECT ${OWN} || slicing_profile.id AS key, kind, slicing_profile.name, note, material_type AS "materialType", density,
    settings, false AS "isBuiltIn", member.name AS "changedBy", changed_at AS "changedAt"
  FROM slicing_profile LEFT JOIN member ON member.id = slicing_profile.changed_by
  WHERE slicing_profile.removed_at IS NULL ${where}`

export const listProfiles = (db: Database, kind: ProfileKind): Promise<SlicingProfile[]> =>
  db.rows<SlicingProfile>(selectProfile(sql`AND kind = ${kind} ORDER BY slicing_profile.name`))

export const readProfile = (db: Database, key: string): Promise<SlicingProfile | null> =>
  db.row<SlicingProfile>(selectProfile(sql`AND slicing_profile.id = ${idOf(key)}`))

export interface ProfileText {
  readonly kind: ProfileKind
  readonly name: string
  readonly note: string
  readonly materialType: string | null
  readonly density: number | null
  readonly settings: Settings
}

/** Returns its key. Two of one name and kind break `slicing_profile_name`. */
export const createProfile = async (db: Database, text: ProfileText, memberId: number): Promise<string> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO slicing_profile (kind, name, note, material_type, density, settings, changed_by)
    VALUES (${text.kind}, ${text.name}, ${text.note}, ${text.materialType}, ${text.density},
      ${JSON.stringify(text.settings)}, ${memberId}) RETURNING id`)
  return `${OWN}${(row as { id: number }).id}`
}

/** False where there is none of this key and kind. */
export const changeProfile = async (db: Database, key: string, text: ProfileText, memberId: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE slicing_profile SET name = ${text.name}, note = ${text.note}, material_type = ${text.materialType},
      density = ${text.density}, settings = ${JSON.stringify(text.settings)}, changed_by = ${memberId}, changed_at = now()
    WHERE id = ${idOf(key)} AND kind = ${text.kind} AND removed_at IS NULL`)) === 1

export const removeProfile = async (db: Database, key: string): Promise<boolean> =>
  (await db.run(sql`
    UPDATE slicing_profile SET removed_at = now() WHERE id = ${idOf(key)} AND removed_at IS NULL`)) === 1

export const readScripts = (db: Database): Promise<{ dialect: FirmwareDialect; start: string; end: string }[]> =>
  db.rows(sql`SELECT dialect, start_gcode AS start, end_gcode AS "end" FROM slicing_script`)

/** Null: those of the workshop are forgotten. */
export const saveScripts = async (
  db: Database,
  dialect: FirmwareDialect,
  scripts: { start: string; end: string } | null,
  memberId: number,
): Promise<void> => {
  await db.run(
    scripts === null
      ? sql`DELETE FROM slicing_script WHERE dialect = ${dialect}`
      : sql`INSERT INTO slicing_script (dialect, start_gcode, end_gcode, changed_by)
          VALUES (${dialect}, ${scripts.start}, ${scripts.end}, ${memberId})
          ON CONFLICT (dialect) DO UPDATE SET start_gcode = excluded.start_gcode, end_gcode = excluded.end_gcode,
            changed_by = excluded.changed_by, changed_at = now()`,
  )
}

/** By printer; those that nobody has changed are not there. */
export const readPrinterSlicing = async (db: Database): Promise<Map<number, PrinterSlicing>> => {
  const rows = await db.rows<{ id: number; slicing: PrinterSlicing }>(
    sql`SELECT printer_id AS id, slicing FROM printer_slicing`,
  )
  return new Map(rows.map(({ id, slicing }) => [id, slicing]))
}

export const savePrinterSlicing = async (db: Database, printerId: number, slicing: PrinterSlicing): Promise<void> => {
  await db.run(sql`
    INSERT INTO printer_slicing (printer_id, slicing) VALUES (${printerId}, ${JSON.stringify(slicing)})
    ON CONFLICT (printer_id) DO UPDATE SET slicing = excluded.slicing`)
}
