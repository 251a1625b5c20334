// Cura's engine as WebAssembly, inside the child: a definition and meshes in, G-code out.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { BadInput, type Body } from '../body.ts'

const CuraJob = Type.Object({ parts: Type.Array(Type.String(), { minItems: 1 }) })

/** What Emscripten's glue offers, as far as it is used. */
interface Engine {
  readonly FS: {
    mkdir(path: string): void
    writeFile(path: string, bytes: Uint8Array): void
    readFile(path: string): Uint8Array
    analyzePath(path: string): { readonly exists: boolean }
  }
  callMain(args: readonly string[]): void
}
type OpenEngine = (options: object) => Promise<Engine>

const LONGEST_SAID = 200
const PROGRESS_STEP = 0.01

/**
 * The package holds an ES module that needs what only CommonJS has, and its own loader needs threads and reads models
 * itself. So its text is taken as the body of a function.
 */
const loadEngine = (): OpenEngine => {
  const require = createRequire(import.meta.url)
  const path = require.resolve('cura-wasm/src/CuraEngine.js')
  const source = readFileSync(path, 'utf8').replace(/export default CuraEngine;?\s*$/, 'return CuraEngine;')
  return new Function('require', '__filename', '__dirname', source)(require, path, dirname(path))
}

/** Names by which the engine calls back: they are compiled into it, and both must be there. */
const callBacks = globalThis as { [name: string]: unknown }

export const open = async (): Promise<Body> => {
  const openEngine = loadEngine()
  return async ({ job, read, write, progress }) => {
    if (!Value.Check(CuraJob, job)) throw new BadInput('There is nothing to slice.')
    const said: string[] = []
    const hear = (line: string): void => {
      said.push(line.slice(0, LONGEST_SAID))
      if (said.length > 100) said.shift()
    }
    let told = 0
    callBacks['cura-wasm-progress-callback'] = (fraction: number): void => {
      if (fraction - told < PROGRESS_STEP) return
      told = fraction
      progress(fraction)
    }
    let seconds = 0
    callBacks['cura-wasm-metadata-callback'] = (_flavour: string, time: number): void => {
      seconds = time
    }
    const engine = await openEngine({ noInitialRun: true, print: hear, printErr: hear })
    engine.FS.mkdir('/d')
    engine.FS.writeFile('/d/printer.def.json', read('printer.def.json'))
    engine.FS.writeFile('/d/extruder.def.json', read('extruder.def.json'))
    const args = ['slice', '-j', '/d/printer.def.json', '-o', '/out.gcode', '-e0']
    for (const part of job.parts) {
      engine.FS.writeFile(`/${part}`, read(part))
      args.push('-l', `/${part}`)
    }
    engine.callMain(args)
    // It says nothing of how it ended: only the file tells.
    if (!engine.FS.analyzePath('/out.gcode').exists) throw new Error(said.at(-1) ?? 'it wrote nothing')
    write('out.gcode', engine.FS.readFile('/out.gcode'))
    return { seconds, said: said.slice(-20) }
  }
}
