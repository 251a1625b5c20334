// Base64 as thumbnails are written in (RFC 4648), with or without its `=` at the end.

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const EQUALS = 61
const NO_DIGIT = 64

const digits = Uint8Array.from(alphabet, (letter) => letter.charCodeAt(0))
const values = new Uint8Array(256).fill(NO_DIGIT)
for (let value = 0; value < 64; value++) values[digits[value] as number] = value

/** Returns the bytes, or null where the text is not base64 from beginning to end: blanks are not. */
export const decodeBase64 = (text: string | Uint8Array): Uint8Array | null => {
  const source = typeof text === 'string' ? latin1BytesOf(text) : text
  let length = source.length
  if (length > 0 && length % 4 === 0 && source[length - 1] === EQUALS) length -= source[length - 2] === EQUALS ? 2 : 1
  if (length % 4 === 1) return null
  const bytes = new Uint8Array(Math.floor((length * 3) / 4))
  const fours = length - (length % 4)
  let to = 0
  let wrong = 0
  for (let at = 0; at < fours; at += 4) {
    const one = values[source[at] as number] as number
    const two = values[source[at + 1] as number] as number
    const three = values[source[at + 2] as number] as number
    const four = values[source[at + 3] as number] as number
    wrong |= one | two | three | four
    bytes[to++] = (one << 2) | (two >> 4)
    bytes[to++] = (two << 4) | (three >> 2)
    bytes[to++] = (three << 6) | four
  }
  if (fours < length) {
    const one = values[source[fours] as number] as number
    const two = values[source[fours + 1] as number] as number
    const three = length - fours === 3 ? (values[source[fours + 2] as number] as number) : 0
    wrong |= one | two | three
    bytes[to++] = (one << 2) | (two >> 4)
    if (length - fours === 3) bytes[to] = (two << 4) | (three >> 2)
  }
  return wrong >= NO_DIGIT ? null : bytes
}

/** Base64 with its `=` at the end, one byte a character. */
export const encodeBase64 = (bytes: Uint8Array): Uint8Array => {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let to = 0
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const one = bytes[at] as number
    const two = left > 1 ? (bytes[at + 1] as number) : 0
    const three = left > 2 ? (bytes[at + 2] as number) : 0
    text[to++] = digits[one >> 2] as number
    text[to++] = digits[((one & 3) << 4) | (two >> 4)] as number
    text[to++] = left > 1 ? (digits[((two & 15) << 2) | (three >> 6)] as number) : EQUALS
    text[to++] = left > 2 ? (digits[three & 63] as number) : EQUALS
  }
  return text
}

/** A character that is no byte becomes 0, which is no digit either. */
const latin1BytesOf = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    bytes[at] = code < 256 ? code : 0
  }
  return bytes
}
