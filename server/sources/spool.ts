// Bytes that must be read more than once lie in a temporary file meanwhile.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

export interface Spooled {
  readonly file: string
  readonly sizeBytes: number
  readonly sha256: string
  /** Removes it. */
  readonly drop: () => Promise<void>
}

const PREFIX = 'pulled-'
/** Nothing is read for longer. */
const FORGOTTEN_MS = 24 * 3600_000

/** Makes the folder, and removes what a killed process left in it. */
export const prepareFolder = async (temporaryFolder: string): Promise<void> => {
  await mkdir(temporaryFolder, { recursive: true, mode: 0o700 })
  for (const name of await readdir(temporaryFolder)) {
    if (!name.startsWith(PREFIX)) continue
    const folder = join(temporaryFolder, name)
    const found = await stat(folder).catch(() => null)
    if (found !== null && Date.now() - found.mtimeMs > FORGOTTEN_MS) await rm(folder, { recursive: true, force: true })
  }
}

/** Fails as the bytes do; then nothing is left behind. */
export const spool = async (bytes: Readable, temporaryFolder: string, signal: AbortSignal): Promise<Spooled> => {
  const folder = await mkdtemp(join(temporaryFolder, PREFIX))
  const drop = (): Promise<void> => rm(folder, { recursive: true, force: true })
  const file = join(folder, 'bytes')
  const sum = createHash('sha256')
  let sizeBytes = 0
  const counting = async function* (pieces: AsyncIterable<Uint8Array>) {
    for await (const piece of pieces) {
      sizeBytes += piece.length
      sum.update(piece)
      yield piece
    }
  }
  try {
    await pipeline(bytes, counting, createWriteStream(file, { mode: 0o600 }), { signal })
    return { file, sizeBytes, sha256: sum.digest('hex'), drop }
  } catch (error) {
    await drop()
    throw error
  }
}
