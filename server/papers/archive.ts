// Many files as one ZIP archive, as a stream: memory stays at a few parts whatever its size.
import { Zip, ZipDeflate } from 'fflate'

export interface PackedFile {
  readonly path: string
  readonly read: () => AsyncIterable<Uint8Array>
}

export async function* zip(files: Iterable<PackedFile>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  let failure: Error | null = null
  const archive = new Zip((error, part) => {
    if (error) failure = error
    else ready.push(part)
  })
  const flush = function* (): Generator<Uint8Array> {
    if (failure !== null) throw failure
    yield* ready.splice(0)
  }
  for (const { path, read } of files) {
    const entry = new ZipDeflate(path, { level: 6 })
    archive.add(entry)
    for await (const part of read()) {
      entry.push(part)
      yield* flush()
    }
    entry.push(new Uint8Array(0), true)
    yield* flush()
  }
  archive.end()
  yield* flush()
}
