// Bytes from outside, counted while they pass: too many, too slow or cut off is the end of them.
import type { Readable } from 'node:stream'
import { Refused, refuse } from '../contract/refusals.ts'
import type { Limits } from './limits.ts'

export interface ByteLimit {
  /** What the person would call it. */
  readonly name: string
  readonly mostBytes: number
  readonly limits: Limits
  /** What the network said -> what is thrown. */
  readonly explain: (error: unknown) => unknown
}

/** Throws Refused in the midst of it; ends the stream below when nobody reads on. */
export async function* limitedBytes(bytes: Readable, limit: ByteLimit): AsyncGenerator<Uint8Array> {
  const { limits } = limit
  const start = Date.now()
  let count = 0
  try {
    for await (const piece of bytes as AsyncIterable<Uint8Array>) {
      count += piece.length
      if (count > limit.mostBytes) throw tooLarge(limit.name, limit.mostBytes)
      const elapsed = Date.now() - start
      if (elapsed > limits.dribbleGraceMs && (count * 1000) / elapsed < limits.slowestBytesPerSecond)
        throw new Refused(refuse('source.slow', { host: limit.name }))
      yield piece
    }
  } catch (error) {
    throw limit.explain(error)
  } finally {
    bytes.on('error', () => {})
    bytes.destroy()
  }
}

export const tooLarge = (name: string, mostBytes: number): Refused =>
  new Refused(refuse('source.too-large', { name, megabytes: Math.max(1, Math.round(mostBytes / 1e6)) }))

export const readWhole = async (bytes: Readable): Promise<Buffer> => {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes as AsyncIterable<Uint8Array>) pieces.push(piece)
  return Buffer.concat(pieces)
}
