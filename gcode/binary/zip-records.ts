// The records of a ZIP archive, as they stand in it. Format: PKWARE APPNOTE.TXT 4.3 and 4.5.3 (ZIP64).
import { BadContainer, damaged } from './bad-container.ts'

export const LOCAL_HEADER = 0x04034b50
export const CENTRAL_RECORD = 0x02014b50
export const DESCRIPTOR = 0x08074b50
export const ZIP64_END = 0x06064b50
export const ZIP64_LOCATOR = 0x07064b50
export const END = 0x06054b50

/** In place of a number that is in the ZIP64 field. */
const ELSEWHERE_32 = 0xffffffff
const ELSEWHERE_16 = 0xffff

const LONGEST_NAME = 1024

/** The flags of a password: in the data, strong, and of the table of contents. */
const ENCRYPTED = 0x0001 | 0x0040 | 0x2000
const HAS_DESCRIPTOR = 0x0008

/** What is said of one file in an archive. Sizes in bytes. */
export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly sizeBytes: number
  /** Where its local header stands in the archive. */
  readonly offset: number
  /** Whether a descriptor follows the data; where the sizes are 0 too, only that tells them. */
  readonly hasDescriptor: boolean
}

export const uint16 = (bytes: Uint8Array, at: number): number =>
  (bytes[at] as number) | ((bytes[at + 1] as number) << 8)

export const uint32 = (bytes: Uint8Array, at: number): number =>
  (uint16(bytes, at) | (uint16(bytes, at + 2) << 16)) >>> 0

export const uint64 = (bytes: Uint8Array, at: number): number => {
  const high = uint32(bytes, at + 4)
  if (high > 0x1fffff) throw damaged('it names a size that cannot be')
  return high * 2 ** 32 + uint32(bytes, at)
}

/** A name as a sentence may hold it, whatever somebody wrote into it. */
export const shown = (name: string): string => name.replace(/[^ -~]/g, '?').slice(0, 80)

/** Bytes of the whole header, from its first 30. */
export const localHeaderBytes = (bytes: Uint8Array): number => 30 + uint16(bytes, 26) + uint16(bytes, 28)

/** `bytes` is the whole header, `offset` where it stands. */
export const readLocalHeader = (bytes: Uint8Array, offset: number): ZipEntry => {
  const flags = uint16(bytes, 6)
  const nameEnd = 30 + uint16(bytes, 26)
  const widen = wideNumbers(bytes.subarray(nameEnd))
  return {
    name: readName(bytes.subarray(30, nameEnd), flags),
    method: uint16(bytes, 8),
    crc: uint32(bytes, 14),
    sizeBytes: widen(uint32(bytes, 22)),
    packedBytes: widen(uint32(bytes, 18)),
    offset,
    hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0,
  }
}

/** Bytes of the whole record, from its first 46. */
export const centralRecordBytes = (bytes: Uint8Array): number =>
  46 + uint16(bytes, 28) + uint16(bytes, 30) + uint16(bytes, 32)

/** An entry of the table of contents. */
export const readCentralRecord = (bytes: Uint8Array): ZipEntry => {
  const flags = uint16(bytes, 8)
  const nameEnd = 46 + uint16(bytes, 28)
  const widen = wideNumbers(bytes.subarray(nameEnd, nameEnd + uint16(bytes, 30)))
  return {
    name: readName(bytes.subarray(46, nameEnd), flags),
    method: uint16(bytes, 10),
    crc: uint32(bytes, 16),
    sizeBytes: widen(uint32(bytes, 24)),
    packedBytes: widen(uint32(bytes, 20)),
    offset: widen(uint32(bytes, 42)),
    hasDescriptor: (flags & HAS_DESCRIPTOR) !== 0,
  }
}

/** What the end of an archive says of its table of contents. */
export interface ZipContents {
  readonly entries: number
  readonly sizeBytes: number
  readonly offset: number
}

/** Whether the record of the end agrees; where it says «elsewhere», the ZIP64 record was asked. */
export const endAgrees = (bytes: Uint8Array, contents: ZipContents): boolean =>
  uint16(bytes, 4) === 0 &&
  uint16(bytes, 6) === 0 &&
  agrees(uint16(bytes, 10), contents.entries, ELSEWHERE_16) &&
  agrees(uint32(bytes, 12), contents.sizeBytes, ELSEWHERE_32) &&
  agrees(uint32(bytes, 16), contents.offset, ELSEWHERE_32)

export const zip64EndAgrees = (bytes: Uint8Array, contents: ZipContents): boolean =>
  uint64(bytes, 32) === contents.entries &&
  uint64(bytes, 40) === contents.sizeBytes &&
  uint64(bytes, 48) === contents.offset

const agrees = (said: number, found: number, elsewhere: number): boolean => said === found || said === elsewhere

const readName = (bytes: Uint8Array, flags: number): string => {
  if ((flags & ENCRYPTED) !== 0) {
    throw new BadContainer('This archive is protected by a password. Save it without one.')
  }
  if (bytes.length > LONGEST_NAME) throw damaged('it holds a file with an endless name')
  // The names that are looked for are ASCII: others need not be right, only different.
  let name = ''
  for (const byte of bytes) name += String.fromCharCode(byte)
  if (name.includes('\0') || name.split(/[/\\]/).includes('..')) {
    throw new BadContainer('This archive holds a file whose name leads out of it: it is not from a slicer.')
  }
  return name
}

/** Numbers that did not fit their 32 bits stand in the ZIP64 field, one behind the other. */
const wideNumbers = (extra: Uint8Array): ((number: number) => number) => {
  const field = findExtra(extra, 1)
  let at = 0
  return (number) => {
    if (number !== ELSEWHERE_32) return number
    if (at + 8 > field.length) throw damaged('it names a size that is nowhere to be found')
    at += 8
    return uint64(field, at - 8)
  }
}

const findExtra = (extra: Uint8Array, id: number): Uint8Array => {
  for (let at = 0; at + 4 <= extra.length; at += 4 + uint16(extra, at + 2)) {
    if (uint16(extra, at) === id) return extra.subarray(at + 4, at + 4 + uint16(extra, at + 2))
  }
  return new Uint8Array(0)
}
