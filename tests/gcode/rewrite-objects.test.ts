import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { type Command, CommandScanner, Interpreter, type ModalState } from '../../gcode/index.ts'
import type { ByteRange } from '../../gcode/rewrite/byte-ranges.ts'
import type { Dialect } from '../../gcode/rewrite/dialect.ts'
import type { PrintableLine } from '../../gcode/rewrite/line-buffer.ts'
import { type LabelledRanges, PrintableLines } from '../../gcode/rewrite/printable-lines.ts'
import { sharedData } from '../support/left-out.ts'

/** Places are written with five digits. */
const EXACT = 2e-5

/** What a printer does with a text: each laid segment, and each travel, with what a rewriting must not change. */
interface Segment {
  readonly offset: number
  readonly numbers: readonly number[]
}

interface Run {
  /** from x, y, z to x, y, z, fed, feedrate, pulled back before it, tool, pulled back by G10 */
  readonly laid: Segment[]
  readonly travels: Segment[]
  readonly end: readonly number[]
}

const run = (text: Uint8Array): Run => {
  const laid: Segment[] = []
  const travels: Segment[] = []
  const pulled = new Float64Array(256)
  let byFirmware = 0
  const move = (
    dx: number,
    dy: number,
    dz: number,
    de: number,
    feedrate: number,
    state: ModalState,
    command: Command,
  ) => {
    const { x, y, z, tool } = state
    const before = pulled[tool] as number
    pulled[tool] = Math.max(0, before - de)
    const places = [x - dx, y - dy, z - dz, x, y, z]
    if (de > 1e-9 && (dx !== 0 || dy !== 0)) {
      laid.push({ offset: command.offset, numbers: [...places, de, feedrate, before, tool, byFirmware] })
    } else if (dx !== 0 || dy !== 0) travels.push({ offset: command.offset, numbers: places })
  }
  const interpreter = new Interpreter({ move, wait: () => {} })
  const scanner = new CommandScanner({
    command: (command) => {
      const isG = command.letter === 71
      if (isG && (command.number === 10 || command.number === 11) && command.mask === 0) {
        byFirmware = command.number === 10 ? 1 : 0
      }
      interpreter.command(command)
    },
  })
  scanner.feed(text)
  scanner.end()
  const { x, y, z } = interpreter.state
  return { laid, travels, end: [x, y, z] }
}

interface Rewritten {
  readonly lines: PrintableLine[]
  /** Bytes that were read before objects were excluded. */
  readonly excludedFrom: number
}

/** Excludes `objects` once `atLine` lines are taken. */
const rewrite = (text: Uint8Array, objects: LabelledRanges[], atLine = 0, dialect: Dialect = 'klipper'): Rewritten => {
  const printable = new PrintableLines({ dialect })
  printable.feed(text)
  printable.end()
  const lines: PrintableLine[] = []
  while (lines.length < atLine) {
    const more = printable.take(Math.min(50, atLine - lines.length))
    if (more.length === 0) break
    lines.push(...more)
  }
  const excludedFrom = lines[lines.length - 1]?.endOffset ?? 0
  printable.exclude(objects)
  for (const line of printable.take()) lines.push(line)
  return { lines, excludedFrom }
}

const textOfLines = (lines: readonly PrintableLine[]): Buffer =>
  Buffer.from(lines.map(({ text }) => `${text}\n`).join(''), 'latin1')

const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, n) => Math.abs(value - (other[n] as number)) < EXACT * Math.max(1, Math.abs(value) / 100))

/** The first thing in which the printer would notice more than that some objects are missing; null where there is none. */
const difference = (text: Uint8Array, objects: LabelledRanges[], rewritten: Rewritten): string | null => {
  const isLeftOut = (offset: number): boolean =>
    offset >= rewritten.excludedFrom &&
    objects.some(({ ranges }) => ranges.some(([from, to]) => offset >= from && offset < to))
  const original = run(text)
  const expected = original.laid.filter(({ offset }) => !isLeftOut(offset))
  const now = run(textOfLines(rewritten.lines))
  for (const [n, segment] of expected.entries()) {
    const other = now.laid[n]
    if (other === undefined) return `segment ${n} of ${expected.length} is missing`
    if (!same(segment.numbers, other.numbers)) return `segment ${n}: ${segment.numbers} became ${other.numbers}`
  }
  if (now.laid.length > expected.length) return `${now.laid.length - expected.length} segments too many`
  return newTravelTooLow(original, now) ?? unorderedEnds(rewritten.lines)
}

/** Travels that the file does not hold must pass above all that is laid. */
const newTravelTooLow = (original: Run, now: Run): string | null => {
  const known = new Set(original.travels.map(({ numbers }) => numbers.map((value) => value.toFixed(3)).join()))
  let at = 0
  let top = 0
  for (const { offset, numbers } of now.travels) {
    for (let laid = now.laid[at]; laid !== undefined && laid.offset < offset; laid = now.laid[++at]) {
      top = Math.max(top, laid.numbers[5] as number)
    }
    const isNew = !known.has(numbers.map((value) => value.toFixed(3)).join())
    if (isNew && Math.min(numbers[2] as number, numbers[5] as number) < top - EXACT) {
      return `a travel at ${numbers[2]} below ${top}: ${numbers}`
    }
  }
  return null
}

const unorderedEnds = (lines: readonly PrintableLine[]): string | null => {
  const wrong = lines.findIndex(({ endOffset }, n) => n > 0 && endOffset < (lines[n - 1] as PrintableLine).endOffset)
  return wrong < 0 ? null : `line ${wrong} ends before the line above it`
}

/** The labels of a file, read in the plainest way: each from the line that opens it to the one that closes it. */
const labelsOf = (text: Uint8Array, open: RegExp, close: RegExp): LabelledRanges[] => {
  const found = new Map<string, ByteRange[]>()
  let name: string | null = null
  let from = 0
  let offset = 0
  const finish = (to: number): void => {
    if (name !== null) found.set(name, [...(found.get(name) ?? []), [from, to]])
    name = null
  }
  for (const line of Buffer.from(text)
    .toString('latin1')
    .split(/(?<=\n)/)) {
    const next = offset + line.length
    const opened = open.exec(line.trimEnd())
    if (opened !== null) {
      finish(offset)
      name = opened[1] as string
      from = offset
    } else if (close.test(line)) finish(next)
    offset = next
  }
  finish(offset)
  return [...found].map(([name, ranges]) => ({ name, ranges }))
}

/** Lines between `[` and `]` belong to the object that is left out; the marks are blanked. */
const without = (text: string, dialect: Dialect = 'marlin', height = Number.POSITIVE_INFINITY): string[] => {
  const bytes = Buffer.from(text.replaceAll(/[[\]]/g, ' '), 'latin1')
  const ranges: ByteRange[] = [...text.matchAll(/\[[^\]]*/g)].map(({ index, 0: all }) => [index, index + all.length])
  const printable = new PrintableLines({ dialect, height })
  printable.exclude([{ name: 'it', ranges }])
  printable.feed(bytes)
  printable.end()
  return printable.take().map((line) => line.text)
}

const start = 'G28\nG90\nM83\nG1 Z0.2 F600\nG1 X10 Y10 F6000\nG1 X20 E1 F1200\n'
const started = start.trimEnd().split('\n')

describe('the way over what is left out', () => {
  it("is above what is printed, with the filament pulled back as the file does it, and ends at the file's feedrate", () => {
    const lines = without(
      `${start}[G1 E-0.8 F2100\nG1 Z0.6 F600\nG1 X50 Y50 F6000\nG1 Z0.2 F600\nG1 E0.8 F2100\nG1 X60 E1 F900\n]G1 X70 E1\n`,
    )
    expect(lines).toEqual([
      ...started,
      'G1 E-0.8 F2100',
      'G1 Z0.6 F600',
      'G1 X60 Y50 F6000',
      'G1 Z0.2 F600',
      'G1 E0.8 F2100',
      'G1 F900',
      'G1 X70 E1',
    ])
  })

  it('sets an absolute E to what the file believes it to be', () => {
    const lines = without('M82\nG1 Z0.2 F600\nG1 X10 E1 F1200\n[G1 X20 E2\n]G1 X21 E2.1\n')
    expect(lines.slice(3)).toEqual([
      'G1 Z0.6 F600',
      'G1 X20 Y0 F6000',
      'G1 Z0.2 F600',
      'G92 E2',
      'G1 F1200',
      'G1 X21 E2.1',
    ])
  })

  it('sets a relative E before it becomes absolute', () => {
    const lines = without(`${start}[G1 X22 E3\n]G1 X21 E1\nM82\nG1 X20 E6\n`)
    expect(lines.slice(-4)).toEqual(['G1 X21 E1', 'G92 E5', 'M82', 'G1 X20 E6'])
  })

  it('keeps G10 and G11 in pairs', () => {
    expect(without(`${start}[G10\nG1 X50\nG11\nG1 X60 E1\nG10\n]G1 X70\nG11\nG1 X80 E1\n`)).toEqual([
      ...started,
      'G10',
      'G1 Z0.6 F600',
      'G1 X70 Y10 F1200',
      'G1 Z0.2 F600',
      'G1 F1200',
      'G11',
      'G1 X80 E1',
    ])
    expect(without(`${start}G10\n[G11\nG1 X21 E1\n]G1 X22 E1\n`).slice(started.length)).toEqual([
      'G10',
      'G1 Z0.6 F600',
      'G1 X21 Y10 F6000',
      'G1 Z0.2 F600',
      'G11',
      'G1 F1200',
      'G1 X22 E1',
    ])
  })

  it('leaves G10 alone where it sets a tool', () => {
    expect(without(`[G1 X1 E1\nG10 P0 S200\n]M84\n`)).toEqual(['G10 P0 S200', 'M84'])
  })

  it('passes temperatures, fans, tools and labels on', () => {
    const passed = [
      'M104 S200',
      'M106 S255',
      'M486 S1',
      'EXCLUDE_OBJECT_END NAME=a',
      'T1',
      'M204 S500',
      'M73 P5',
      'G4 P10',
    ]
    expect(without(`${start}[G1 X30 E1\n${passed.join('\n')}\nG1 X40 E1\n]`)).toEqual([...started, ...passed])
  })

  it('pulls filament back before a tool change, because the file will feed it when the tool returns', () => {
    const lines = without(`${start}[G1 X30 E1\nG1 E-8 F2000\nT1\nG1 X40 E1\n]T0\nG1 E8\nG1 X50 E1\n`)
    expect(lines.slice(started.length)).toEqual([
      'G1 E-8 F2000',
      'T1',
      'T0',
      'G1 Z0.6 F600',
      'G1 X40 Y10 F6000',
      'G1 Z0.2 F600',
      'G1 F2000',
      'G1 E8',
      'G1 X50 E1',
    ])
  })

  it('is above a tall neighbour when parts are printed one by one, but not above what the printer reaches', () => {
    const tall = `${start}G1 Z50 F600\nG1 X30 E1\nG1 Z60\nG1 X100 Y100\nG1 Z0.2\nG1 X110 E1\n`
    expect(without(`${tall}[G1 X120 E1\n]G1 Z60\nG1 X150 Y150\nG1 Z0.2\nG1 X160 E1\n`)).toContain('G1 Z50.4 F600')
    expect(without(`${tall}[G1 X120 E1\n]G1 X160 E1\n`, 'marlin', 50)).toContain('G1 Z50 F600')
  })

  it('is found in relative coordinates and in inches as well', () => {
    expect(without(`${start}G91\n[G1 X5 E1\n]G1 X1 E1\n`, 'klipper').slice(-5)).toEqual([
      'G1 Z0.4 F600',
      'G1 X5 Y0 F6000',
      'G1 Z-0.4 F600',
      'G1 F1200',
      'G1 X1 E1',
    ])
    expect(without(`${start}G20\n[G1 X1 E1\n]G1 X1.1 E1\n`).slice(-5)).toEqual([
      'G1 Z0.02362 F23.62205',
      'G1 X1 Y0.3937 F236.22047',
      'G1 Z0.00787 F23.62205',
      'G1 F47.24409',
      'G1 X1.1 E1',
    ])
  })

  it('knows that G92 gives a place another name', () => {
    const lines = without(`${start}[G1 X30 E1\nG92 X0 Z10\n]G1 X5 E1\n`)
    expect(lines.slice(started.length)).toEqual([
      'G92 X-10 Z10',
      'G1 Z10.4 F600',
      'G1 X0 Y10 F6000',
      'G1 Z10 F600',
      'G1 F1200',
      'G1 X5 E1',
    ])
  })

  it('is taken before a pause when the file has gone on, and not to the place of the lost part', () => {
    expect(without(`${start}[G1 X30 E1\n]G1 X0 Y200 F6000\nM600\n`).slice(-3)).toEqual([
      'G1 X0 Y200 F6000',
      'G1 Z0.2 F600',
      'M600',
    ])
    expect(without(`${start}[G1 X30 E1\n]M600\n`).slice(started.length)).toEqual(['M600'])
  })

  it('lifts and parks at the end of the file although nothing more is printed', () => {
    expect(
      without(`${start}[G1 X30 E1\n]G1 E-1 F2100\nG1 Z30 F600\nM104 S0\nG1 X0 Y200 F6000`).slice(started.length),
    ).toEqual(['M104 S0', 'G1 E-1 F2100', 'G1 Z30.4 F600', 'G1 X0 Y200 F6000', 'G1 Z30 F600'])
  })

  it('lowers nothing before the first plastic, where only the printer knows how high the nozzle is', () => {
    expect(without('G28\nSTART_PRINT\n[G1 Z0.2\nG1 X5 E1\n]PAUSE\n', 'klipper')).toEqual([
      'G28',
      'START_PRINT',
      'PAUSE',
    ])
  })

  it('holds when something breaks off while it prints', () => {
    const text = Buffer.from(
      `${start}${Array.from({ length: 2000 }, (_, n) => `G1 X${n % 200} Y${n % 7} E0.1\n`).join('')}M84\n`,
    )
    const object: LabelledRanges = { name: 'it', ranges: [[200, 20_000]] }
    const rewritten = rewrite(text, [object], 500)
    expect(rewritten.excludedFrom).toBeGreaterThan(5000)
    expect(difference(text, [object], rewritten)).toBeNull()
  })
})

const folder = sharedData('gcode')
const sample = (file: string): Buffer => readFileSync(`${folder}/${file}`)

const comments = [/^; printing object (.*)/, /^; stop printing object/] as const
const klipper = [/^EXCLUDE_OBJECT_START NAME=(.*)/, /^EXCLUDE_OBJECT_END/] as const
const m486 = [/^M486 S(\d+)/, /^M486 S-1/] as const
const mesh = [/^;MESH:(?!NONMESH)(.*)/, /^;LAYER:|^;MESH:NONMESH/] as const
const ideaMaker = [/^;PRINTING: (.*)/, /^;LAYER:/] as const

describe.skipIf(folder === null)('an object that is left out of a real file', () => {
  it.each([
    ['pc_m486.gcode', m486],
    ['pc_m486.gcode', comments],
    ['pc_slic3r.gcode', comments],
    ['pc_superslicer.gcode', comments],
    ['pc_cura.gcode', mesh],
    ['pc_ideamaker.gcode', ideaMaker],
    ['hs_calicat_calico.gcode', klipper],
    ['hs_calicat_calico.gcode', comments],
    ['hs_xyz-10mm-calibration-cube.gcode', klipper],
    ['libbgcode_mini_cube_b_ref.gcode', comments],
    ['libbgcode_mini_cube_ps2.8.1_ref.gcode', m486],
    ['buddy_box.gcode', comments],
    ['arcoverhang.gcode', comments],
    ['dsf_PrusaSlicer.gcode', comments],
  ] as const)('leaves all else of %s as it was, from the start or from the middle on', (file, [open, close]) => {
    const text = sample(file)
    const objects = labelsOf(text, open, close)
    const count = rewrite(text, []).lines.length
    for (const object of objects) {
      for (const atLine of [0, Math.floor(count / 3)]) {
        const rewritten = rewrite(text, [object], atLine)
        if (atLine === 0) expect(rewritten.lines.length).toBeLessThan(count)
        expect(difference(text, [object], rewritten), `${object.name} from line ${atLine}`).toBeNull()
      }
    }
    expect(difference(text, objects, rewrite(text, objects)), 'all of them').toBeNull()
  })
})

/** Stretches of whole lines, some next to each other. */
const anyStretches = (text: Uint8Array, random: () => number, count: number): LabelledRanges => {
  const starts: number[] = [0]
  for (let at = text.indexOf(10); at >= 0 && at + 1 < text.length; at = text.indexOf(10, at + 1)) starts.push(at + 1)
  const ranges: ByteRange[] = []
  for (let n = 0; n < count; n++) {
    const from = Math.floor(random() * (starts.length - 1))
    const to = Math.min(starts.length - 1, from + 1 + Math.floor(random() ** 3 * 2000))
    ranges.push([starts[from] as number, starts[to] as number])
  }
  return { name: 'any', ranges }
}

describe.skipIf(folder === null)('stretches of any kind that are left out', () => {
  it.each([
    'gen_ps250_fwretract_G10G11.gcode',
    'gen_ps250_multitool_rrf.gcode',
    'gen_ps250_volumetricE.gcode',
    'dsf_Slic3r.gcode',
    'dsf_Cura.gcode',
    'dsf_Simplify3D.gcode',
    'fluidd_test_ps230.gcode',
    'pc_icesl.gcode',
    'pc_kirimoto.gcode',
    'pc_kisslicer.2.0.6.gcode',
    'pc_m486.gcode',
    'octoprint_bp_case.gcode',
  ])('leave all else of %s as it was', (file) => {
    const text = sample(file)
    const random = randomFrom(7)
    for (let round = 0; round < 3; round++) {
      const object = anyStretches(text, random, 1 + Math.floor(random() * 20))
      expect(difference(text, [object], rewrite(text, [object])), `round ${round}`).toBeNull()
    }
  })
})
