// MeatPack: two characters of G-code in a byte, for those fifteen that it is mostly made of.

const SIGNAL = 0xff
const ENABLE_PACKING = 251
const DISABLE_PACKING = 250
const RESET_ALL = 249
const ENABLE_NO_SPACES = 247
const DISABLE_NO_SPACES = 246
const LF = 10

/** What the four bits stand for; 15 says that a whole byte follows. Without spaces, 11 is E. */
const characters = '0123456789. \nGX'
const charactersNoSpaces = '0123456789.E\nGX'
const FOLLOWS = 15

/** Both characters of a byte, the first one low; 0 where there are not two (a byte that follows, or a line's end). */
const pairsOf = (alphabet: string): Uint16Array =>
  Uint16Array.from({ length: 256 }, (_, byte) => {
    const first = byte & 15
    const second = byte >> 4
    if (first === FOLLOWS || second === FOLLOWS || alphabet[first] === '\n') return 0
    return alphabet.charCodeAt(first) | (alphabet.charCodeAt(second) << 8)
  })

const pairs = pairsOf(characters)
const pairsNoSpaces = pairsOf(charactersNoSpaces)

/** A stream of MeatPack: give it the packed bytes in order. Spaces that the packer left out are not put back here. */
export class MeatpackReader {
  #packing = false
  #noSpaces = false
  /** Signal bytes in a row: after two, a command follows. */
  #signals = 0
  /** Whole bytes that are still to come, and the character that waits behind the first of them (0: none). */
  #following = 0
  #waiting = 0

  reset(): void {
    this.#packing = false
    this.#noSpaces = false
    this.#signals = 0
    this.#following = 0
    this.#waiting = 0
  }

  /** Unpacks into `target` from `at` on, where two bytes for each of the source and two more must fit; returns the end. */
  unpack(source: Uint8Array, target: Uint8Array, at: number): number {
    const length = source.length
    let to = at
    let from = 0
    while (from < length) {
      // Nearly all of a file passes here: pairs, and comments that are not packed.
      if (this.#signals === 0 && this.#following === 0) {
        const table = this.#noSpaces ? pairsNoSpaces : pairs
        for (; this.#packing && from < length; from++) {
          const pair = table[source[from] as number] as number
          if (pair === 0) break
          target[to++] = pair
          target[to++] = pair >>> 8
        }
        while (!this.#packing && from < length && source[from] !== SIGNAL) target[to++] = source[from++] as number
        if (from === length) break
      }
      to = this.#take(source[from++] as number, target, to)
    }
    return to
  }

  #take(byte: number, target: Uint8Array, at: number): number {
    if (byte === SIGNAL) {
      if (this.#signals < 2) this.#signals++
      return at
    }
    const signals = this.#signals
    this.#signals = 0
    if (signals === 2) {
      this.#command(byte)
      return at
    }
    // A signal byte alone was an ordinary one.
    return this.#unpackByte(byte, target, signals === 1 ? this.#unpackByte(SIGNAL, target, at) : at)
  }

  #unpackByte(byte: number, target: Uint8Array, at: number): number {
    let to = at
    if (!this.#packing) target[to++] = byte
    else if (this.#following > 0) {
      this.#following--
      target[to++] = byte
      if (this.#waiting !== 0) target[to++] = this.#waiting
      this.#waiting = 0
    } else {
      const alphabet = this.#noSpaces ? charactersNoSpaces : characters
      const first = byte & 15
      const second = byte >> 4
      if (first === FOLLOWS) {
        this.#following = second === FOLLOWS ? 2 : 1
        if (second !== FOLLOWS) this.#waiting = alphabet.charCodeAt(second)
      } else {
        const character = alphabet.charCodeAt(first)
        target[to++] = character
        // A line's end fills its byte up: what is behind it counts for nothing.
        if (character !== LF) {
          if (second === FOLLOWS) this.#following = 1
          else target[to++] = alphabet.charCodeAt(second)
        }
      }
    }
    return to
  }

  #command(byte: number): void {
    if (byte === ENABLE_PACKING) this.#packing = true
    else if (byte === DISABLE_PACKING || byte === RESET_ALL) this.#packing = false
    else if (byte === ENABLE_NO_SPACES) this.#noSpaces = true
    else if (byte === DISABLE_NO_SPACES) this.#noSpaces = false
  }
}
