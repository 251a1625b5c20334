// An archive that lies in a file: what it holds, and each of its files once more as a stream.
import { open, stat } from 'node:fs/promises'
import { Refused, refuse } from '../../contract/refusals.ts'
import type { ListedFile, SkippedFile } from '../../contract/sources.ts'
import { handOn } from '../hand-on.ts'
import { limitedBytes } from '../limited-bytes.ts'
import type { Limits } from '../limits.ts'
import { isLitter, keepPaths, sharedFolder } from '../paths.ts'
import type { ReadOptions, TakeFile, Tree } from '../source.ts'
import { isRefused } from '../trouble.ts'
import type { RawEntry, Walk } from './entry.ts'
import { type ArchiveKind, archiveKind } from './kind.ts'
import { walkTar } from './tar.ts'
import { walkZip } from './zip.ts'

export interface Archive {
  readonly tree: Tree
  readonly readAll: (take: TakeFile, options?: ReadOptions) => Promise<readonly SkippedFile[]>
}

export interface ArchiveSettings {
  /** What the person would call it. */
  readonly name: string
  readonly limits: Limits
  readonly signal: AbortSignal
}

/** Below this, unpacked, nothing can be a bomb, however well it packs. */
const HARMLESS_BYTES = 50_000_000

/** Lists what is in it, unpacking without keeping where the format asks for that. Throws Refused. */
export const openArchive = async (file: string, settings: ArchiveSettings): Promise<Archive> => {
  const { name, limits, signal } = settings
  const kind = archiveKind(await firstBytes(file))
  if (kind === null) throw new Refused(refuse('archive.kind', { name }))
  const walk = explained(name, signal, walkOf(file, kind, unpackedGuard(name, (await stat(file)).size, limits)))
  const plan = await makePlan(walk, settings, unpackedGuard(name, (await stat(file)).size, limits))
  const files = [...plan.kept.values()]
  return {
    tree: { files, skipped: plan.skipped },
    readAll: (take, options = {}) => readPlanned(walk, plan, limits, take, options),
  }
}

const walkOf = (file: string, kind: ArchiveKind, unpacked: (bytes: number) => void): Walk => {
  switch (kind) {
    case 'zip':
      return walkZip(file)
    case 'tar':
      return walkTar(file, false, unpacked)
    case 'tar.gz':
      return walkTar(file, true, unpacked)
  }
}

/** Throws when more came out than any real design would hold. */
const unpackedGuard =
  (name: string, packedBytes: number, limits: Limits) =>
  (bytes: number): void => {
    if (bytes > HARMLESS_BYTES && bytes > packedBytes * limits.ratio)
      throw new Refused(refuse('archive.bomb', { name, ratio: limits.ratio }))
    // What packs a thousand empty names still may not be endless.
    if (bytes > limits.totalBytes * 2)
      throw new Refused(refuse('source.too-large', { name, megabytes: Math.round(limits.totalBytes / 1e6) }))
  }

const explained =
  (name: string, signal: AbortSignal, walk: Walk): Walk =>
  async (visit) => {
    let ours: unknown = null
    try {
      await walk(async (entry, index) => {
        try {
          signal.throwIfAborted()
          await visit(entry, index)
        } catch (error) {
          ours = error
          throw error
        }
      })
    } catch (error) {
      if (ours !== null) throw ours
      if (isRefused(error)) throw error
      const detail = (error instanceof Error ? error.message : String(error)).slice(0, 200).replace(/\.$/, '')
      const refused = new Refused(refuse('archive.damaged', { name, detail }))
      refused.cause = error
      throw refused
    }
  }

interface Plan {
  /** By the entry's place in the archive. */
  readonly kept: ReadonlyMap<number, ListedFile>
  readonly skipped: readonly SkippedFile[]
}

const makePlan = async (walk: Walk, settings: ArchiveSettings, guard: (bytes: number) => void): Promise<Plan> => {
  const { name, limits } = settings
  const keep = keepPaths(limits)
  const kept = new Map<number, ListedFile>()
  const skipped: SkippedFile[] = []
  let total = 0
  let seen = 0
  await walk(async (entry, index) => {
    // Folders count too: a directory of a million of them is no design either.
    if (++seen > limits.files * 4) throw new Refused(refuse('source.too-many', { name, count: limits.files }))
    if (entry.kind === 'folder' || isLitter(entry.path)) return
    const checked = reasonAgainst(entry, limits) ?? keep(entry.path)
    if ('reason' in checked) {
      skipped.push({ path: shownPath(entry.path), reason: checked.reason })
      return
    }
    total += entry.sizeBytes
    guard(total)
    if (total > limits.totalBytes)
      throw new Refused(refuse('source.too-large', { name, megabytes: Math.round(limits.totalBytes / 1e6) }))
    if (kept.size >= limits.files) throw new Refused(refuse('source.too-many', { name, count: limits.files }))
    kept.set(index, { path: checked.path, sizeBytes: entry.sizeBytes, sha: null })
  })
  const folder = sharedFolder([...kept.values()].map(({ path }) => path))
  const bare = ({ path }: { path: string }): string => (path.startsWith(folder) ? path.slice(folder.length) : path)
  return {
    kept: new Map([...kept].map(([index, file]) => [index, { ...file, path: bare(file) }])),
    skipped: skipped.map((file) => ({ ...file, path: bare(file) })),
  }
}

const reasonAgainst = (entry: RawEntry, limits: Limits): Pick<SkippedFile, 'reason'> | null => {
  if (entry.kind === 'link') return { reason: refuse('entry.link') }
  if (entry.kind === 'device') return { reason: refuse('entry.device') }
  if (entry.kind === 'locked') return { reason: refuse('archive.locked') }
  if (entry.sizeBytes > limits.fileBytes)
    return { reason: refuse('entry.too-large', { megabytes: Math.round(limits.fileBytes / 1e6) }) }
  return null
}

/** Names that were refused are shown to people: without what would turn or break the line. */
const shownPath = (raw: string): string =>
  raw
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd')

    .slice(0, 300)

const readPlanned = async (
  walk: Walk,
  plan: Plan,
  limits: Limits,
  take: TakeFile,
  options: ReadOptions,
): Promise<SkippedFile[]> => {
  const skipped: SkippedFile[] = [...plan.skipped]
  const wanted = [...plan.kept].filter(([, file]) => options.wanted?.(file) ?? true)
  const left = new Map(wanted)
  let [doneFiles, doneBytes] = [0, 0]
  await walk(async (entry, index) => {
    const file = left.get(index)
    if (file === undefined) return
    const explain = (error: unknown): unknown =>
      isRefused(error) ? error : new Refused(refuse('source.cut-off', { name: file.path }))
    const open = async () =>
      limitedBytes(await entry.open(), {
        name: file.path,
        mostBytes: file.sizeBytes ?? limits.fileBytes,
        limits,
        explain,
      })
    const reason = await handOn(file, open, explain, take)
    if (reason !== null) skipped.push({ path: file.path, reason })
    else doneBytes += entry.sizeBytes
    options.progress?.({ files: wanted.length, doneFiles: ++doneFiles, doneBytes })
  })
  return skipped
}

const firstBytes = async (file: string): Promise<Buffer> => {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(512), 0, 512, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
