// Lines on their way to a printer, gathered as bytes: one string is made for many, which is far quicker than one each.
import { decodeLatin1 } from '../command.ts'

export interface PrintableLine {
  readonly text: string
  /** Bytes of the file that are done with when the printer has this line. */
  readonly endOffset: number
}

const ascii = new TextDecoder()

/** Room for one line is asked for with `room`, its bytes are put at `length`, and `add` closes it. */
export class LineBuffer {
  bytes: Uint8Array = new Uint8Array(1 << 14)
  length = 0
  #ends: number[] = []
  #offsets: number[] = []

  /** Lines gathered and not taken. */
  get count(): number {
    return this.#ends.length
  }

  /** The bytes, with at least `extra` free ones from `length` on. */
  room(extra: number): Uint8Array {
    if (this.length + extra > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + extra))
      larger.set(this.bytes.subarray(0, this.length))
      this.bytes = larger
    }
    return this.bytes
  }

  /** Closes the line that reaches to `end`. */
  add(end: number, endOffset: number): void {
    this.length = end
    this.#ends.push(end)
    this.#offsets.push(endOffset)
  }

  addText(text: string, endOffset: number): void {
    const bytes = this.room(text.length)
    let at = this.length
    for (let n = 0; n < text.length; n++) bytes[at++] = text.charCodeAt(n)
    this.add(at, endOffset)
  }

  take(): PrintableLine[] {
    const all = isAscii(this.bytes, this.length)
      ? ascii.decode(this.bytes.subarray(0, this.length))
      : decodeLatin1(this.bytes, 0, this.length)
    const lines: PrintableLine[] = []
    let from = 0
    for (let n = 0; n < this.#ends.length; n++) {
      const end = this.#ends[n] as number
      lines.push({ text: all.slice(from, end), endOffset: this.#offsets[n] as number })
      from = end
    }
    this.#ends = []
    this.#offsets = []
    this.length = 0
    return lines
  }
}

const isAscii = (bytes: Uint8Array, length: number): boolean => {
  let all = 0
  for (let at = 0; at < length; at++) all |= bytes[at] as number
  return all < 128
}
