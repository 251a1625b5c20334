// Reads .tar and .tar.gz from the first byte to the last; nothing of it is held in memory.
import { createReadStream } from 'node:fs'
import { PassThrough, pipeline, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import type { EntryKind, Walk } from './entry.ts'

/** `unpacked` is told how many bytes came out so far, and may throw to end it. */
export const walkTar =
  (file: string, gzipped: boolean, unpacked: (bytes: number) => void): Walk =>
  async (visit) => {
    const out = extract()
    let count = 0
    const counting = async function* (pieces: AsyncIterable<Uint8Array>) {
      for await (const piece of pieces) {
        count += piece.length
        unpacked(count)
        yield piece
      }
    }
    const packed = createReadStream(file)
    const failed = { cause: null as unknown }
    // Its failure comes out of the reading below as well; this one says the cause where tar-stream hides it.
    pipeline(packed, gzipped ? createGunzip() : new PassThrough(), counting, out, (error) => {
      failed.cause = error ?? null
    })
    try {
      let index = 0
      for await (const entry of out) {
        const { name, size = 0 } = entry.header
        const open = async (): Promise<Readable> => Readable.from(lasting(entry), { objectMode: false })
        await visit({ path: name, kind: kindOf(entry.header), sizeBytes: size, open }, index++)
        entry.resume()
      }
      if (failed.cause !== null) throw failed.cause
    } finally {
      packed.destroy()
    }
  }

/** Ending the reading of one entry would end the whole archive; so it only stops. */
const lasting = (entry: AsyncIterable<unknown>): AsyncIterable<unknown> => ({
  [Symbol.asyncIterator]: () => {
    const pieces = entry[Symbol.asyncIterator]()
    return { next: () => pieces.next() }
  },
})

const kindOf = ({ type, name }: Header): EntryKind => {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      // Old tars mark a folder by the slash at its end only.
      return name.endsWith('/') ? 'folder' : 'file'
    case 'directory':
      return 'folder'
    case 'symlink':
    case 'link':
      return 'link'
    default:
      return 'device'
  }
}
