// What a workshop has taught its printers, and what becomes known of the plate and the bed while they print.
import sql from 'sql-template-tag'
import type { PlateObject } from '../contract/printer-controls.ts'
import { type Routines, usualRoutines } from '../contract/routines.ts'
import type { Database } from './database.ts'
import { publish } from './notify.ts'

/** What is stored may be older than what is known now: the rest is as usual. */
export const completeRoutines = (stored: Partial<Routines>): Routines => ({
  ...usualRoutines,
  ...stored,
  scripts: { ...usualRoutines.scripts, ...stored.scripts },
})

/** Null where there is no such printer. */
export const readRoutines = async (db: Database, printerId: number): Promise<Routines | null> => {
  const row = await db.row<{ routines: Partial<Routines> }>(sql`
    SELECT routines FROM printer WHERE id = ${printerId} AND removed_at IS NULL`)
  return row && completeRoutines(row.routines)
}

export const saveRoutines = async (db: Database, printerId: number, routines: Routines): Promise<void> => {
  await db.run(sql`UPDATE printer SET routines = ${JSON.stringify(routines)} WHERE id = ${printerId}`)
}

/** The objects on the plate of a print, and which of them were given up. */
export const saveObjects = async (db: Database, printId: number, objects: readonly PlateObject[]): Promise<void> => {
  await db.run(sql`UPDATE print SET objects = ${JSON.stringify(objects)} WHERE id = ${printId}`)
  await publish(db, 'change', { of: 'print', id: printId })
}

/** Somebody prints by hand: what will lie on the bed, nobody has queued. */
export const occupyBed = async (db: Database, printerId: number): Promise<void> => {
  await db.run(sql`
    UPDATE printer SET bed = 'occupied', bed_changed_at = now(), bed_signed_by = NULL
    WHERE id = ${printerId} AND bed <> 'occupied'`)
}
