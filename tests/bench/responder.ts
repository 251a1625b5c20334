// The far ends of a bench as a process of its own: ttys in a folder that acknowledge lines. Tells each print that is over.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openPseudoTerminal } from '../../firmware-bridge/simulator/pty.ts'
import { FarEnd } from './far-end.ts'
import { goBeforeOthers } from './measure.ts'

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: '.' },
    count: { type: 'string', default: '1' },
    'advanced-ok': { type: 'boolean', default: false },
    /** Moves that each planner holds. */
    blocks: { type: 'string', default: '0' },
    /** Moves a second. */
    rate: { type: 'string', default: '0' },
    baud: { type: 'string', default: '0' },
  },
})

goBeforeOthers()
for (let n = 0; n < Number(values.count); n++) {
  const end = new FarEnd({
    advancedOk: values['advanced-ok'],
    blocks: Number(values.blocks),
    blockMs: Number(values.rate) > 0 ? 1000 / Number(values.rate) : 0,
    baud: Number(values.baud),
    say: (text) => terminal.write(text),
    over: (stats) => console.log(JSON.stringify({ printer: n, ...stats })),
  })
  const terminal = openPseudoTerminal(join(values.folder, String(n)), (text) => end.hear(text))
}
console.log('ready')
