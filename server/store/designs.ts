// Designs, their versions and files.
import sql, { type Sql } from 'sql-template-tag'
import type { Ancestor, DesignCard, DesignFile, DesignVersion, UpstreamNews } from '../contract/commons.ts'
import type { DesignReading, ReadFile, SaidParent } from '../contract/design-reading.ts'
import type { Licence } from '../contract/licences.ts'
import type { KnownFile, Origin } from '../contract/sources.ts'
import type { Database } from './database.ts'

/** A file of a new version; its blob is whole. */
export interface NewFile extends ReadFile {
  readonly blobId: number
  readonly sha: string | null
  readonly derivedId?: number | undefined
  readonly copyOf?: number | undefined
}

export interface NewAncestor {
  readonly title: string
  readonly address: string
  readonly commit: string | null
  readonly versionId: number | null
}

export interface NewVersion {
  /** Null: a design of its own, which belongs to `ownerId` and gets an address like `slug`. */
  readonly designId: number | null
  readonly ownerId: number | null
  readonly slug: string
  readonly origin: Origin | null
  readonly reading: DesignReading
  readonly files: readonly NewFile[]
  readonly ancestors: readonly NewAncestor[]
  readonly isPublished: boolean
}

/** By what the same place is known again. */
export const placeOfOrigin = ({ kind, url, path }: Origin): string | null =>
  kind === 'upload' ? null : `${url.replace(/(\.git)?\/*$/i, '').toLowerCase()}#${path ?? ''}`

export const saveVersion = (db: Database, version: NewVersion): Promise<{ designId: number; versionId: number }> =>
  db.transaction(async (inside) => {
    const designId = version.designId ?? (await createDesign(inside, version))
    const { name, summary, creators, keywords, materials, licence, files: _, ...rest } = version.reading
    const fileWords = version.files.map(({ path }) => path.replace(/[^\p{L}\p{N}]+/gu, ' ')).join(' ')
    const row = await inside.row<{ id: number }>(sql`
      INSERT INTO design_version (design_id, number, origin, place, commit, name, summary, creators, keywords, materials,
        licence, reading, words, pulled_by)
      SELECT ${designId}, coalesce(max(number), 0) + 1, ${version.origin && JSON.stringify(version.origin)}::jsonb,
        ${version.origin && placeOfOrigin(version.origin)}, ${version.origin?.commit ?? null}, ${name}, ${summary},
        ${[...creators]}::text[], ${[...keywords]}::text[], ${[...materials]}::text[], ${JSON.stringify(licence)}::jsonb,
        ${JSON.stringify(rest)}::jsonb,
        setweight(to_tsvector('simple', ${name}), 'A')
          || setweight(to_tsvector('simple', ${[...keywords, ...creators].join(' ').slice(0, 10_000)}), 'B')
          || setweight(to_tsvector('simple', ${rest.description.slice(0, 50_000)}), 'C')
          || setweight(to_tsvector('simple', ${fileWords.slice(0, 50_000)}), 'D'),
        ${version.ownerId}
      FROM design_version WHERE design_id = ${designId}
      RETURNING id`)
    const versionId = (row as { id: number }).id
    for (const file of version.files) await saveFile(inside, versionId, file, version.reading.lineage)
    for (const [place, one] of version.ancestors.entries()) {
      await inside.run(sql`
        INSERT INTO design_ancestor (version_id, place, title, address, commit, parent_version_id)
        VALUES (${versionId}, ${place}, ${one.title}, ${one.address}, ${one.commit}, ${one.versionId})`)
    }
    await inside.run(sql`UPDATE design SET news = NULL WHERE id = ${designId}`)
    return { designId, versionId }
  })

const createDesign = async (db: Database, { slug, ownerId, isPublished }: NewVersion): Promise<number> => {
  for (let number = 1; ; number++) {
    const wanted = number === 1 ? slug : `${slug}-${number}`
    const row = await db.row<{ id: number }>(sql`
      INSERT INTO design (slug, owner_id, is_published, published_at)
      VALUES (${wanted}, ${ownerId}, ${isPublished}, ${isPublished ? sql`now()` : null})
      ON CONFLICT (slug) DO NOTHING RETURNING id`)
    if (row !== null) return row.id
  }
}

const saveFile = async (
  db: Database,
  versionId: number,
  file: NewFile,
  lineage: readonly SaidParent[],
): Promise<void> => {
  const said = lineage.filter(({ path }) => path === file.path)
  // The mesh of the same bytes may have been measured already.
  await db.run(sql`
    INSERT INTO design_file (version_id, path, blob_id, kind, is_printable, licence, source_sha, said_parents, derived_id,
      copy_of, size_x, size_y, size_z)
    SELECT ${versionId}, ${file.path}, ${file.blobId}, ${file.kind}, ${file.isPrintable},
      ${file.licence && JSON.stringify(file.licence)}::jsonb, ${file.sha}, ${JSON.stringify(said)}::jsonb,
      ${file.derivedId ?? null}, ${file.copyOf ?? null}, known.size_x, known.size_y, known.size_z
    FROM (SELECT) AS one LEFT JOIN LATERAL (
      SELECT size_x, size_y, size_z FROM design_file WHERE blob_id = ${file.blobId} AND size_x IS NOT NULL LIMIT 1
    ) known ON true`)
}

/** Told by whoever has measured the mesh of these bytes (mm): designs are then found by what fits a printer. */
export const saveMeshSize = async (
  db: Database,
  blobId: number,
  size: { x: number; y: number; z: number },
): Promise<void> => {
  await db.run(sql`
    UPDATE design_file SET size_x = ${size.x}, size_y = ${size.y}, size_z = ${size.z} WHERE blob_id = ${blobId}`)
}

/** The newest version as `v` beside its design as `design`. */
export const newestVersion = sql`
  design JOIN LATERAL (
    SELECT * FROM design_version WHERE design_version.design_id = design.id ORDER BY number DESC LIMIT 1) v ON true`

export const cardColumns = sql`
  design.id, v.name, v.summary, v.creators, v.licence,
  (SELECT id FROM design_file WHERE version_id = v.id AND path = v.reading->>'picture') AS "pictureFileId",
  (SELECT encode(blob.hash, 'hex') FROM design_file f JOIN blob ON blob.id = f.blob_id
    WHERE f.version_id = v.id AND f.is_printable AND f.kind <> 'gcode'
    ORDER BY array_position(ARRAY['stl', '3mf', 'obj', 'step', 'amf', 'scad'], f.kind), f.path LIMIT 1) AS "modelHash",
  (SELECT encode(blob.hash, 'hex') FROM design_file f
    JOIN model ON model.blob_id = coalesce(f.preview_blob_id, f.blob_id) JOIN blob ON blob.id = model.blob_id
    WHERE f.version_id = v.id AND f.is_printable AND model.small_picture IS NOT NULL
    ORDER BY array_position(ARRAY['stl', '3mf', 'obj', 'step', 'amf', 'scad'], f.kind), f.path LIMIT 1) AS "thumbnailHash",
  (SELECT count(*)::integer FROM design_file f WHERE f.version_id = v.id AND f.is_printable) AS "printableFiles",
  (SELECT count(*)::integer FROM design_version w WHERE w.design_id = design.id) AS versions,
  (SELECT count(*)::integer FROM make WHERE make.design_id = design.id) AS makes,
  (SELECT count(*)::integer FROM make WHERE make.design_id = design.id AND outcome = 'good') AS "goodMakes",
  design.is_published AS "isPublished", v.origin IS NULL AS "isAdaptation",
  coalesce((design.news->>'isNewer')::boolean, false) AS "hasNews", v.pulled_at AS "pulledAt"`

const versionColumns = sql`
  w.id, w.number, w.reading->>'label' AS label, w.pulled_at AS "pulledAt", member.name::text AS "pulledBy",
  jsonb_build_object('kind', coalesce(w.origin->>'kind', 'here'), 'address', coalesce(w.origin->>'url', ''),
    'commit', w.commit, 'claimed', w.reading->>'claimed') AS origin`

/** A design with the version that is wanted, as it is stored. */
export interface StoredDesign extends DesignCard {
  readonly slug: string
  readonly ownerId: number | null
  readonly versionId: number
  readonly keywords: string[]
  readonly materials: string[]
  readonly reading: Omit<
    DesignReading,
    'name' | 'summary' | 'creators' | 'keywords' | 'materials' | 'licence' | 'files'
  >
  readonly origin: Origin | null
  readonly news: UpstreamNews | null
}

const selectStored = (from: Sql, where: Sql): Sql => sql`
  SELECT ${cardColumns}, design.slug, design.owner_id AS "ownerId", v.id AS "versionId", v.keywords, v.materials, v.reading,
    v.origin, design.news
  FROM ${from} WHERE design.removed_at IS NULL AND ${where}`

/** Null: it is not here, or it has no such version. */
export const readDesign = (db: Database, id: number, versionId?: number): Promise<StoredDesign | null> =>
  db.row(
    selectStored(
      versionId === undefined ? newestVersion : sql`design JOIN design_version v ON v.design_id = design.id`,
      versionId === undefined ? sql`design.id = ${id}` : sql`design.id = ${id} AND v.id = ${versionId}`,
    ),
  )

export const readDesignBySlug = (db: Database, slug: string): Promise<StoredDesign | null> =>
  db.row(selectStored(newestVersion, sql`design.slug = ${slug}`))

export const listPublished = (db: Database): Promise<StoredDesign[]> =>
  db.rows(
    selectStored(newestVersion, sql`design.is_published ORDER BY design.published_at DESC NULLS LAST, design.id DESC`),
  )

export const listVersions = (db: Database, designId: number): Promise<DesignVersion[]> =>
  db.rows(sql`
    SELECT ${versionColumns} FROM design_version w LEFT JOIN member ON member.id = w.pulled_by
    WHERE w.design_id = ${designId} ORDER BY w.number DESC`)

/** Of a script, what it makes with its own values; that a preview was forgotten does not make it less there. */
const modelBrief = sql`
  CASE WHEN f.is_printable AND f.kind <> 'gcode' THEN jsonb_build_object(
    'hash', CASE WHEN f.kind = 'scad' THEN encode(preview.hash, 'hex') ELSE encode(blob.hash, 'hex') END,
    'state', CASE WHEN f.preview_reason IS NOT NULL THEN 'failed' ELSE coalesce(model.state, 'waiting') END,
    'reason', coalesce(f.preview_reason, model.reason), 'hasThumbnail', model.small_picture IS NOT NULL,
    'triangles', model.facts->'triangles', 'watertight', model.facts->'watertight', 'repair', model.facts->'repair') END`

/** `seesAll`: also those other designs that are not published are named. */
export const listFiles = (db: Database, versionId: number, seesAll: boolean): Promise<DesignFile[]> =>
  db.rows(sql`
    SELECT f.id, f.path, f.kind, f.is_printable AS "isPrintable", blob.size_bytes AS "sizeBytes",
      encode(blob.hash, 'hex') AS hash, f.licence,
      CASE WHEN f.size_x IS NOT NULL THEN jsonb_build_object('x', f.size_x, 'y', f.size_y, 'z', f.size_z) END AS size,
      ${modelBrief} AS model, CASE WHEN f.kind = 'scad' THEN encode(own.tree, 'hex') END AS tree,
      coalesce((
        SELECT jsonb_agg(jsonb_build_object('designId', d.id, 'designName', v.name, 'fileId', o.id, 'path', o.path))
        FROM design_file o JOIN design_version v ON v.id = o.version_id JOIN design d ON d.id = v.design_id
        WHERE o.blob_id = f.blob_id AND v.design_id <> own.design_id AND d.removed_at IS NULL AND f.is_printable
          AND (${seesAll} OR d.is_published)
          AND v.number = (SELECT max(number) FROM design_version w WHERE w.design_id = d.id)), '[]') AS "alsoIn"
    FROM design_file f JOIN blob ON blob.id = f.blob_id JOIN design_version own ON own.id = f.version_id
    LEFT JOIN blob preview ON preview.id = f.preview_blob_id
    LEFT JOIN model ON model.blob_id = coalesce(f.preview_blob_id, f.blob_id)
    WHERE f.version_id = ${versionId} ORDER BY f.is_printable DESC, f.path`)

export const listAncestors = (db: Database, versionId: number): Promise<Ancestor[]> =>
  db.rows(sql`
    SELECT a.title, a.address, a.commit, coalesce(v.design_id, found.design_id) AS "designId"
    FROM design_ancestor a LEFT JOIN design_version v ON v.id = a.parent_version_id
    LEFT JOIN LATERAL (
      SELECT design_id FROM design_version w WHERE a.address <> ''
        AND w.place = regexp_replace(lower(a.address), '(\.git)?/*$', '') || '#' ORDER BY w.id DESC LIMIT 1) found ON true
    WHERE a.version_id = ${versionId} ORDER BY a.place`)

/** The design that came from this place, and the pin of its newest version. */
export const designAt = (
  db: Database,
  place: string,
): Promise<{ designId: number; commit: string | null; origin: Origin } | null> =>
  db.row(sql`
    SELECT v.design_id AS "designId", v.commit, v.origin FROM design_version v JOIN design ON design.id = v.design_id
    WHERE v.place = ${place} AND design.removed_at IS NULL ORDER BY v.id DESC LIMIT 1`)

export const knownFiles = (db: Database, designId: number): Promise<KnownFile[]> =>
  db.rows(sql`
    SELECT f.path, f.source_sha AS sha, encode(blob.hash, 'hex') AS sha256
    FROM ${newestVersion} JOIN design_file f ON f.version_id = v.id JOIN blob ON blob.id = f.blob_id
    WHERE design.id = ${designId}`)

export const saveNews = async (db: Database, designId: number, news: UpstreamNews): Promise<void> => {
  await db.run(sql`UPDATE design SET news = ${JSON.stringify(news)} WHERE id = ${designId}`)
}

export const publishDesign = async (db: Database, id: number, isPublished: boolean): Promise<void> => {
  await db.run(sql`
    UPDATE design SET is_published = ${isPublished},
      published_at = ${isPublished ? sql`coalesce(published_at, now())` : null} WHERE id = ${id}`)
}

export const removeDesign = async (db: Database, id: number): Promise<void> => {
  await db.run(sql`UPDATE design SET removed_at = now(), is_published = false WHERE id = ${id} AND removed_at IS NULL`)
}

/** A file of a design that is here, with what is needed to hand it on. */
export interface StoredFile {
  readonly id: number
  readonly designId: number
  readonly versionId: number
  readonly path: string
  readonly kind: string
  readonly blobId: number
  readonly sizeBytes: number
  readonly isPublished: boolean
  readonly licence: Licence
  readonly fileLicence: Licence | null
}

export const readDesignFiles = (db: Database, ids: readonly number[]): Promise<StoredFile[]> =>
  db.rows(sql`
    SELECT f.id, v.design_id AS "designId", v.id AS "versionId", f.path, f.kind, f.blob_id AS "blobId",
      blob.size_bytes AS "sizeBytes", design.is_published AS "isPublished", v.licence, f.licence AS "fileLicence"
    FROM design_file f JOIN design_version v ON v.id = f.version_id JOIN design ON design.id = v.design_id
    JOIN blob ON blob.id = f.blob_id
    WHERE f.id = ANY(${[...ids]}::bigint[]) AND design.removed_at IS NULL ORDER BY f.id`)

export const filesOfVersion = (db: Database, versionId: number): Promise<(StoredFile & { hash: string })[]> =>
  db.rows(sql`
    SELECT f.id, v.design_id AS "designId", v.id AS "versionId", f.path, f.kind, f.blob_id AS "blobId",
      blob.size_bytes AS "sizeBytes", encode(blob.hash, 'hex') AS hash, design.is_published AS "isPublished", v.licence,
      f.licence AS "fileLicence"
    FROM design_file f JOIN design_version v ON v.id = f.version_id JOIN design ON design.id = v.design_id
    JOIN blob ON blob.id = f.blob_id WHERE f.version_id = ${versionId} ORDER BY f.path`)
