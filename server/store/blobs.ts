// Bytes in the database, in compressed pieces of 1 MiB, named by their hash once they are whole.
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { deflateRaw, inflateRaw } from 'node:zlib'
import sql from 'sql-template-tag'
import { brokenConstraint, type Database } from './database.ts'

const PART_BYTES = 1 << 20
/** The quickest level: G-code shrinks to a third by it. */
const LEVEL = 1

const compress = promisify(deflateRaw)
const expand = promisify(inflateRaw)

export interface WrittenBlob {
  readonly id: number
  readonly hash: string
  readonly sizeBytes: number
  /** False where the same bytes were here before: `id` is then theirs. */
  readonly isNew: boolean
}

/**
 * Writes a stream as a blob; memory stays at a few parts whatever its size. When the stream throws, nothing is left.
 * `look` sees each piece as it passes, and may throw to refuse it.
 */
export const writeBlob = async (
  db: Database,
  stream: AsyncIterable<Uint8Array>,
  look: (piece: Uint8Array) => void = () => {},
): Promise<WrittenBlob> => {
  const started = await db.row<{ id: number }>(sql`INSERT INTO blob DEFAULT VALUES RETURNING id`)
  const id = (started as { id: number }).id
  try {
    const { hash, sizeBytes } = await writeParts(db, id, stream, look)
    return await finish(db, id, hash, sizeBytes)
  } catch (error) {
    // If the database is away, the sweep at the next start removes it.
    await db.run(sql`DELETE FROM blob WHERE id = ${id}`).catch(() => {})
    throw error
  }
}

const writeParts = async (
  db: Database,
  id: number,
  stream: AsyncIterable<Uint8Array>,
  look: (piece: Uint8Array) => void,
): Promise<{ hash: Buffer; sizeBytes: number }> => {
  const sum = createHash('sha256')
  let part = 0
  let sizeBytes = 0
  let filled = 0
  let buffer = Buffer.allocUnsafe(PART_BYTES)
  // One part is being stored while the next one fills: the network does not wait for the disk.
  let storing: Promise<void> = Promise.resolve()
  const store = async (): Promise<void> => {
    const bytes = buffer.subarray(0, filled)
    const number = part++
    buffer = Buffer.allocUnsafe(PART_BYTES)
    filled = 0
    await storing
    storing = storePart(db, id, number, bytes)
    // It is awaited one part later; until then its failure is not unheard.
    storing.catch(() => {})
  }
  for await (const piece of stream) {
    look(piece)
    sum.update(piece)
    sizeBytes += piece.length
    for (let from = 0; from < piece.length; ) {
      const taken = Math.min(PART_BYTES - filled, piece.length - from)
      buffer.set(piece.subarray(from, from + taken), filled)
      filled += taken
      from += taken
      if (filled === PART_BYTES) await store()
    }
  }
  if (filled > 0) await store()
  await storing
  return { hash: sum.digest(), sizeBytes }
}

const storePart = async (db: Database, id: number, part: number, bytes: Buffer): Promise<void> => {
  const packed = await compress(bytes, { level: LEVEL })
  await db.run(sql`
    WITH touched AS (UPDATE blob SET touched_at = now() WHERE id = ${id})
    INSERT INTO blob_chunk (blob_id, part, bytes) VALUES (${id}, ${part}, ${packed})`)
}

/** Gives the blob its name, or gives way to the one that has it already. */
const finish = async (db: Database, id: number, hash: Buffer, sizeBytes: number): Promise<WrittenBlob> => {
  const shown = { hash: hash.toString('hex'), sizeBytes }
  try {
    await db.run(sql`UPDATE blob SET hash = ${hash}, size_bytes = ${sizeBytes} WHERE id = ${id}`)
    return { id, ...shown, isNew: true }
  } catch (error) {
    if (brokenConstraint(error) !== 'blob_hash_key') throw error
  }
  const same = await db.row<{ id: number }>(sql`SELECT id FROM blob WHERE hash = ${hash}`)
  if (same === null) throw new Error('A blob of the same bytes vanished while this one was stored.')
  await db.run(sql`DELETE FROM blob WHERE id = ${id}`)
  return { id: same.id, ...shown, isNew: false }
}

/** The bytes of a blob, a part at a time, from `fromByte` on. Throws where a part is missing. */
export async function* readBlob(db: Database, id: number, fromByte = 0): AsyncGenerator<Buffer> {
  const blob = await db.row<{ sizeBytes: number }>(sql`SELECT size_bytes AS "sizeBytes" FROM blob WHERE id = ${id}`)
  const parts = Math.ceil((blob?.sizeBytes ?? 0) / PART_BYTES)
  for (let part = Math.floor(fromByte / PART_BYTES); part < parts; part++) {
    const row = await db.row<{ bytes: Buffer }>(
      sql`SELECT bytes FROM blob_chunk WHERE blob_id = ${id} AND part = ${part}`,
    )
    if (row === null) throw new Error(`Part ${part} of blob ${id} is missing in the database.`)
    const bytes = await expand(row.bytes)
    const skip = Math.max(0, fromByte - part * PART_BYTES)
    yield skip > 0 ? bytes.subarray(skip) : bytes
  }
}

/** Removes blobs that nobody has written to for ten minutes, and those that nothing refers to. Returns how many. */
export const sweepBlobs = (db: Database): Promise<number> =>
  db.run(sql`
    DELETE FROM blob
    WHERE (hash IS NULL AND touched_at < now() - interval '10 minutes')
       OR (hash IS NOT NULL AND touched_at < now() - interval '1 day'
           AND NOT EXISTS (SELECT FROM file WHERE file.blob_id = blob.id)
           AND NOT EXISTS (SELECT FROM design_file WHERE design_file.blob_id = blob.id)
           AND NOT EXISTS (SELECT FROM design_file WHERE design_file.preview_blob_id = blob.id)
           AND NOT EXISTS (SELECT FROM derived_file WHERE derived_file.blob_id = blob.id)
           AND NOT EXISTS (SELECT FROM tray_file WHERE tray_file.blob_id = blob.id)
           AND NOT EXISTS (SELECT FROM make WHERE make.photo_blob_id = blob.id)
           AND NOT EXISTS (SELECT FROM model WHERE model.mesh_blob_id = blob.id))`)

/** All bytes of a blob at once, for what has to be seen as a whole. */
export const wholeBlob = async (db: Database, id: number): Promise<Buffer> => {
  const parts: Buffer[] = []
  for await (const part of readBlob(db, id)) parts.push(part)
  return Buffer.concat(parts)
}

/** The name of a blob, hexadecimal; null where it is not whole or gone. */
export const hashOf = async (db: Database, id: number): Promise<string | null> => {
  const row = await db.row<{ hash: string | null }>(sql`SELECT encode(hash, 'hex') AS hash FROM blob WHERE id = ${id}`)
  return row?.hash ?? null
}
