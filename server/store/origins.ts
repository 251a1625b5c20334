// Where the bytes of a shape come from: files of designs, what was kept here, and what engines were asked to make.
import sql from 'sql-template-tag'
import type { ModelWorkKind } from '../contract/model-work.ts'
import type { Database } from './database.ts'

export interface DesignOrigin {
  readonly id: number
  readonly name: string
  /** The very bytes of the file, or the mesh that was read of them; else what its script makes with its own values. */
  readonly isItself: boolean
}

/** Files of designs that are these bytes, read or drawn, the newest first; those taken away come last. */
export const designFilesOf = (db: Database, hash: string): Promise<DesignOrigin[]> =>
  db.rows<DesignOrigin>(sql`
    WITH found AS (SELECT id FROM blob WHERE hash = ${Buffer.from(hash, 'hex')}),
      file AS (
        SELECT id, true AS itself FROM design_file WHERE blob_id IN (SELECT id FROM found)
        UNION SELECT f.id, true FROM model JOIN design_file f ON f.blob_id = model.blob_id
          WHERE model.mesh_blob_id IN (SELECT id FROM found)
        UNION SELECT id, false FROM design_file WHERE preview_blob_id IN (SELECT id FROM found)
      )
    SELECT f.id, f.path AS name, bool_or(file.itself) AS "isItself"
    FROM file JOIN design_file f ON f.id = file.id JOIN design_version v ON v.id = f.version_id
    JOIN design ON design.id = v.design_id
    WHERE f.is_printable
    GROUP BY f.id, f.path, design.removed_at, v.id
    ORDER BY design.removed_at IS NOT NULL, v.id DESC, f.id DESC LIMIT 50`)

/** Kept shapes of these bytes, or of which these bytes are the mesh; this member's own first. */
export const keptShapes = (
  db: Database,
  hash: string,
  memberId: number,
): Promise<{ id: number; createdBy: number | null }[]> =>
  db.rows(sql`
    SELECT d.id, d.created_by AS "createdBy" FROM derived_file d
    WHERE d.kind IN ('render', 'adaptation', 'repair', 'plate') AND d.blob_id IN (
      SELECT id FROM blob WHERE hash = ${Buffer.from(hash, 'hex')}
      UNION SELECT model.blob_id FROM model JOIN blob ON blob.id = model.mesh_blob_id
        WHERE blob.hash = ${Buffer.from(hash, 'hex')})
    ORDER BY d.created_by IS DISTINCT FROM ${memberId}, d.id LIMIT 1`)

export interface MadeShape {
  readonly kind: ModelWorkKind
  readonly request: unknown
  readonly blobId: number
}

/** What was asked of the engines when they made this; null: they have not, or it was forgotten. */
export const workThatMade = (db: Database, hash: string): Promise<MadeShape | null> =>
  db.row<MadeShape>(sql`
    SELECT work.kind, work.request, blob.id AS "blobId" FROM model_work work JOIN blob ON blob.hash = ${Buffer.from(hash, 'hex')}
    WHERE coalesce(work.result->>'rendered', work.result->'repair'->>'hash', work.result->'plate'->>'hash') = ${hash}
      AND work.state = 'done' AND work.kind IN ('render', 'repair', 'plate')
    ORDER BY work.id DESC LIMIT 1`)

/** Whether it was made here: then somebody must know of what. */
export const isMadeShape = async (db: Database, hash: string): Promise<boolean> =>
  (await db.row(sql`
    SELECT FROM model JOIN blob ON blob.id = model.blob_id
    WHERE blob.hash = ${Buffer.from(hash, 'hex')} AND model.kind = 'mesh'`)) !== null

/** Files of designs in a tree: of a whole design's, the script that was rendered; of any other, all that are in it. */
export const filesOfTree = (
  db: Database,
  tree: string,
  entry: string,
): Promise<{ id: number; path: string; isEntry: boolean }[]> =>
  db.rows(sql`
    SELECT f.id, f.path, true AS "isEntry" FROM design_version v JOIN design_file f ON f.version_id = v.id
    WHERE v.tree = ${Buffer.from(tree, 'hex')} AND f.path = ${entry}
    UNION ALL
    (SELECT DISTINCT ON (blob.id) f.id, told.path, told.path = ${entry}
    FROM scad_tree JOIN LATERAL jsonb_to_recordset(scad_tree.files) AS told (path text, hash text) ON true
    JOIN blob ON blob.hash = decode(told.hash, 'hex') JOIN design_file f ON f.blob_id = blob.id
    WHERE scad_tree.hash = ${Buffer.from(tree, 'hex')} AND told.path ~* '\\.(scad|stl|off|amf|3mf|obj|dxf|svg)$'
      AND NOT EXISTS (SELECT FROM design_version WHERE tree = ${Buffer.from(tree, 'hex')})
    ORDER BY blob.id, f.id DESC LIMIT 2000)
    ORDER BY 1 DESC`)
