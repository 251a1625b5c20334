// Hands one file to whoever takes it; a file that fails on its way is lost alone.
import { Readable } from 'node:stream'
import type { Refusal } from '../contract/refusals.ts'
import type { ListedFile } from '../contract/sources.ts'
import type { TakeFile } from './source.ts'
import { isRefused } from './trouble.ts'

/**
 * Null: it was taken. Otherwise why it is left out: the bytes failed, and `explain` said so. Throws what the taker
 * itself throws.
 */
export const handOn = async (
  file: ListedFile,
  open: () => Promise<AsyncIterable<Uint8Array>>,
  explain: (error: unknown) => unknown,
  take: TakeFile,
): Promise<Refusal | null> => {
  const failure: { reason: Refusal | null } = { reason: null }
  const fails = (error: unknown): never => {
    const said = explain(error)
    if (isRefused(said)) failure.reason = said.refusal
    throw said
  }
  const pieces = async function* () {
    try {
      yield* await open()
    } catch (error) {
      fails(error)
    }
  }
  const bytes = Readable.from(pieces(), { objectMode: false })
  // Someone who does not wait for the end still must not bring the server down by a failure there.
  bytes.on('error', () => {})
  try {
    await take(file, bytes)
  } catch (error) {
    if (failure.reason === null) throw error
  } finally {
    bytes.destroy()
  }
  return failure.reason
}
