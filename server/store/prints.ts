// Prints: one run of a job on one printer. The server dispatches; from the claim on, the bridge writes.
import sql, { empty, type Sql } from 'sql-template-tag'
import type { Print } from '../contract/jobs.ts'
import type { PrintOrder } from '../contract/work.ts'
import type { Database } from './database.ts'

const instant = (column: Sql): Sql => sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** A row of `print` as the contract's Print. */
export const printAsJson = sql`jsonb_build_object(
  'id', print.id, 'jobId', print.job_id, 'printerId', print.printer_id,
  'printerName', (SELECT name FROM printer WHERE printer.id = print.printer_id),
  'fileName', (SELECT file.name FROM job JOIN file ON file.id = job.file_id WHERE job.id = print.job_id),
  'memberName', (SELECT member.name FROM job JOIN member ON member.id = job.member_id WHERE job.id = print.job_id),
  'state', print.state, 'reason', print.reason, 'createdAt', ${instant(sql`print.created_at`)},
  'startedAt', ${instant(sql`print.started_at`)}, 'endedAt', ${instant(sql`print.ended_at`)},
  'acceptedBytes', print.accepted_bytes)`

/** Newest first. */
export const listPrints = async (
  db: Database,
  { printerId, before, limit }: { printerId?: number | undefined; before?: number | undefined; limit: number },
): Promise<Print[]> => {
  const rows = await db.rows<{ print: Print }>(sql`
    SELECT ${printAsJson} AS print FROM print
    WHERE true ${printerId === undefined ? empty : sql`AND printer_id = ${printerId}`}
      ${before === undefined ? empty : sql`AND id < ${before}`}
    ORDER BY id DESC LIMIT ${limit}`)
  return rows.map(({ print }) => print)
}

export const readPrint = async (db: Database, id: number): Promise<Print | null> =>
  (await db.row<{ print: Print }>(sql`SELECT ${printAsJson} AS print FROM print WHERE id = ${id}`))?.print ?? null

/** A print whose order may have been lost, with the bridge that shall take it. */
export const dispatchedPrints = (db: Database): Promise<(PrintOrder & { bridge: string })[]> =>
  db.rows(sql`
    SELECT print.id AS "printId", printer.bridge FROM print JOIN printer ON printer.id = print.printer_id
    WHERE print.state = 'dispatched'`)

/** Takes back what no bridge claimed in time. Returns the prints taken back. */
export const withdrawUnclaimed = (db: Database, seconds: number): Promise<{ id: number; jobId: number }[]> =>
  db.rows(sql`
    UPDATE print SET state = 'refused', ended_at = now(), reason = 'The bridge did not take it.'
    WHERE state = 'dispatched' AND created_at < now() - make_interval(secs => ${seconds})
    RETURNING id, job_id AS "jobId"`)

/** Printers whose bridge has just refused a print, with its reason: they are left alone for a moment. */
export const recentRefusals = async (db: Database): Promise<Map<number, string>> => {
  const rows = await db.rows<{ printerId: number; reason: string | null }>(sql`
    SELECT DISTINCT ON (printer_id) printer_id AS "printerId", reason FROM print
    WHERE state = 'refused' AND ended_at > now() - interval '10 seconds' ORDER BY printer_id, id DESC`)
  return new Map(rows.map(({ printerId, reason }) => [printerId, reason ?? 'it refused the print']))
}

/** What a bridge needs to print: the file and how time runs through it. */
export interface ClaimedPrint {
  readonly id: number
  readonly printerId: number
  readonly fileId: number
  readonly fileName: string
}

/**
 * The bridge takes a print: its state and the printer's bed change together, or nothing does. Returns null where it is
 * no longer to be had, or where the bed is not clear; then the print is refused.
 */
export const claimPrint = (db: Database, id: number, instance: string): Promise<ClaimedPrint | null> =>
  db.transaction(async (inside) => {
    const claimed = await inside.row<{ printerId: number; jobId: number }>(sql`
      UPDATE print SET state = 'printing', instance = ${instance}, started_at = now()
      WHERE id = ${id} AND state = 'dispatched' RETURNING printer_id AS "printerId", job_id AS "jobId"`)
    if (claimed === null) return null
    const bed = await inside.run(sql`
      UPDATE printer SET bed = 'occupied', bed_changed_at = now(), bed_signed_by = NULL
      WHERE id = ${claimed.printerId} AND bed = 'clear'`)
    if (bed === 0) {
      await inside.run(sql`
        UPDATE print SET state = 'refused', ended_at = now(), reason = 'The bed is not clear.' WHERE id = ${id}`)
      return null
    }
    return inside.row<ClaimedPrint>(sql`
      SELECT ${id}::bigint AS id, ${claimed.printerId}::bigint AS "printerId", file.id AS "fileId", file.name AS "fileName"
      FROM job JOIN file ON file.id = job.file_id WHERE job.id = ${claimed.jobId}`)
  })

/** The bridge cannot take it: it was never begun. */
export const refusePrint = async (db: Database, id: number, reason: string): Promise<void> => {
  await db.run(sql`
    UPDATE print SET state = 'refused', ended_at = now(), reason = ${reason} WHERE id = ${id} AND state = 'dispatched'`)
}

export const savePause = async (db: Database, id: number, paused: boolean): Promise<void> => {
  await db.run(sql`
    UPDATE print SET state = ${paused ? 'paused' : 'printing'}
    WHERE id = ${id} AND state = ${paused ? 'printing' : 'paused'}`)
}

/** How far prints are, several in one statement. */
export const saveProgress = async (db: Database, progress: ReadonlyMap<number, number>): Promise<void> => {
  if (progress.size === 0) return
  await db.run(sql`
    UPDATE print SET accepted_bytes = told.bytes
    FROM unnest(${[...progress.keys()]}::bigint[], ${[...progress.values()]}::bigint[]) AS told (id, bytes)
    WHERE print.id = told.id AND print.ended_at IS NULL AND print.accepted_bytes <> told.bytes`)
}

export interface EndedPrint {
  readonly id: number
  readonly state: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly reason: string | null
  readonly acceptedBytes: number
}

/** How it ended. After an interruption nobody knows what lies on the bed. */
export const endPrint = (db: Database, ended: EndedPrint): Promise<void> =>
  db.transaction(async (inside) => {
    const row = await inside.row<{ printerId: number }>(sql`
      UPDATE print SET state = ${ended.state}, reason = ${ended.reason}, accepted_bytes = ${ended.acceptedBytes}, ended_at = now()
      WHERE id = ${ended.id} AND ended_at IS NULL RETURNING printer_id AS "printerId"`)
    if (row !== null && ended.state === 'interrupted') await doubtBed(inside, [row.printerId])
  })

const doubtBed = async (db: Database, printerIds: readonly number[]): Promise<void> => {
  await db.run(sql`
    UPDATE printer SET bed = 'unknown', bed_changed_at = now(), bed_signed_by = NULL
    WHERE id = ANY(${[...printerIds]}::bigint[])`)
}

/** Prints of a bridge that an earlier process of it had begun: nobody prints them any more. Returns their printers. */
export const interruptOrphans = (db: Database, bridge: string, instance: string): Promise<number[]> =>
  db.transaction(async (inside) => {
    const orphans = await inside.rows<{ printerId: number }>(sql`
      UPDATE print SET state = 'interrupted', ended_at = now(), reason = 'The bridge stopped in the middle of the print.'
      FROM printer
      WHERE printer.id = print.printer_id AND printer.bridge = ${bridge} AND print.state IN ('printing', 'paused')
        AND print.instance IS DISTINCT FROM ${instance}
      RETURNING print.printer_id AS "printerId"`)
    const printerIds = orphans.map(({ printerId }) => printerId)
    await doubtBed(inside, printerIds)
    return printerIds
  })

/** Jobs that are marked as printing although their last print has ended, with how it did. */
export const settledPrints = (db: Database): Promise<{ jobId: number; givenUp: boolean; state: Print['state'] }[]> =>
  db.rows(sql`
    SELECT job.id AS "jobId", job.given_up AS "givenUp", last.state
    FROM job CROSS JOIN LATERAL (
      SELECT state, ended_at FROM print WHERE print.job_id = job.id ORDER BY print.id DESC LIMIT 1) last
    WHERE job.state = 'printing' AND last.ended_at IS NOT NULL`)
