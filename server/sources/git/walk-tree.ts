// A commit's files, by walking its trees.
import { Refused, refuse } from '../../contract/refusals.ts'
import type { ListedFile, SkippedFile } from '../../contract/sources.ts'
import type { Limits } from '../limits.ts'
import { isLitter, keepPaths } from '../paths.ts'
import type { Tree } from '../source.ts'
import type { Pack } from './pack.ts'

/** What a tree or a forge's listing says of one path. */
export interface TreeEntry {
  readonly path: string
  readonly mode: string
  readonly id: string
  readonly sizeBytes: number | null
}

const FOLDER = /^0?40000$/
const LINK = '120000'
const MODULE = '160000'

export interface WalkSettings {
  /** What the person would call the place. */
  readonly name: string
  readonly folder: string | null
  readonly limits: Limits
}

/** The files of a folder of a commit. Throws Refused. */
export const walkCommit = async (pack: Pack, commit: string, settings: WalkSettings): Promise<Tree> => {
  const text = (await pack.read(commit, 'commit')).toString('utf8')
  const root = /^tree ([0-9a-f]+)\n/.exec(text)?.[1]
  if (root === undefined)
    throw new Refused(refuse('source.answer', { host: settings.name, detail: 'a commit has no tree' }))
  const { folder, limits, name } = settings
  const start = await folderTree(pack, root, folder)
  if (start === null) throw new Refused(refuse('source.folder', { address: name, path: folder ?? '' }))
  const found: TreeEntry[] = []
  let trees = 0
  const waiting = [{ id: start, path: '' }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    // A few trees that hold each other ten times over are a million folders.
    if (++trees > limits.files || found.length > limits.files * 2)
      throw new Refused(refuse('source.too-many', { name, count: limits.files }))
    for (const entry of parseTree(await pack.read(next.id, 'tree'), start.length / 2)) {
      const path = next.path === '' ? entry.path : `${next.path}/${entry.path}`
      if (!FOLDER.test(entry.mode)) found.push({ ...entry, path, sizeBytes: pack.sizeOf(entry.id) })
      else if (path.split('/').length <= limits.depth) waiting.push({ id: entry.id, path })
    }
  }
  return keepEntries(found, settings)
}

const folderTree = async (pack: Pack, root: string, folder: string | null): Promise<string | null> => {
  let id = root
  for (const part of folder === null ? [] : folder.split('/')) {
    const entries = parseTree(await pack.read(id, 'tree'), root.length / 2)
    const inside = entries.find(({ path, mode }) => path === part && FOLDER.test(mode))
    if (inside === undefined) return null
    id = inside.id
  }
  return id
}

/** `<mode> <name>\0<id>`, again and again. */
const parseTree = (bytes: Buffer, idBytes: number): TreeEntry[] => {
  const entries: TreeEntry[] = []
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, blank)
    if (blank < 0 || end < 0 || end + idBytes >= bytes.length + 1) break
    entries.push({
      mode: bytes.toString('latin1', at, blank),
      path: bytes.toString('utf8', blank + 1, end),
      id: bytes.toString('hex', end + 1, end + 1 + idBytes),
      sizeBytes: null,
    })
    at = end + 1 + idBytes
  }
  return entries
}

/** What may be kept of a listing, and the reason for the rest. Throws Refused where there is too much of it. */
export const keepEntries = (entries: readonly TreeEntry[], { name, limits }: WalkSettings): Tree => {
  const keep = keepPaths(limits)
  const files: ListedFile[] = []
  const skipped: SkippedFile[] = []
  let total = 0
  for (const entry of [...entries].sort((one, other) => (one.path < other.path ? -1 : 1))) {
    if (isLitter(entry.path)) continue
    const checked = reasonAgainst(entry, limits) ?? keep(entry.path)
    if ('reason' in checked) skipped.push({ path: shown(entry.path), reason: checked.reason })
    else files.push({ path: checked.path, sizeBytes: entry.sizeBytes, sha: entry.id })
    total += 'reason' in checked ? 0 : (entry.sizeBytes ?? 0)
  }
  if (files.length > limits.files) throw new Refused(refuse('source.too-many', { name, count: limits.files }))
  if (total > limits.totalBytes)
    throw new Refused(refuse('source.too-large', { name, megabytes: Math.round(limits.totalBytes / 1e6) }))
  return { files, skipped }
}

const reasonAgainst = ({ mode, sizeBytes }: TreeEntry, limits: Limits): Pick<SkippedFile, 'reason'> | null => {
  if (mode === LINK) return { reason: refuse('entry.link') }
  if (mode === MODULE) return { reason: refuse('entry.module') }
  if (sizeBytes !== null && sizeBytes > limits.fileBytes)
    return { reason: refuse('entry.too-large', { megabytes: Math.round(limits.fileBytes / 1e6) }) }
  return null
}

const shown = (path: string): string =>
  path.replace(/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd').slice(0, 300)
