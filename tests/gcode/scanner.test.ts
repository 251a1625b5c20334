import { describe, expect, it } from 'vitest'
import { type Command, CommandScanner, textOf } from '../../gcode/index.ts'

interface Seen {
  text: string
  letter: string
  number: number
  subcode: number
  words: Record<string, number | null>
  offset: number
  nextOffset: number
  line: number
}

const see = (command: Command): Seen => {
  const words: Record<string, number | null> = {}
  for (let n = 0; n < 26; n++) {
    if ((command.mask & (1 << n)) === 0) continue
    words[String.fromCharCode(65 + n)] = (command.bare & (1 << n)) === 0 ? (command.values[n] as number) : null
  }
  const letter = command.letter === 0 ? '' : String.fromCharCode(command.letter)
  const { number, subcode, offset, nextOffset, line } = command
  return { text: textOf(command), letter, number, subcode, words, offset, nextOffset, line }
}

/** Scans a text in chunks of `size` bytes. */
const scan = (text: string, size = text.length): { commands: Seen[]; comments: string[] } => {
  const commands: Seen[] = []
  const comments: string[] = []
  const scanner = new CommandScanner({
    command: (command) => commands.push(see(command)),
    comment: (bytes, from, to) => comments.push(Buffer.from(bytes.subarray(from, to)).toString('latin1')),
  })
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) scanner.feed(bytes.subarray(at, at + size))
  scanner.end()
  return { commands, comments }
}

const one = (line: string): Seen => scan(line).commands[0] as Seen

describe('the scanner', () => {
  it('reads a command and its words', () => {
    expect(one('G1 X10.5 Y-3 E.02 F1800\n')).toMatchObject({
      text: 'G1 X10.5 Y-3 E.02 F1800',
      letter: 'G',
      number: 1,
      words: { X: 10.5, Y: -3, E: 0.02, F: 1800 },
    })
  })

  it.each([
    ['g1x10y20', { X: 10, Y: 20 }],
    ['G1   X 10  Y\t20', { X: 10, Y: 20 }],
    ['  G1 X+10 Y-0.5', { X: 10, Y: -0.5 }],
    ['N12 G1 X10*55', { X: 10 }],
    ['N12G1X10*55', { X: 10 }],
    ['G1 X10 (move) Y20', { X: 10, Y: 20 }],
    ['G1 X10\r', { X: 10 }],
    ['G28 X Y0', { X: null, Y: 0 }],
    ['G1 X1e400', { X: 1, E: 400 }],
    ['G1 XNaN', { X: null, N: null, A: null }],
    ['G1 X5. Y.5', { X: 5, Y: 0.5 }],
    ['G1 X-.5', { X: -0.5 }],
    ['G1 X--5', { X: null }],
  ])('%s', (line, words) => {
    expect(one(line).words).toEqual(words)
  })

  it('keeps fractions exact, and numbers with hundreds of digits finite', () => {
    expect(one('G1 X0.1').words['X']).toBe(0.1)
    expect(one('G1 X123.456789').words['X']).toBe(123.456789)
    expect(one(`G1 X1.${'3'.repeat(400)}`).words['X']).toBeCloseTo(4 / 3, 12)
    expect(one(`G1 X${'9'.repeat(400)}`).words['X']).toBe(1e15)
  })

  it('reads subcodes, tools and commands without words', () => {
    expect(one('G92.1')).toMatchObject({ letter: 'G', number: 92, subcode: 1 })
    expect(one('T3')).toMatchObject({ letter: 'T', number: 3 })
    expect(one('M84')).toMatchObject({ letter: 'M', number: 84, words: {} })
  })

  it('leaves extended commands as they are', () => {
    expect(one('EXCLUDE_OBJECT_START NAME=cube_1 ; here')).toMatchObject({
      letter: '',
      text: 'EXCLUDE_OBJECT_START NAME=cube_1',
    })
    expect(one('SET_DISPLAY_TEXT MSG="layer; 3 of * 5"')).toMatchObject({
      text: 'SET_DISPLAY_TEXT MSG="layer; 3 of * 5"',
    })
    expect(one('START_PRINT')).toMatchObject({ letter: '', text: 'START_PRINT' })
  })

  it('passes over comments, blank lines and lone numbers of lines', () => {
    expect(scan('; hello\n\n   \n(all of it)\nN5\n\r\n').commands).toEqual([])
    expect(scan(' ;TYPE:Perimeter \r\nG1 X1 ; and this ;too\n').comments).toEqual(['TYPE:Perimeter', 'and this ;too'])
  })

  it('tells where each line stands in the file, with and without a last line feed', () => {
    const { commands } = scan('; head\nG28\r\n\nG1 X1')
    expect(commands.map(({ offset, nextOffset, line }) => [offset, nextOffset, line])).toEqual([
      [7, 12, 2],
      [13, 18, 4],
    ])
  })

  it('gives the same whatever the chunks are', () => {
    const text =
      '; a comment\nG1 X10.25 Y-7 E0.125 ; b\r\nM117 "a;b" c\n\nEXCLUDE_OBJECT_END NAME=x\nN7 G92 E0*3\nT1\nG1 X5'
    const whole = scan(text)
    for (let size = 1; size <= text.length; size++) expect(scan(text, size), `chunks of ${size}`).toEqual(whole)
  })

  it('cuts a line that is no G-code any more, and still knows where the next one stands', () => {
    const scanner = new CommandScanner({ command: (command) => found.push(see(command)) })
    const found: Seen[] = []
    const long = Buffer.alloc(3_000_000, 'x')
    scanner.feed(Buffer.from('G28\n'))
    for (let at = 0; at < long.length; at += 65_536) scanner.feed(long.subarray(at, at + 65_536))
    scanner.feed(Buffer.from('\nG1 X1\n'))
    scanner.end()
    expect(scanner.overlongLines).toBe(1)
    expect(found.at(-1)).toMatchObject({ text: 'G1 X1', offset: 3_000_005, nextOffset: 3_000_011, line: 3 })
  })
})
