// A file's bytes -> the lines as one printer takes them, each with the place in the file where it is done.
import type { Command, CommandSink } from '../command.ts'
import { CommandScanner } from '../scanner.ts'
import type { ByteRange } from './byte-ranges.ts'
import { compactWords } from './compact.ts'
import { type Dialect, longestText } from './dialect.ts'
import { LineBuffer, type PrintableLine } from './line-buffer.ts'
import { copyPlain, copyWithCare, isDisplayText, isTextual, upperCase, wholeCharacters } from './line-text.ts'
import { ObjectSkip } from './object-skip.ts'

const SPACE = 32
const LETTER_G = 71
const LETTER_M = 77
const LETTER_N = 78
const BOM = [0xef, 0xbb, 0xbf] as const

/** Bytes read at once when only some lines are asked for. */
const PIECE_BYTES = 2048
/** The scanner cuts a line here. */
const LONGEST_LINE_BYTES = 1 << 20

export interface PrintableOptions {
  readonly dialect?: Dialect
  /** Leaves blanks and zeros out of moves: for slow serial links. */
  readonly compact?: boolean
  /** Longest text of a line in bytes, instead of what the dialect's printers take. */
  readonly longest?: number
  /** How high the printer may lift, in mm, to pass over what is printed; as high as needed by default. */
  readonly height?: number
}

/** An object as the file labels it: whole lines, in bytes of the file. */
export interface LabelledRanges {
  readonly name: string
  readonly ranges: readonly ByteRange[]
}

/**
 * Feed it chunks of any size, say when the file ends, and take lines. Comments, blank lines, line numbers, checksums
 * and the file's own M110 are left out. A file is read only as far as lines are taken from it, so that `exclude` acts
 * on the next line taken; until then the bytes fed must stay as they are. Ends never go back: the lines that lead
 * over a left out stretch end where the last line before them did.
 */
export class PrintableLines implements CommandSink {
  readonly #scanner = new CommandScanner(this)
  readonly #lines = new LineBuffer()
  readonly #skip: ObjectSkip
  readonly #compact: boolean
  readonly #longest: number
  #chunks: Uint8Array[] = []
  /** Bytes of the first chunk that are read. */
  #read = 0
  #piece: Uint8Array = new Uint8Array(0)
  /** Where the piece begins in the file. */
  #pieceOffset = 0
  #ended = false
  /** Whether the scanner is at the last line, which no line feed ends. */
  #atEnd = false
  /** Commands too long for the printer, which were left out, and the line of the first. */
  tooLong = 0
  firstTooLong = 0

  constructor(options: PrintableOptions = {}) {
    const dialect = options.dialect ?? 'marlin'
    this.#compact = options.compact ?? false
    this.#longest = options.longest ?? longestText[dialect]
    this.#skip = new ObjectSkip(dialect, options.height ?? Number.POSITIVE_INFINITY, (text, endOffset) =>
      this.#lines.addText(text, endOffset),
    )
  }

  feed(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk)
  }

  end(): void {
    this.#ended = true
  }

  /** From the next line taken on, the moves of these objects are left out; all else stays. */
  exclude(objects: readonly LabelledRanges[]): void {
    for (const object of objects) this.#skip.exclude(object.ranges)
  }

  /** All lines of what was fed, or `most` and the few more that were read with them. */
  take(most = Number.POSITIVE_INFINITY): PrintableLine[] {
    const pieceBytes = most === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : PIECE_BYTES
    while (this.#lines.count < most && this.#readOn(pieceBytes)) {}
    return this.#lines.take()
  }

  command(command: Command): void {
    // A file's own numbering (M110) would collide with the host's.
    if (command.letter === LETTER_M && command.number === 110) return
    if (!this.#skip.passes(command)) return
    const lines = this.#lines
    const lineFrom = command.bytes === this.#piece ? command.offset - this.#pieceOffset : 0
    const to = this.#endOf(command, lineFrom)
    const out = lines.room(to - command.from + 1)
    const at = lines.length
    const end = this.#fit(command, out, at, this.#copy(command, lineFrom, to, out, at))
    if (end > at) lines.add(end, command.nextOffset)
  }

  /** Where the line of a command that begins at `lineFrom` ends, blanks at its end left out. */
  #endOf(command: Command, lineFrom: number): number {
    const isWhole = command.bytes === this.#piece || !this.#atEnd
    const length = command.nextOffset - command.offset - (isWhole ? 1 : 0)
    let to = lineFrom + Math.min(length, LONGEST_LINE_BYTES)
    while (to > command.from && (command.bytes[to - 1] as number) <= SPACE) to--
    return to
  }

  /** Reads the next piece of what was fed, or ends the file; false where there is no more. */
  #readOn(pieceBytes: number): boolean {
    const chunk = this.#chunks[0]
    if (chunk === undefined) {
      if (!this.#ended || this.#atEnd) return false
      this.#atEnd = true
      this.#scanner.end()
      this.#skip.end(this.#scanner.offset)
      return true
    }
    const to = Math.min(chunk.length, this.#read + pieceBytes)
    this.#piece = chunk.subarray(this.#read, to)
    this.#scanner.feed(this.#piece)
    this.#pieceOffset += this.#piece.length
    this.#read = to
    if (to === chunk.length) {
      this.#chunks.shift()
      this.#read = 0
    }
    return true
  }

  /** Copies the command from its line, `bytes[lineFrom, to)`, to `out`; returns where it ends there. */
  #copy(command: Command, lineFrom: number, to: number, out: Uint8Array, at: number): number {
    const { bytes, from } = command
    const text = isTextual(command)
    if (!text) {
      const end = copyPlain(bytes, from, to, out, at)
      if (end >= 0) return end
    }
    const isMarked = command.offset === 0 && BOM.every((byte, n) => bytes[from + n] === byte)
    const start = isMarked ? from + BOM.length : from
    const end = copyWithCare(bytes, start, to, out, at, text, hasNumber(bytes, lineFrom, from))
    if (command.letter !== 0 && end > at) out[at] = upperCase(out[at] as number)
    return end
  }

  /** Shortens the line in `out[at, end)` where that is wanted or needed; returns its end, or `at` to leave it out. */
  #fit(command: Command, out: Uint8Array, at: number, end: number): number {
    const isMove = command.letter === LETTER_G && command.number <= 3
    const text = isTextual(command)
    const most = at + this.#longest
    const short = (this.#compact && isMove) || (end > most && !text) ? compactWords(out, at, end) : end
    if (short <= most) return short
    if (isDisplayText(command)) return wholeCharacters(out, at, short, this.#longest)
    if (this.tooLong++ === 0) this.firstTooLong = command.line
    return at
  }
}

/** Whether a line number stands in `bytes[from, to)`, before a command. */
const hasNumber = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (upperCase(bytes[at] as number) === LETTER_N) return true
  return false
}
