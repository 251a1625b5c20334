// From designs to their models: what of a version is a shape, and what its scripts make with their own values.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

/** Versions whose shapes nobody has asked for yet, the oldest first. */
export const unaskedVersions = async (db: Database): Promise<number[]> =>
  (await db.rows<{ id: number }>(sql`SELECT id FROM design_version WHERE NOT models_asked ORDER BY id LIMIT 100`)).map(
    ({ id }) => id,
  )

/** False where somebody else is at it, or it is done. Call it in the transaction in which it is done. */
export const takeVersion = async (db: Database, versionId: number): Promise<boolean> =>
  (await db.run(sql`UPDATE design_version SET models_asked = true WHERE id = ${versionId} AND NOT models_asked`)) === 1

export interface VersionFile {
  readonly id: number
  readonly path: string
  readonly isPrintable: boolean
  readonly blobId: number
  readonly hash: string
}

export const versionFiles = (db: Database, versionId: number): Promise<VersionFile[]> =>
  db.rows<VersionFile>(sql`
    SELECT f.id, f.path, f.is_printable AS "isPrintable", f.blob_id AS "blobId", encode(blob.hash, 'hex') AS hash
    FROM design_file f JOIN blob ON blob.id = f.blob_id WHERE f.version_id = ${versionId} ORDER BY f.path`)

export const saveTree = async (db: Database, versionId: number, tree: string): Promise<void> => {
  await db.run(sql`UPDATE design_version SET tree = ${Buffer.from(tree, 'hex')} WHERE id = ${versionId}`)
}

/** Models that were read before this version came have been measured then. */
export const takeSizes = async (db: Database, versionId: number): Promise<void> => {
  await db.run(sql`
    UPDATE design_file f SET size_x = told.x, size_y = told.y, size_z = told.z
    FROM (
      SELECT blob_id, (b->>'maxX')::float8 - (b->>'minX')::float8 AS x, (b->>'maxY')::float8 - (b->>'minY')::float8 AS y,
        (b->>'maxZ')::float8 - (b->>'minZ')::float8 AS z
      FROM model CROSS JOIN LATERAL (SELECT facts->'box' AS b) facts WHERE state = 'ready'
    ) told WHERE told.blob_id = f.blob_id AND f.version_id = ${versionId} AND f.size_x IS NULL`)
}

/** What a script makes with its own values: the blob of the mesh, or why there is none. */
export type Preview =
  | { readonly hash: string; readonly size: { readonly x: number; readonly y: number; readonly z: number } | null }
  | { readonly reason: string }

export const savePreview = async (
  db: Database,
  { tree, entry }: { tree: string; entry: string },
  preview: Preview,
): Promise<void> => {
  const [hash, size, reason] =
    'hash' in preview ? [Buffer.from(preview.hash, 'hex'), preview.size, null] : [null, null, preview.reason]
  await db.run(sql`
    UPDATE design_file f SET preview_blob_id = (SELECT id FROM blob WHERE hash = ${hash}), preview_reason = ${reason},
      size_x = coalesce(${size?.x ?? null}::real, size_x), size_y = coalesce(${size?.y ?? null}::real, size_y),
      size_z = coalesce(${size?.z ?? null}::real, size_z)
    FROM design_version v
    WHERE v.id = f.version_id AND v.tree = ${Buffer.from(tree, 'hex')} AND f.path = ${entry}`)
  await db.run(sql`
    SELECT pg_notify('auzolan_change', json_build_object('of', 'design', 'id', design_id)::text)
    FROM design_version WHERE tree = ${Buffer.from(tree, 'hex')}`)
}
