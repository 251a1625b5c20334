// What changed upstream since a design was pulled.
import { createHash } from 'node:crypto'
import type { KnownFile, ListedFile, UpstreamChange } from '../contract/sources.ts'
import type { OpenDesign } from './source.ts'

interface Found {
  readonly path: string
  readonly sha: string | null
  readonly sha256: string | null
}

/** By git's ids where there are some; otherwise everything is read once more. Throws Refused. */
export const compareWith = async (design: OpenDesign, known: readonly KnownFile[]): Promise<UpstreamChange> => {
  const { files } = await design.tree()
  const byId = files.every(({ sha }) => sha !== null) && known.every(({ sha }) => sha !== null)
  const found = byId ? files.map(({ path, sha }) => ({ path, sha, sha256: null })) : await hashAll(design)
  const before = new Map(known.map((file) => [file.path, file]))
  const now = new Map(found.map((file) => [file.path, file]))
  const changes = {
    added: found.filter(({ path }) => !before.has(path)).map(({ path }) => path),
    removed: known.filter(({ path }) => !now.has(path)).map(({ path }) => path),
    changed: found.filter((file) => differs(file, before.get(file.path))).map(({ path }) => path),
  }
  const changed = Object.values(changes).some((paths) => paths.length > 0)
  return { origin: design.origin, changed, files: changes }
}

const differs = (now: Found, before: KnownFile | undefined): boolean => {
  if (before === undefined) return false
  return now.sha256 === null ? now.sha !== before.sha : now.sha256 !== before.sha256
}

const hashAll = async (design: OpenDesign): Promise<Found[]> => {
  const found: Found[] = []
  await design.readAll(async ({ path, sha }: ListedFile, bytes) => {
    const sum = createHash('sha256')
    for await (const piece of bytes as AsyncIterable<Uint8Array>) sum.update(piece)
    found.push({ path, sha, sha256: sum.digest('hex') })
  })
  return found
}
