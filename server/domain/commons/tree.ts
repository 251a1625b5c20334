// The files of a design: what each is, and which of them say something about the whole.
import type { FileKind } from '../../contract/commons.ts'
import { gcodeEndings } from '../../contract/files.ts'

const kinds: Readonly<Record<string, FileKind>> = {
  stl: 'stl',
  '3mf': '3mf',
  obj: 'obj',
  step: 'step',
  stp: 'step',
  scad: 'scad',
  amf: 'amf',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
  gif: 'image',
  webp: 'image',
  avif: 'image',
  md: 'document',
  txt: 'document',
  pdf: 'document',
  rst: 'document',
  odt: 'document',
  csv: 'document',
  html: 'document',
}

const printable: readonly FileKind[] = ['stl', '3mf', 'obj', 'step', 'scad', 'amf', 'gcode']

export const endingOf = (path: string): string => /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''

/** What a file is by its name. `.gcode.3mf` is ready G-code in the archive of a slicer. */
export const kindOf = (path: string): FileKind => {
  const name = path.toLowerCase()
  if (name.endsWith('.gcode.3mf')) return 'gcode'
  const kind = kinds[endingOf(name)]
  if (kind !== undefined) return kind
  return gcodeEndings.some((ending) => name.endsWith(ending)) ? 'gcode' : 'other'
}

/** Parts of the tree that hold no designs: programs that came along, and what tools keep for themselves. */
const aside = /(^|\/)(node_modules|\.git|\.github|__MACOSX|\.vscode)\//

/** Whether it can be printed, or sliced and printed. Libraries of scripts hold no shape of their own. */
export const isPrintable = (path: string): boolean =>
  printable.includes(kindOf(path)) &&
  !aside.test(path) &&
  !/(^|\/)(libraries|lib|libs|include)\/[^/]*\.scad$/i.test(path)

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const depthOf = (path: string): number => path.split('/').length - 1

/** OKH 1.0: the name begins with `okh` and ends with `.yml`. Later: `okh.toml`, of parts `okh-Part.toml`. */
export const isManifest = (path: string): boolean => /^okh([-_.][^/]*)?\.(ya?ml|toml)$/i.test(baseName(path))

export const isReadme = (path: string): boolean => /^readme(\.(md|markdown|txt))?$/i.test(baseName(path))

export const isLicenceFile = (path: string): boolean =>
  /^(licen[cs]e|copying|unlicense)([-_.][\w.-]+)?$/i.test(baseName(path))

export const isDataPackage = (path: string): boolean => baseName(path).toLowerCase() === 'datapackage.json'

/** Of these the text is kept while a design is read; of scripts only the head, for a licence of their own. */
export const isToldFrom = (path: string): boolean =>
  isManifest(path) || isReadme(path) || isLicenceFile(path) || isDataPackage(path) || kindOf(path) === 'scad'

/** The nearest to the root; among those of one folder the first by name. */
export const nearestToRoot = (paths: readonly string[]): string | null =>
  [...paths].sort((one, other) => depthOf(one) - depthOf(other) || (one < other ? -1 : 1))[0] ?? null

const preferred = /(assembl|overview|render|product|hero|cover|finished|photo|preview)/i

/** A picture that shows the whole, where nothing says which one does. */
export const likelyPicture = (paths: readonly string[]): string | null => {
  const pictures = paths.filter((path) => kindOf(path) === 'image' && !/(logo|badge|icon|licen)/i.test(baseName(path)))
  return nearestToRoot(pictures.filter((path) => preferred.test(path))) ?? nearestToRoot(pictures)
}
