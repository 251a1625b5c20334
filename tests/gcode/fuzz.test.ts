import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { gcodeCorpus } from '../fuzz/corpus.ts'
import { tryFile } from '../fuzz/gcode-targets.ts'
import { mutate } from '../fuzz/mutate.ts'

const MILLISECONDS = 4000

describe('hostile files', () => {
  // Longer: npm run fuzz -- gcode
  it('end in a clear error or in finite findings, never in a crash or a hang', () => {
    const corpus = gcodeCorpus()
    const until = performance.now() + MILLISECONDS
    let cases = 0
    for (let seed = 1_000_000; performance.now() < until; seed++, cases++) {
      const random = randomFrom(seed)
      const bytes = mutate(corpus[Math.floor(random() * corpus.length)] as Uint8Array, random)
      expect(() => tryFile(bytes, random), `seed ${seed}`).not.toThrow()
    }
    expect(cases).toBeGreaterThan(5)
  }, 60_000)
})
