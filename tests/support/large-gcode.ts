// G-code of any size, made while it is read: the same for the same seed.
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'

const PIECE_LINES = 4000

/** At least `bytes` of plausible moves, in pieces. Every piece differs, so that nothing can be kept in place of it. */
export function* largeGcode(bytes: number, seed = 1): Generator<Buffer> {
  const random = randomFrom(seed)
  let written = 0
  let z = 0.2
  yield Buffer.from('G28\nG90\nM83\nM104 S210\nM109 S210\n')
  while (written < bytes) {
    let text = ''
    for (let n = 0; n < PIECE_LINES; n++) {
      text += `G1 X${(random() * 200).toFixed(3)} Y${(random() * 200).toFixed(3)} E${(random() * 0.2).toFixed(5)}\n`
    }
    z += 0.2
    const piece = Buffer.from(`;LAYER_CHANGE\nG1 Z${z.toFixed(2)} F600\n${text}`)
    written += piece.length
    yield piece
  }
}
