// What of a line a printer is sent: without number, checksum and comment, in the case and length that it takes.
import type { Command } from '../command.ts'

const TAB = 9
const SPACE = 32
const QUOTE = 34
const APOSTROPHE = 39
const OPEN_PAREN = 40
const CLOSE_PAREN = 41
const STAR = 42
const SEMICOLON = 59
const LETTER_M = 77
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

const PLAIN = 0
const COMMENT = 1
const CARE = 2

/** What a byte asks for in a command of letters and numbers. */
const kinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === SEMICOLON) return COMMENT
  if (byte < SPACE || byte === 127 || (byte >= 97 && byte <= OPEN_BRACE)) return CARE
  return byte === QUOTE || byte === APOSTROPHE || byte === OPEN_PAREN || byte === STAR ? CARE : PLAIN
})

/** M-codes that end in a text or a file's name: pauses, SD card, macros, display, objects, network. */
const textual = new Uint8Array(1000)
for (const number of [
  0, 1, 16, 23, 28, 30, 32, 33, 36, 38, 75, 98, 117, 118, 291, 486, 470, 471, 472, 505, 550, 551, 587, 588, 589, 703,
  928, 929, 951,
]) {
  textual[number] = 1
}

/** Whether the words of this command are a text for people or files, to be left as they are. Vendors' own codes count. */
export const isTextual = (command: Command): boolean =>
  command.letter === 0 || (command.letter === LETTER_M && (command.number >= 1000 || textual[command.number] === 1))

/** Texts that a display shows: they may be cut. */
export const isDisplayText = (command: Command): boolean => {
  if (command.letter !== LETTER_M) return false
  const number = command.number
  return number === 0 || number === 1 || number === 117 || number === 118 || number === 486
}

/**
 * Copies a command of letters and numbers from `bytes[from, to)` to `out` from `at` on, up to its comment.
 * Returns where it ends there, or -1 where `copyWithCare` must do it.
 */
export const copyPlain = (bytes: Uint8Array, from: number, to: number, out: Uint8Array, at: number): number => {
  let end = at
  for (let place = from; place < to; place++) {
    const byte = bytes[place] as number
    const kind = kinds[byte] as number
    if (kind === CARE) return -1
    if (kind === COMMENT) break
    out[end++] = byte
  }
  return trimmed(out, at, end)
}

/**
 * The same for any command. Quoted strings and `{expressions}` stay as they are. Else comments in parentheses, the
 * checksum and lower case go, except from a `text`, which only loses the checksum of a line that was `numbered`.
 */
export const copyWithCare = (
  bytes: Uint8Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
  text: boolean,
  numbered: boolean,
): number => {
  const stop = text ? (numbered ? checksumOf(bytes, from, to) : to) : to
  let end = at
  let place = from
  while (place < stop) {
    const byte = bytes[place] as number
    if (byte === SEMICOLON || (byte === STAR && !text)) break
    const kept = byte === QUOTE || byte === OPEN_BRACE ? endOfSpan(bytes, place, stop) : place
    if (kept > place) {
      while (place < kept) out[end++] = printable(bytes[place++] as number)
    } else if (byte === OPEN_PAREN && !text) {
      while (place < stop && bytes[place] !== CLOSE_PAREN) place++
      place++
      out[end++] = SPACE
    } else {
      // RepRapFirmware names further axes by an apostrophe and a small letter.
      const small = text || (place > from && bytes[place - 1] === APOSTROPHE)
      out[end++] = small ? printable(byte) : upperCase(printable(byte))
      place++
    }
  }
  return trimmed(out, at, end)
}

/** Where a quoted string or an expression in braces ends; `from` where it has no end. */
const endOfSpan = (bytes: Uint8Array, from: number, to: number): number => {
  const opening = bytes[from]
  let depth = 1
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at]
    if (opening === QUOTE) {
      if (byte === QUOTE) return at + 1
    } else if (byte === OPEN_BRACE) depth++
    else if (byte === CLOSE_BRACE && --depth === 0) return at + 1
  }
  return from
}

/** Where the checksum of a numbered line begins: the last `*` with nothing but digits behind it. */
const checksumOf = (bytes: Uint8Array, from: number, to: number): number => {
  let at = to
  while (at > from && isDigitOrBlank(bytes[at - 1] as number)) at--
  return at > from && bytes[at - 1] === STAR ? at - 1 : to
}

const trimmed = (out: Uint8Array, from: number, to: number): number => {
  let end = to
  while (end > from && out[end - 1] === SPACE) end--
  return end
}

const isDigitOrBlank = (byte: number): boolean => (byte >= 48 && byte <= 57) || byte === SPACE || byte === TAB

/** A control character within a line would end it, or worse, at the printer. */
const printable = (byte: number): number => (byte < SPACE || byte === 127 ? SPACE : byte)

export const upperCase = (byte: number): number => (byte >= 97 && byte <= 122 ? byte - 32 : byte)

/** The longest length up to `longest` that does not tear a character of UTF-8 apart. */
export const wholeCharacters = (out: Uint8Array, from: number, to: number, longest: number): number => {
  let end = Math.min(to, from + longest)
  if (end < to) while (end > from && ((out[end] as number) & 0xc0) === 0x80) end--
  return end
}
