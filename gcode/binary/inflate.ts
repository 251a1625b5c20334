// Deflated bytes -> bytes, piece by piece, so that nobody is handed a gigabyte for a kilobyte.
import { Inflate } from 'fflate'
import { damaged } from './bad-container.ts'

/** Deflate can hold a thousand times its size: so much of it is at most unpacked at a time. */
const PIECE_BYTES = 16 << 10

/**
 * A block of deflate that says nothing ends within 64 KiB. Longer silence is bytes behind the stream's end, which
 * fflate would gather without bound.
 */
const MOST_SILENT_PIECES = 8

/** One deflated stream. `take` is given what comes out; the bytes are the taker's to keep. */
export class Inflater {
  readonly #take: (bytes: Uint8Array) => void
  readonly #inflate: Inflate
  readonly #gathered = new Uint8Array(PIECE_BYTES)
  #held = 0
  #silentPieces = 0
  #out: Uint8Array = new Uint8Array(0)

  constructor(take: (bytes: Uint8Array) => void) {
    this.#take = take
    this.#inflate = new Inflate((bytes) => {
      this.#out = bytes
    })
  }

  feed(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      const part = bytes.subarray(from, from + PIECE_BYTES - this.#held)
      this.#gathered.set(part, this.#held)
      this.#held += part.length
      from += part.length
      if (this.#held === PIECE_BYTES) this.#push(false)
    }
  }

  /** Throws where the stream is not whole. */
  end(): void {
    this.#push(true)
  }

  #push(last: boolean): void {
    const piece = this.#gathered.subarray(0, this.#held)
    this.#held = 0
    try {
      this.#inflate.push(piece, last)
    } catch (cause) {
      throw damaged('its packed contents do not unpack', { cause })
    }
    const out = this.#out
    this.#silentPieces = out.length > 0 ? 0 : this.#silentPieces + 1
    if (this.#silentPieces > MOST_SILENT_PIECES) throw damaged('its packed contents end too early')
    if (out.length > 0) this.#take(out)
  }
}

/** Fills `target` from a zlib stream; returns false where there is more or less in it than that. */
export const inflateZlib = (source: Uint8Array, target: Uint8Array): boolean => {
  // Deflate, no dictionary, and the two bytes a multiple of 31 (RFC 1950); behind the stream, a sum of four bytes.
  const head = ((source[0] ?? 0) << 8) | (source[1] ?? 0)
  if (source.length < 6 || (head & 0x0f00) !== 0x0800 || (head & 0x20) !== 0 || head % 31 !== 0) return false
  let filled = 0
  let tooMuch = false
  const inflater = new Inflater((bytes) => {
    if (filled + bytes.length > target.length) tooMuch = true
    else target.set(bytes, filled)
    filled += bytes.length
  })
  for (let from = 2; from < source.length - 4 && !tooMuch; from += PIECE_BYTES) {
    inflater.feed(source.subarray(from, Math.min(from + PIECE_BYTES, source.length - 4)))
  }
  if (!tooMuch) inflater.end()
  return filled === target.length
}
