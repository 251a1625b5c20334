// The G-code library: parse, analyse and estimate; metadata; binary files; toolpaths. Each tool in a process of its own,
// on files made here, and next to the parsers of gcode-preview and gcode-parser.
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { slicedGcode } from '../support/sliced-gcode.ts'
import { block, GCODE, header, ini, meatpack, PRINT, PRINTER, SLICER } from '../support/write-bgcode.ts'
import { report, round } from './measure.ts'

const MB = 1_000_000
const BLOCK_BYTES = 65_536

interface Measured {
  readonly seconds: number
  readonly peakMemoryMB: number
  readonly note: number
}

const folder = mkdtempSync(join(tmpdir(), 'auzolan-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const tool = fileURLToPath(new URL('gcode/tool.ts', import.meta.url))

const run = (name: string, path: string, rounds: number): Measured => {
  const told = execFileSync(
    process.execPath,
    ['--max-old-space-size=8000', '--import', 'tsx', tool, name, path, String(rounds)],
    { encoding: 'utf8', maxBuffer: 1 << 26 },
  )
  // gcode-preview greets on standard output.
  return JSON.parse(told.trim().split('\n').at(-1) as string) as Measured
}

const make = (name: string, bytes: number): string => {
  const path = join(folder, name)
  for (const piece of slicedGcode(bytes)) appendFileSync(path, piece)
  return path
}

const rateOf = (path: string, { seconds }: Measured): number => round(statSync(path).size / MB / seconds, 1)

/** Blocks of whole lines, as slicers pack them: heatshrink 12/4 over MeatPack with comments. */
const makeBinary = (from: string, blocks: number): string => {
  const text = readFileSync(from, 'latin1')
  const path = join(folder, 'binary.bgcode')
  appendFileSync(path, header)
  appendFileSync(path, block(PRINTER, ini('printer_model=MK4')))
  appendFileSync(path, block(PRINT, ini('total toolchanges=0'), { compression: 1 }))
  appendFileSync(path, block(SLICER, ini('layer_height=0.2'), { compression: 1 }))
  const packed: Buffer[] = []
  for (let at = 0; packed.length < 8; ) {
    const end = text.lastIndexOf('\n', at + BLOCK_BYTES) + 1
    packed.push(block(GCODE, meatpack(text.slice(at, end), true), { compression: 3, encoding: 2 }))
    at = end
  }
  for (let n = 0; n < blocks; n++) appendFileSync(path, packed[n % packed.length] as Buffer)
  return path
}

const large = make('large.gcode', 100 * MB)
const small = make('small.gcode', 3 * MB)

const whole = run('analyseWhole', large, 3)
const warm = run('analyseWhole', small, 20)
const wholeRate = rateOf(large, whole)
const sizeMB = statSync(large).size / MB
report({
  bench: 'gcode',
  row: 'parse, analyse and estimate, 100 MB',
  MBperSecond: wholeRate,
  memoryBeyondFileMB: round(whole.peakMemoryMB - sizeMB, 0),
})
report({ bench: 'gcode', row: 'parse, analyse and estimate, 3 MB, warm', MBperSecond: rateOf(small, warm) })

const chunked = run('analyseChunks', large, 10)
report({
  bench: 'gcode',
  row: 'the same in chunks, 1 GB',
  MBperSecond: round((10 * sizeMB) / chunked.seconds, 1),
  peakMemoryMB: round(chunked.peakMemoryMB, 0),
})

for (const name of ['gcodePreview', 'gcodeParser']) {
  const other = run(name, large, 2)
  const otherRate = rateOf(large, other)
  report({
    bench: 'gcode',
    row: `parse alone, ${name === 'gcodePreview' ? 'gcode-preview 2.18.0' : 'gcode-parser 2.2.0'}, 100 MB`,
    MBperSecond: otherRate,
    peakMemoryMB: round(other.peakMemoryMB, 0),
    oursIsTimes: round(wholeRate / otherRate, 1),
  })
}

for (const [what, path] of [
  ['3 MB', small],
  ['100 MB', large],
] as const) {
  report({
    bench: 'gcode',
    row: `metadata only, ${what}, cold`,
    milliseconds: round(run('metadata', path, 1).seconds * 1000, 1),
  })
}

const binary = run('bgcode', makeBinary(small, 600), 5)
report({ bench: 'gcode', row: 'binary G-code to text', MBperSecond: round(binary.note / binary.seconds, 1) })

const all = run('toolpathAll', large, 3)
report({
  bench: 'gcode',
  row: 'toolpath of 100 MB',
  firstLayersSeconds: round(run('toolpathFirst', large, 1).seconds, 3),
  allSeconds: round(all.seconds, 2),
  bytesPerPoint: round(all.note, 2),
})
