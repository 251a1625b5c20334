// Paths and addresses as manifests write them -> files of the design.

/** A path within the design; or why it is none. */
export type Found = { readonly path: string } | { readonly address: string } | { readonly outside: true }

/**
 * `written` in a manifest that lies in `folder`. `/x` is the root of the design; `..` is followed, but not out of it.
 * An address that begins with one of the design's own (`homes`) is a path too: forms write folders of forges that way.
 */
export const placeOf = (written: string, folder: string, homes: readonly string[]): Found => {
  const text = written.trim()
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    const inside = homes.map((home) => insideOf(text, home)).find((path) => path !== null)
    return inside == null ? { address: text } : within(inside, '')
  }
  return within(text, folder)
}

const within = (path: string, folder: string): Found => {
  const start = path.startsWith('/') ? [] : folder.split('/').filter((part) => part !== '')
  for (const part of path
    .replaceAll('\\', '/')
    .replace(/[?#].*$/, '')
    .split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') start.push(part)
    else if (start.pop() === undefined) return { outside: true }
  }
  return { path: start.join('/') }
}

const plainRepo = (repo: string): string =>
  repo
    .trim()
    .replace(/^https?:\/\/(www\.)?/i, '')
    .replace(/(\.git)?\/*$/i, '')

/** The part of an address below the repository, without the forge's own folders (`tree/main`, `-/blob/main`). */
const insideOf = (address: string, repo: string): string | null => {
  const base = plainRepo(repo)
  const plain = plainRepo(address)
  const raw = plain.replace(/^raw\.githubusercontent\.com\/([^/]+\/[^/]+)\/[^/]+\//i, 'github.com/$1/')
  const rest = raw.toLowerCase().startsWith(`${base.toLowerCase()}/`) ? raw.slice(base.length + 1) : null
  if (base === '' || rest === null) return null
  if (/^(archive|releases|issues|wiki|-\/releases|-\/archive)(\/|$)/.test(rest)) return null
  const below = rest.replace(/^(-\/)?(tree|blob|raw|src\/(branch|tag|commit))\/[^/]+\/?/, '')
  try {
    return decodeURIComponent(below)
  } catch {
    return below
  }
}

/** Whether two addresses are of one repository, whatever is behind it. */
export const sameRepo = (one: string, other: string): boolean => {
  const short = (text: string): string =>
    plainRepo(text)
      .replace(/\/(-\/)?(tree|blob|src)\/.*$/, '')
      .toLowerCase()
  return short(one) === short(other)
}

/** Only these are shown as links. */
export const webAddress = (text: string): string | null => {
  try {
    const url = new URL(text.trim())
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
  } catch {
    return null
  }
}
