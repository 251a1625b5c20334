// Tries at passwords and codes: written down before they are looked at, so that many at once do not slip through.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

/** So many tries in so many seconds. */
export interface Allowance {
  readonly bucket: string
  readonly tries: number
  readonly seconds: number
}

/**
 * Notes a try in each bucket. Returns for how many seconds it must wait, where one of them is full; then it was not
 * noted, or waiting would never end.
 */
export const noteTry = (db: Database, allowances: readonly Allowance[]): Promise<number | null> =>
  db.transaction(async (inside) => {
    for (const { bucket } of [...allowances].sort((one, other) => (one.bucket < other.bucket ? -1 : 1))) {
      await inside.run(sql`SELECT pg_advisory_xact_lock(hashtextextended(${bucket}, 4280003))`)
    }
    let wait = 0
    for (const { bucket, tries, seconds } of allowances) {
      // Full until the oldest of the last so many tries is old enough.
      const row = await inside.row<{ wait: number }>(sql`
        SELECT ceil(extract(epoch FROM at + make_interval(secs => ${seconds}) - clock_timestamp()))::integer AS wait
        FROM guess WHERE bucket = ${bucket} AND at > clock_timestamp() - make_interval(secs => ${seconds})
        ORDER BY at DESC OFFSET ${tries - 1} LIMIT 1`)
      wait = Math.max(wait, row?.wait ?? 0)
    }
    if (wait > 0) return wait
    await inside.run(sql`
      INSERT INTO guess (bucket, at) SELECT unnest(${allowances.map(({ bucket }) => bucket)}::text[]), clock_timestamp()`)
    return null
  })

/** It was right: it was no guess. The last try of each bucket is struck out. */
export const forgiveTry = async (db: Database, buckets: readonly string[]): Promise<void> => {
  await db.run(sql`
    DELETE FROM guess WHERE ctid IN (
      SELECT (SELECT ctid FROM guess WHERE guess.bucket = wanted.bucket ORDER BY at DESC LIMIT 1)
      FROM unnest(${[...buckets]}::text[]) AS wanted (bucket))`)
}

export const sweepGuesses = (db: Database): Promise<number> =>
  db.run(sql`DELETE FROM guess WHERE at < now() - interval '1 day'`)
