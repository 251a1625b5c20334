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
