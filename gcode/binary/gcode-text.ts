// Blocks of binary G-code, unpacked -> lines of text as a printer reads them.
import { BadContainer } from './bad-container.ts'
import { MeatpackReader } from './meatpack.ts'

const LF = 10
const TAB = 9
const SPACE = 32
const SEMICOLON = 59
const LETTER_G = 71

/** So much of a block is unpacked at a time. */
const PART_BYTES = 32 << 10

/** A line longer than this is not G-code. */
const LONGEST_LINE_BYTES = 1 << 20

/** Letters before which MeatPack left a space out, on lines that begin with G (libbgcode, unbinarize). */
const spaced = new Uint8Array(256)
for (const letter of 'XYZEFIJRSGPWHCA') spaced[letter.charCodeAt(0)] = 1

/**
 * Give it the blocks in order, then call `end`. Lines that say nothing are left out, a line may go on in the next
 * block, and the last one is ended. Each piece of text is the taker's to keep.
 */
export class GcodeText {
  readonly #text: (bytes: Uint8Array) => void
  readonly #meatpack = new MeatpackReader()
  /** The beginning of a line whose end has not come yet, then what was unpacked behind it. */
  #gathered: Uint8Array = new Uint8Array(4 * PART_BYTES)
  #held = 0
  #packed = false

  constructor(text: (bytes: Uint8Array) => void) {
    this.#text = text
  }

  /** `packed`: the block is in MeatPack, with or without its comments. */
  block(bytes: Uint8Array, packed: boolean): void {
    this.#meatpack.reset()
    this.#packed = packed
    for (let from = 0; from < bytes.length; from += PART_BYTES) {
      const part = bytes.subarray(from, from + PART_BYTES)
      this.#reserve(this.#held + 2 * part.length + 3)
      if (packed) this.#held = this.#meatpack.unpack(part, this.#gathered, this.#held)
      else {
        this.#gathered.set(part, this.#held)
        this.#held += part.length
      }
      this.#pass()
    }
  }

  end(): void {
    this.#reserve(this.#held + 1)
    this.#gathered[this.#held++] = LF
    this.#pass()
  }

  #reserve(size: number): void {
    if (size <= this.#gathered.length) return
    const larger = new Uint8Array(Math.max(size, 2 * this.#gathered.length))
    larger.set(this.#gathered.subarray(0, this.#held))
    this.#gathered = larger
  }

  /** Hands out the whole lines and holds the rest. */
  #pass(): void {
    const gathered = this.#gathered
    const packed = this.#packed
    let end = this.#held
    while (end > 0 && gathered[end - 1] !== LF) end--
    if (this.#held - end > LONGEST_LINE_BYTES) {
      throw new BadContainer('This file holds a line of more than a megabyte: that is no G-code.')
    }
    if (end === 0) return
    const piece = new Uint8Array(packed ? 2 * end : end)
    const length = packed ? copySpacedLines(gathered, end, piece) : copyLines(gathered, end, piece)
    if (length > 0) this.#text(piece.subarray(0, length))
    gathered.copyWithin(0, end, this.#held)
    this.#held -= end
  }
}

/** Copies the lines of `source[0, end)` that say something; returns the length. */
const copyLines = (source: Uint8Array, end: number, target: Uint8Array): number => {
  let to = 0
  let lineStart = 0
  for (let from = 0; from < end; from++) {
    const byte = source[from] as number
    target[to++] = byte
    if (byte !== LF) continue
    if (saysNothing(target, lineStart, to - 1)) to = lineStart
    lineStart = to
  }
  return to
}

/** The same, and puts back the spaces that MeatPack left out. */
const copySpacedLines = (source: Uint8Array, end: number, target: Uint8Array): number => {
  let to = 0
  let from = 0
  while (from < end) {
    const lineStart = to
    let byte = source[from++] as number
    if (byte === LETTER_G) {
      target[to++] = byte
      for (byte = source[from++] as number; byte !== LF; byte = source[from++] as number) {
        if (spaced[byte] === 1 && target[to - 1] !== SPACE) target[to++] = SPACE
        target[to++] = byte
      }
    } else {
      for (; byte !== LF; byte = source[from++] as number) target[to++] = byte
    }
    if (saysNothing(target, lineStart, to)) to = lineStart
    else target[to++] = LF
  }
  return to
}

/** An empty line, or a comment without words. */
const saysNothing = (bytes: Uint8Array, from: number, to: number): boolean => {
  const first = bytes[from] as number
  if (to > from && first > SPACE && first !== SEMICOLON) return false
  let at = skipBlanks(bytes, from, to)
  if (at < to && bytes[at] === SEMICOLON) at = skipBlanks(bytes, at + 1, to)
  return at === to
}

const skipBlanks = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && (bytes[at] === SPACE || bytes[at] === TAB)) at++
  return at
}
