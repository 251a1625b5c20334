// Models by the blob of their file: facts, mesh and pictures.
import sql, { type Sql } from 'sql-template-tag'
import type { MeshFacts, Model, ModelKind, ModelNote } from '../contract/models.ts'
import type { Database } from './database.ts'
import { publish } from './notify.ts'

/** Meshes that were made here and that nothing else keeps are made anew after this. */
const KEPT = '7 days'
/** Nothing is read for longer than this: its process died. */
const LOST = '10 minutes'

const selectModel = (where: Sql): Sql => sql`
  SELECT model.id, encode(blob.hash, 'hex') AS hash, model.kind, model.state, model.progress, model.reason, model.facts,
    model.notes, encode(mesh.hash, 'hex') AS "meshHash", model.small_picture IS NOT NULL AS "hasThumbnail"
  FROM model JOIN blob ON blob.id = model.blob_id LEFT JOIN blob mesh ON mesh.id = model.mesh_blob_id
  ${where}`

/** `hash`: of the file, hexadecimal. */
export const readModel = (db: Database, hash: string): Promise<Model | null> =>
  db.row<Model>(selectModel(sql`WHERE blob.hash = ${Buffer.from(hash, 'hex')}`))

export const modelsOf = (db: Database, hashes: readonly string[]): Promise<Model[]> =>
  db.rows<Model>(selectModel(sql`WHERE blob.hash = ANY(${hashes.map((hash) => Buffer.from(hash, 'hex'))}::bytea[])`))

/** A whole blob by its hash. */
export const blobOf = (db: Database, hash: string): Promise<{ id: number; sizeBytes: number } | null> =>
  db.row(sql`SELECT id, size_bytes AS "sizeBytes" FROM blob WHERE hash = ${Buffer.from(hash, 'hex')}`)

/** The blobs of a model's file and of its mesh. */
export const modelBlobs = (
  db: Database,
  id: number,
): Promise<{ blobId: number; sizeBytes: number; meshBlobId: number | null; kind: ModelKind } | null> =>
  db.row(sql`
    SELECT blob_id AS "blobId", blob.size_bytes AS "sizeBytes", mesh_blob_id AS "meshBlobId", kind
    FROM model JOIN blob ON blob.id = blob_id WHERE model.id = ${id}`)

/** Asks for a blob to be read as a model of this kind; where that was asked before, nothing is changed. Returns its id. */
export const addModel = async (db: Database, blobId: number, kind: ModelKind): Promise<number> => {
  const added = await db.row<{ id: number }>(sql`
    INSERT INTO model (blob_id, kind) VALUES (${blobId}, ${kind})
    ON CONFLICT (blob_id) DO UPDATE SET touched_at = now() RETURNING id`)
  return (added as { id: number }).id
}

/** False where somebody else reads it, or has read it. */
export const claimModel = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`
    UPDATE model SET state = 'reading', progress = 0, touched_at = now()
    WHERE id = ${id}
      AND (state = 'waiting' OR (state = 'reading' AND touched_at < now() - ${LOST}::interval))`)) === 1

export const saveModelProgress = async (db: Database, id: number, progress: number): Promise<void> => {
  await db.run(sql`UPDATE model SET progress = ${progress}, touched_at = now() WHERE id = ${id} AND state = 'reading'`)
  await publish(db, 'change', { of: 'model', id })
}

export interface ReadModel {
  readonly facts: MeshFacts
  readonly notes: readonly ModelNote[]
  readonly meshBlobId: number
  readonly large: Buffer
  readonly small: Buffer
}

export const saveModel = async (db: Database, id: number, read: ReadModel): Promise<void> => {
  await db.run(sql`
    UPDATE model SET state = 'ready', progress = 1, facts = ${JSON.stringify(read.facts)},
      notes = ${JSON.stringify(read.notes)}, mesh_blob_id = ${read.meshBlobId}, large_picture = ${read.large},
      small_picture = ${read.small}, touched_at = now()
    WHERE id = ${id}`)
  await publish(db, 'change', { of: 'model', id })
}

export const saveModelFailure = async (db: Database, id: number, reason: string): Promise<void> => {
  await db.run(sql`UPDATE model SET state = 'failed', reason = ${reason}, touched_at = now() WHERE id = ${id}`)
  await publish(db, 'change', { of: 'model', id })
}

/** A mesh that was made here, whole at once: its bytes are its file. */
export const addMadeModel = async (db: Database, read: ReadModel): Promise<void> => {
  await db.run(sql`
    INSERT INTO model (blob_id, kind, state, progress, facts, notes, mesh_blob_id, large_picture, small_picture)
    VALUES (${read.meshBlobId}, 'mesh', 'ready', 1, ${JSON.stringify(read.facts)}, ${JSON.stringify(read.notes)},
      ${read.meshBlobId}, ${read.large}, ${read.small})
    ON CONFLICT (blob_id) DO UPDATE SET touched_at = now()`)
}

export const readPicture = async (db: Database, hash: string, size: 256 | 512): Promise<Buffer | null> => {
  const row = await db.row<{ small: Buffer | null; large: Buffer | null }>(sql`
    SELECT small_picture AS small, large_picture AS large
    FROM model JOIN blob ON blob.id = blob_id WHERE blob.hash = ${Buffer.from(hash, 'hex')}`)
  return (size === 256 ? row?.small : row?.large) ?? null
}

/** Models that wait, or whose reader died: their orders are added again. */
export const unreadModels = async (db: Database): Promise<number[]> => {
  const rows = await db.rows<{ id: number }>(sql`
    SELECT id FROM model
    WHERE state = 'waiting' OR (state = 'reading' AND touched_at < now() - ${LOST}::interval)`)
  return rows.map(({ id }) => id)
}

/** Forgets meshes that were made here long ago, and that nobody has kept, sliced or is told of. */
export const sweepModels = (db: Database): Promise<number> =>
  db.run(sql`
    DELETE FROM model USING blob WHERE blob.id = model.blob_id
      AND model.kind = 'mesh' AND model.touched_at < now() - ${KEPT}::interval
      AND NOT EXISTS (SELECT FROM derived_file WHERE derived_file.blob_id = model.blob_id)
      AND NOT EXISTS (SELECT FROM design_file WHERE design_file.preview_blob_id = model.blob_id)
      AND NOT EXISTS (
        SELECT FROM model_work work WHERE work.state = 'done' AND work.kind IN ('render', 'repair', 'plate')
          AND coalesce(work.result->>'rendered', work.result->'repair'->>'hash', work.result->'plate'->>'hash')
            = encode(blob.hash, 'hex'))`)
