// Jobs: the wishes that wait, and what became of them.
import sql, { join, raw, type Sql } from 'sql-template-tag'
import type { Findings } from '../contract/files.ts'
import type { Approval, Job, JobState, JobWishes, Plate } from '../contract/jobs.ts'
import type { Database } from './database.ts'
import { printAsJson } from './prints.ts'

const selectJob = (where: Sql): Sql => sql`
  SELECT job.id, job.file_id AS "fileId", file.name AS "fileName", file.thumbnail IS NOT NULL AS "hasThumbnail",
    job.member_id AS "memberId", member.name AS "memberName", job.state, job.printer_id AS "printerId",
    job.copies, job.copies_done AS "copiesDone", job.to_start AS "toStart", job.plate,
    job.material_wanted AS "materialWanted", job.colour_wanted AS "colourWanted", job.nozzle_wanted AS "nozzleWanted",
    job.printer_tags AS "printerTags", job.earliest_start AS "earliestStart", job.wanted_by AS "wantedBy", job.note,
    job.attend_start AS "attendStart", attends.name AS "attendStartName", job.priority, job.held,
    job.approval, approver.name AS "approvalBy", job.approval_reason AS "approvalReason",
    (SELECT greatest(1, count(*)) FROM job_file WHERE job_file.job_id = job.id) AS plates,
    (SELECT count(*) FROM print WHERE print.job_id = job.id AND print.ended_at IS NULL) AS printing,
    outlook.waits_for AS "waitsFor", outlook.turn, outlook.prediction,
    coalesce((file.findings->>'statedSeconds')::float8, (file.findings->>'motionSeconds')::float8) AS seconds,
    CASE WHEN file.findings IS NOT NULL THEN jsonb_build_object(
      'filament', file.findings->'filament', 'filamentGrams', file.findings->'filamentGrams') END AS grams,
    job.created_at AS "createdAt", job.ended_at AS "endedAt",
    waiting.place::integer, waiting.position::integer,
    (SELECT ${printAsJson} FROM print WHERE print.job_id = job.id ORDER BY print.id DESC LIMIT 1) AS "lastPrint"
  FROM job JOIN file ON file.id = job.file_id LEFT JOIN member ON member.id = job.member_id
    LEFT JOIN member approver ON approver.id = job.approval_by LEFT JOIN member attends ON attends.id = job.attend_start
    LEFT JOIN (
      SELECT id, row_number() OVER (ORDER BY rank) AS place,
        row_number() OVER (PARTITION BY member_id ORDER BY rank) AS position
      FROM job WHERE state = 'queued') waiting ON waiting.id = job.id
    LEFT JOIN job_outlook outlook ON outlook.job_id = job.id AND job.to_start > 0
  ${where}`

/** A job as its row tells it: what its file takes is still that of the findings. */
export type JobRow = Omit<Job, 'grams'> & { grams: Pick<Findings, 'filament' | 'filamentGrams'> | null }

export interface NewJob extends JobWishes {
  /** At least one; printed one after the other. */
  readonly fileIds: readonly number[]
  readonly memberId: number
  readonly held: boolean
  readonly approval: Approval
  /** Its wishes are those of a person and are not taken from the file any more. */
  readonly wishesRead: boolean
}

/** Puts a job at the end of the queue. */
export const createJob = async (db: Database, job: NewJob): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO job (file_id, member_id, rank, held, approval, wishes_read, copies, material_wanted, colour_wanted,
      nozzle_wanted, printer_id, printer_tags, earliest_start, wanted_by, note, attend_start, priority, to_start)
    SELECT ${job.fileIds[0]}, ${job.memberId}, coalesce(max(rank), 0) + 1, ${job.held}, ${job.approval}, ${job.wishesRead},
      ${job.copies}, ${job.materialWanted}, ${job.colourWanted}, ${job.nozzleWanted}::float8, ${job.printerId}::bigint,
      ${[...job.printerTags]}::text[], ${job.earliestStart}::timestamptz, ${job.wantedBy}::timestamptz, ${job.note},
      ${job.attendStart}::bigint, ${job.priority}, ${job.copies}
    FROM job
    RETURNING id`)
  const { id } = row as { id: number }
  if (job.fileIds.length > 1) {
    await db.run(sql`
      INSERT INTO job_file (job_id, position, file_id)
      SELECT ${id}, position, file_id FROM unnest(${[...job.fileIds]}::bigint[]) WITH ORDINALITY plate (file_id, position)`)
  }
  return id
}

const columns = {
  copies: 'copies',
  materialWanted: 'material_wanted',
  colourWanted: 'colour_wanted',
  nozzleWanted: 'nozzle_wanted',
  printerId: 'printer_id',
  printerTags: 'printer_tags',
  earliestStart: 'earliest_start',
  wantedBy: 'wanted_by',
  note: 'note',
  attendStart: 'attend_start',
  priority: 'priority',
} as const satisfies Record<keyof JobWishes, string>

/** What is not named stays as it is. */
export const changeWishes = async (db: Database, id: number, wishes: Partial<JobWishes>): Promise<void> => {
  const set = Object.entries(columns).flatMap(([wish, column]) => {
    const value = wishes[wish as keyof JobWishes]
    return value === undefined ? [] : [sql`${raw(column)} = ${value}`]
  })
  if (set.length > 0) await db.run(sql`UPDATE job SET wishes_read = true, ${join(set)} WHERE id = ${id}`)
}

/** What files say of material, colour and nozzle becomes the wish of jobs that have said nothing of it. */
export const readWishes = (db: Database): Promise<number> =>
  db.run(sql`
    UPDATE job SET wishes_read = true,
      material_wanted = coalesce(material_wanted, nullif(file.findings->>'filamentType', '')),
      colour_wanted = coalesce(colour_wanted, nullif(file.findings->>'filamentColour', '')),
      nozzle_wanted = coalesce(nozzle_wanted, (file.findings->>'nozzleDiameter')::float8)
    FROM file WHERE file.id = job.file_id AND NOT job.wishes_read AND file.state = 'analysed'
      AND job.state NOT IN ('done', 'cancelled')`)

export const holdJob = async (db: Database, id: number, held: boolean): Promise<boolean> =>
  (await db.run(sql`
    UPDATE job SET held = ${held} WHERE id = ${id} AND held <> ${held} AND state NOT IN ('done', 'cancelled')`)) === 1

/** From one of the approvals `from`; false where it has another. */
export const saveApproval = async (
  db: Database,
  id: number,
  from: readonly Approval[],
  to: { approval: Approval; by: number | null; reason: string | null },
): Promise<boolean> =>
  (await db.run(sql`
    UPDATE job SET approval = ${to.approval}, approval_by = ${to.by}, approval_at = now(), approval_reason = ${to.reason}
    WHERE id = ${id} AND approval = ANY(${[...from]}::text[]) AND state NOT IN ('done', 'cancelled')`)) === 1

export const listPlates = (db: Database, id: number): Promise<Plate[]> =>
  db.rows<Plate>(sql`
    SELECT plate.position, plate.file_id AS "fileId", file.name AS "fileName",
      (SELECT count(*) FROM print WHERE job_id = ${id} AND plate = plate.position AND fate = 'counts') AS done,
      (SELECT count(*) FROM print WHERE job_id = ${id} AND plate = plate.position AND ended_at IS NULL) AS printing
    FROM (
      SELECT position, file_id FROM job_file WHERE job_id = ${id}
      UNION ALL
      SELECT 1, file_id FROM job WHERE id = ${id} AND NOT EXISTS (SELECT FROM job_file WHERE job_id = ${id})
    ) plate JOIN file ON file.id = plate.file_id ORDER BY plate.position`)

export const readJob = (db: Database, id: number): Promise<JobRow | null> =>
  db.row<JobRow>(selectJob(sql`WHERE job.id = ${id}`))

/** Printing ones first, then the undecided, then the queue in its order. */
export const listOpenJobs = (db: Database): Promise<JobRow[]> =>
  db.rows<JobRow>(
    selectJob(sql`
      WHERE job.state IN ('printing', 'undecided', 'queued')
      ORDER BY array_position(ARRAY['undecided', 'printing', 'queued'], job.state), outlook.turn, job.rank`),
  )

export const listEndedJobs = (db: Database): Promise<JobRow[]> =>
  db.rows<JobRow>(selectJob(sql`WHERE job.state IN ('done', 'cancelled') ORDER BY job.ended_at DESC LIMIT 100`))

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
      UPDATE job SET state = ${to}, ended_at = ${ends ? sql`now()` : null}, to_start = ${ends ? 0 : sql`to_start`}
      WHERE id = ${id} AND state = ANY(${[...from]}::text[])`)) === 1
  )
}

/** Its member no longer wants it, although it may still print. */
export const giveUpJob = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`UPDATE job SET given_up = true WHERE id = ${id} AND state NOT IN ('done', 'cancelled')`)) === 1

/** Gives a waiting job the place `position` (from 1) among those of its member: they change places with each other only. */
export const arrangeOwn = (db: Database, id: number, position: number): Promise<void> =>
  db.transaction(async (inside) => {
    const own = await inside.rows<{ id: number; rank: number }>(sql`
      SELECT id, rank FROM job WHERE state = 'queued'
        AND member_id IS NOT DISTINCT FROM (SELECT member_id FROM job WHERE id = ${id}) ORDER BY rank FOR UPDATE`)
    const order = own.map((job) => job.id).filter((one) => one !== id)
    if (order.length === own.length) return
    order.splice(position - 1, 0, id)
    await inside.run(sql`
      UPDATE job SET rank = told.rank FROM unnest(${order}::bigint[], ${own.map(({ rank }) => rank)}::float8[]) AS told (id, rank)
      WHERE job.id = told.id AND job.rank <> told.rank`)
  })

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
