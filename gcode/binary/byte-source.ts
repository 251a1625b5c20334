// Chunks of any size -> runs of bytes of the size that is asked for.

/** Where bytes of earlier chunks wait, no more of a new one is laid behind them at a time. */
const PART_BYTES = 64 << 10

/** Keeps what is left of one chunk until the next one comes. */
export class ByteSource {
  /** Bytes taken so far, of all that were ever fed. */
  offset = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #from = 0
  #to = 0
  /** Whether `#bytes` is ours, with what was left of earlier chunks, or the chunk itself. */
  #kept = false
  #own: Uint8Array = new Uint8Array(1024)

  /** Bytes that can be taken now. */
  get available(): number {
    return this.#to - this.#from
  }

  /** Takes `step` after `step` through the chunk, until one returns false: it needs more bytes than have come. */
  feed(chunk: Uint8Array, step: () => boolean): void {
    for (let from = 0; from < chunk.length; ) {
      const to = this.#kept ? Math.min(chunk.length, from + PART_BYTES) : chunk.length
      this.#lay(chunk.subarray(from, to))
      while (this.available > 0 && step());
      this.#settle()
      from = to
    }
  }

  /** The next `size` bytes, of which so many must be available. They are good only during this step. */
  peek(size: number): Uint8Array {
    return this.#bytes.subarray(this.#from, this.#from + size)
  }

  skip(size: number): void {
    this.#from += size
    this.offset += size
  }

  /** The same as `peek` and `skip`. */
  take(size: number): Uint8Array {
    const bytes = this.peek(size)
    this.skip(size)
    return bytes
  }

  #lay(chunk: Uint8Array): void {
    if (!this.#kept) {
      this.#bytes = chunk
      this.#from = 0
      this.#to = chunk.length
      return
    }
    this.#makeRoom(chunk.length)
    this.#own.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** Keeps what was not taken of this chunk. */
  #settle(): void {
    const left = this.available
    if (left === 0) {
      this.#kept = false
      this.#bytes = this.#own
      this.#from = 0
      this.#to = 0
    } else if (!this.#kept) {
      const rest = this.peek(left)
      this.#kept = true
      this.#from = 0
      this.#to = 0
      this.#makeRoom(left)
      this.#own.set(rest)
      this.#bytes = this.#own
      this.#to = left
    }
  }

  #makeRoom(more: number): void {
    const held = this.#to - this.#from
    const fits = held + more <= this.#own.length
    if (fits && this.#to + more <= this.#own.length) return
    const room = fits ? this.#own : new Uint8Array(Math.max(2 * this.#own.length, held + more))
    if (fits) room.copyWithin(0, this.#from, this.#to)
    else room.set(this.#own.subarray(this.#from, this.#to))
    this.#own = room
    this.#bytes = room
    this.#from = 0
    this.#to = held
  }
}
