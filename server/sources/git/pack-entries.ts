// The objects of a pack file as they lie there (gitformat-pack): where each begins, and what it unpacks to.
import { createReadStream } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createInflate, inflateSync } from 'node:zlib'

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag'

export interface PackEntry {
  readonly offset: number
  readonly dataOffset: number
  /** Null: the difference to its base. */
  readonly type: ObjectType | null
  /** Unpacked; of a difference, of the difference itself. */
  readonly sizeBytes: number
  /** Of a difference: where its base lies, or its id. */
  readonly base: number | string | null
}

export class WrongPack extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'WrongPack'
  }
}

export interface PackFile {
  readonly handle: FileHandle
  readonly path: string
  readonly sizeBytes: number
  /** 20 for SHA-1, 32 for SHA-256. */
  readonly idBytes: number
}

const types: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' }
const OFS_DELTA = 6
const REF_DELTA = 7
/** Up to here an object is unpacked at once, which is far quicker; larger ones flow. */
const AT_ONCE_BYTES = 1_000_000

/** How many objects the pack says it has. Throws WrongPack. */
export const countEntries = async (pack: PackFile): Promise<number> => {
  const head = await readAt(pack, 0, 12)
  if (head.length < 12 || head.toString('latin1', 0, 4) !== 'PACK' || ![2, 3].includes(head.readUInt32BE(4)))
    throw new WrongPack('it sends something that is no pack')
  return head.readUInt32BE(8)
}

/** Throws WrongPack. */
export const readEntryHead = async (pack: PackFile, offset: number): Promise<PackEntry> => {
  const head = await readAt(pack, offset, 64)
  let at = 0
  const next = (): number => {
    const byte = head[at++]
    if (byte === undefined) throw new WrongPack('the pack is cut off')
    return byte
  }
  let byte = next()
  const kind = (byte >> 4) & 7
  let sizeBytes = byte & 15
  for (let scale = 16; (byte & 0x80) !== 0; scale *= 128) {
    byte = next()
    sizeBytes += (byte & 0x7f) * scale
  }
  if (!Number.isSafeInteger(sizeBytes)) throw new WrongPack('an object claims an impossible size')
  let base: number | string | null = null
  if (kind === OFS_DELTA) {
    byte = next()
    let back = byte & 0x7f
    while ((byte & 0x80) !== 0) {
      byte = next()
      back = (back + 1) * 128 + (byte & 0x7f)
    }
    base = offset - back
    if (back <= 0 || base < 12) throw new WrongPack('an object has its base outside of the pack')
  } else if (kind === REF_DELTA) {
    base = head.toString('hex', at, at + pack.idBytes)
    at += pack.idBytes
  } else if (types[kind] === undefined) throw new WrongPack('the pack holds something that is not known')
  return { offset, dataOffset: offset + at, type: types[kind] ?? null, sizeBytes, base }
}

/** Unpacks one, telling each piece; answers with where the next one begins. Throws WrongPack. */
export const readEntryData = async (
  pack: PackFile,
  entry: PackEntry,
  piece: (bytes: Buffer) => void,
): Promise<number> => {
  if (entry.sizeBytes <= AT_ONCE_BYTES) {
    const unpacked = await readSmall(pack, entry)
    if (unpacked !== null) {
      piece(unpacked.bytes)
      return entry.dataOffset + unpacked.packedBytes
    }
  }
  const inflate = createInflate()
  const packed = createReadStream(pack.path, { start: entry.dataOffset })
  packed.on('error', (error) => inflate.destroy(error))
  let count = 0
  try {
    for await (const bytes of packed.pipe(inflate) as AsyncIterable<Buffer>) {
      count += bytes.length
      if (count > entry.sizeBytes) break
      piece(bytes)
    }
  } catch (error) {
    throw new WrongPack('an object cannot be unpacked', error)
  } finally {
    packed.destroy()
  }
  if (count !== entry.sizeBytes) throw new WrongPack('an object is not as large as it says')
  return entry.dataOffset + inflate.bytesWritten
}

/** The bytes of one that is no difference, as they flow. */
export const streamEntry = (pack: PackFile, entry: PackEntry): Readable => {
  const flow = async function* () {
    const inflate = createInflate()
    const packed = createReadStream(pack.path, { start: entry.dataOffset })
    packed.on('error', (error) => inflate.destroy(error))
    try {
      yield* packed.pipe(inflate) as AsyncIterable<Buffer>
    } finally {
      packed.destroy()
    }
  }
  return Readable.from(flow(), { objectMode: false })
}

/** Null: it packs worse than anything should, and must flow. */
const readSmall = async (
  pack: PackFile,
  { dataOffset, sizeBytes }: PackEntry,
): Promise<{ bytes: Buffer; packedBytes: number } | null> => {
  const window = await readAt(pack, dataOffset, sizeBytes + (sizeBytes >> 9) + 1024)
  try {
    const done = inflateSync(window, { info: true, maxOutputLength: Math.max(sizeBytes, 1) }) as unknown
    if (typeof done !== 'object' || done === null || !('buffer' in done) || !('engine' in done)) return null
    const { buffer, engine } = done
    if (!Buffer.isBuffer(buffer) || buffer.length !== sizeBytes) return null
    if (typeof engine !== 'object' || engine === null || !('bytesWritten' in engine)) return null
    return typeof engine.bytesWritten === 'number' ? { bytes: buffer, packedBytes: engine.bytesWritten } : null
  } catch {
    return null
  }
}

const readAt = async (pack: PackFile, offset: number, length: number): Promise<Buffer> => {
  const { buffer, bytesRead } = await pack.handle.read(Buffer.alloc(length), 0, length, offset)
  return buffer.subarray(0, bytesRead)
}
