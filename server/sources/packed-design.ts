// A design that lies in files here meanwhile: an unpacked archive, one file, or what was uploaded.
import { createReadStream } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { Refused, refuse } from '../contract/refusals.ts'
import type { ListedFile, SkippedFile } from '../contract/sources.ts'
import { openArchive } from './archives/archive.ts'
import { archiveKind, isOtherArchive, isWholeByName } from './archives/kind.ts'
import { handOn } from './hand-on.ts'
import { limitedBytes } from './limited-bytes.ts'
import { checkPath, isLitter, keepPaths, sharedFolder } from './paths.ts'
import type { OpenDesign, Tools, Tree, UploadedFile } from './source.ts'
import type { Spooled } from './spool.ts'
import { isRefused } from './trouble.ts'

type Contents = Pick<OpenDesign, 'tree' | 'readAll'>

/** What a file is: the archive's contents, or the one file itself. Throws Refused. */
export const contentsOf = async (
  spooled: Spooled,
  name: string,
  tools: Tools,
): Promise<Contents & { isArchive: boolean }> => {
  const head = await firstBytes(spooled.file)
  if (isOtherArchive(head)) throw new Refused(refuse('archive.kind', { name }))
  if (archiveKind(head) !== null && !isWholeByName(name)) {
    const archive = await openArchive(spooled.file, { name, limits: tools.limits, signal: tools.signal })
    if (archive.tree.files.length === 0 && archive.tree.skipped.length === 0)
      throw new Refused(refuse('source.empty', { name }))
    return { isArchive: true, tree: async () => archive.tree, readAll: archive.readAll }
  }
  const one = { path: name, sizeBytes: spooled.sizeBytes, read: () => createReadStream(spooled.file) }
  return { isArchive: false, ...contentsOfFiles(name, [one], tools) }
}

/** Several files, each checked like an entry of an archive. Throws Refused. */
export const contentsOfFiles = (name: string, given: readonly UploadedFile[], tools: Tools): Contents => {
  const { limits } = tools
  const listed = listFiles(name, given, tools)
  return {
    tree: async () => listed.tree,
    readAll: async (take, options = {}) => {
      const lost: SkippedFile[] = []
      const wanted = listed.tree.files.filter((file) => options.wanted?.(file) ?? true)
      let [doneFiles, doneBytes] = [0, 0]
      for (const file of wanted) {
        tools.signal.throwIfAborted()
        const read = listed.readers.get(file.path)
        if (read === undefined) continue
        const explain = (error: unknown): unknown =>
          isRefused(error) ? error : new Refused(refuse('source.cut-off', { name: file.path }))
        const counting = async function* () {
          const most = Math.min(limits.fileBytes, limits.totalBytes - doneBytes)
          for await (const piece of limitedBytes(read(), { name: file.path, mostBytes: most, limits, explain })) {
            doneBytes += piece.length
            yield piece
          }
        }
        const reason = await handOn(file, async () => counting(), explain, take)
        if (reason !== null) lost.push({ path: file.path, reason })
        options.progress?.({ files: wanted.length, doneFiles: ++doneFiles, doneBytes })
      }
      return [...listed.tree.skipped, ...lost]
    },
  }
}

const listFiles = (
  name: string,
  given: readonly UploadedFile[],
  { limits }: Tools,
): { tree: Tree; readers: ReadonlyMap<string, () => Readable> } => {
  const keep = keepPaths(limits)
  const files: (ListedFile & { read: () => Readable })[] = []
  const skipped: SkippedFile[] = []
  const shared = sharedFolder(given.map(({ path }) => path.replaceAll('\\', '/')))
  for (const { path, sizeBytes, read } of given) {
    if (isLitter(path)) continue
    const below = path.replaceAll('\\', '/').slice(shared.length)
    const tooLarge = sizeBytes !== null && sizeBytes > limits.fileBytes
    const checked = tooLarge
      ? { reason: refuse('entry.too-large', { megabytes: Math.round(limits.fileBytes / 1e6) }) }
      : keep(below)
    if ('reason' in checked) skipped.push({ path: path.slice(0, 300), reason: checked.reason })
    else files.push({ path: checked.path, sizeBytes, sha: null, read })
  }
  if (files.length > limits.files) throw new Refused(refuse('source.too-many', { name, count: limits.files }))
  if (files.length === 0 && skipped.length === 0) throw new Refused(refuse('source.empty', { name }))
  return {
    tree: { files: files.map(({ path, sizeBytes, sha }) => ({ path, sizeBytes, sha })), skipped },
    readers: new Map(files.map(({ path, read }) => [path, read])),
  }
}

const firstBytes = async (file: string): Promise<Buffer> => {
  const handle = await openFile(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** A file's own name, as an address or a header gives it. */
export const fileNameFrom = (raw: string, tools: Tools): string => {
  const last =
    raw
      .split(/[\\/]/)
      .filter((part) => part !== '')
      .at(-1) ?? ''
  const checked = checkPath(last, tools.limits)
  return 'path' in checked ? checked.path : 'file'
}
