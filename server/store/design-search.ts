// Searching designs: by words, and by what they are good for here.
import sql, { empty, join, type Sql } from 'sql-template-tag'
import type { DesignCard, DesignQuery } from '../contract/commons.ts'
import type { Database } from './database.ts'
import { cardColumns, newestVersion } from './designs.ts'

/** What must fit, in mm. */
export interface Bed {
  readonly width: number
  readonly depth: number
  readonly height: number
  readonly isRound: boolean
}

export interface FoundDesigns {
  readonly designs: DesignCard[]
  readonly total: number
  readonly licences: { value: string; count: number }[]
  readonly materials: { value: string; count: number }[]
}

/** `seesAll`: also those that are not published. */
export const searchDesigns = async (
  db: Database,
  query: DesignQuery,
  { bed, seesAll }: { bed: Bed | null; seesAll: boolean },
): Promise<FoundDesigns> => {
  const visible = sql`design.removed_at IS NULL AND (${seesAll} OR design.is_published)`
  const words =
    (query.search ?? '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, 12) ?? []
  const nearly = words.length > 0 && (await knowsTrigrams(db))
  const where = sql`WHERE ${visible} ${filters(query, bed)} ${words.length === 0 ? empty : sql`AND (${matches(words, nearly)})`}`
  const designs = await db.rows<DesignCard>(sql`
    SELECT ${cardColumns} FROM ${newestVersion} ${where}
    ORDER BY ${order(query, words, nearly)} LIMIT ${query.limit ?? 30} OFFSET ${query.offset ?? 0}`)
  const counted = await db.row<{ total: number }>(sql`SELECT count(*)::integer AS total FROM ${newestVersion} ${where}`)
  const licences = await db.rows<{ value: string; count: number }>(sql`
    SELECT v.licence->>'expression' AS value, count(*)::integer AS count FROM ${newestVersion}
    WHERE ${visible} AND v.licence->>'expression' IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`)
  const materials = await db.rows<{ value: string; count: number }>(sql`
    SELECT upper(material) AS value, count(DISTINCT design.id)::integer AS count FROM ${newestVersion},
      LATERAL (SELECT unnest(v.materials) UNION SELECT make.material FROM make WHERE make.design_id = design.id) AS used (material)
    WHERE ${visible} AND material <> '' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50`)
  return { designs, total: counted?.total ?? 0, licences, materials }
}

/** Whether this database may compare names by their letters (pg_trgm). */
const knowsTrigrams = async (db: Database): Promise<boolean> =>
  (await db.row(sql`SELECT FROM pg_extension WHERE extname = 'pg_trgm'`)) !== null

/** Each word may be the beginning of one. Only letters and digits come in here: nothing is left to escape. */
const asQuery = (words: readonly string[]): Sql =>
  sql`to_tsquery('simple', ${words.map((word) => `${word}:*`).join(' & ')})`

const matches = (words: readonly string[], nearly: boolean): Sql =>
  sql`v.words @@ ${asQuery(words)}
    ${nearly ? sql`OR word_similarity(${words.join(' ')}, lower(v.name)) > 0.5` : empty}`

const order = ({ sort = 'best' }: DesignQuery, words: readonly string[], nearly: boolean): Sql => {
  const made = sql`(SELECT count(*) FROM make WHERE make.design_id = design.id AND outcome <> 'failed') DESC`
  switch (sort) {
    case 'newest':
      return sql`v.pulled_at DESC, design.id DESC`
    case 'made':
      return sql`${made}, v.pulled_at DESC`
    case 'name':
      return sql`lower(v.name), design.id`
    case 'best':
      return words.length === 0
        ? sql`${made}, v.pulled_at DESC, design.id DESC`
        : sql`ts_rank(v.words, ${asQuery(words)})
            ${nearly ? sql`+ word_similarity(${words.join(' ')}, lower(v.name))` : empty} DESC, ${made}, design.id`
  }
}

const filters = (query: DesignQuery, bed: Bed | null): Sql => {
  const { licence, allows, material, madeHere } = query
  const all: Sql[] = []
  if (licence !== undefined) all.push(sql`AND v.licence->>'expression' = ${licence}`)
  if (allows !== undefined) all.push(sql`AND v.licence->>${allows} = 'yes'`)
  if (madeHere === true) {
    all.push(sql`AND EXISTS (SELECT FROM make WHERE make.design_id = design.id AND outcome <> 'failed')`)
  }
  if (material !== undefined) {
    all.push(sql`AND (upper(${material}) = ANY(v.materials) OR EXISTS (
      SELECT FROM make WHERE make.design_id = design.id AND upper(make.material) = upper(${material})))`)
  }
  if (bed !== null) {
    all.push(sql`AND EXISTS (
      SELECT FROM design_file f WHERE f.version_id = v.id AND f.is_printable AND f.size_z <= ${bed.height} AND ${fits(bed)})`)
  }
  return all.length === 0 ? empty : join(all, ' ')
}

/** Standing as it is drawn, turned on the bed where that helps. */
const fits = ({ width, depth, isRound }: Bed): Sql =>
  isRound
    ? sql`sqrt(f.size_x ^ 2 + f.size_y ^ 2) <= ${width}`
    : sql`((f.size_x <= ${width} AND f.size_y <= ${depth}) OR (f.size_x <= ${depth} AND f.size_y <= ${width}))`
