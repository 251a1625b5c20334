import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { CommandScanner } from '../../gcode/index.ts'
import { PrintableLines, type PrintableOptions } from '../../gcode/rewrite/printable-lines.ts'
import { sharedData } from '../support/left-out.ts'

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

/** The lines of a text that is fed in chunks of `size` bytes. */
const linesOf = (text: string | Uint8Array, options: PrintableOptions = {}, size = 1 << 20, most = Infinity) => {
  const printable = new PrintableLines(options)
  const bytes = typeof text === 'string' ? bytesOf(text) : text
  const lines = []
  for (let at = 0; at < bytes.length; at += size) {
    printable.feed(bytes.subarray(at, at + size))
    for (let more = printable.take(most); more.length > 0; more = printable.take(most)) lines.push(...more)
  }
  printable.end()
  return [...lines, ...printable.take()]
}

const textsOf = (text: string | Uint8Array, options: PrintableOptions = {}): string[] =>
  linesOf(text, options).map((line) => line.text)

describe('lines for a printer', () => {
  it.each([
    ['G1 X10 Y20 ; a comment', 'G1 X10 Y20'],
    ['  G28\t\r', 'G28'],
    ['N12 G1 X10*55', 'G1 X10'],
    ['n12g1x10*55', 'G1X10'],
    ['g1 x10 (to the left; yes) y20', 'G1 X10   Y20'],
    ['G1 X1\0\x07Y2', 'G1 X1  Y2'],
    ['M117 Layer (3) of 9* ; shown', 'M117 Layer (3) of 9*'],
    ['N7 M117 50 * 2 = 100*97', 'M117 50 * 2 = 100'],
    ['m117 Hello', 'M117 Hello'],
    ['M117 "one; two" ; comment', 'M117 "one; two"'],
    ['M117 5" wide; comment', 'M117 5" wide'],
    ['M117 Gr\xc3\xbc\xc3\x9fe', 'M117 Gr\xc3\xbc\xc3\x9fe'],
    ['M486 AShape-Box (1)', 'M486 AShape-Box (1)'],
    ['M23 my file.gco', 'M23 my file.gco'],
    ['M862.3 P "MK4s"', 'M862.3 P "MK4s"'],
    ['EXCLUDE_OBJECT_START NAME=cube_(1)', 'EXCLUDE_OBJECT_START NAME=cube_(1)'],
    ['SET_PRINT_STATS_INFO CURRENT_LAYER=1 ; x', 'SET_PRINT_STATS_INFO CURRENT_LAYER=1'],
    ["start_print Name='a b'", "start_print Name='a b'"],
    ['G1 X{(a+b)*2} Y{move.axes[0].max; nothing}', 'G1 X{(a+b)*2} Y{move.axes[0].max; nothing}'],
    ["G1 'a10 x5", "G1 'a10 X5"],
    ['\xef\xbb\xbfG28 X', 'G28 X'],
  ])('sends %j as %j', (line, sent) => {
    expect(textsOf(`${line}\n`)).toEqual([sent])
    expect(textsOf(line)).toEqual([sent])
  })

  it('leaves out comments, blank lines and the own numbering of a file', () => {
    expect(textsOf('\xef\xbb\xbf; by a slicer\n\n  \n(note)\nM110 N0\nN1 M110 N1*125\nG28\n;end\n%')).toEqual([
      'G28',
      '%',
    ])
  })

  it('says where each line ends in the file', () => {
    expect(linesOf('; note\r\nG28 ; home\r\n\r\nG1 X1\nM84')).toEqual([
      { text: 'G28', endOffset: 20 },
      { text: 'G1 X1', endOffset: 28 },
      { text: 'M84', endOffset: 31 },
    ])
  })

  it('gives the same lines however the file is cut into chunks and taken', () => {
    const text =
      'G28 ; home\r\nN3 G1 X1.50*7\nM117 Gr\xc3\xbc\xdfe (1); x\n\n; only\nEXCLUDE_OBJECT_START NAME=a\nG1 Y2'
    const whole = linesOf(text)
    for (const size of [1, 2, 3, 7, 16, 40]) {
      expect(linesOf(text, {}, size)).toEqual(whole)
      expect(linesOf(text, {}, size, 1)).toEqual(whole)
    }
  })

  it('reads no further than it is asked to, so that a part can still be left out of what was fed', () => {
    const text = Array.from({ length: 1000 }, (_, n) => `G1 X${n} E1\n`).join('')
    const printable = new PrintableLines()
    printable.feed(bytesOf(text))
    printable.end()
    const before = printable.take(10)
    expect(before.length).toBeLessThan(300)
    printable.exclude([{ name: 'all of it', ranges: [[0, text.length]] }])
    expect(printable.take().filter((line) => / E\d/.test(line.text))).toEqual([])
  })
})

describe('lines that are long', () => {
  const long =
    'G1 X000100.5000000000000000000000 Y0000000000000000000020.00000000000000000000000000000 E0.10000000000000000'

  it('are shortened without a change of any value', () => {
    expect(textsOf(long)).toEqual(['G1X100.5Y20 E.1'])
    expect(textsOf(long, { dialect: 'klipper' })).toEqual([long])
    expect(textsOf(`M204 P${'0'.repeat(90)}500 T500`)).toEqual(['M204P500T500'])
  })

  it('are cut where they are only shown, between two characters', () => {
    const [line] = textsOf(`M117 ${'\xc3\xbc'.repeat(60)}`)
    expect(line).toBe(`M117 ${'\xc3\xbc'.repeat(38)}`)
  })

  it('are left out where the printer could not read them, and counted', () => {
    const printable = new PrintableLines({ dialect: 'marlin' })
    printable.feed(bytesOf(`G28\nEXCLUDE_OBJECT_DEFINE NAME=a POLYGON=[${'[1,2],'.repeat(30)}]\nM84\n`))
    printable.end()
    expect(printable.take().map((line) => line.text)).toEqual(['G28', 'M84'])
    expect([printable.tooLong, printable.firstTooLong]).toEqual([1, 2])
  })

  it('do not fill the memory', () => {
    const printable = new PrintableLines()
    printable.feed(new Uint8Array(3 << 20).fill(65))
    printable.feed(bytesOf('\nG28'))
    printable.end()
    expect(printable.take()).toEqual([{ text: 'G28', endOffset: (3 << 20) + 4 }])
  })
})

describe('compact lines', () => {
  it.each([
    ['G1 X0.500 Y-10.0 E0.050 F1800.000', 'G1X.5Y-10 E.05F1800'],
    ['G01 X+000 Y-0.00 Z100', 'G1X0Y0Z100'],
    ['G1 X 10 Y 20. E.02', 'G1X10Y20 E.02'],
    ['G2 X1 Y2 I-.50 J0.0', 'G2X1Y2I-.5J0'],
    ['G1X10E5', 'G1X10E5'],
    ['G1 X{a} Y1', 'G1X {a} Y1'],
    ['G28 X Y', 'G28 X Y'],
    ['M104 S200', 'M104 S200'],
  ])('turn %j into %j', (line, sent) => {
    expect(textsOf(line, { compact: true })).toEqual([sent])
  })

  it('say the same as the long ones, and save a part of the bytes', () => {
    const text = sampleText()
    const plain = textsOf(text)
    const compact = textsOf(text, { compact: true })
    expect(compact.length).toBe(plain.length)
    expect(wordsOf(compact)).toEqual(wordsOf(plain))
    const saved = 1 - compact.join('\n').length / plain.join('\n').length
    expect(saved).toBeGreaterThan(0.05)
  })
})

describe('hostile files', () => {
  it('are read to their end, with whole ASCII lines and ends that never go back', () => {
    const random = randomFrom(11)
    const text = sampleText().subarray(0, 60_000)
    for (let round = 0; round < 60; round++) {
      const mutated = Buffer.from(text.subarray(0, Math.floor(random() * text.length)))
      for (let n = 0; n < 200; n++) mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256)
      const printable = new PrintableLines({ compact: round % 2 === 0, longest: round % 3 === 0 ? 40 : 82 })
      const from = Math.floor(random() * mutated.length)
      printable.exclude([{ name: 'any', ranges: [[from, from + 5000]] }])
      printable.feed(mutated)
      printable.end()
      let last = 0
      for (const { text, endOffset } of printable.take()) {
        if (endOffset < last || endOffset > mutated.length) throw new Error(`${endOffset} after ${last}`)
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        if (text === '' || /[\x00-\x1f]|NaN|Infinity/.test(text)) throw new Error(JSON.stringify(text))
        last = endOffset
      }
    }
  })
})

const folder = sharedData('gcode')

/** A real file, or one of our own. */
const sampleText = (): Buffer => {
  if (folder !== null) return readFileSync(`${folder}/pc_superslicer.gcode`)
  const random = randomFrom(5)
  const lines = Array.from({ length: 3000 }, () => `G1 X${(random() * 200).toFixed(3)} E${random().toFixed(5)}\n`)
  return bytesOf(lines.join(''))
}

/** All words of all lines, with their values. */
const wordsOf = (lines: readonly string[]): (number | string)[] => {
  const words: (number | string)[] = []
  const scanner = new CommandScanner({
    command: ({ letter, number, subcode, mask, values }) => {
      words.push(letter, number, subcode, mask)
      for (let n = 0; n < 26; n++) if ((mask & (1 << n)) !== 0) words.push(values[n] as number)
    },
  })
  scanner.feed(bytesOf(lines.join('\n')))
  scanner.end()
  return words
}
