// The lines that went out last, by their numbers, in case they are asked for again.
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

/** A sound link never asks for more than a few back. */
const KEPT = 1024

export class SentLines {
  readonly #lines: ({ readonly number: number; readonly sent: Sent } | undefined)[] = new Array(KEPT)

  put(number: number, sent: Sent): void {
    this.#lines[number % KEPT] = { number, sent }
  }

  get(number: number): Sent | undefined {
    const line = this.#lines[number % KEPT]
    return line?.number === number ? line.sent : undefined
  }

  /** Forgets all, and returns who still waits. */
  clear(): Asked[] {
    const waiting = this.#lines.flatMap((line) => (line?.sent.asked ? [line.sent.asked] : []))
    this.#lines.fill(undefined)
    return waiting
  }
}
