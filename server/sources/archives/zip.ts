// Reads .zip by its central directory: what local headers say besides is not believed.
import { open } from 'node:fs/promises'
import { type Entry, fromFdPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import type { EntryKind, Walk } from './entry.ts'

/** Types of files in the upper half of the attributes that Unix writes (stat.h). */
const S_IFMT = 0o170000
const S_IFREG = 0o100000
const S_IFDIR = 0o040000
const S_IFLNK = 0o120000
const MADE_ON_UNIX = 3
const MADE_ON_MACOS = 19

/** Fails with what yauzl says where the file is no zip. */
export const walkZip =
  (file: string): Walk =>
  async (visit) => {
    const handle = await open(file, 'r')
    try {
      const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: true }
      const zip: ZipFile = await fromFdPromise(handle.fd, options)
      let index = 0
      for await (const entry of zip.eachEntry()) {
        const path = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false)
        const sizeBytes = entry.uncompressedSize
        await visit(
          { path, kind: kindOf(entry, path), sizeBytes, open: () => zip.openReadStreamPromise(entry) },
          index++,
        )
      }
    } finally {
      await handle.close()
    }
  }

const kindOf = (entry: Entry, path: string): EntryKind => {
  const made = entry.versionMadeBy >> 8
  const mode = (entry.externalFileAttributes >>> 16) & S_IFMT
  if ((made === MADE_ON_UNIX || made === MADE_ON_MACOS) && mode !== 0) {
    if (mode === S_IFLNK) return 'link'
    if (mode === S_IFDIR) return 'folder'
    if (mode !== S_IFREG) return 'device'
  }
  if (path.endsWith('/') || path.endsWith('\\')) return 'folder'
  return entry.isEncrypted() ? 'locked' : 'file'
}
