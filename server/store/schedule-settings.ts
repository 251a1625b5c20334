// The rules of the queue: settings, circuits, and what is known of each printer beyond its profile.
import sql, { type Sql } from 'sql-template-tag'
import * as Value from 'typebox/value'
import { type Circuit, type PrinterRule, ScheduleSettings, usualSettings } from '../contract/scheduling.ts'
import type { Database } from './database.ts'

/** What was set over what is usual: settings of an older program lack what has come since. */
export const readSettings = async (db: Database): Promise<ScheduleSettings> => {
  const row = await db.row<{ settings: Partial<ScheduleSettings> }>(sql`SELECT settings FROM schedule_settings`)
  if (row === null) return usualSettings
  const merged: unknown = {
    ...usualSettings,
    ...row.settings,
    weights: { ...usualSettings.weights, ...row.settings.weights },
    hours: { ...usualSettings.hours, ...row.settings.hours },
  }
  return Value.Check(ScheduleSettings, merged) ? merged : usualSettings
}

export const saveSettings = async (db: Database, settings: ScheduleSettings, memberId: number): Promise<void> => {
  await db.run(sql`
    INSERT INTO schedule_settings (settings, changed_by) VALUES (${JSON.stringify(settings)}, ${memberId})
    ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, changed_at = now(), changed_by = excluded.changed_by`)
}

export const listCircuits = (db: Database): Promise<Circuit[]> =>
  db.rows<Circuit>(sql`SELECT id, name, limit_watts AS "limitWatts" FROM circuit ORDER BY name`)

/** Throws where the name is taken (`circuit_name_key`). */
export const createCircuit = async (db: Database, { name, limitWatts }: Omit<Circuit, 'id'>): Promise<Circuit> =>
  (await db.row<Circuit>(sql`
    INSERT INTO circuit (name, limit_watts) VALUES (${name}, ${limitWatts})
    RETURNING id, name, limit_watts AS "limitWatts"`)) as Circuit

/** Null where there is no such circuit. Throws as `createCircuit` does. */
export const changeCircuit = (db: Database, { id, name, limitWatts }: Circuit): Promise<Circuit | null> =>
  db.row<Circuit>(sql`
    UPDATE circuit SET name = ${name}, limit_watts = ${limitWatts} WHERE id = ${id}
    RETURNING id, name, limit_watts AS "limitWatts"`)

export const removeCircuit = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`DELETE FROM circuit WHERE id = ${id}`)) === 1

/** Prints that failed, counted back from the last; one that ended otherwise, or a person's word, begins anew. */
const failedInRow = sql`
  (SELECT count(*)::integer FROM print failed
    WHERE failed.printer_id = printer.id AND failed.state = 'failed' AND failed.id > coalesce(rule.trusted_after_print, 0)
      AND failed.id > coalesce((SELECT max(good.id) FROM print good
        WHERE good.printer_id = printer.id AND good.state IN ('completed', 'cancelled')), 0))`

const selectRules = (where: Sql): Sql => sql`
  SELECT printer.id AS "printerId", printer.name, coalesce(rule.ejects, false) AS ejects,
    rule.enclosed, rule.circuit_id AS "circuitId", coalesce(rule.heating_watts, 0) AS "heatingWatts",
    coalesce(rule.holding_watts, 0) AS "holdingWatts", ${failedInRow} AS "failedInRow"
  FROM printer LEFT JOIN printer_rule rule ON rule.printer_id = printer.id
  WHERE printer.removed_at IS NULL ${where}`

export const listRules = (db: Database): Promise<PrinterRule[]> =>
  db.rows<PrinterRule>(selectRules(sql`ORDER BY printer.name`))

export const readRule = (db: Database, printerId: number): Promise<PrinterRule | null> =>
  db.row<PrinterRule>(selectRules(sql`AND printer.id = ${printerId}`))

/** Throws where the circuit is gone (`printer_rule_circuit_id_fkey`). */
export const saveRule = async (
  db: Database,
  printerId: number,
  rule: Omit<PrinterRule, 'printerId' | 'name' | 'failedInRow'>,
): Promise<void> => {
  const { ejects, enclosed, circuitId, heatingWatts, holdingWatts } = rule
  await db.run(sql`
    INSERT INTO printer_rule (printer_id, ejects, enclosed, circuit_id, heating_watts, holding_watts)
    VALUES (${printerId}, ${ejects}, ${enclosed}, ${circuitId}, ${heatingWatts}, ${holdingWatts})
    ON CONFLICT (printer_id) DO UPDATE SET ejects = excluded.ejects, enclosed = excluded.enclosed,
      circuit_id = excluded.circuit_id, heating_watts = excluded.heating_watts, holding_watts = excluded.holding_watts`)
}

/** The prints that failed so far are forgiven. */
export const trustPrinter = async (db: Database, printerId: number): Promise<void> => {
  await db.run(sql`
    INSERT INTO printer_rule (printer_id, trusted_after_print)
    SELECT ${printerId}, coalesce(max(id), 0) FROM print WHERE printer_id = ${printerId}
    ON CONFLICT (printer_id) DO UPDATE SET trusted_after_print = excluded.trusted_after_print`)
}
