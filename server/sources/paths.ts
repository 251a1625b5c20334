// Names from outside: which may be kept, and the reason for those that may not.
import { type Refusal, refuse } from '../contract/refusals.ts'
import type { Limits } from './limits.ts'

export type CheckedPath = { readonly path: string } | { readonly reason: Refusal }

/** What systems and programs leave beside files, and what no design consists of: left out without a word. */
const litter = /(^|\/)(__MACOSX|\.git)\/|(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*|\.git)$/i

export const isLitter = (path: string): boolean => litter.test(path.replaceAll('\\', '/'))

/** A file's path below its design: forward slashes, nothing that leads out, nothing that another system stumbles on. */
export const checkPath = (raw: string, limits: Limits): CheckedPath => {
  const slashed = raw.replaceAll('\\', '/')
  if (slashed.startsWith('/') || /^[A-Za-z]:/.test(slashed)) return { reason: refuse('entry.path') }
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) return { reason: refuse('entry.path') }
  const path = parts.join('/')
  // Control characters and marks that turn the direction of writing hide what a name is.
  if (path === '' || /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufffd]/u.test(path))
    return { reason: refuse('entry.name') }
  if (Buffer.byteLength(path) > limits.pathBytes) return { reason: refuse('entry.long', { bytes: limits.pathBytes }) }
  if (parts.length - 1 > limits.depth) return { reason: refuse('entry.deep', { depth: limits.depth }) }
  return { path }
}

/** What is one name for Windows and macOS. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase()

/** Takes one name after the other: of two that are one name somewhere, the first is kept. */
export const keepPaths = (limits: Limits): ((raw: string) => CheckedPath) => {
  const files = new Map<string, string>()
  const folders = new Map<string, string>()
  return (raw) => {
    const checked = checkPath(raw, limits)
    if ('reason' in checked) return checked
    const { path } = checked
    const key = folded(path)
    const there = files.get(key) ?? folders.get(key)
    if (there !== undefined)
      return { reason: there === path ? refuse('entry.twice') : refuse('entry.case', { other: there }) }
    const parents = parentsOf(path)
    if (parents.some((parent) => files.has(folded(parent)))) return { reason: refuse('entry.twice') }
    const other = parents
      .map((parent) => folders.get(folded(parent)))
      .find((one, at) => one !== undefined && one !== parents[at])
    if (other !== undefined) return { reason: refuse('entry.case', { other }) }
    files.set(key, path)
    for (const parent of parents) folders.set(folded(parent), parent)
    return checked
  }
}

const parentsOf = (path: string): string[] => {
  const parts = path.split('/')
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** The one folder in which everything lies, with its slash; empty where there is none. */
export const sharedFolder = (paths: readonly string[]): string => {
  const first = paths[0]
  if (first === undefined || !first.includes('/')) return ''
  const folder = first.slice(0, first.indexOf('/') + 1)
  return paths.every((path) => path.startsWith(folder)) ? folder : ''
}

/** A folder of an address: without slashes at its ends; null for the whole. */
export const cleanFolder = (folder: string): string | null => {
  const cleaned = folder
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  return cleaned === '' ? null : cleaned
}
