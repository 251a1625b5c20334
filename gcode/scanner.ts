// G-code bytes -> commands and comments, in one pass, without a string or an object per line.
import type { Command, CommandSink } from './command.ts'

const LF = 10
const CR = 13
const SPACE = 32
const TAB = 9
const SEMICOLON = 59
const OPEN_PAREN = 40
const CLOSE_PAREN = 41
const QUOTE = 34
const STAR = 42
const PLUS = 43
const MINUS = 45
const DOT = 46
const LETTER_A = 65
const LETTER_G = 71
const LETTER_M = 77
const LETTER_N = 78
const LETTER_T = 84
const LETTER_Z = 90

/** A line longer than this is not G-code: its end is dropped, and `overlongLines` counts it. */
const LONGEST_LINE_BYTES = 1 << 20

/** A mantissa up to here stays exact in a double; later digits cannot change what a printer does. */
const EXACT_MANTISSA = 9e14

/** Powers of ten up to this one are exact too. */
const MOST_PLACES = 22
const POWERS_OF_TEN = Float64Array.from({ length: MOST_PLACES + 1 }, (_, n) => 10 ** n)

/**
 * Feed it a file in chunks of any size, then call `end`. Memory stays at one line.
 * Takes line numbers and checksums, comments by `;` and `( )`, quoted strings, CRLF, lower case, blanks anywhere.
 */
export class CommandScanner {
  readonly command: Command = {
    letter: 0,
    number: 0,
    subcode: 0,
    mask: 0,
    bare: 0,
    values: new Float64Array(26),
    bytes: new Uint8Array(0),
    from: 0,
    to: 0,
    offset: 0,
    nextOffset: 0,
    line: 0,
  }
  /** Lines of more than a megabyte, cut there. */
  overlongLines = 0
  readonly #sink: CommandSink
  #offset = 0
  #line = 0
  #carry: Uint8Array = new Uint8Array(256)
  #carried = 0
  #dropped = 0
  #number = 0
  #hasNumber = false

  constructor(sink: CommandSink) {
    this.#sink = sink
  }

  /** Bytes of all whole lines scanned so far. */
  get offset(): number {
    return this.#offset
  }

  /** Lines scanned so far. */
  get line(): number {
    return this.#line
  }

  feed(chunk: Uint8Array): void {
    const length = chunk.length
    let from = 0
    if (this.#carried > 0) {
      const end = endOfLine(chunk, 0)
      this.#keep(chunk.subarray(0, end))
      if (end === length) return
      this.#scanCarried(1)
      from = end + 1
    }
    for (;;) {
      const end = endOfLine(chunk, from)
      if (end === length) break
      this.#scanLine(chunk, from, end, end + 1 - from)
      from = end + 1
    }
    if (from < length) this.#keep(chunk.subarray(from))
  }

  /** Scans the last line where the file does not end with a line feed. */
  end(): void {
    if (this.#carried > 0) this.#scanCarried(0)
  }

  #keep(bytes: Uint8Array): void {
    const room = LONGEST_LINE_BYTES - this.#carried
    const kept = Math.min(bytes.length, room)
    if (this.#carried + kept > this.#carry.length) {
      const larger = new Uint8Array(Math.max(this.#carry.length * 2, this.#carried + kept))
      larger.set(this.#carry.subarray(0, this.#carried))
      this.#carry = larger
    }
    this.#carry.set(bytes.subarray(0, kept), this.#carried)
    this.#carried += kept
    this.#dropped += bytes.length - kept
  }

  #scanCarried(lineFeedBytes: number): void {
    const length = this.#carried
    const bytesOfLine = length + this.#dropped + lineFeedBytes
    if (this.#dropped > 0) this.overlongLines++
    this.#carried = 0
    this.#dropped = 0
    this.#scanLine(this.#carry, 0, length, bytesOfLine)
  }

  /** One line in `bytes[from, to)`, its line feed left out; `bytesOfLine` is what it takes in the file. */
  #scanLine(bytes: Uint8Array, from: number, to: number, bytesOfLine: number): void {
    const offset = this.#offset
    this.#offset = offset + bytesOfLine
    this.#line++
    let at = skipBlanks(bytes, from, to)
    if (at === to) return
    if (bytes[at] !== SEMICOLON) {
      at = this.#scanHead(bytes, at, to)
      const command = this.command
      if (command.from >= 0) {
        command.bytes = bytes
        command.offset = offset
        command.nextOffset = this.#offset
        command.line = this.#line
        this.#sink.command(command)
      }
      while (at < to && bytes[at] !== SEMICOLON) at++
      if (at === to) return
    }
    if (this.#sink.comment === undefined) return
    const start = skipBlanks(bytes, at + 1, to)
    let end = to
    while (end > start && isBlank(bytes[end - 1] as number)) end--
    this.#sink.comment(bytes, start, end, offset, this.#line)
  }

  /** Reads what names the command, then its words; returns where the command ends. `from` is -1 if there is none. */
  #scanHead(bytes: Uint8Array, start: number, to: number): number {
    const command = this.command
    let at = start
    command.mask = 0
    command.bare = 0
    command.from = -1
    while (at < to) {
      const byte = bytes[at] as number
      if (byte === SEMICOLON || byte === STAR) return at
      if (isBlank(byte)) {
        at++
      } else if (byte === OPEN_PAREN) {
        at = skipParenthesis(bytes, at, to)
      } else {
        const letter = upperCase(byte)
        const next = this.#readNumber(bytes, at + 1, to)
        if (letter === LETTER_N && this.#hasNumber) {
          at = next
          continue
        }
        command.from = at
        if ((letter === LETTER_G || letter === LETTER_M || letter === LETTER_T) && this.#hasNumber) {
          command.letter = letter
          command.number = Math.trunc(this.#number)
          command.subcode = Math.round((this.#number - command.number) * 10)
          return this.#scanWords(bytes, next, to)
        }
        command.letter = 0
        command.number = 0
        command.subcode = 0
        return this.#scanExtended(bytes, at, to)
      }
    }
    return at
  }

  #scanWords(bytes: Uint8Array, start: number, to: number): number {
    const command = this.command
    const values = command.values
    let at = start
    let mask = 0
    let bare = 0
    let tail = start
    while (at < to) {
      const byte = bytes[at] as number
      if (byte === SPACE || byte === TAB || byte === CR) {
        at++
        continue
      }
      if (byte === SEMICOLON || byte === STAR) break
      const letter = upperCase(byte)
      if (letter >= LETTER_A && letter <= LETTER_Z) {
        at = this.#readNumber(bytes, at + 1, to)
        const bit = 1 << (letter - LETTER_A)
        mask |= bit
        if (this.#hasNumber) {
          values[letter - LETTER_A] = this.#number
          bare &= ~bit
        } else bare |= bit
        tail = at
      } else if (byte === OPEN_PAREN) {
        at = skipParenthesis(bytes, at, to)
      } else {
        at = byte === QUOTE ? skipQuoted(bytes, at, to) : at + 1
        tail = at
      }
    }
    command.mask = mask
    command.bare = bare
    command.to = tail
    return at
  }

  /** `NAME=x Y="a; b"`: kept as text, up to the comment, the checksum or the end of the line. */
  #scanExtended(bytes: Uint8Array, start: number, to: number): number {
    let at = start
    let tail = start
    while (at < to) {
      const byte = bytes[at] as number
      if (byte === SEMICOLON || byte === STAR) break
      at = byte === QUOTE ? skipQuoted(bytes, at, to) : at + 1
      if (!isBlank(byte)) tail = at
    }
    this.command.to = tail
    return at
  }

  /**
   * A number from `start` on, blanks before it allowed, into #number and #hasNumber; returns where it ends.
   * There are no exponents in G-code: `E` is an axis.
   */
  #readNumber(bytes: Uint8Array, start: number, to: number): number {
    let at = start
    while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++
    const sign = at < to ? bytes[at] : 0
    if (sign === MINUS || sign === PLUS) at++
    const first = at
    let mantissa = 0
    while (at < to && isDigit(bytes[at] as number)) mantissa = mantissa * 10 + (bytes[at++] as number) - 48
    let digits = at - first
    if (at < to && bytes[at] === DOT) {
      at++
      let places = 0
      for (; at < to && isDigit(bytes[at] as number); at++) {
        digits++
        if (mantissa > EXACT_MANTISSA || places === MOST_PLACES) continue
        mantissa = mantissa * 10 + (bytes[at] as number) - 48
        places++
      }
      if (places > 0) mantissa /= POWERS_OF_TEN[places] as number
    }
    this.#hasNumber = digits > 0
    this.#number = sign === MINUS ? -mantissa : mantissa
    return digits > 0 ? at : start
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === CR

const upperCase = (byte: number): number => (byte >= 97 && byte <= 122 ? byte - 32 : byte)

const skipBlanks = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && isBlank(bytes[at] as number)) at++
  return at
}

/** Where the line feed is, or the length of the bytes where there is none. */
const endOfLine = (bytes: Uint8Array, from: number): number => {
  const length = bytes.length
  let at = from
  while (at < length && bytes[at] !== LF) at++
  return at
}

const skipParenthesis = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && bytes[at] !== CLOSE_PAREN) at++
  return at < to ? at + 1 : to
}

const skipQuoted = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from + 1
  while (at < to && bytes[at] !== QUOTE) at++
  return at < to ? at + 1 : to
}
