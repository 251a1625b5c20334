// CRC-32 as PNG, ZIP and binary G-code use it: polynomial 0xEDB88320, bits reflected.

/** Eight tables of 256: the n-th holds what a byte does to the sum when n more bytes follow it. */
const tables = new Int32Array(8 * 256)
for (let byte = 0; byte < 256; byte++) {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ ((sum & 1) * 0xedb88320)
  tables[byte] = sum
}
for (let at = 256; at < tables.length; at++) {
  const shorter = tables[at - 256] as number
  tables[at] = (shorter >>> 8) ^ (tables[shorter & 255] as number)
}

/** The sum of these bytes; `before` is the sum of all that went before them. */
export const crc32 = (bytes: Uint8Array, before = 0): number => {
  const t = tables
  const length = bytes.length
  const eights = length - (length % 8)
  let sum = ~before
  let at = 0
  for (; at < eights; at += 8) {
    sum ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    sum =
      (t[1792 + (sum & 255)] as number) ^
      (t[1536 + ((sum >>> 8) & 255)] as number) ^
      (t[1280 + ((sum >>> 16) & 255)] as number) ^
      (t[1024 + (sum >>> 24)] as number) ^
      (t[768 + (bytes[at + 4] as number)] as number) ^
      (t[512 + (bytes[at + 5] as number)] as number) ^
      (t[256 + (bytes[at + 6] as number)] as number) ^
      (t[bytes[at + 7] as number] as number)
  }
  for (; at < length; at++) sum = (sum >>> 8) ^ (t[(sum ^ (bytes[at] as number)) & 255] as number)
  return ~sum >>> 0
}
