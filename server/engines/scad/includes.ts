// What an OpenSCAD file includes: everything must lie in the design, and libraries of its own are found.
import { posix } from 'node:path'
import { BadInput } from '../body.ts'

/** What people expect to be there because their OpenSCAD has it. */
const known = /^(BOSL2?|MCAD|NopSCADlib|dotSCAD|Round-Anything|threads|UB\.scad|gridfinity)/i

export interface Included {
  /** Folders of the design that hold libraries: what lies below them is found as if it were installed. */
  readonly libraryFolders: readonly string[]
  /** All .scad files that are read, with their text. */
  readonly sources: ReadonlyMap<string, string>
}

/** Follows `include` and `use` from the entry on. Throws BadInput where one leads out, or to nothing. */
export const followIncludes = (
  entry: string,
  paths: ReadonlySet<string>,
  textOf: (path: string) => string,
): Included => {
  const sources = new Map<string, string>()
  const libraryFolders = new Set<string>()
  const waiting = [entry]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (sources.has(path)) continue
    const text = textOf(path)
    sources.set(path, text)
    for (const wanted of includesIn(text)) {
      const { found, folder } = find(path, wanted, paths)
      if (folder !== null) libraryFolders.add(folder)
      // A font may be "used" too; it is not read as a program.
      if (/\.scad$/i.test(found)) waiting.push(found)
    }
  }
  return { libraryFolders: [...libraryFolders], sources }
}

const includesIn = (text: string): string[] => {
  const plain = text.replace(/"(?:\\.|[^"\\])*"|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
  return [...plain.matchAll(/\b(?:include|use)\s*<([^>\n]{1,400})>/g)].map(([, path = '']) => path.trim())
}

const find = (from: string, wanted: string, paths: ReadonlySet<string>): { found: string; folder: string | null } => {
  const path = posix.normalize(posix.join(posix.dirname(from), wanted.replaceAll('\\', '/')))
  if (paths.has(path)) return { found: path, folder: null }
  if (wanted.startsWith('/') || /^[a-z]:/i.test(wanted) || path === '..' || path.startsWith('../'))
    throw new BadInput(`${from} includes <${wanted}>, which lies outside of the design. Nothing out there is read.`)
  // The shortest way to it is the library itself, not a copy in somebody's example.
  const elsewhere = [...paths]
    .filter((one) => one.endsWith(`/${wanted}`))
    .sort((one, other) => one.length - other.length)[0]
  if (elsewhere !== undefined) return { found: elsewhere, folder: elsewhere.slice(0, -wanted.length - 1) }
  const hint = known.test(wanted) ? 'It is a library: add its files to the design.' : 'Add it to the design.'
  throw new BadInput(`${from} needs <${wanted}>, which is not in the design. ${hint}`)
}
