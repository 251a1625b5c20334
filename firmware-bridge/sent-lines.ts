// The lines that went out last, by their numbers: in case they are asked for again, and to tell of each once that it arrived.
import type { SourceLine } from './source.ts'

/** Somebody waits for a command of his to be accepted. */
export interface Asked {
  readonly text: string
  resolve(): void
  reject(error: Error): void
}

export interface Sent {
  readonly text: string
  readonly source: SourceLine | null
  readonly asked: Asked | null
}

/** Lines of which it is not known whether the printer has them. */
export interface LinkDoubt {
  /** Lines up to this number have certainly been accepted. */
  readonly accepted: number
  /** What went out after it, in order; those without a source are not of the file. */
  readonly lines: readonly { readonly number: number; readonly source: SourceLine | null }[]
}

/** A sound link never asks for more than a few back. */
const KEPT = 1024

export class SentLines {
  readonly #lines: (Sent | undefined)[] = new Array(KEPT).fill(undefined)
  readonly #numbers = new Float64Array(KEPT).fill(-1)
  readonly #times = new Float64Array(KEPT)
  /** The last line of which the file's listener was told, and the last whose asker was. */
  #told = -1
  #answered = -1
  #last = -1

  /** `at` in milliseconds of the caller's clock. */
  put(number: number, sent: Sent, at = 0): void {
    const place = number % KEPT
    this.#lines[place] = sent
    this.#numbers[place] = number
    this.#times[place] = at
    this.#last = Math.max(this.#last, number)
  }

  get(number: number): Sent | undefined {
    const place = number % KEPT
    return this.#numbers[place] === number ? this.#lines[place] : undefined
  }

  /** When it went out last. */
  sentAt(number: number): number {
    return this.#times[number % KEPT] as number
  }

  /** Lines up to `number` were accepted: `take` gets each that was not taken before. */
  answer(number: number, take: (sent: Sent) => void): void {
    while (this.#answered < number) {
      const sent = this.get(++this.#answered)
      if (sent !== undefined) take(sent)
    }
  }

  /** Lines up to `number` have certainly been: `take` gets each line of the file, once. */
  tell(number: number, take: (line: SourceLine) => void): void {
    while (this.#told < number) {
      const source = this.get(++this.#told)?.source
      if (source != null) take(source)
    }
  }

  get doubt(): LinkDoubt {
    const lines: { number: number; source: SourceLine | null }[] = []
    for (let number = this.#told + 1; number <= this.#last; number++) {
      const sent = this.get(number)
      if (sent !== undefined) lines.push({ number, source: sent.source })
    }
    return { accepted: this.#told, lines }
  }

  /** Forgets all, and returns who still waits. Numbers begin at `base` from now on. */
  clear(base = 0): Asked[] {
    const waiting = this.#lines.flatMap((sent) => (sent?.asked ? [sent.asked] : []))
    this.#lines.fill(undefined)
    this.#numbers.fill(-1)
    this.#told = base - 1
    this.#answered = base - 1
    this.#last = base - 1
    return waiting
  }
}
