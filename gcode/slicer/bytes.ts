// Reading small things out of a comment's bytes, without making strings.

/** A word as bytes, to compare with. Only ASCII. */
export const wordBytes = (word: string): Uint8Array => Uint8Array.from(word, (letter) => letter.charCodeAt(0))

/** Whether `bytes[from, to)` begins with a word. */
export const beginsWith = (bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean => {
  const length = word.length
  if (to - from < length) return false
  for (let n = 0; n < length; n++) if (bytes[from + n] !== word[n]) return false
  return true
}

/** Whether `bytes[from, to)` is a word. */
export const equals = (bytes: Uint8Array, from: number, to: number, word: Uint8Array): boolean =>
  to - from === word.length && beginsWith(bytes, from, to, word)

export const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57

/** Past the blanks and tabs from `from` on. */
export const skipSpace = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && (bytes[at] === 32 || bytes[at] === 9)) at++
  return at
}

/** Where a byte stands in `bytes[from, to)`, or `to`. */
export const placeOf = (bytes: Uint8Array, from: number, to: number, byte: number): number => {
  let at = from
  while (at < to && bytes[at] !== byte) at++
  return at
}

/** Digits beyond these change nothing that is printed, and keep the arithmetic exact. */
const MOST_DIGITS = 15

/** The number that begins at `from`, blanks before it allowed; NaN where there is none or it is absurd. */
export const decimalAt = (bytes: Uint8Array, from: number, to: number): number => {
  let at = skipSpace(bytes, from, to)
  const negative = bytes[at] === 45
  if (negative) at++
  let mantissa = 0
  let digits = 0
  for (; at < to && isDigit(bytes[at]); at++, digits++) mantissa = mantissa * 10 + (bytes[at] as number) - 48
  if (digits > MOST_DIGITS) return Number.NaN
  let scale = 1
  if (at < to && bytes[at] === 46) {
    for (at++; at < to && isDigit(bytes[at]); at++) {
      if (digits >= MOST_DIGITS) continue
      mantissa = mantissa * 10 + (bytes[at] as number) - 48
      scale *= 10
      digits++
    }
  }
  if (digits === 0) return Number.NaN
  return negative ? -mantissa / scale : mantissa / scale
}
