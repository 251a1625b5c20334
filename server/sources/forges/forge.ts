// A repository on a forge: listed and fetched by the forge's own addresses, and by git where they fail.
import { createReadStream } from 'node:fs'
import { Refused, refuse } from '../../contract/refusals.ts'
import type { ListedFile, Origin, SkippedFile, SourceFacts } from '../../contract/sources.ts'
import { openArchive } from '../archives/archive.ts'
import { handBlob, verified } from '../git/hand-blob.ts'
import { type Pinned, pin } from '../git/pin.ts'
import { type Repository, repositoryAt } from '../git/repository.ts'
import { askRemote } from '../git/smart-http.ts'
import { keepEntries, type TreeEntry } from '../git/walk-tree.ts'
import { noFacts, type OpenDesign, type ReadOptions, type TakeFile, type Tools, type Tree } from '../source.ts'
import { spool } from '../spool.ts'
import { isRefused } from '../trouble.ts'

/** What differs from forge to forge. */
export interface Forge {
  readonly kind: 'github' | 'gitlab' | 'gitea' | 'git'
  /** The repository, as people know it: without `.git`. */
  readonly url: string
  readonly facts: (tools: Tools) => Promise<SourceFacts>
  /** Paths from the root of the repository. Null: the forge does not say all of it. */
  readonly list: ((commit: string, folder: string | null, tools: Tools) => Promise<readonly TreeEntry[] | null>) | null
  /** `path` from the root of the repository. */
  readonly rawAddress: (commit: string, path: string, id: string) => string
  readonly archiveAddress: (commit: string, folder: string | null) => string
}

/** Up to so many files are fetched one by one, as every one of them is a request. */
const FEW_FILES = 16

export interface Wanted {
  /** As it stands in an address; null: the default branch. */
  readonly refAndFolder: string | null
  /** Where it is known already, and `refAndFolder` is the branch alone. */
  readonly folder?: string | null
}

/** Null: there is no repository behind the address. Throws Refused. */
export const openForge = async (forge: Forge, wanted: Wanted | Pinned, tools: Tools): Promise<OpenDesign | null> => {
  const remote = await askRemote(forge.url, tools)
  if (remote === null) return null
  const found = 'commit' in wanted ? wanted : pin(remote, wanted.refAndFolder, forge.url)
  const { ref, commit } = found
  const folder = wanted.folder ?? found.folder
  const repository = repositoryAt(remote, { commit, folder, name: forge.url }, tools)
  const origin: Origin = { kind: forge.kind, url: forge.url, ref, commit, path: folder, revision: null, manifest: null }
  const byGit = { tree: repository.tree, readAll: repository.readAll }
  const design = forge.list === null ? byGit : withFallback(forge, { commit, folder }, repository, tools)
  return { origin, facts: await orNoFacts(forge.facts(tools)), ...design, close: repository.close }
}

/** What a forge says besides is welcome, but nothing depends on it. */
const orNoFacts = async (asked: Promise<SourceFacts>): Promise<SourceFacts> => {
  try {
    return await asked
  } catch (error) {
    if (isRefused(error)) return noFacts
    throw error
  }
}

interface At {
  readonly commit: string
  readonly folder: string | null
}

const withFallback = (
  forge: Forge,
  at: At,
  repository: Repository,
  tools: Tools,
): Pick<OpenDesign, 'tree' | 'readAll'> => {
  let listed: Promise<{ tree: Tree; byForge: boolean }> | null = null
  const list = () => {
    listed ??= listByForge(forge, at, tools).then(async (tree) =>
      tree === null ? { tree: await repository.tree(), byForge: false } : { tree, byForge: true },
    )
    return listed
  }
  return {
    tree: async () => (await list()).tree,
    readAll: async (take, options = {}) => {
      const { tree, byForge } = await list()
      if (!byForge) return repository.readAll(take, options)
      const files = tree.files.filter((file) => options.wanted?.(file) ?? true)
      const left = new Map(files.map((file) => [file.path, file]))
      const reading: Reading = { forge, at, tools, take, options, left, all: files.length, lost: [], doneBytes: 0 }
      try {
        if (files.length > FEW_FILES) await readArchive(reading)
        await readRaw(reading)
      } catch (error) {
        // The forge gives no more for now; git is another door to the same bytes.
        if (!isRefused(error)) throw error
        const reason = error
        const rest = { ...options, wanted: (file: ListedFile) => left.has(file.path) }
        const skipped = await repository.readAll(take, rest).catch((again: unknown) => {
          throw isRefused(again) ? reason : again
        })
        const known = new Set(tree.skipped.map(({ path }) => path))
        reading.lost.push(...skipped.filter(({ path }) => !known.has(path)))
      }
      return [...tree.skipped, ...reading.lost]
    },
  }
}

const listByForge = async (forge: Forge, at: At, tools: Tools): Promise<Tree | null> => {
  let entries: readonly TreeEntry[] | null
  try {
    entries = (await forge.list?.(at.commit, at.folder, tools)) ?? null
  } catch (error) {
    if (isRefused(error)) return null
    throw error
  }
  if (entries === null) return null
  const start = at.folder === null ? '' : `${at.folder}/`
  const inside = entries.flatMap((entry) =>
    entry.path.startsWith(start) ? [{ ...entry, path: entry.path.slice(start.length) }] : [],
  )
  if (inside.length === 0 && at.folder !== null)
    throw new Refused(refuse('source.folder', { address: forge.url, path: at.folder }))
  return keepEntries(inside, { name: forge.url, folder: at.folder, limits: tools.limits })
}

interface Reading {
  readonly forge: Forge
  readonly at: At
  readonly tools: Tools
  readonly take: TakeFile
  readonly options: ReadOptions
  /** What was not handed on yet. */
  readonly left: Map<string, ListedFile>
  readonly all: number
  readonly lost: SkippedFile[]
  doneBytes: number
}

const done = (reading: Reading, file: ListedFile): void => {
  reading.left.delete(file.path)
  reading.doneBytes += file.sizeBytes ?? 0
  const doneFiles = reading.all - reading.left.size
  reading.options.progress?.({ files: reading.all, doneFiles, doneBytes: reading.doneBytes })
}

const inRepository = ({ at }: Reading, path: string): string => (at.folder === null ? path : `${at.folder}/${path}`)

/** Takes what the archive holds unchanged; what it leaves out or writes otherwise (.gitattributes) stays left. */
const readArchive = async (reading: Reading): Promise<void> => {
  const { forge, at, tools, take, left } = reading
  const answer = await tools.fetcher.fetch(forge.archiveAddress(at.commit, at.folder), {
    signal: tools.signal,
    mostBytes: tools.limits.downloadBytes,
  })
  if (answer.status !== 200) return answer.drop()
  const spooled = await spool(answer.bytes, tools.temporaryFolder, tools.signal)
  try {
    const byPath = new Map([...left.values()].map((file) => [inRepository(reading, file.path), file]))
    const archive = await openArchive(spooled.file, { name: forge.url, limits: tools.limits, signal: tools.signal })
    const handing = async (packed: ListedFile, bytes: AsyncIterable<Uint8Array>): Promise<void> => {
      const file = byPath.get(packed.path)
      const id = file?.sha ?? null
      const sizeBytes = packed.sizeBytes ?? 0
      if (file === undefined || id === null) return
      const settings = { tools, take, repository: forge.url }
      const reason = await handBlob({ ...file, sizeBytes }, async () => verified(bytes, id, sizeBytes), settings)
      if (reason === null) done(reading, { ...file, sizeBytes })
      else if (reason.code !== 'entry.differs') lose(reading, file, reason)
    }
    await archive.readAll(handing, { wanted: (packed) => byPath.has(packed.path) })
  } finally {
    await spooled.drop()
  }
}

const lose = (reading: Reading, file: ListedFile, reason: SkippedFile['reason']): void => {
  reading.lost.push({ path: file.path, reason })
  done(reading, { ...file, sizeBytes: 0 })
}

const readRaw = async (reading: Reading): Promise<void> => {
  for (const file of [...reading.left.values()]) {
    reading.tools.signal.throwIfAborted()
    const reason = await readOneRaw(reading, file)
    if (reason === null) done(reading, file)
    else lose(reading, file, reason)
  }
}

/** Lies in a file first, so that what is handed on is whole and right. */
const readOneRaw = async (reading: Reading, file: ListedFile): Promise<SkippedFile['reason'] | null> => {
  const { forge, at, tools, take } = reading
  const id = file.sha ?? ''
  const answer = await tools.fetcher.fetch(forge.rawAddress(at.commit, inRepository(reading, file.path), id), {
    signal: tools.signal,
    mostBytes: file.sizeBytes ?? tools.limits.fileBytes,
  })
  if (answer.status !== 200) {
    answer.drop()
    return refuse('entry.missing')
  }
  let spooled: Awaited<ReturnType<typeof spool>>
  try {
    spooled = await spool(answer.bytes, tools.temporaryFolder, tools.signal)
  } catch (error) {
    if (isRefused(error)) return error.refusal
    throw error
  }
  try {
    const whole = { ...file, sizeBytes: spooled.sizeBytes }
    const open = async () => verified(createReadStream(spooled.file), id, spooled.sizeBytes)
    for await (const _ of await open());
    return await handBlob(whole, open, { tools, take, repository: forge.url })
  } catch (error) {
    if (isRefused(error)) return error.refusal
    throw error
  } finally {
    await spooled.drop()
  }
}

/** Each part of a path as it stands in an address. */
export const inAddress = (path: string): string => path.split('/').map(encodeURIComponent).join('/')
