// Hands on one blob of a repository: checked by its id where it came another way, and fetched from large-file storage.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { type Refusal, Refused, refuse } from '../../contract/refusals.ts'
import type { ListedFile } from '../../contract/sources.ts'
import { handOn } from '../hand-on.ts'
import { readWhole } from '../limited-bytes.ts'
import type { TakeFile, Tools } from '../source.ts'
import { isRefused } from '../trouble.ts'
import { fetchLargeFile, LONGEST_POINTER_BYTES, readPointer } from './lfs.ts'

export interface BlobSettings {
  readonly tools: Tools
  /** Where large-file storage is asked. */
  readonly repository: string
  readonly take: TakeFile
}

/** Null: it was taken. `open` may throw Refused, then this file is left out. Throws what the taker itself throws. */
export const handBlob = async (
  file: ListedFile,
  open: () => Promise<Readable>,
  settings: BlobSettings,
): Promise<Refusal | null> => {
  const { tools, take } = settings
  const explain = (error: unknown): unknown =>
    isRefused(error) || tools.signal.aborted ? error : new Refused(refuse('source.cut-off', { name: file.path }))
  if (file.sizeBytes === null || file.sizeBytes > LONGEST_POINTER_BYTES) return handOn(file, open, explain, take)
  let bytes: Buffer
  try {
    bytes = await readWhole(await open())
  } catch (error) {
    if (isRefused(error)) return error.refusal
    throw error
  }
  const pointer = readPointer(bytes)
  if (pointer === null) return handOn(file, async () => Readable.from([bytes]), explain, take)
  try {
    const large = await fetchLargeFile(settings.repository, pointer, tools)
    try {
      const whole = { ...file, sizeBytes: large.sizeBytes }
      return await handOn(whole, async () => createReadStream(large.file), explain, take)
    } finally {
      await large.drop()
    }
  } catch (error) {
    if (isRefused(error)) return error.refusal
    throw error
  }
}

/** The same bytes, failing with Refused at their end where they are not those of this id. */
export const verified = (bytes: AsyncIterable<Uint8Array>, id: string, sizeBytes: number): Readable => {
  const checking = async function* () {
    const sum = createHash(id.length === 40 ? 'sha1' : 'sha256').update(`blob ${sizeBytes}\0`)
    for await (const piece of bytes) {
      sum.update(piece)
      yield piece
    }
    if (sum.digest('hex') !== id) throw new Refused(refuse('entry.differs'))
  }
  return Readable.from(checking(), { objectMode: false })
}
