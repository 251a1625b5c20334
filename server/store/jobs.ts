// Jobs: the wishes that wait, and what became of them.
import sql, { type Sql } from 'sql-template-tag'
import type { Job, JobState } from '../contract/jobs.ts'
import type { Database } from './database.ts'
import { printAsJson } from './prints.ts'

const selectJob = (where: Sql): Sql => sql`
  SELECT job.id, job.file_id AS "fileId", file.name AS "fileName", file.thumbnail IS NOT NULL AS "hasThumbnail",
    job.member_id AS "memberId", member.name AS "memberName", job.state, job.printer_id AS "printerId",
    outlook.waits_for AS "waitsFor", outlook.turn, outlook.prediction,
    coalesce((file.findings->>'statedSeconds')::float8, (file.findings->>'motionSeconds')::float8) AS seconds,
    job.created_at AS "createdAt",
    CASE WHEN job.state = 'queued' THEN (
      SELECT count(*)::integer FROM job before WHERE before.state = 'queued' AND before.rank <= job.rank) END AS place,
    (SELECT ${printAsJson} FROM print WHERE print.job_id = job.id ORDER BY print.id DESC LIMIT 1) AS "lastPrint"
  FROM job JOIN file ON file.id = job.file_id LEFT JOIN member ON member.id = job.member_id
    LEFT JOIN job_outlook outlook ON outlook.job_id = job.id AND job.state = 'queued'
  ${where}`

/** Puts a job at the end of the queue. */
export const createJob = async (
  db: Database,
  job: { fileId: number; memberId: number; printerId: number | null },
): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO job (file_id, member_id, printer_id, rank)
    SELECT ${job.fileId}, ${job.memberId}, ${job.printerId}, coalesce(max(rank), 0) + 1 FROM job
    RETURNING id`)
  return (row as { id: number }).id
}

export const readJob = (db: Database, id: number): Promise<Job | null> =>
  db.row<Job>(selectJob(sql`WHERE job.id = ${id}`))

/** Printing ones first, then the undecided, then the queue in its order. */
export const listOpenJobs = (db: Database): Promise<Job[]> =>
  db.rows<Job>(
    selectJob(sql`
      WHERE job.state IN ('printing', 'undecided', 'queued')
      ORDER BY array_position(ARRAY['undecided', 'printing', 'queued'], job.state), outlook.turn, job.rank`),
  )

export const listEndedJobs = (db: Database): Promise<Job[]> =>
  db.rows<Job>(selectJob(sql`WHERE job.state IN ('done', 'cancelled') ORDER BY job.ended_at DESC LIMIT 100`))

/** Moves a job from one of the states `from` to another; false where it is in none of them. */
export const moveJobState = async (
  db: Database,
  id: number,
  from: readonly JobState[],
  to: JobState,
): Promise<boolean> => {
  const ends = to === 'done' || to === 'cancelled'
  return (
    (await db.run(sql`
      UPDATE job SET state = ${to}, ended_at = ${ends ? sql`now()` : null}, waits_for = NULL
      WHERE id = ${id} AND state = ANY(${[...from]}::text[])`)) === 1
  )
}

/** Its member no longer wants it, although it still prints. */
export const giveUpJob = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`UPDATE job SET given_up = true WHERE id = ${id} AND state = 'printing'`)
}

/** Gives a waiting job the place `place` (from 1) among the waiting. */
export const moveToPlace = (db: Database, id: number, place: number): Promise<void> =>
  db.transaction(async (inside) => {
    const waiting = await inside.rows<{ id: number; rank: number }>(sql`
      SELECT id, rank FROM job WHERE state = 'queued' ORDER BY rank FOR UPDATE`)
    const others = waiting.filter((job) => job.id !== id).map(({ rank }) => rank)
    if (others.length === waiting.length) return
    const before = others[Math.min(place, others.length + 1) - 2]
    const after = others[place - 1]
    const rank = before === undefined ? (after ?? 1) - 1 : after === undefined ? before + 1 : (before + after) / 2
    await inside.run(sql`UPDATE job SET rank = ${rank} WHERE id = ${id}`)
    // Halving the space between two neighbours comes to an end after some fifty times: then all are numbered anew.
    if (rank === before || rank === after) {
      await inside.run(sql`
        UPDATE job SET rank = numbered.place
        FROM (SELECT id, row_number() OVER (ORDER BY rank, id = ${id} DESC) AS place FROM job WHERE state = 'queued') numbered
        WHERE job.id = numbered.id`)
    }
  })
