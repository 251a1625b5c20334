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
const SMALL_A = 97
const SMALL_Z = 122
const DIGIT_0 = 48
const DIGIT_9 = 57

/** A line longer than this is not G-code: its end is dropped, and `overlongLines` counts it. */
const LONGEST_LINE_BYTES = 1 << 20

/** A mantissa up to here stays exact in a double; later digits cannot change what a printer does. */
const EXACT_MANTISSA = 9e14

/** Longer numbers are none that a machine could use; they stay finite. */
const LARGEST = 1e15

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
  /** Bytes of the line under way that are not before us: dropped ones, and -1 where its line feed is not in the file. */
  #beside = 0
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
    const last = chunk.lastIndexOf(LF)
    if (last < 0) return this.#keep(chunk)
    let from = 0
    if (this.#carried > 0) {
      from = chunk.indexOf(LF) + 1
      this.#keep(chunk.subarray(0, from - 1))
      this.#scanCarried(1)
    }
    while (from <= last) from = this.#scanLine(chunk, from)
    if (from < chunk.length) this.#keep(chunk.subarray(from))
  }

  /** Scans the last line where the file does not end with a line feed. */
  end(): void {
    if (this.#carried > 0) this.#scanCarried(0)
  }

  /** Room for a line feed stays behind what is carried: every line that is scanned ends with one. */
  #keep(bytes: Uint8Array): void {
    const room = LONGEST_LINE_BYTES - this.#carried
    const kept = Math.min(bytes.length, room)
    if (this.#carried + kept >= this.#carry.length) {
      const larger = new Uint8Array(Math.max(this.#carry.length * 2, this.#carried + kept + 1))
      larger.set(this.#carry.subarray(0, this.#carried))
      this.#carry = larger
    }
    this.#carry.set(bytes.subarray(0, kept), this.#carried)
    this.#carried += kept
    this.#dropped += bytes.length - kept
  }

  #scanCarried(lineFeedBytes: number): void {
    const beside = this.#dropped + lineFeedBytes - 1
    if (this.#dropped > 0) this.overlongLines++
    this.#carry[this.#carried] = LF
    this.#carried = 0
    this.#dropped = 0
    this.#beside = beside
    this.#scanLine(this.#carry, 0)
  }

  /** The line that begins at `from` and ends with a line feed; returns where the next one begins. */
  #scanLine(bytes: Uint8Array, from: number): number {
    const command = this.command
    this.#line++
    let at = from
    while (isBlank(bytes[at] as number)) at++
    command.from = -1
    let byte = bytes[at] as number
    if (byte !== SEMICOLON && byte !== LF) {
      at = this.#scanHead(bytes, at)
      byte = bytes[at] as number
      // Behind a checksum, and where words have ended early.
      if (byte !== SEMICOLON && byte !== LF) {
        while (bytes[at] !== SEMICOLON && bytes[at] !== LF) at++
      }
    }
    const semicolon = at
    const end = bytes[at] === LF ? at : bytes.indexOf(LF, at)
    const offset = this.#offset
    this.#offset = offset + (end + 1 - from) + this.#beside
    this.#beside = 0
    if (command.from >= 0) {
      command.bytes = bytes
      command.offset = offset
      command.nextOffset = this.#offset
      command.line = this.#line
      this.#sink.command(command)
    }
    if (semicolon < end && this.#sink.comment !== undefined) this.#tellComment(bytes, semicolon + 1, end, offset)
    return end + 1
  }

  #tellComment(bytes: Uint8Array, from: number, to: number, offset: number): void {
    let start = from
    let end = to
    while (start < end && isBlank(bytes[start] as number)) start++
    while (end > start && isBlank(bytes[end - 1] as number)) end--
    this.#sink.comment?.(bytes, start, end, offset, this.#line)
  }

  /** Reads what names the command, then its words; returns where the command ends. `from` stays -1 if there is none. */
  #scanHead(bytes: Uint8Array, start: number): number {
    const command = this.command
    let at = start
    command.mask = 0
    command.bare = 0
    for (;;) {
      const byte = bytes[at] as number
      if (byte === SEMICOLON || byte === STAR || byte === LF) return at
      if (isBlank(byte)) {
        at++
      } else if (byte === OPEN_PAREN) {
        at = skipParenthesis(bytes, at)
      } else {
        const letter = upperCase(byte)
        const next = this.#readNumber(bytes, at + 1)
        if (letter === LETTER_N && this.#hasNumber) {
          at = next
          continue
        }
        command.from = at
        if ((letter === LETTER_G || letter === LETTER_M || letter === LETTER_T) && this.#hasNumber) {
          command.letter = letter
          const number = this.#number
          command.number = Math.trunc(number)
          command.subcode = number === command.number ? 0 : Math.round((number - command.number) * 10)
          return this.#scanWords(bytes, next)
        }
        command.letter = 0
        command.number = 0
        command.subcode = 0
        return this.#scanExtended(bytes, at)
      }
    }
  }

  #scanWords(bytes: Uint8Array, start: number): number {
    const command = this.command
    const values = command.values
    let at = start
    let mask = 0
    let bare = 0
    let tail = start
    for (;;) {
      const byte = bytes[at] as number
      if (byte === SPACE) {
        at++
        continue
      }
      const letter = byte >= SMALL_A ? byte - 32 : byte
      if (letter >= LETTER_A && letter <= LETTER_Z) {
        at = this.#readNumber(bytes, at + 1)
        const bit = 1 << (letter - LETTER_A)
        mask |= bit
        if (this.#hasNumber) {
          values[letter - LETTER_A] = this.#number
          bare &= ~bit
        } else bare |= bit
        tail = at
      } else if (byte === LF || byte === SEMICOLON || byte === STAR) {
        break
      } else if (byte === CR || byte === TAB) {
        at++
      } else if (byte === OPEN_PAREN) {
        at = skipParenthesis(bytes, at)
      } else {
        at = byte === QUOTE ? skipQuoted(bytes, at) : at + 1
        tail = at
      }
    }
    command.mask = mask
    command.bare = bare
    command.to = tail
    return at
  }

  /** `NAME=x Y="a; b"`: kept as text, up to the comment, the checksum or the end of the line. */
  #scanExtended(bytes: Uint8Array, start: number): number {
    let at = start
    let tail = start
    for (;;) {
      const byte = bytes[at] as number
      if (byte === SEMICOLON || byte === STAR || byte === LF) break
      at = byte === QUOTE ? skipQuoted(bytes, at) : at + 1
      if (!isBlank(byte)) tail = at
    }
    this.command.to = tail
    return at
  }

  /**
   * A number from `start` on, blanks before it allowed, into #number and #hasNumber; returns where it ends.
   * There are no exponents in G-code: `E` is an axis.
   */
  #readNumber(bytes: Uint8Array, start: number): number {
    let at = start
    let byte = bytes[at] as number
    while (byte === SPACE || byte === TAB) byte = bytes[++at] as number
    const negative = byte === MINUS
    if (negative || byte === PLUS) byte = bytes[++at] as number
    const first = at
    let mantissa = 0
    while (byte >= DIGIT_0 && byte <= DIGIT_9) {
      mantissa = mantissa * 10 + byte - DIGIT_0
      byte = bytes[++at] as number
    }
    if (mantissa > LARGEST) mantissa = LARGEST
    let digits = at - first
    if (byte === DOT) {
      byte = bytes[++at] as number
      const fraction = at
      let places = 0
      while (byte >= DIGIT_0 && byte <= DIGIT_9) {
        if (mantissa <= EXACT_MANTISSA && places < MOST_PLACES) {
          mantissa = mantissa * 10 + byte - DIGIT_0
          places++
        }
        byte = bytes[++at] as number
      }
      digits += at - fraction
      if (places > 0) mantissa /= POWERS_OF_TEN[places] as number
    }
    this.#hasNumber = digits > 0
    this.#number = negative ? -mantissa : mantissa
    return digits > 0 ? at : start
  }
}

const isBlank = (byte: number): boolean => byte === SPACE || byte === TAB || byte === CR

const upperCase = (byte: number): number => (byte >= SMALL_A && byte <= SMALL_Z ? byte - 32 : byte)

const skipParenthesis = (bytes: Uint8Array, from: number): number => {
  let at = from
  while (bytes[at] !== CLOSE_PAREN && bytes[at] !== LF) at++
  return bytes[at] === CLOSE_PAREN ? at + 1 : at
}

const skipQuoted = (bytes: Uint8Array, from: number): number => {
  let at = from + 1
  while (bytes[at] !== QUOTE && bytes[at] !== LF) at++
  return bytes[at] === QUOTE ? at + 1 : at
}
