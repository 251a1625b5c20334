// Text on its way, in order: some of it late, some of it together with what comes after it, bytes at the pace of the wire.
import type { Piece } from './wire.ts'

/** What waits for company waits no longer than this. */
const JOIN_MS = 30
/** A byte on the wire is ten bits: a start and a stop with it. */
const BITS = 10

export class Delivery {
  readonly #millisecondsPerByte: number
  readonly #deliver: (text: string) => void
  #waiting: { readonly text: string; readonly at: number; readonly joins: boolean }[] = []
  #lastAt = 0
  #timer: NodeJS.Timeout | undefined

  /** `baud` bits a second; 0: no time at all. */
  constructor(baud: number, deliver: (text: string) => void) {
    this.#millisecondsPerByte = baud > 0 ? (BITS * 1000) / baud : 0
    this.#deliver = deliver
  }

  send({ text, late, joins }: Piece): void {
    const now = performance.now()
    const at = Math.max(now, this.#lastAt) + late + text.length * this.#millisecondsPerByte
    if (at <= now && !joins && this.#waiting.length === 0) return this.#deliver(text)
    this.#lastAt = at
    this.#waiting.push({ text, at: joins ? at + JOIN_MS : at, joins })
    this.#wake()
  }

  /** What is on its way is lost. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = []
    this.#lastAt = 0
  }

  #wake(): void {
    clearTimeout(this.#timer)
    const next = this.#nextAt()
    if (next === undefined) return
    // Timers may fire a fraction early; rounded up they do not.
    const wait = Math.max(0, Math.ceil(next - performance.now()))
    this.#timer = setTimeout(() => this.#flush(), wait)
  }

  /** What joins goes with the first that does not, or when it has waited long enough. */
  #nextAt(): number | undefined {
    const first = this.#waiting[0]
    if (first === undefined) return undefined
    if (!first.joins) return first.at
    return Math.min(first.at, this.#waiting.find(({ joins }) => !joins)?.at ?? first.at)
  }

  #flush(): void {
    const now = performance.now()
    let next = this.#nextAt()
    while (next !== undefined && next <= now) {
      let text = ''
      let joins = true
      while (joins) {
        const first = this.#waiting.shift()
        if (first === undefined) break
        text += first.text
        joins = first.joins
      }
      this.#deliver(text)
      next = this.#nextAt()
    }
    this.#wake()
  }
}
