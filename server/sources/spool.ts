// Bytes that must be read more than once lie in a temporary file meanwhile.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
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

/** Fails as the bytes do; then nothing is left behind. */
export const spool = async (bytes: Readable, temporaryFolder: string, signal: AbortSignal): Promise<Spooled> => {
  const folder = await mkdtemp(join(temporaryFolder, 'pulled-'))
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
