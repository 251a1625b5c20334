// What the scheduler reads, and what it leaves for people: promises, outlooks, machine time held.
import sql from 'sql-template-tag'
import type { Findings } from '../contract/files.ts'
import type { Approval, JobWishes } from '../contract/jobs.ts'
import type { Prediction } from '../contract/scheduling.ts'
import { claimsAhead, noneElses, readLearning } from './claims-ahead.ts'
import type { Database } from './database.ts'
import { holdersWithJobs } from './places.ts'
import { switchedOff } from './plugs.ts'
import { loadedMaterials } from './print-uses.ts'
import { listPrinters } from './printers.ts'
import { recentRefusals } from './prints.ts'
import { listCircuits, listRules, readSettings } from './schedule-settings.ts'
import { readSite } from './site.ts'

/** All that the scheduler decides by. Within a transaction all of it comes over one connection. */
export const readStanding = async (db: Database) => {
  const settings = await readSettings(db)
  return {
    timeZone: (await readSite(db))?.timeZone ?? 'UTC',
    settings,
    jobs: await queuedJobs(db),
    files: await queuedFiles(db),
    printers: await listPrinters(db),
    holders: await holdersWithJobs(db),
    off: await switchedOff(db),
    loaded: await loadedMaterials(db),
    rules: await listRules(db),
    openPrints: await openPrints(db),
    refusals: await recentRefusals(db),
    claims: await claimsAhead(db),
    learning: await readLearning(db),
    promises: await readPromises(db),
    circuits: await listCircuits(db),
    use: await heldSeconds(db, settings.halfLifeDays),
    completed: await completedPrints(db),
  }
}

/** The clock of the decisions: the database's, so that several servers have one. Seconds since 1970. */
export const databaseNow = async (db: Database): Promise<number> => {
  const row = await db.row<{ now: number }>(sql`SELECT extract(epoch FROM clock_timestamp())::float8 AS now`)
  return (row as { now: number }).now
}

export type QueuedJob = Pick<
  JobWishes,
  | 'printerId'
  | 'printerTags'
  | 'materialWanted'
  | 'colourWanted'
  | 'nozzleWanted'
  | 'earliestStart'
  | 'wantedBy'
  | 'priority'
  | 'attendStart'
> & {
  readonly id: number
  readonly memberId: number | null
  readonly fileId: number
  readonly queuedAt: string
  readonly toStart: number
  readonly held: boolean
  readonly approval: Approval
}

/** Since when it could have begun: what its member holds back, and what nobody has agreed to, does not wait yet. */
const readySince = sql`greatest(job.created_at, CASE WHEN job.earliest_start < now() THEN job.earliest_start END, (
  SELECT max(at) FROM job_event WHERE job_event.job_id = job.id AND kind IN ('released', 'approval')))`

/** All of which prints are still to begin, in the order of the queue. */
export const queuedJobs = (db: Database): Promise<QueuedJob[]> =>
  db.rows<QueuedJob>(sql`
    SELECT id, member_id AS "memberId", printer_id AS "printerId", printer_tags AS "printerTags", file_id AS "fileId",
      ${readySince} AS "queuedAt", to_start AS "toStart", material_wanted AS "materialWanted",
      colour_wanted AS "colourWanted", nozzle_wanted AS "nozzleWanted", earliest_start AS "earliestStart",
      wanted_by AS "wantedBy", priority, held, approval, attend_start AS "attendStart"
    FROM job WHERE to_start > 0 AND state IN ('queued', 'printing') ORDER BY rank, id`)

export interface QueuedFile {
  readonly id: number
  readonly findings: Findings | null
  readonly failure: string | null
}

/** Of the jobs that wait; each file once, however often it is queued. */
export const queuedFiles = (db: Database): Promise<QueuedFile[]> =>
  db.rows<QueuedFile>(sql`
    SELECT id, findings - 'objects' || '{"objects": []}' AS findings, CASE WHEN state = 'failed' THEN reason END AS failure
    FROM file WHERE id IN (SELECT file_id FROM job WHERE to_start > 0)`)

export interface OpenPrint {
  readonly printerId: number
  readonly memberId: number | null
  readonly findings: Findings | null
  readonly startedAt: string | null
}

export const openPrints = (db: Database): Promise<OpenPrint[]> =>
  db.rows<OpenPrint>(sql`
    SELECT print.printer_id AS "printerId", job.member_id AS "memberId", file.findings - 'warnings' AS findings,
      print.started_at AS "startedAt"
    FROM print JOIN job ON job.id = print.job_id JOIN file ON file.id = print.file_id WHERE print.ended_at IS NULL`)

export interface CompletedPrint {
  readonly printerId: number
  readonly filamentType: string | null
  /** Seconds. */
  readonly estimate: number
  readonly actual: number
}

/** Newest first; enough for what is learnt of each model. */
export const completedPrints = (db: Database): Promise<CompletedPrint[]> =>
  db.rows<CompletedPrint>(sql`
    SELECT print.printer_id AS "printerId", file.findings->>'filamentType' AS "filamentType",
      coalesce((file.findings->>'statedSeconds')::float8, (file.findings->>'motionSeconds')::float8)
        + (file.findings->>'overheadSeconds')::float8 AS estimate,
      extract(epoch FROM print.ended_at - print.started_at)::float8 AS actual
    FROM print JOIN file ON file.id = print.file_id
    WHERE print.state = 'completed' AND print.resumes IS NULL AND file.findings IS NOT NULL
    ORDER BY print.ended_at DESC LIMIT 400`)

/** Writes down what prints that have ended have held; doing it again changes nothing. */
export const bookHeldTime = async (db: Database): Promise<void> => {
  await db.run(sql`
    INSERT INTO held_time (source, source_id, member_id, printer_id, seconds, ended_at)
    SELECT 'print', print.id, job.member_id, print.printer_id,
      CASE WHEN print.state IN ('failed', 'interrupted') THEN 0
        ELSE greatest(0, extract(epoch FROM print.ended_at - print.started_at)) END, print.ended_at
    FROM print JOIN job ON job.id = print.job_id
    WHERE print.ended_at > now() - interval '1 day' AND print.started_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM held_time WHERE source = 'print' AND source_id = print.id)
    ON CONFLICT DO NOTHING`)
}

/** Machine time held, and how long jobs waited. A year is more than any half-life reaches. Prints under way count as far as they are. */
export const heldSeconds = (
  db: Database,
  halfLifeDays: number,
): Promise<{ memberId: number; name: string; heldSeconds: number; waitedSeconds: number }[]> =>
  db.rows(sql`
    SELECT member.id AS "memberId", member.name, sum(held.seconds)::float8 AS "heldSeconds",
      sum(held.waited)::float8 AS "waitedSeconds"
    FROM (
      SELECT member_id, seconds * 0.5 ^ (extract(epoch FROM now() - ended_at)::float8 / 86400 / ${halfLifeDays}::float8) AS seconds,
        0 AS waited
      FROM held_time WHERE ended_at > now() - interval '1 year'
      UNION ALL
      SELECT job.member_id, extract(epoch FROM now() - print.started_at), 0
      FROM print JOIN job ON job.id = print.job_id WHERE print.ended_at IS NULL AND print.started_at IS NOT NULL
      UNION ALL
      SELECT job.member_id, 0, greatest(0, extract(epoch FROM begun.at - ${readySince}))
        * 0.5 ^ (extract(epoch FROM now() - begun.at)::float8 / 86400 / ${halfLifeDays}::float8)
      FROM job JOIN (
        SELECT job_id, min(started_at) AS at FROM print WHERE started_at > now() - interval '1 year' GROUP BY job_id
      ) begun ON begun.job_id = job.id
    ) held JOIN member ON member.id = held.member_id
    GROUP BY member.id, member.name ORDER BY member.id`)

export interface KeptPromise {
  readonly jobId: number
  readonly printerId: number
  /** Seconds since 1970. */
  readonly startsAt: number
  readonly slips: number
  readonly hard: boolean
}

export const readPromises = (db: Database): Promise<KeptPromise[]> =>
  db.rows<KeptPromise>(sql`
    SELECT job_id AS "jobId", printer_id AS "printerId", extract(epoch FROM starts_at)::float8 AS "startsAt", slips, hard
    FROM job_promise ORDER BY job_id`)

/** These, and no others. */
export const savePromises = async (db: Database, promises: readonly KeptPromise[]): Promise<void> => {
  await db.run(sql`DELETE FROM job_promise`)
  if (promises.length === 0) return
  await db.run(sql`
    INSERT INTO job_promise (job_id, printer_id, starts_at, slips, hard)
    SELECT "jobId", "printerId", to_timestamp("startsAt"), slips, hard
    FROM jsonb_to_recordset(${JSON.stringify(promises)}::jsonb)
      AS told ("jobId" bigint, "printerId" bigint, "startsAt" float8, slips integer, hard boolean)`)
}

export interface Outlook {
  readonly jobId: number
  readonly turn: number | null
  readonly waitsFor: string
  readonly prediction: Prediction | null
}

/** What jobs wait for, for people. Only what has changed is written; returns how many rows that were. */
export const saveOutlooks = (db: Database, outlooks: readonly Outlook[]): Promise<number> =>
  db.run(sql`
    INSERT INTO job_outlook (job_id, turn, waits_for, prediction)
    SELECT "jobId", turn, "waitsFor", prediction
    FROM jsonb_to_recordset(${JSON.stringify(outlooks)}::jsonb)
      AS told ("jobId" bigint, turn integer, "waitsFor" text, prediction jsonb)
    WHERE EXISTS (SELECT FROM job WHERE job.id = "jobId" AND job.to_start > 0)
    ORDER BY "jobId"
    ON CONFLICT (job_id) DO UPDATE SET turn = excluded.turn, waits_for = excluded.waits_for, prediction = excluded.prediction
    WHERE (job_outlook.turn, job_outlook.waits_for, job_outlook.prediction)
      IS DISTINCT FROM (excluded.turn, excluded.waits_for, excluded.prediction)`)

/**
 * A print for this job on this printer until `until` (seconds since 1970), where both stand as they did when it was decided: the job waits, the printer is
 * connected and idle, its bed is clear, and nobody else's claim lies in its time. Null where something has changed.
 * Within a transaction: the printer's row stays locked until it ends.
 */
export const startPrint = async (
  db: Database,
  jobId: number,
  printerId: number,
  until: number | null = null,
): Promise<number | null> => {
  const printer = await db.row<{ id: number }>(sql`
    SELECT id FROM printer
    WHERE id = ${printerId} AND removed_at IS NULL AND takes_jobs AND out_of_service IS NULL AND bed = 'clear'
      AND NOT EXISTS (SELECT FROM printer_plug WHERE printer_id = ${printerId} AND is_on = false)
    FOR UPDATE`)
  if (printer === null) return null
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO print (job_id, printer_id)
    SELECT job.id, ${printerId} FROM job
      JOIN printer_snapshot ON printer_snapshot.printer_id = ${printerId}
      JOIN printer ON printer.id = ${printerId} JOIN bridge ON bridge.name = printer.bridge
    WHERE job.id = ${jobId} AND job.to_start > 0 AND job.state IN ('queued', 'printing') AND NOT job.held
      AND job.approval IN ('none', 'approved') AND printer_snapshot.telemetry->>'state' = 'idle'
      AND bridge.seen_at > now() - interval '5 seconds'
      AND NOT EXISTS (SELECT FROM print WHERE ended_at IS NULL AND print.printer_id = ${printerId})
      AND ${noneElses(printerId, until)}
    RETURNING id`)
  return row?.id ?? null
}

/** Printers with an eject script: the bed is clear again after each print that ended well. */
export const clearEjected = async (db: Database): Promise<void> => {
  await db.run(sql`
    UPDATE printer SET bed = 'clear', bed_changed_at = now(), bed_signed_by = NULL
    FROM printer_rule rule
    WHERE rule.printer_id = printer.id AND rule.ejects AND printer.removed_at IS NULL AND printer.bed = 'occupied'
      AND EXISTS (SELECT FROM print last WHERE last.printer_id = printer.id AND last.state = 'completed'
        AND last.id = (SELECT max(id) FROM print WHERE printer_id = printer.id) AND last.ended_at >= printer.bed_changed_at)`)
}
