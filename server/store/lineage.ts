// What came from what: files of designs, what was made of them here, G-code, prints.
import sql, { type Sql } from 'sql-template-tag'
import type { DerivedFile, DerivedKind, LineageNode } from '../contract/lineage.ts'
import type { Database } from './database.ts'

/** `fileId`: G-code of the list that was itself made here. */
export type DerivationParent =
  | { readonly designFileId: number }
  | { readonly derivedId: number }
  | { readonly fileId: number }

export interface Derivation {
  readonly kind: DerivedKind
  readonly name: string
  /** Its bytes; null: they are not kept. */
  readonly blobId: number | null
  /** The file of the list that it is, when it is G-code. */
  readonly fileId?: number | undefined
  /** All of them: a plate has several. */
  readonly parents: readonly DerivationParent[]
  /** Everything that is needed to make it again from its parents. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly memberId: number | null
}

/** Made shapes: of each, a member keeps one of the same bytes. */
const shapes: readonly DerivedKind[] = ['render', 'adaptation', 'repair', 'plate']

/**
 * Writes down what something was made from, and returns its id. Makers and licences of all parents go over to it. For
 * G-code that has its lineage already, and for a shape that this member has kept, that one's id comes back and nothing is
 * written. Joins a transaction.
 */
export const recordDerivation = (db: Database, made: Derivation): Promise<number> =>
  db.transaction(async (inside) => {
    const fileId = made.fileId ?? null
    const row = await inside.row<{ id: number }>(sql`
      INSERT INTO derived_file (kind, name, blob_id, file_id, parameters, creators, licence, created_by)
      VALUES (${made.kind}, ${made.name}, ${made.blobId}, ${fileId}, ${JSON.stringify(made.parameters)}, '{}', '',
        ${made.memberId})
      ON CONFLICT DO NOTHING RETURNING id`)
    if (row === null) {
      const same = await inside.row<{ id: number }>(sql`
        SELECT id FROM derived_file WHERE file_id = ${fileId} OR (${fileId}::bigint IS NULL
          AND created_by = ${made.memberId} AND blob_id = ${made.blobId} AND kind = ANY(${[...shapes]}::text[]))`)
      return (same as { id: number }).id
    }
    for (const parent of made.parents) {
      await inside.run(sql`
        INSERT INTO derived_parent (derived_id, design_file_id, parent_id)
        SELECT ${row.id}, ${'designFileId' in parent ? parent.designFileId : null}, ${parentId(parent)}
        ON CONFLICT DO NOTHING`)
    }
    await inside.run(sql`
      UPDATE derived_file SET creators = told.creators, licence = told.licence FROM (
        SELECT coalesce(array_agg(DISTINCT creator) FILTER (WHERE creator IS NOT NULL), '{}') AS creators,
          coalesce(string_agg(DISTINCT nullif(licence, ''), ' AND '), '') AS licence
        FROM (
          SELECT v.creators, concat_ws(' AND ', ${spdx(sql`v.licence`)}, ${spdx(sql`f.licence`)}) AS licence
          FROM derived_parent p JOIN design_file f ON f.id = p.design_file_id JOIN design_version v ON v.id = f.version_id
          WHERE p.derived_id = ${row.id}
          UNION ALL
          SELECT d.creators, d.licence FROM derived_parent p JOIN derived_file d ON d.id = p.parent_id
          WHERE p.derived_id = ${row.id}
        ) parent LEFT JOIN LATERAL unnest(parent.creators) AS creator ON true
      ) told WHERE derived_file.id = ${row.id}`)
    return row.id
  })

const parentId = (parent: DerivationParent): Sql => {
  if ('derivedId' in parent) return sql`${parent.derivedId}::bigint`
  if ('fileId' in parent) return sql`(SELECT id FROM derived_file WHERE file_id = ${parent.fileId})`
  return sql`NULL::bigint`
}

/** Where it is not known, in the manner of SPDX for what stands in no list. */
const spdx = (licence: Sql): Sql =>
  sql`CASE WHEN ${licence} IS NULL THEN NULL ELSE coalesce(${licence}->>'expression', 'LicenseRef-NOASSERTION') END`

const shownColumns = sql`
  d.id, d.kind, d.name, encode(blob.hash, 'hex') AS hash, blob.size_bytes AS "sizeBytes", d.licence, d.creators,
  d.parameters, d.created_at AS "createdAt", d.created_by AS "memberId"`

export const showDerived = (db: Database, ids: readonly number[]): Promise<DerivedFile[]> =>
  db.rows(sql`
    SELECT ${shownColumns} FROM derived_file d LEFT JOIN blob ON blob.id = d.blob_id
    WHERE d.id = ANY(${[...ids]}::bigint[]) ORDER BY d.id`)

/** Only one's own. */
export const nameDerived = async (db: Database, id: number, memberId: number, name: string): Promise<void> => {
  await db.run(sql`UPDATE derived_file SET name = ${name} WHERE id = ${id} AND created_by = ${memberId}`)
}

/** Only a shape of which nothing was made, and that is in no design; else false. */
export const forgetDerived = async (db: Database, id: number): Promise<boolean> =>
  (await db.run(sql`
    DELETE FROM derived_file d WHERE d.id = ${id} AND d.file_id IS NULL AND d.kind = ANY(${[...shapes]}::text[])
      AND NOT EXISTS (SELECT FROM derived_parent WHERE parent_id = d.id)
      AND NOT EXISTS (SELECT FROM design_file WHERE derived_id = d.id)
      AND NOT EXISTS (SELECT FROM slice_wish WHERE parents @> jsonb_build_array(jsonb_build_object('derivedId', d.id)))`)) ===
  1

export const listDerived = (db: Database, designId: number): Promise<DerivedFile[]> =>
  db.rows(sql`
    WITH RECURSIVE down AS (
      SELECT p.derived_id AS id FROM derived_parent p JOIN design_file f ON f.id = p.design_file_id
        JOIN design_version v ON v.id = f.version_id WHERE v.design_id = ${designId}
      UNION SELECT p.derived_id FROM down JOIN derived_parent p ON p.parent_id = down.id
    )
    SELECT ${shownColumns}
    FROM down JOIN derived_file d ON d.id = down.id LEFT JOIN blob ON blob.id = d.blob_id
    ORDER BY d.id DESC LIMIT 500`)

export const readDerived = (
  db: Database,
  ids: readonly number[],
): Promise<
  {
    id: number
    name: string
    kind: string
    blobId: number | null
    sizeBytes: number | null
    createdBy: number | null
  }[]
> =>
  db.rows(sql`
    SELECT d.id, d.name, d.kind, d.blob_id AS "blobId", blob.size_bytes AS "sizeBytes", d.created_by AS "createdBy"
    FROM derived_file d LEFT JOIN blob ON blob.id = d.blob_id WHERE d.id = ANY(${[...ids]}::bigint[]) ORDER BY d.id`)

/** The files of designs at the root of all these, directly and through what was made in between. */
export const rootsOf = (
  db: Database,
  of: { derivedIds?: readonly number[]; fileIds?: readonly number[] },
): Promise<{ derivedId: number; designFileId: number; versionId: number; designId: number }[]> =>
  db.rows(sql`
    WITH RECURSIVE up AS (
      SELECT id AS start, id FROM derived_file
        WHERE id = ANY(${[...(of.derivedIds ?? [])]}::bigint[]) OR file_id = ANY(${[...(of.fileIds ?? [])]}::bigint[])
      UNION SELECT up.start, p.parent_id FROM up JOIN derived_parent p ON p.derived_id = up.id WHERE p.parent_id IS NOT NULL
    )
    SELECT DISTINCT up.start AS "derivedId", f.id AS "designFileId", v.id AS "versionId", v.design_id AS "designId"
    FROM up JOIN derived_parent p ON p.derived_id = up.id JOIN design_file f ON f.id = p.design_file_id
    JOIN design_version v ON v.id = f.version_id ORDER BY 1, 2`)

/** The designs of which a print, or a job's file, was made. */
export const designsOfPrint = (
  db: Database,
  printId: number,
): Promise<{ id: number; name: string; versionId: number }[]> =>
  db.rows(sql`
    SELECT DISTINCT ON (v.design_id) v.design_id AS id, v.name, v.id AS "versionId"
    FROM print
    CROSS JOIN LATERAL (
      WITH RECURSIVE up AS (
        SELECT id FROM derived_file WHERE file_id = print.file_id
        UNION SELECT p.parent_id FROM up JOIN derived_parent p ON p.derived_id = up.id WHERE p.parent_id IS NOT NULL
      ) SELECT p.design_file_id AS id FROM up JOIN derived_parent p ON p.derived_id = up.id WHERE p.design_file_id IS NOT NULL
    ) root JOIN design_file f ON f.id = root.id JOIN design_version v ON v.id = f.version_id
    JOIN design ON design.id = v.design_id AND design.removed_at IS NULL
    WHERE print.id = ${printId} ORDER BY v.design_id, v.id DESC`)

export type LineageRow = Omit<LineageNode, 'key'>
export interface LineageLink {
  readonly from: string
  readonly to: string
  readonly relation: 'made-from' | 'part-of' | 'based-on' | 'printed' | 'told' | 'same-bytes'
}

/** All links from and to these things: one step of a walk through the tree. Keys are `kind-id`. */
export const linksOf = (db: Database, keys: readonly string[]): Promise<LineageLink[]> =>
  db.rows(sql`
    WITH link ("from", "to", relation) AS (
      SELECT CASE WHEN design_file_id IS NULL THEN 'derived-' || parent_id ELSE 'design-file-' || design_file_id END,
        'derived-' || derived_id, 'made-from' FROM derived_parent
      UNION ALL SELECT 'derived-' || id, 'gcode-file-' || file_id, 'made-from' FROM derived_file WHERE file_id IS NOT NULL
      UNION ALL SELECT 'gcode-file-' || file_id, 'print-' || id, 'printed' FROM print
      UNION ALL SELECT coalesce('print-' || print_id, 'design-' || design_id), 'make-' || id, 'told' FROM make
      UNION ALL SELECT 'derived-' || derived_id, 'design-file-' || id, 'made-from' FROM design_file WHERE derived_id IS NOT NULL
      UNION ALL SELECT 'design-file-' || copy_of, 'design-file-' || id, 'same-bytes' FROM design_file WHERE copy_of IS NOT NULL
      UNION ALL SELECT 'design-' || v.design_id, 'design-file-' || f.id, 'part-of'
        FROM design_file f JOIN design_version v ON v.id = f.version_id
        WHERE f.is_printable AND (f.derived_id IS NOT NULL OR f.copy_of IS NOT NULL
          OR EXISTS (SELECT FROM derived_parent p WHERE p.design_file_id = f.id)
          OR 'design-file-' || f.id = ANY(${[...keys]}::text[]))
      UNION ALL SELECT DISTINCT 'design-' || p.design_id, 'design-' || v.design_id, 'based-on'
        FROM design_ancestor a JOIN design_version v ON v.id = a.version_id
        JOIN design_version p ON p.id = a.parent_version_id WHERE p.design_id <> v.design_id
    )
    SELECT * FROM link WHERE "from" = ANY(${[...keys]}::text[]) OR "to" = ANY(${[...keys]}::text[]) LIMIT 2000`)

/** Further files of other designs with the same bytes. */
export const sameBytes = (db: Database, designFileId: number): Promise<number[]> =>
  db
    .rows<{ id: number }>(sql`
      SELECT o.id FROM design_file f JOIN design_file o ON o.blob_id = f.blob_id AND o.id <> f.id
      JOIN design_version v ON v.id = o.version_id JOIN design_version own ON own.id = f.version_id
      WHERE f.id = ${designFileId} AND v.design_id <> own.design_id AND f.is_printable LIMIT 20`)
    .then((rows) => rows.map(({ id }) => id))

const ids = (keys: readonly string[], kind: string): number[] =>
  keys.flatMap((key) =>
    (key.startsWith(`${kind}-`) ? [Number(key.slice(kind.length + 1))] : []).filter(Number.isSafeInteger),
  )

/** `memberId`: whose it is; `printerId`: of a print. */
export interface NodeRow extends LineageRow {
  readonly key: string
  readonly isPublished: boolean | null
  readonly memberId: number | null
  readonly printerId: number | null
}

/** What is known of these things. */
export const nodesOf = (db: Database, keys: readonly string[]): Promise<NodeRow[]> =>
  db.rows(sql`
    SELECT 'design-' || design.id AS key, 'design' AS kind, design.id, NULL AS "derivedKind", v.name, NULL AS hash,
      coalesce(v.origin->>'url', '') AS source, v.commit, design.id AS "designId", v.name AS "designName",
      coalesce(v.licence->>'expression', '') AS licence, v.creators, '{}'::jsonb AS parameters, NULL AS outcome,
      v.pulled_at AS date, member.name::text AS by, design.is_published AS "isPublished",
      v.pulled_by AS "memberId", NULL::bigint AS "printerId"
    FROM ${sql`design JOIN LATERAL (SELECT * FROM design_version w WHERE w.design_id = design.id ORDER BY number DESC LIMIT 1) v ON true`}
    LEFT JOIN member ON member.id = v.pulled_by WHERE design.id = ANY(${ids(keys, 'design')}::bigint[])
    UNION ALL
    SELECT 'design-file-' || f.id, 'design-file', f.id, NULL, f.path, encode(blob.hash, 'hex'), coalesce(v.origin->>'url', ''),
      v.commit, v.design_id, v.name, coalesce(f.licence->>'expression', v.licence->>'expression', ''), v.creators, '{}', NULL,
      v.pulled_at, member.name::text, design.is_published, v.pulled_by, NULL
    FROM design_file f JOIN design_version v ON v.id = f.version_id JOIN design ON design.id = v.design_id
    JOIN blob ON blob.id = f.blob_id LEFT JOIN member ON member.id = v.pulled_by
    WHERE f.id = ANY(${ids(keys, 'design-file')}::bigint[])
    UNION ALL
    SELECT 'derived-' || d.id, 'derived', d.id, d.kind, d.name, encode(blob.hash, 'hex'), '', NULL, NULL, NULL, d.licence,
      d.creators, d.parameters, NULL, d.created_at, member.name::text, NULL, d.created_by, NULL
    FROM derived_file d LEFT JOIN blob ON blob.id = d.blob_id LEFT JOIN member ON member.id = d.created_by
    WHERE d.id = ANY(${ids(keys, 'derived')}::bigint[])
    UNION ALL
    SELECT 'gcode-file-' || file.id, 'gcode-file', file.id, NULL, file.name, encode(blob.hash, 'hex'), '', NULL, NULL, NULL,
      coalesce(d.licence, ''), coalesce(d.creators, '{}'), '{}', NULL, file.uploaded_at, member.name::text, NULL, file.uploaded_by, NULL
    FROM file JOIN blob ON blob.id = file.blob_id LEFT JOIN derived_file d ON d.file_id = file.id
    LEFT JOIN member ON member.id = file.uploaded_by WHERE file.id = ANY(${ids(keys, 'gcode-file')}::bigint[])
    UNION ALL
    SELECT 'print-' || print.id, 'print', print.id, NULL, printer.name::text, NULL, '', NULL, NULL, NULL, coalesce(d.licence, ''),
      coalesce(d.creators, '{}'), '{}', print.state, print.created_at, member.name::text, NULL, job.member_id, print.printer_id
    FROM print JOIN job ON job.id = print.job_id JOIN printer ON printer.id = print.printer_id
    LEFT JOIN derived_file d ON d.file_id = print.file_id LEFT JOIN member ON member.id = job.member_id
    WHERE print.id = ANY(${ids(keys, 'print')}::bigint[])
    UNION ALL
    SELECT 'make-' || make.id, 'make', make.id, NULL, make.material, NULL, '', NULL, make.design_id, v.name, '', v.creators,
      make.settings, make.outcome, make.created_at, member.name::text, design.is_published, NULL, NULL
    FROM make JOIN design ON design.id = make.design_id
    JOIN LATERAL (SELECT * FROM design_version w WHERE w.design_id = design.id ORDER BY number DESC LIMIT 1) v ON true
    LEFT JOIN member ON member.id = make.member_id WHERE make.id = ANY(${ids(keys, 'make')}::bigint[])`)
