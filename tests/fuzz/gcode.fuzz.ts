// npm run fuzz -- gcode: hostile files through all of gcode/, one seed after the other, until the time is over.
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { gcodeCorpus } from './corpus.ts'
import { tryFile } from './gcode-targets.ts'
import { mutate } from './mutate.ts'

const TOLD_EVERY = 500
/** MB; what is kept between two cases does not grow. */
const MOST_MEMORY = 1500

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '600' }, seed: { type: 'string', default: '1' } },
})
const until = performance.now() + Number(values.seconds) * 1000
const corpus = gcodeCorpus()
let seed = Number(values.seed)
for (let cases = 0; performance.now() < until; cases++, seed++) {
  const random = randomFrom(seed)
  const bytes = mutate(corpus[Math.floor(random() * corpus.length)] as Uint8Array, random)
  try {
    tryFile(bytes, random)
    const memory = process.memoryUsage().rss / 1e6
    if (memory > MOST_MEMORY) throw new Error(`the process has grown to ${memory.toFixed(0)} MB`)
  } catch (error) {
    const path = join(tmpdir(), `auzolan-fuzz-${seed}.gcode`)
    writeFileSync(path, bytes)
    console.error(`Seed ${seed} gives way; its file is ${path}. Again with: npm run fuzz -- gcode --seed ${seed}`)
    throw error
  }
  if (cases % TOLD_EVERY === 0) {
    console.log(JSON.stringify({ fuzz: 'gcode', seed, cases, memoryMB: Math.round(process.memoryUsage().rss / 1e6) }))
  }
}
console.log(JSON.stringify({ fuzz: 'gcode', nextSeed: seed, cases: seed - Number(values.seed), found: 0 }))
