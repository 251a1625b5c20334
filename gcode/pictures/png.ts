// PNG: checked as it comes, and written. Format: W3C Portable Network Graphics, third edition.
import { zlibSync } from 'fflate'
import { ByteWriter } from '../binary/byte-writer.ts'
import { crc32 } from '../binary/crc32.ts'
import { BadPicture } from './bad-picture.ts'
import type { Picture } from './picture.ts'

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const HEADER_BYTES = 13
const LARGEST_SIDE = 4096

/** Bits of a channel that each kind of colour may have. */
const depthsByColour: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
const PALETTE = 3

/** Filter 1: each byte less the one of the pixel to the left. */
const SUBTRACT_LEFT = 1

export interface PictureSize {
  readonly width: number
  readonly height: number
}

/** Width and height in pixels from the first 33 bytes, or null where they are not those of a PNG. */
export const readPngSize = (bytes: Uint8Array): PictureSize | null => {
  if (bytes.length < 33 || SIGNATURE.some((byte, at) => bytes[at] !== byte)) return null
  if (uint32(bytes, 8) !== HEADER_BYTES || typeAt(bytes, 12) !== 'IHDR') return null
  return { width: uint32(bytes, 16), height: uint32(bytes, 20) }
}

/** Returns the PNG without what stands behind its end. Its pixels are not unpacked. */
export const checkPng = (bytes: Uint8Array): Uint8Array => {
  const size = readPngSize(bytes)
  if (size === null) throw new BadPicture('This is no PNG.')
  checkHeader(bytes, size)
  const seen: string[] = []
  let at = SIGNATURE.length
  while (seen[seen.length - 1] !== 'IEND') {
    const end = at + 12 + (at + 8 <= bytes.length ? uint32(bytes, at) : 0)
    if (end > bytes.length) throw new BadPicture('The end of this PNG is missing.')
    if (crc32(bytes.subarray(at + 4, end - 4)) !== uint32(bytes, end - 4)) {
      throw new BadPicture('This PNG is damaged: a checksum is wrong.')
    }
    const type = typeAt(bytes, at + 4)
    checkOrder(type, seen)
    if (type !== seen[seen.length - 1]) seen.push(type)
    at = end
  }
  if (!seen.includes('IDAT') || (bytes[25] === PALETTE && !seen.includes('PLTE'))) {
    throw new BadPicture('This PNG is damaged: a part of it is missing.')
  }
  return bytes.subarray(0, at)
}

/** Writes a picture as PNG. */
export const encodePng = ({ width, height, channels, pixels }: Picture): Uint8Array => {
  const header = new ByteWriter()
    .uint32(width)
    .uint32(height)
    .bytes(Uint8Array.of(8, channels === 4 ? 6 : 2, 0, 0, 0))
    .end()
  const rowBytes = width * channels
  const filtered = new Uint8Array(height * (rowBytes + 1))
  for (let row = 0, to = 0, from = 0; row < height; row++) {
    filtered[to++] = SUBTRACT_LEFT
    for (const end = from + rowBytes, first = from + channels; from < end; from++) {
      filtered[to++] = (pixels[from] as number) - (from < first ? 0 : (pixels[from - channels] as number))
    }
  }
  const writer = new ByteWriter().bytes(SIGNATURE)
  writeChunk(writer, 'IHDR', header)
  writeChunk(writer, 'IDAT', zlibSync(filtered, { level: 6 }))
  writeChunk(writer, 'IEND', new Uint8Array(0))
  return writer.end()
}

const checkHeader = (bytes: Uint8Array, { width, height }: PictureSize): void => {
  if (width === 0 || height === 0) throw new BadPicture('This picture is empty.')
  if (width > LARGEST_SIDE || height > LARGEST_SIDE) {
    throw new BadPicture(`This picture is too large: ${width}x${height}.`)
  }
  const [depth, colour, compression, filter, interlace] = bytes.subarray(24, 29)
  const depths = depthsByColour[colour as number]
  if (!depths?.includes(depth as number) || compression !== 0 || filter !== 0 || (interlace as number) > 1) {
    throw new BadPicture('This PNG is of a kind that does not exist.')
  }
}

/** `seen` are the chunks before this one, those of one type behind each other counted once. */
const checkOrder = (type: string, seen: readonly string[]): void => {
  const isFirst = seen.length === 0
  const goesOn = type === 'IDAT' && seen[seen.length - 1] === 'IDAT'
  const onceOnly = type === 'IHDR' || type === 'PLTE' || type === 'IDAT'
  const unknownAndNeeded = /^[A-Z]/.test(type) && !onceOnly && type !== 'IEND'
  if (
    !/^[A-Za-z]{4}$/.test(type) ||
    isFirst !== (type === 'IHDR') ||
    (onceOnly && !goesOn && seen.includes(type)) ||
    (type === 'PLTE' && seen.includes('IDAT')) ||
    unknownAndNeeded
  ) {
    throw new BadPicture('This PNG is damaged: something in it is not where it belongs.')
  }
}

const writeChunk = (writer: ByteWriter, type: string, data: Uint8Array): void => {
  const body = new ByteWriter().text(type).bytes(data).end()
  writer.uint32(data.length).bytes(body).uint32(crc32(body))
}

const typeAt = (bytes: Uint8Array, at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))

const uint32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)) >>>
  0
