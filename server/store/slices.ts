// Slices, and who wants them.
import sql, { type Sql } from 'sql-template-tag'
import type { JobWishes, Slice, SliceRemark, SliceRequest } from '../contract/slicing.ts'
import { brokenConstraint, type Database } from './database.ts'
import type { DerivationParent } from './lineage.ts'

const selectSlice = (where: Sql): Sql => sql`
  SELECT slice.id, slice.name,
    CASE WHEN slice_wish.given_up AND slice.ended_at IS NULL THEN 'cancelled' ELSE slice.state END AS state, slice.progress, slice.reason, slice.remarks, slice.engine,
    slice.engine_version AS "engineVersion", slice_wish.request,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', p->'id', 'name', p->'name')), '[]')
      FROM jsonb_array_elements(slice.plan->'printers') p) AS printers,
    slice_wish.file_id AS "fileId", slice_wish.job_id AS "jobId", slice_wish.not_queued AS "notQueued",
    (SELECT id FROM derived_file WHERE derived_file.file_id = slice_wish.file_id) AS "derivedId", slice.seconds,
    slice.filament_millimetres AS "filamentMillimetres", slice.grams, slice.layers,
    slice_wish.was_stored AS "wasStored", slice_wish.asked_at AS "createdAt", slice.ended_at AS "endedAt"
  FROM slice JOIN slice_wish ON slice_wish.slice_id = slice.id
  ${where}`

/** As this member has asked for it; null where he has not. */
export const readSlice = (db: Database, id: number, memberId: number): Promise<Slice | null> =>
  db.row<Slice>(selectSlice(sql`WHERE slice.id = ${id} AND slice_wish.member_id = ${memberId}`))

export const listSlices = (db: Database, memberId: number, limit: number): Promise<Slice[]> =>
  db.rows<Slice>(
    selectSlice(
      sql`WHERE slice_wish.member_id = ${memberId} ORDER BY slice_wish.asked_at DESC, slice.id DESC LIMIT ${limit}`,
    ),
  )

export interface AskedSlice {
  /** SHA-256 of all that decides what comes out. */
  readonly key: Buffer
  readonly name: string
  readonly engine: string
  readonly engineVersion: string
  readonly plan: object
}

/** The slice of this key, or a new one that waits. A stored one whose file was taken out of the list is none. */
export const askSlice = async (db: Database, asked: AskedSlice): Promise<{ id: number; isNew: boolean }> => {
  for (let tries = 0; ; tries++) {
    const same = await db.row<{ id: number }>(sql`
      SELECT id FROM slice WHERE key = ${asked.key} AND state IN ('waiting', 'slicing', 'checking', 'done')`)
    if (same !== null) return { id: same.id, isNew: false }
    try {
      const row = await db.row<{ id: number }>(sql`
        INSERT INTO slice (key, name, engine, engine_version, plan)
        VALUES (${asked.key}, ${asked.name}, ${asked.engine}, ${asked.engineVersion}, ${JSON.stringify(asked.plan)})
        RETURNING id`)
      return { id: (row as { id: number }).id, isNew: true }
    } catch (error) {
      // Somebody asked for the same at this moment.
      if (brokenConstraint(error) !== 'slice_key' || tries > 2) throw error
    }
  }
}

/** Says that a member wants it, and how. */
export const wishSlice = async (
  db: Database,
  wish: {
    sliceId: number
    memberId: number
    request: SliceRequest
    wasStored: boolean
    parents: readonly DerivationParent[]
  },
): Promise<void> => {
  await db.run(sql`
    INSERT INTO slice_wish (slice_id, member_id, request, queue, was_stored, parents)
    VALUES (${wish.sliceId}, ${wish.memberId}, ${JSON.stringify(wish.request)},
      ${wish.request.queue ? JSON.stringify(wish.request.queue) : null}, ${wish.wasStored},
      ${JSON.stringify(wish.parents)}::jsonb)
    ON CONFLICT (slice_id, member_id) DO UPDATE SET request = excluded.request, queue = excluded.queue, job_id = NULL,
      given_up = false, parents = excluded.parents, not_queued = NULL,
      was_stored = excluded.was_stored, asked_at = now()`)
}

/** How many slices of a member are not ready yet. */
export const openSlices = async (db: Database, memberId: number): Promise<number> =>
  (
    await db.row<{ count: number }>(sql`
    SELECT count(*) FROM slice JOIN slice_wish ON slice_id = id
    WHERE member_id = ${memberId} AND ended_at IS NULL`)
  )?.count ?? 0

/** Takes a member's wish away; the slice stops where it was the last. Returns whether it was under way. */
export const giveUpSlice = (db: Database, id: number, memberId: number): Promise<boolean> =>
  db.transaction(async (inside) => {
    const open = await inside.row(sql`SELECT FROM slice WHERE id = ${id} AND ended_at IS NULL FOR UPDATE`)
    if (open === null) return false
    await inside.run(sql`
      UPDATE slice_wish SET given_up = true, queue = NULL WHERE slice_id = ${id} AND member_id = ${memberId}`)
    const others = await inside.row(sql`SELECT FROM slice_wish WHERE slice_id = ${id} AND NOT given_up LIMIT 1`)
    if (others === null) await inside.run(sql`UPDATE slice SET state = 'cancelled', ended_at = now() WHERE id = ${id}`)
    return true
  })

/** Takes a waiting slice to be worked on; null where it was cancelled or taken already. */
export const claimSlice = async (db: Database, id: number): Promise<{ name: string; plan: unknown } | null> =>
  db.row(sql`UPDATE slice SET state = 'slicing' WHERE id = ${id} AND state = 'waiting' RETURNING name, plan`)

export const isWanted = async (db: Database, id: number): Promise<boolean> =>
  (await db.row(sql`SELECT FROM slice WHERE id = ${id} AND ended_at IS NULL`)) !== null

export const saveProgress = async (db: Database, id: number, progress: number): Promise<void> => {
  await db.run(sql`UPDATE slice SET progress = ${progress} WHERE id = ${id} AND state = 'slicing'`)
}

export const beginCheck = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`UPDATE slice SET state = 'checking', progress = 1 WHERE id = ${id} AND state = 'slicing'`)) === 1

export interface SliceEnd {
  readonly fileId: number
  readonly seconds: number
  readonly filamentMillimetres: number
  readonly grams: number | null
  readonly layers: number
  readonly remarks: readonly SliceRemark[]
}

/** False where it was cancelled meanwhile. */
export const finishSlice = async (db: Database, id: number, end: SliceEnd): Promise<boolean> =>
  (await db.run(sql`
    UPDATE slice SET state = 'done', file_id = ${end.fileId}, seconds = ${end.seconds},
      filament_millimetres = ${end.filamentMillimetres}, grams = ${end.grams}, layers = ${end.layers},
      remarks = ${JSON.stringify(end.remarks)}, ended_at = now()
    WHERE id = ${id} AND state = 'checking'`)) === 1

export const failSlice = async (db: Database, id: number, reason: string): Promise<void> => {
  await db.run(sql`
    UPDATE slice SET state = 'failed', reason = ${reason}, ended_at = now() WHERE id = ${id} AND ended_at IS NULL`)
}

export interface SliceWish {
  readonly memberId: number
  readonly fileId: number | null
  readonly queue: JobWishes | null
  readonly parents: readonly DerivationParent[]
}

/** What a slice was made with, as its lineage tells it. */
export interface SliceMaking {
  readonly name: string
  readonly engine: string
  readonly engineVersion: string
  readonly plan: unknown
}

export const readMaking = (db: Database, id: number): Promise<SliceMaking | null> =>
  db.row<SliceMaking>(
    sql`SELECT name, engine, engine_version AS "engineVersion", plan FROM slice WHERE id = ${id} AND state = 'done'`,
  )

/** Wishes of a slice, the first first. */
export const wishesOfSlice = (db: Database, id: number): Promise<SliceWish[]> =>
  db.rows<SliceWish>(sql`
    SELECT member_id AS "memberId", file_id AS "fileId", queue, parents FROM slice_wish
    WHERE slice_id = ${id} AND NOT given_up ORDER BY asked_at, member_id`)

/** Takes the wish to queue away and returns it: it is fulfilled once. */
export const takeQueueWish = async (db: Database, id: number, memberId: number): Promise<JobWishes | null> =>
  (
    await db.row<{ queue: JobWishes }>(sql`
    UPDATE slice_wish new SET queue = NULL FROM slice_wish old
    WHERE new.slice_id = ${id} AND new.member_id = ${memberId} AND new.queue IS NOT NULL
      AND old.slice_id = new.slice_id AND old.member_id = new.member_id RETURNING old.queue`)
  )?.queue ?? null

export const saveWishFile = async (db: Database, id: number, memberId: number, fileId: number): Promise<void> => {
  await db.run(sql`UPDATE slice_wish SET file_id = ${fileId} WHERE slice_id = ${id} AND member_id = ${memberId}`)
}

export const saveWishJob = async (db: Database, id: number, memberId: number, jobId: number): Promise<void> => {
  await db.run(
    sql`UPDATE slice_wish SET job_id = ${jobId}, not_queued = NULL WHERE slice_id = ${id} AND member_id = ${memberId}`,
  )
}

/** What is queued later by hand takes it away. */
export const saveNotQueued = async (db: Database, id: number, memberId: number, reason: string): Promise<void> => {
  await db.run(sql`
    UPDATE slice_wish SET queue = NULL, not_queued = ${reason} WHERE slice_id = ${id} AND member_id = ${memberId}`)
}

/** Ready slices of which somebody has not got what he wanted: the program stopped before it was handed out. */
export const unhandedSlices = async (db: Database): Promise<number[]> =>
  (
    await db.rows<{ id: number }>(sql`
      SELECT DISTINCT slice.id FROM slice JOIN slice_wish ON slice_id = slice.id
      WHERE state = 'done' AND NOT given_up AND (slice_wish.file_id IS NULL OR queue IS NOT NULL)
        AND slice.ended_at < now() - interval '1 minute'`)
  ).map(({ id }) => id)

/** The stored G-code of a slice, and its name. */
export const sliceFile = (db: Database, id: number): Promise<{ fileId: number; name: string } | null> =>
  db.row(sql`SELECT file_id AS "fileId", name FROM slice WHERE id = ${id} AND state = 'done'`)

/** A file of a member's own with the bytes and findings of another. */
export const copyFile = async (db: Database, fileId: number, memberId: number): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO file (name, blob_id, state, findings, course, thumbnail, uploaded_by)
    SELECT name, blob_id, state, findings, course, thumbnail, ${memberId} FROM file WHERE id = ${fileId} RETURNING id`)
  return (row as { id: number }).id
}

/** After a restart nobody works on these any more: they wait again. */
export const resetSlices = async (db: Database): Promise<void> => {
  await db.run(sql`UPDATE slice SET state = 'waiting', progress = 0 WHERE state IN ('slicing', 'checking')`)
}

export const waitingSlices = async (db: Database): Promise<number[]> =>
  (await db.rows<{ id: number }>(sql`SELECT id FROM slice WHERE state = 'waiting'`)).map(({ id }) => id)

/** Which blob has these bytes; null: none. */
export const blobOfHash = (db: Database, hash: string): Promise<{ id: number; sizeBytes: number } | null> =>
  db.row(sql`SELECT id, size_bytes AS "sizeBytes" FROM blob WHERE hash = ${Buffer.from(hash, 'hex')}`)
