// What kind of picture these bytes begin, by their marks. Only kinds that cannot hold scripts.

const startsWith = (bytes: Uint8Array, marks: readonly number[], from = 0): boolean =>
  marks.every((mark, index) => bytes[from + index] === mark)

/** The media type; null: none of these. */
export const pictureType = (bytes: Uint8Array): string | null => {
  if (startsWith(bytes, [0xff, 0xd8, 0xff])) return 'image/jpeg'
  if (startsWith(bytes, [0x89, 0x50, 0x4e, 0x47])) return 'image/png'
  if (startsWith(bytes, [0x52, 0x49, 0x46, 0x46]) && startsWith(bytes, [0x57, 0x45, 0x42, 0x50], 8)) return 'image/webp'
  return null
}
