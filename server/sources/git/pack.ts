// A pack file on the disk, by the ids of its objects. What is read is what its id says: every id is computed here.
import { createHash } from 'node:crypto'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { Refused, refuse } from '../../contract/refusals.ts'
import { applyDelta, deltaResultBytes, WrongDelta } from './delta.ts'
import {
  countEntries,
  type ObjectType,
  type PackEntry,
  type PackFile,
  readEntryData,
  readEntryHead,
  streamEntry,
  WrongPack,
} from './pack-entries.ts'

export interface Pack {
  readonly has: (id: string) => boolean
  /** Unpacked; null: not in this pack. */
  readonly sizeOf: (id: string) => number | null
  /** The whole object. Throws Refused where it is not there or of another type. */
  readonly read: (id: string, type: ObjectType) => Promise<Buffer>
  readonly stream: (id: string) => Promise<Readable>
  readonly close: () => Promise<void>
}

/** Differences are put together in memory; git itself makes none of larger objects by default (512 MB, all told). */
const MOST_IN_MEMORY_BYTES = 128_000_000
const CACHE_BYTES = 32_000_000

interface Known {
  readonly entry: PackEntry
  readonly type: ObjectType
  readonly sizeBytes: number
}

interface Whole {
  readonly type: ObjectType
  readonly bytes: Buffer
}

/** Reads it through once. Throws Refused; `host` is who sent it. */
export const openPack = async (file: string, host: string, mostObjects: number, idBytes: number): Promise<Pack> => {
  const handle = await open(file, 'r')
  try {
    return await index({ handle, path: file, sizeBytes: (await stat(file)).size, idBytes }, handle, host, mostObjects)
  } catch (error) {
    await handle.close()
    throw explained(error, host)
  }
}

const explained = (error: unknown, host: string): unknown => {
  if (!(error instanceof WrongPack || error instanceof WrongDelta)) return error
  const refused = new Refused(refuse('source.answer', { host, detail: error.message }))
  refused.cause = error
  return refused
}

const index = async (pack: PackFile, handle: FileHandle, host: string, mostObjects: number): Promise<Pack> => {
  const count = await countEntries(pack)
  if (count > mostObjects) throw new Refused(refuse('source.too-many', { name: host, count: mostObjects }))
  const known = new Map<string, Known>()
  const byOffset = new Map<number, PackEntry>()
  const whole = wholeReader(pack, byOffset, known)
  const deltas: PackEntry[] = []
  let offset = 12
  for (let at = 0; at < count; at++) {
    const entry = await readEntryHead(pack, offset)
    byOffset.set(offset, entry)
    const { type, sizeBytes } = entry
    const sum = type === null ? null : hashFor(pack, type, sizeBytes)
    offset = await readEntryData(pack, entry, (bytes) => sum?.update(bytes))
    if (type === null || sum === null) deltas.push(entry)
    else known.set(sum.digest('hex'), { entry, type, sizeBytes })
  }
  await nameDeltas(pack, deltas, known, whole)
  const find = (id: string): Known => {
    const found = known.get(id)
    if (found === undefined) throw new WrongPack('it does not send all objects')
    return found
  }
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw explained(error, host)
    }
  }
  return {
    has: (id) => known.has(id),
    sizeOf: (id) => known.get(id)?.sizeBytes ?? null,
    read: (id, type) =>
      guarded(async () => {
        const found = find(id)
        if (found.type !== type) throw new WrongPack(`a ${type} is something else`)
        return (await whole(found.entry)).bytes
      }),
    stream: (id) =>
      guarded(async () => {
        const { entry } = find(id)
        return entry.type === null ? Readable.from([(await whole(entry)).bytes]) : streamEntry(pack, entry)
      }),
    close: () => handle.close(),
  }
}

const hashFor = (pack: PackFile, type: ObjectType, sizeBytes: number) =>
  createHash(pack.idBytes === 20 ? 'sha1' : 'sha256').update(`${type} ${sizeBytes}\0`)

/** A base named by its id may itself be a difference that has no name yet: so in rounds, until nothing is gained. */
const nameDeltas = async (
  pack: PackFile,
  deltas: readonly PackEntry[],
  known: Map<string, Known>,
  whole: (entry: PackEntry) => Promise<Whole>,
): Promise<void> => {
  let left = deltas
  while (left.length > 0) {
    const next: PackEntry[] = []
    for (const entry of left) {
      if (typeof entry.base === 'string' && !known.has(entry.base)) next.push(entry)
      else {
        const { type, bytes } = await whole(entry)
        const id = hashFor(pack, type, bytes.length).update(bytes).digest('hex')
        known.set(id, { entry, type, sizeBytes: bytes.length })
      }
    }
    if (next.length === left.length) throw new WrongPack('it sends differences without what they differ from')
    left = next
  }
}

/** Puts an object together from its base and the differences on the way. */
const wholeReader = (
  pack: PackFile,
  byOffset: ReadonlyMap<number, PackEntry>,
  known: ReadonlyMap<string, Known>,
): ((entry: PackEntry) => Promise<Whole>) => {
  const cache = new Map<number, Whole>()
  let cachedBytes = 0
  const keep = (offset: number, whole: Whole): void => {
    if (whole.bytes.length > CACHE_BYTES / 4) return
    cache.set(offset, whole)
    cachedBytes += whole.bytes.length
    for (const [oldest, { bytes }] of cache) {
      if (cachedBytes <= CACHE_BYTES) break
      cache.delete(oldest)
      cachedBytes -= bytes.length
    }
  }
  const baseOf = (entry: PackEntry): PackEntry => {
    const base = typeof entry.base === 'string' ? known.get(entry.base)?.entry : byOffset.get(entry.base ?? -1)
    if (base === undefined) throw new WrongPack('an object has its base outside of the pack')
    return base
  }
  return async (wanted) => {
    const chain: PackEntry[] = []
    let entry = wanted
    while (entry.type === null && !cache.has(entry.offset)) {
      chain.push(entry)
      // Bases lie before what differs from them, or are named by id; a circle would not end.
      if (chain.length > byOffset.size) throw new WrongPack('objects differ from each other in a circle')
      entry = baseOf(entry)
    }
    const cached = cache.get(entry.offset)
    let whole = cached ?? { type: entry.type ?? 'blob', bytes: await gather(pack, entry) }
    if (cached === undefined) keep(entry.offset, whole)
    for (const step of chain.reverse()) {
      const delta = await gather(pack, step)
      if (deltaResultBytes(delta) > MOST_IN_MEMORY_BYTES) throw new WrongPack('a difference makes too large an object')
      whole = { type: whole.type, bytes: applyDelta(whole.bytes, delta) }
      keep(step.offset, whole)
    }
    return whole
  }
}

const gather = async (pack: PackFile, entry: PackEntry): Promise<Buffer> => {
  if (entry.sizeBytes > MOST_IN_MEMORY_BYTES) throw new WrongPack('an object is too large to be put together')
  const pieces: Buffer[] = []
  await readEntryData(pack, entry, (bytes) => pieces.push(bytes))
  return Buffer.concat(pieces)
}
