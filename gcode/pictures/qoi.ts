// QOI, the "quite OK image format" that Prusa's printers show. Format: qoiformat.org/qoi-specification.pdf, version 1.0.
import { BadPicture } from './bad-picture.ts'
import { checkPixels, type Picture } from './picture.ts'

const HEADER_BYTES = 14
/** Seven zeros and a one stand at the end. */
const END_BYTES = 8

const RGB = 0xfe
const RGBA = 0xff
/** The two highest bits: a pixel seen before, a small difference, one by its brightness, or the same again. */
const INDEX = 0
const DIFFERENCE = 1
const LUMA = 2

export const decodeQoi = (bytes: Uint8Array): Picture => {
  if (bytes.length < HEADER_BYTES + END_BYTES || String.fromCharCode(...bytes.subarray(0, 4)) !== 'qoif') {
    throw new BadPicture('This is no QOI picture.')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const width = view.getUint32(4)
  const height = view.getUint32(8)
  const channels = bytes[12]
  if (channels !== 3 && channels !== 4) throw new BadPicture('This QOI picture is of a kind that does not exist.')
  checkPixels(width, height)
  const pixels = new Uint8Array(width * height * channels)
  const end = decodePixels(bytes, pixels, channels)
  if (end === -1 || !isEnd(bytes, end)) throw new BadPicture('The end of this QOI picture is missing.')
  return { width, height, channels, pixels }
}

/** Fills the pixels; returns where the end stands, or -1 where the bytes run out before. */
const decodePixels = (bytes: Uint8Array, pixels: Uint8Array, channels: number): number => {
  const seen = new Uint8Array(64 * 4)
  const last = bytes.length - END_BYTES
  let [red, green, blue, alpha] = [0, 0, 0, 255]
  let from = HEADER_BYTES
  for (let to = 0; to < pixels.length; ) {
    if (from >= last) return -1
    const byte = bytes[from++] as number
    const kind = byte >> 6
    let again = 1
    if (byte === RGB || byte === RGBA) {
      red = bytes[from++] as number
      green = bytes[from++] as number
      blue = bytes[from++] as number
      if (byte === RGBA) alpha = bytes[from++] as number
    } else if (kind === INDEX) {
      red = seen[byte * 4] as number
      green = seen[byte * 4 + 1] as number
      blue = seen[byte * 4 + 2] as number
      alpha = seen[byte * 4 + 3] as number
    } else if (kind === DIFFERENCE) {
      red = (red + ((byte >> 4) & 3) - 2) & 255
      green = (green + ((byte >> 2) & 3) - 2) & 255
      blue = (blue + (byte & 3) - 2) & 255
    } else if (kind === LUMA) {
      const more = bytes[from++] as number
      const luma = (byte & 63) - 32
      red = (red + luma + (more >> 4) - 8) & 255
      green = (green + luma) & 255
      blue = (blue + luma + (more & 15) - 8) & 255
    } else again = (byte & 63) + 1
    const place = ((red * 3 + green * 5 + blue * 7 + alpha * 11) & 63) * 4
    seen[place] = red
    seen[place + 1] = green
    seen[place + 2] = blue
    seen[place + 3] = alpha
    for (; again > 0 && to < pixels.length; again--, to += channels) {
      pixels[to] = red
      pixels[to + 1] = green
      pixels[to + 2] = blue
      if (channels === 4) pixels[to + 3] = alpha
    }
  }
  return from
}

const isEnd = (bytes: Uint8Array, at: number): boolean =>
  at + END_BYTES <= bytes.length && bytes.subarray(at, at + END_BYTES).every((byte, n) => byte === (n === 7 ? 1 : 0))
