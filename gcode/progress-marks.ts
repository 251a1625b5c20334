// What a file itself says of its progress: M73.
import { type Command, R, wordOf } from './command.ts'
import { type Course, CourseBuilder } from './course.ts'

const POINTS = 500

/** M73 P (percent) and R (minutes left, in the normal mode); Q and S are those of the silent mode and not taken. */
export class ProgressMarks {
  readonly #left = new CourseBuilder(0, POINTS)
  #first: number | null = null
  #last = 0

  command(command: Command): void {
    const minutes = wordOf(command, R, Number.NaN)
    if (!(minutes >= 0 && minutes < 1e6)) return
    this.#first ??= minutes * 60
    // Done is what was left at first, less what is left now; it never runs backwards.
    this.#last = Math.max(this.#last, this.#first - minutes * 60)
    this.#left.add(command.nextOffset, this.#last)
  }

  /** Seconds done by the file's own account, after so many bytes; null where it gives none. */
  course(sizeBytes: number): Course | null {
    return this.#first === null || this.#left.empty ? null : this.#left.end(sizeBytes, this.#first)
  }
}
