// The lines of a file on their way to the printer: what was given out and not yet accepted can be given out again.
import type { GcodeSource, Place } from './gcode-source.ts'
import type { LineSource, SourceLine } from './source.ts'

export class FileLineUp implements LineSource {
  readonly #source: GcodeSource
  #given: SourceLine[] = []
  #again: SourceLine[] = []

  constructor(source: GcodeSource) {
    this.#source = source
  }

  take(): SourceLine | 'later' | 'end' {
    const line = this.#again.shift() ?? this.#source.take()
    if (typeof line !== 'string') this.#given.push(line)
    return line
  }

  /** The printer has this line: it and those before it are not given out again. */
  accepted(line: SourceLine): void {
    const at = this.#given.indexOf(line)
    if (at >= 0) this.#given.splice(0, at + 1)
  }

  /** What was given out and not accepted comes first again, in its order. */
  giveAgain(): void {
    this.#again = [...this.#given, ...this.#again]
    this.#given = []
  }

  placeAt(bytes: number): Place {
    return this.#source.placeAt(bytes)
  }
}
