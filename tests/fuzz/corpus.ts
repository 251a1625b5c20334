// Files to begin with: our own, and real ones where they are there.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedData } from '../support/left-out.ts'
import { slicedGcode } from '../support/sliced-gcode.ts'

const LARGEST_BYTES = 450_000

export const gcodeCorpus = (): Uint8Array[] => {
  const own = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)))
  const folder = sharedData('gcode')
  const real = folder === null ? [] : readdirSync(folder).filter((name) => /gcode|3mf/.test(name))
  const files = real.map((name) => join(folder as string, name)).filter((path) => statSync(path).size < LARGEST_BYTES)
  return [own, Buffer.concat([...slicedGcode(100_000)]), ...files.map((path) => readFileSync(path))]
}
