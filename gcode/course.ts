// How time runs through a file: what is done after so many bytes of it.

/** After `bytes[n]` of the file, `seconds[n]` of motion are done. Both rise; the last pair is the whole file. */
export interface Course {
  readonly bytes: readonly number[]
  readonly seconds: readonly number[]
}

/** Seconds of motion done when so many bytes have been accepted. */
export const secondsAt = (course: Course, bytes: number): number => {
  let low = 0
  let high = course.bytes.length - 1
  if (high < 0) return 0
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((course.bytes[middle] as number) <= bytes) low = middle
    else high = middle - 1
  }
  const fromBytes = course.bytes[low] as number
  const fromSeconds = course.seconds[low] as number
  const toBytes = course.bytes[low + 1]
  if (toBytes === undefined || toBytes === fromBytes) return fromSeconds
  const part = Math.max(0, (bytes - fromBytes) / (toBytes - fromBytes))
  return fromSeconds + part * ((course.seconds[low + 1] as number) - fromSeconds)
}

const FIRST_STEP_BYTES = 4096

/** Gathers a course with no more points than are useful, however long the file. */
export class CourseBuilder {
  #bytes: number[] = [0]
  #values: number[]
  #step = FIRST_STEP_BYTES
  readonly #most: number

  /** `first` is the value at the beginning of the file. */
  constructor(first: number, mostPoints: number) {
    this.#values = [first]
    this.#most = mostPoints
  }

  get empty(): boolean {
    return this.#bytes.length === 1
  }

  /** After so many bytes the value is this. Bytes must rise. */
  add(bytes: number, value: number): void {
    if (bytes < (this.#bytes[this.#bytes.length - 1] as number) + this.#step) return
    this.#bytes.push(bytes)
    this.#values.push(value)
    if (this.#bytes.length <= this.#most) return
    this.#bytes = this.#bytes.filter((_, n) => n % 2 === 0)
    this.#values = this.#values.filter((_, n) => n % 2 === 0)
    this.#step *= 2
  }

  /** Ends the file of so many bytes. */
  end(bytes: number, value: number): Course {
    return { bytes: [...this.#bytes, bytes], seconds: [...this.#values, value] }
  }
}
