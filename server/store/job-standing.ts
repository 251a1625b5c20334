// How jobs stand by their prints: read, and written down.
import sql from 'sql-template-tag'
import type { Fate, PrintState } from '../contract/jobs.ts'
import type { Database } from './database.ts'

/** Jobs with prints that have ended and of which nobody has said what they mean. */
export const unsettledJobs = async (db: Database): Promise<number[]> =>
  (
    await db.rows<{ id: number }>(sql`
      SELECT DISTINCT job_id AS id FROM print WHERE ended_at IS NOT NULL AND fate IS NULL ORDER BY job_id`)
  ).map(({ id }) => id)

/** Keeps others from changing how this job stands until the transaction ends. */
export const lockJob = async (db: Database, id: number): Promise<void> => {
  await db.row(sql`SELECT id FROM job WHERE id = ${id} FOR UPDATE`)
}

export interface EndedRun {
  readonly id: number
  readonly state: PrintState
  readonly resumes: number | null
}

export const unsettledPrints = (db: Database, jobId: number): Promise<EndedRun[]> =>
  db.rows<EndedRun>(sql`
    SELECT id, state, resumes FROM print
    WHERE job_id = ${jobId} AND ended_at IS NOT NULL AND fate IS NULL ORDER BY id`)

export const saveFate = async (db: Database, printId: number, fate: Fate): Promise<void> => {
  await db.run(sql`UPDATE print SET fate = ${fate} WHERE id = ${printId}`)
}

/** A person's word on prints that wait for one: on this print, or on all of the job. How many it was. */
export const decideFates = (db: Database, jobId: number, fate: Fate, printId: number | null): Promise<number> =>
  db.run(sql`
    UPDATE print SET fate = ${fate}
    WHERE job_id = ${jobId} AND fate = 'undecided' AND (${printId}::bigint IS NULL OR id = ${printId})
      AND NOT EXISTS (SELECT FROM print next WHERE next.resumes = print.id AND next.ended_at IS NULL)`)

/** Prints of a job that have failed since its last good one. */
export const failuresInRow = async (db: Database, jobId: number): Promise<number> => {
  const row = await db.row<{ count: number }>(sql`
    SELECT count(*)::integer AS count FROM print
    WHERE job_id = ${jobId} AND state IN ('failed', 'interrupted') AND fate IS NOT NULL
      AND id > coalesce((SELECT max(id) FROM print WHERE job_id = ${jobId} AND fate = 'counts'), 0)`)
  return row?.count ?? 0
}

export interface TallyRow {
  readonly copies: number
  readonly givenUp: boolean
  readonly plates: { position: number; fileId: number; counted: number; running: number; undecided: number }[]
}

/** Null where the job has ended, or is not there. A print that another goes on with waits for no word of its own. */
export const readTally = (db: Database, id: number): Promise<TallyRow | null> =>
  db.row<TallyRow>(sql`
    SELECT job.copies, job.given_up AS "givenUp", (
      SELECT jsonb_agg(jsonb_build_object('position', plate.position, 'fileId', plate.file_id,
        'counted', told.counted, 'running', told.running, 'undecided', told.undecided) ORDER BY plate.position)
      FROM (
        SELECT position, file_id FROM job_file WHERE job_id = job.id
        UNION ALL
        SELECT 1, job.file_id WHERE NOT EXISTS (SELECT FROM job_file WHERE job_id = job.id)
      ) plate CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE fate = 'counts') AS counted,
          count(*) FILTER (WHERE ended_at IS NULL) AS running,
          count(*) FILTER (WHERE fate = 'undecided' AND NOT EXISTS (
            SELECT FROM print next WHERE next.resumes = print.id AND next.ended_at IS NULL)) AS undecided
        FROM print WHERE print.job_id = job.id AND print.plate = plate.position) told) AS plates
    FROM job WHERE job.id = ${id} AND job.state NOT IN ('done', 'cancelled')`)

export interface StandingRow {
  readonly state: string
  readonly copiesDone: number
  readonly toStart: number
  readonly plate: number
  readonly fileId: number
}

export const saveStanding = async (db: Database, id: number, standing: StandingRow): Promise<void> => {
  const { state, copiesDone, toStart, plate, fileId } = standing
  await db.run(sql`
    UPDATE job SET state = ${state}, copies_done = ${copiesDone}, to_start = ${toStart}, plate = ${plate}, file_id = ${fileId},
      ended_at = CASE WHEN ${state} IN ('done', 'cancelled') THEN now() END
    WHERE id = ${id}`)
}
