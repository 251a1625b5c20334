// A repository at one commit over smart HTTP: its files, fetched without history.
import { Refused, refuse } from '../../contract/refusals.ts'
import type { ListedFile, SkippedFile } from '../../contract/sources.ts'
import type { ReadOptions, TakeFile, Tools, Tree } from '../source.ts'
import { handBlob } from './hand-blob.ts'
import { openPack, type Pack } from './pack.ts'
import { fetchPack, hasFilter, type Remote } from './smart-http.ts'
import { walkCommit } from './walk-tree.ts'

export interface RepositoryAt {
  readonly commit: string
  readonly folder: string | null
  /** Its address, as people know it. */
  readonly name: string
}

export interface Repository {
  readonly tree: () => Promise<Tree>
  readonly readAll: (take: TakeFile, options?: ReadOptions) => Promise<readonly SkippedFile[]>
  readonly close: () => Promise<void>
}

/** How many blobs are asked for at once: each names itself in 50 bytes of the request. */
const BLOBS_AT_ONCE = 1000
/** Files, folders and the commit, of the whole repository although only one folder may be wanted. */
const OBJECTS_PER_FILE = 40

export const repositoryAt = (remote: Remote, at: RepositoryAt, tools: Tools): Repository => {
  const host = new URL(remote.url).host
  const closing: (() => Promise<void>)[] = []
  const fetch = async (wants: readonly string[], withoutBlobs: boolean): Promise<Pack> => {
    const spooled = await fetchPack(remote, wants, { withoutBlobs }, tools)
    closing.push(spooled.drop)
    const pack = await openPack(spooled.file, host, tools.limits.files * OBJECTS_PER_FILE, at.commit.length / 2)
    closing.unshift(pack.close)
    return pack
  }
  let main: Promise<Pack> | null = null
  let listed: Promise<Tree> | null = null
  const tree = (): Promise<Tree> => {
    main ??= fetch([at.commit], hasFilter(remote))
    listed ??= main.then((pack) => walkCommit(pack, at.commit, { ...at, name: at.name, limits: tools.limits }))
    return listed
  }
  const readAll = async (take: TakeFile, options: ReadOptions = {}): Promise<SkippedFile[]> => {
    const { files, skipped } = await tree()
    const wanted = files.filter((file) => options.wanted?.(file) ?? true)
    const reading = { take, options, tools, repository: remote.url, done: { files: 0, bytes: 0 }, all: wanted.length }
    const lost: SkippedFile[] = []
    const first = await main
    for (let start = 0; start < wanted.length; start += BLOBS_AT_ONCE) {
      const some = wanted.slice(start, start + BLOBS_AT_ONCE)
      const missing = some.flatMap(({ sha }) => (sha === null || first?.has(sha) ? [] : [sha]))
      const rest = missing.length === 0 ? first : await fetch([...new Set(missing)], false)
      for (const file of some) {
        const pack = file.sha !== null && first?.has(file.sha) ? first : rest
        const reason = pack === null ? refuse('entry.missing') : await readOne(file, pack, reading)
        if (reason !== null) lost.push({ path: file.path, reason })
      }
    }
    return [...skipped, ...lost]
  }
  return {
    tree,
    readAll,
    close: async () => {
      for (const close of closing.splice(0)) await close()
    },
  }
}

interface Reading {
  readonly take: TakeFile
  readonly options: ReadOptions
  readonly tools: Tools
  readonly repository: string
  readonly done: { files: number; bytes: number }
  readonly all: number
}

const readOne = async (file: ListedFile, pack: Pack, reading: Reading): Promise<SkippedFile['reason'] | null> => {
  const { tools, done } = reading
  tools.signal.throwIfAborted()
  const id = file.sha ?? ''
  const sizeBytes = pack.sizeOf(id)
  if (sizeBytes === null) return refuse('entry.missing')
  if (sizeBytes > tools.limits.fileBytes)
    return refuse('entry.too-large', { megabytes: Math.round(tools.limits.fileBytes / 1e6) })
  done.bytes += sizeBytes
  if (done.bytes > tools.limits.totalBytes) {
    const megabytes = Math.round(tools.limits.totalBytes / 1e6)
    throw new Refused(refuse('source.too-large', { name: reading.repository, megabytes }))
  }
  const reason = await handBlob({ ...file, sizeBytes }, () => pack.stream(id), reading)
  reading.options.progress?.({ files: reading.all, doneFiles: ++done.files, doneBytes: done.bytes })
  return reason
}
