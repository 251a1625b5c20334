// Printers: how they are set up, their beds, and their last telemetry.
import sql, { empty, type Sql } from 'sql-template-tag'
import type { BedState, Printer, PrinterProfile, Telemetry } from '../contract/printers.ts'
import type { Routines } from '../contract/routines.ts'
import type { Database } from './database.ts'
import { completeRoutines } from './routines.ts'

/** How a printer is reached and what it is, as its bridge needs it. */
export interface PrinterSetup {
  readonly id: number
  readonly name: string
  readonly bridge: string
  readonly address: string
  readonly baudRate: number
  readonly profile: PrinterProfile
  /** Read for bridges only. */
  readonly routines?: Routines
}

const selectPrinter = (where: Sql): Sql => sql`
  SELECT printer.id, printer.name, printer.bridge, printer.address, printer.baud_rate AS "baudRate", printer.profile,
    coalesce(bridge.seen_at > now() - interval '5 seconds', false) AS "bridgeAlive",
    printer.bed, printer.bed_changed_at AS "bedChangedAt", signer.name AS "bedSignedBy",
    printer.takes_jobs AND printer.out_of_service IS NULL AS "takesJobs", printer.tags,
    printer.out_of_service AS "outOfService",
    printer_snapshot.telemetry,
    CASE WHEN print.id IS NULL THEN NULL ELSE jsonb_build_object(
      'id', print.id, 'jobId', job.id, 'fileId', file.id, 'fileName', file.name,
      'hasThumbnail', file.thumbnail IS NOT NULL, 'objects', print.objects, 'memberId', member.id, 'memberName', member.name,
      'startedAt', to_char(print.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) END AS print
  FROM printer
    LEFT JOIN bridge ON bridge.name = printer.bridge
    LEFT JOIN member signer ON signer.id = printer.bed_signed_by
    LEFT JOIN printer_snapshot ON printer_snapshot.printer_id = printer.id
    LEFT JOIN print ON print.printer_id = printer.id AND print.ended_at IS NULL
    LEFT JOIN job ON job.id = print.job_id
    LEFT JOIN file ON file.id = print.file_id
    LEFT JOIN member ON member.id = job.member_id
  WHERE printer.removed_at IS NULL ${where}`

/** A bridge that is gone tells nothing of its printers: what it said last is no longer so. */
const asItStands = (printer: Printer): Printer => {
  if (printer.bridgeAlive || printer.telemetry === null) return printer
  const reason = `The bridge ${printer.bridge} does not answer.`
  return { ...printer, telemetry: { ...printer.telemetry, state: 'offline', reason } }
}

export const listPrinters = async (db: Database): Promise<Printer[]> =>
  (await db.rows<Printer>(selectPrinter(sql`ORDER BY printer.name`))).map(asItStands)

export const readPrinter = async (db: Database, id: number): Promise<Printer | null> => {
  const printer = await db.row<Printer>(selectPrinter(sql`AND printer.id = ${id}`))
  return printer && asItStands(printer)
}

/** Throws where the name or the port is taken: `brokenConstraint` says which. */
export const createPrinter = async (
  db: Database,
  setup: Omit<PrinterSetup, 'id'> & { tags?: readonly string[] | undefined },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO printer (name, bridge, address, baud_rate, profile, tags)
    VALUES (${setup.name}, ${setup.bridge}, ${setup.address}, ${setup.baudRate}, ${JSON.stringify(setup.profile)},
      ${[...(setup.tags ?? [])]})
    RETURNING id`)
  return (row as { id: number }).id
}

/** Throws as `createPrinter` does. */
export const changePrinter = async (
  db: Database,
  id: number,
  change: Partial<Omit<PrinterSetup, 'id'>> & { takesJobs?: boolean; tags?: readonly string[] },
): Promise<void> => {
  const { name = null, bridge = null, address = null, baudRate = null, profile, takesJobs = null, tags } = change
  await db.run(sql`
    UPDATE printer SET name = coalesce(${name}, name), bridge = coalesce(${bridge}, bridge),
      address = coalesce(${address}, address), baud_rate = coalesce(${baudRate}, baud_rate),
      profile = coalesce(${profile === undefined ? null : JSON.stringify(profile)}, profile),
      takes_jobs = coalesce(${takesJobs}, takes_jobs), tags = coalesce(${tags === undefined ? null : [...tags]}, tags)
    WHERE id = ${id}`)
}

/** False where a print is on it. */
export const removePrinter = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE printer SET removed_at = now()
    WHERE id = ${id} AND removed_at IS NULL
      AND NOT EXISTS (SELECT FROM print WHERE printer_id = ${id} AND ended_at IS NULL)`)) === 1

/** Which printer has this port already. */
export const printerAt = (
  db: Database,
  bridge: string,
  address: string,
): Promise<{ id: number; name: string } | null> =>
  db.row(sql`
    SELECT id, name FROM printer WHERE bridge = ${bridge} AND address = ${address} AND removed_at IS NULL`)

/** A person says what lies on the bed; false where a print is on the printer. */
export const signBed = async (db: Database, id: number, bed: BedState, memberId: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE printer SET bed = ${bed}, bed_changed_at = now(), bed_signed_by = ${memberId}
    WHERE id = ${id} AND removed_at IS NULL
      AND NOT EXISTS (SELECT FROM print WHERE printer_id = ${id} AND ended_at IS NULL AND state <> 'dispatched')`)) ===
  1

/** The printers of one bridge, or of all. */
export const setupsOf = async (db: Database, bridge?: string): Promise<PrinterSetup[]> => {
  const setups = await db.rows<PrinterSetup & { routines: Partial<Routines> }>(sql`
    SELECT id, name, bridge, address, baud_rate AS "baudRate", profile, routines FROM printer
    WHERE removed_at IS NULL ${bridge === undefined ? empty : sql`AND bridge = ${bridge}`} ORDER BY id`)
  return setups.map((setup) => ({ ...setup, routines: completeRoutines(setup.routines) }))
}

/** Keeps the last telemetry of several printers, in one statement. */
export const saveSnapshots = async (db: Database, telemetry: readonly Telemetry[]): Promise<void> => {
  await db.run(sql`
    INSERT INTO printer_snapshot (printer_id, telemetry, at)
    SELECT (one->>'printerId')::bigint, one, now()
    FROM jsonb_array_elements(${JSON.stringify(telemetry)}::jsonb) one
    JOIN printer ON printer.id = (one->>'printerId')::bigint
    ON CONFLICT (printer_id) DO UPDATE SET telemetry = excluded.telemetry, at = excluded.at`)
}
