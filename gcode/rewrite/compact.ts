// A command in fewer bytes, every value unchanged: for slow serial links and for short command buffers.

const SPACE = 32
const PLUS = 43
const MINUS = 45
const DOT = 46
const ZERO = 48
const LETTER_E = 69

/**
 * Shortens the letters and numbers in `bytes[from, to)` in place and returns where they end: blanks between words,
 * plus signs, leading and trailing zeros go. From what is neither letter nor number on, all stays.
 * `G1 X0.500 Y-10.0 E0.050` becomes `G1X.5Y-10 E.05`.
 */
export const compactWords = (bytes: Uint8Array, from: number, to: number): number => {
  let read = from
  let write = from
  let bareBefore = false
  while (read < to) {
    const byte = bytes[read] as number
    if (byte === SPACE) {
      read++
      continue
    }
    const isLetter = byte >= 65 && byte <= 90
    // `X10E5` is a number with an exponent to firmwares that read numbers by strtod; `XY` is one word to Klipper.
    if (write > from && (!isLetter || bareBefore || byte === LETTER_E) && bytes[write - 1] !== SPACE) {
      if (write < read) bytes[write++] = SPACE
    }
    if (!isLetter) return copyRest(bytes, read, to, write)
    bytes[write++] = byte
    read++
    while (read < to && bytes[read] === SPACE) read++
    const end = endOfNumber(bytes, read, to)
    bareBefore = end === read
    write = copyNumber(bytes, read, end, write)
    read = end
  }
  return write
}

const copyRest = (bytes: Uint8Array, from: number, to: number, at: number): number => {
  bytes.copyWithin(at, from, to)
  return at + to - from
}

/** Where the number from `from` on ends; `from` where there is none. */
const endOfNumber = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  if (bytes[at] === MINUS || bytes[at] === PLUS) at++
  const first = at
  while (at < to && isDigit(bytes[at] as number)) at++
  let digits = at - first
  if (at < to && bytes[at] === DOT) {
    const point = at++
    while (at < to && isDigit(bytes[at] as number)) at++
    digits += at - point - 1
  }
  return digits > 0 ? at : from
}

/** Copies the number in `[from, to)` down to `at`, without what does not change it; returns where it ends. */
const copyNumber = (bytes: Uint8Array, from: number, to: number, at: number): number => {
  if (from === to) return at
  let first = from
  const negative = bytes[first] === MINUS
  if (negative || bytes[first] === PLUS) first++
  let last = to
  let point = first
  while (point < last && bytes[point] !== DOT) point++
  if (point < last) {
    while (bytes[last - 1] === ZERO) last--
    if (last - 1 === point) last--
  }
  while (first < point && bytes[first] === ZERO) first++
  let end = at
  if (first === last) {
    bytes[end] = ZERO
    return end + 1
  }
  if (negative) bytes[end++] = MINUS
  while (first < last) bytes[end++] = bytes[first++] as number
  return end
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57
