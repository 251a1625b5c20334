// Prints: one run of a job on one printer. The server dispatches; from the claim on, the bridge writes.
import sql, { empty, type Sql } from 'sql-template-tag'
import type { Print } from '../contract/jobs.ts'
import type { KeptPrint, PrintRecord } from '../contract/print-record.ts'
import type { PrintOrder } from '../contract/work.ts'
import type { Database } from './database.ts'

const instant = (column: Sql): Sql => sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** A row of `print` as the contract's Print. */
export const printAsJson = sql`jsonb_build_object(
  'id', print.id, 'jobId', print.job_id, 'printerId', print.printer_id,
  'printerName', (SELECT name FROM printer WHERE printer.id = print.printer_id),
  'fileName', (SELECT file.name FROM file WHERE file.id = print.file_id),
  'memberId', (SELECT member_id FROM job WHERE job.id = print.job_id),
  'memberName', (SELECT member.name FROM job JOIN member ON member.id = job.member_id WHERE job.id = print.job_id),
  'state', print.state, 'reason', print.reason, 'createdAt', ${instant(sql`print.created_at`)},
  'startedAt', ${instant(sql`print.started_at`)}, 'endedAt', ${instant(sql`print.ended_at`)},
  'acceptedBytes', print.accepted_bytes, 'resumes', print.resumes, 'resends', print.resends,
  'underruns', print.underruns, 'fate', print.fate)`

/** Newest first. */
export const listPrints = async (
  db: Database,
  {
    printerId,
    jobId,
    before,
    limit,
  }: { printerId?: number | undefined; jobId?: number; before?: number | undefined; limit: number },
): Promise<Print[]> => {
  const rows = await db.rows<{ print: Print }>(sql`
    SELECT ${printAsJson} AS print FROM print
    WHERE true ${printerId === undefined ? empty : sql`AND printer_id = ${printerId}`}
      ${jobId === undefined ? empty : sql`AND job_id = ${jobId}`}
      ${before === undefined ? empty : sql`AND id < ${before}`}
    ORDER BY id DESC LIMIT ${limit}`)
  return rows.map(({ print }) => print)
}

export const readPrint = async (db: Database, id: number): Promise<Print | null> =>
  (await db.row<{ print: Print }>(sql`SELECT ${printAsJson} AS print FROM print WHERE id = ${id}`))?.print ?? null

/**
 * A print that goes on where another was cut off: only by this word of a person. Null where something else was decided of
 * that one meanwhile, or it is gone on with already. Throws where the printer has a print already (constraint). Within a
 * transaction that has locked the job and brings it after.
 */
export const dispatchResume = async (
  db: Database,
  resume: {
    printerId: number
    resumes: number
    fromByte: number
    lines: readonly string[]
    record: PrintRecord
  },
): Promise<number | null> => {
  const { printerId, resumes, fromByte, lines, record } = resume
  // As dispatching does: a printer is not switched off meanwhile.
  await db.run(sql`SELECT pg_advisory_xact_lock(4280002)`)
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO print (job_id, printer_id, resumes, from_byte, lead_in, accepted_bytes, record, objects)
    SELECT cut.job_id, ${printerId}, cut.id, ${fromByte}, ${JSON.stringify(lines)}::jsonb, ${fromByte},
      ${JSON.stringify(record)}::jsonb, cut.objects
    FROM print cut WHERE cut.id = ${resumes} AND cut.fate = 'undecided'
      AND NOT EXISTS (SELECT FROM print next WHERE next.resumes = cut.id AND next.ended_at IS NULL)
    RETURNING id`)
  return row?.id ?? null
}

/** The file that it prints; null where it is gone. */
export const fileOfPrint = async (db: Database, id: number): Promise<number | null> =>
  (await db.row<{ fileId: number | null }>(sql`SELECT file_id AS "fileId" FROM print WHERE id = ${id}`))?.fileId ?? null

/** The last line that the printer had accepted; null where none is known, or the print is complete. */
export const readRecord = async (db: Database, id: number): Promise<PrintRecord | null> =>
  (await db.row<{ record: PrintRecord | null }>(sql`SELECT record FROM print WHERE id = ${id}`))?.record ?? null

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
  /** Where it goes on with an earlier print: from which byte, after which lines; null: it begins at the beginning. */
  readonly from: { readonly bytes: number; readonly lines: readonly string[] } | null
  /** Names of objects of the plate that were given up before. */
  readonly givenUp: readonly string[]
}

/**
 * The bridge takes a print: its state and the printer's bed change together, or nothing does. Returns null where it is
 * no longer to be had, or where the bed is not clear; then the print is refused.
 */
export const claimPrint = (db: Database, id: number, instance: string): Promise<ClaimedPrint | null> =>
  db.transaction(async (inside) => {
    const claimed = await inside.row<{ printerId: number; resumes: number | null }>(sql`
      UPDATE print SET state = 'printing', instance = ${instance}, started_at = now()
      WHERE id = ${id} AND state = 'dispatched' RETURNING printer_id AS "printerId", resumes`)
    if (claimed === null) return null
    // Who goes on with a part wants it to lie there, and has said so.
    const bed = await inside.run(sql`
      UPDATE printer SET bed = 'occupied', bed_changed_at = now(), bed_signed_by = NULL
      WHERE id = ${claimed.printerId} AND (bed = 'clear' OR ${claimed.resumes !== null})`)
    if (bed === 0) {
      await inside.run(sql`
        UPDATE print SET state = 'refused', ended_at = now(), reason = 'The bed is not clear.' WHERE id = ${id}`)
      return null
    }
    return readClaimed(inside, id, instance)
  })

/** A print that this process has claimed and that has not ended; null where it has none of that number. */
export const readClaimed = (db: Database, id: number, instance: string): Promise<ClaimedPrint | null> =>
  db.row<ClaimedPrint>(sql`
    SELECT print.id, print.printer_id AS "printerId", file.id AS "fileId", file.name AS "fileName",
      CASE WHEN print.resumes IS NOT NULL
        THEN jsonb_build_object('bytes', print.from_byte, 'lines', print.lead_in) END AS "from",
      (SELECT coalesce(jsonb_agg(object->>'name'), '[]') FROM jsonb_array_elements(print.objects) AS object
        WHERE (object->>'excluded')::boolean) AS "givenUp"
    FROM print JOIN file ON file.id = print.file_id
    WHERE print.id = ${id} AND print.instance = ${instance} AND print.ended_at IS NULL`)

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

/** How far prints are, several in one statement. A record never goes back. */
export const saveRecords = async (db: Database, records: readonly PrintRecord[]): Promise<void> => {
  if (records.length === 0) return
  await db.run(sql`
    UPDATE print SET accepted_bytes = (told->>'bytes')::bigint, record = told,
      resends = (told->>'resends')::integer, underruns = (told->>'underruns')::integer
    FROM jsonb_array_elements(${JSON.stringify(records)}::jsonb) told
    WHERE print.id = (told->>'printId')::bigint AND print.ended_at IS NULL
      AND print.accepted_bytes <= (told->>'bytes')::bigint`)
}

/** What an earlier process of a bridge had kept on its disk and the database does not have yet: how far, and how ended. */
export const saveKept = async (db: Database, kept: readonly KeptPrint[]): Promise<void> => {
  for (const { instance, record, outcome } of kept) {
    const own = await db.row(sql`
      SELECT 1 AS yes FROM print WHERE id = ${record.printId} AND instance::text = ${instance} AND ended_at IS NULL`)
    if (own === null) continue
    await saveRecords(db, [record])
    if (outcome !== null) await endPrint(db, { id: record.printId, ...outcome, record })
  }
}

export interface EndedPrint {
  readonly id: number
  readonly state: 'completed' | 'failed' | 'cancelled' | 'interrupted'
  readonly reason: string | null
  readonly acceptedBytes: number
  /** The last line that the printer had accepted. */
  readonly record?: PrintRecord | null
}

/** How it ended. After an interruption nobody knows what lies on the bed. */
export const endPrint = (db: Database, ended: EndedPrint): Promise<void> =>
  db.transaction(async (inside) => {
    const { id, state, reason, acceptedBytes, record = null } = ended
    // Of a print that is complete nothing is left to go on with.
    const kept = state === 'completed' || record === null ? null : JSON.stringify(record)
    const row = await inside.row<{ printerId: number }>(sql`
      UPDATE print SET state = ${state}, reason = ${reason}, accepted_bytes = ${acceptedBytes}, ended_at = now(),
        record = CASE WHEN ${state === 'completed'} THEN NULL ELSE coalesce(${kept}::jsonb, record) END,
        resends = greatest(resends, ${record?.resends ?? 0}), underruns = greatest(underruns, ${record?.underruns ?? 0})
      WHERE id = ${id} AND ended_at IS NULL RETURNING printer_id AS "printerId"`)
    if (row !== null && state === 'interrupted') await doubtBed(inside, [row.printerId])
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

/** Prints of a job that are under way, with the bridge that runs them. */
export const openPrintsOf = (db: Database, jobId: number): Promise<{ printerId: number; bridge: string }[]> =>
  db.rows(sql`
    SELECT print.printer_id AS "printerId", printer.bridge FROM print JOIN printer ON printer.id = print.printer_id
    WHERE print.job_id = ${jobId} AND print.ended_at IS NULL ORDER BY print.id`)
