// What a file is, by its first bytes: names and types that places announce are often wrong.

export type ArchiveKind = 'zip' | 'tar' | 'tar.gz'

/** The first 512 bytes suffice. Null: no archive of a kind that is taken. */
export const archiveKind = (first: Uint8Array): ArchiveKind | null => {
  const head = Buffer.from(first.buffer, first.byteOffset, first.byteLength)
  if (startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06')) return 'zip'
  if (head[0] === 0x1f && head[1] === 0x8b) return 'tar.gz'
  return head.toString('latin1', 257, 262) === 'ustar' ? 'tar' : null
}

/** Packed, but not in a way that is taken: 7z, rar, xz, bzip2, zstd. */
export const isOtherArchive = (first: Uint8Array): boolean => {
  const head = Buffer.from(first.buffer, first.byteOffset, first.byteLength)
  return ['7z\xbc\xaf\x27\x1c', 'Rar!\x1a\x07', '\xfd7zXZ\x00', 'BZh', '\x28\xb5\x2f\xfd'].some((one) =>
    startsWith(head, one),
  )
}

/** Designs that are themselves zips and are kept whole. */
export const isWholeByName = (name: string): boolean =>
  /\.(3mf|amf|fcstd|f3d|odt|ods|docx|xlsx|kra|gcode\.3mf)$/i.test(name)

const startsWith = (head: Buffer, mark: string): boolean => head.toString('latin1', 0, mark.length) === mark
