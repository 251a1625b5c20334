// What is still to be sent: commands that were asked for, before the lines of a print.
import { whyLeftOut } from './protocol/file-commands.ts'
import { fitCommand, type LineRules } from './protocol/numbered-line.ts'
import type { Asked, Sent } from './sent-lines.ts'
import type { LineSource, SourceLine } from './source.ts'

/** Why a line of a file is not sent: the end of a sentence that begins with the command. */
const TOO_LONG = 'is longer than this firmware can take'

export class Outbox {
  readonly #skipped: (line: SourceLine, why: string) => void
  #queue: Asked[] = []
  #source: LineSource | null = null
  #pending: Sent | null = null
  #held = false
  #dry = false
  /** Every line of the file has been taken. */
  exhausted = false

  constructor(skipped: (line: SourceLine, why: string) => void) {
    this.#skipped = skipped
  }

  /** Whether a command waits. */
  get hasCommand(): boolean {
    return this.#queue.length > 0
  }

  /** Whether the file has lines that could go out now. */
  get hasLines(): boolean {
    return this.#source !== null && !this.#held && !this.exhausted && !this.#dry
  }

  get isStreaming(): boolean {
    return this.#source !== null
  }

  ask(asked: Asked): void {
    this.#queue.push(asked)
  }

  stream(source: LineSource): void {
    this.drop()
    this.#source = source
  }

  hold(): void {
    this.#held = true
  }

  release(): void {
    this.#held = false
  }

  /** The file is given up. */
  drop(): void {
    this.#source = null
    this.#pending = null
    this.#held = false
    this.#dry = false
    this.exhausted = false
  }

  /** Who waits for a command that has not gone out. */
  clear(): Asked[] {
    const waiting = this.#queue
    this.#queue = []
    return waiting
  }

  /** The next line to send, or null while there is none. */
  take(rules: LineRules): Sent | null {
    const asked = this.#queue.shift()
    if (asked !== undefined) return { text: asked.text, source: null, asked }
    if (this.#held) return null
    const pending = this.#pending
    this.#pending = null
    return pending ?? this.#takeLine(rules)
  }

  /** It did not fit: it is the next again. */
  giveBack(sent: Sent): void {
    if (sent.asked !== null) this.#queue.unshift(sent.asked)
    else if (sent.source !== null) this.#pending = sent
  }

  #takeLine(rules: LineRules): Sent | null {
    while (this.#source !== null && !this.exhausted) {
      const line = this.#source.take()
      this.#dry = line === 'later'
      if (line === 'later') return null
      if (line === 'end') {
        this.exhausted = true
        return null
      }
      const text = fitCommand(line.text, rules)
      const why = text === null ? TOO_LONG : whyLeftOut(text)
      if (why !== null) this.#skipped(line, why)
      // An empty line is answered by some firmware and not by others.
      else if (text) return { text, source: line, asked: null }
    }
    return null
  }
}
