// JPEG -> pixels, by jpeg-js, which is only shown what cannot keep it busy for long.
import { decode } from 'jpeg-js'
import { BadPicture } from './bad-picture.ts'
import { checkPixels, type Picture } from './picture.ts'

const START_OF_IMAGE = 0xd8
const END_OF_IMAGE = 0xd9
const START_OF_SCAN = 0xda
/** Baseline, extended, progressive. */
const FRAMES: readonly number[] = [0xc0, 0xc1, 0xc2]

/** Writers of progressive pictures make ten or eleven. Each one makes the decoder walk through the whole picture. */
const MOST_SCANS = 16
const LARGEST_SAMPLING = 4
const MOST_MEGABYTES = 64

export const decodeJpg = (bytes: Uint8Array): Picture => {
  const end = checkStructure(bytes)
  try {
    const { width, height, data } = decode(bytes.subarray(0, end), {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: 4,
      maxMemoryUsageInMB: MOST_MEGABYTES,
    })
    return { width, height, channels: 3, pixels: data }
  } catch (cause) {
    throw new BadPicture('This JPEG is damaged, or of a kind that is not known here.', { cause })
  }
}

/** Walks from marker to marker (ITU-T T.81, annex B); returns where the picture ends. */
const checkStructure = (bytes: Uint8Array): number => {
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) throw new BadPicture('This is no JPEG.')
  let frames = 0
  let scans = 0
  let at = 2
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++
    const marker = bytes[at] === 0xff ? bytes[at + 1] : undefined
    if (marker === undefined) throw new BadPicture('This JPEG is damaged, or its end is missing.')
    at += 2
    if (marker === END_OF_IMAGE) break
    if (FRAMES.includes(marker)) {
      checkFrame(bytes, at)
      frames++
    }
    at += uint16(bytes, at)
    if (marker === START_OF_SCAN) {
      scans++
      at = endOfScan(bytes, at)
    }
  }
  if (frames !== 1 || scans === 0 || scans > MOST_SCANS) {
    throw new BadPicture('This JPEG is of a kind that is not known here.')
  }
  return at
}

const checkFrame = (bytes: Uint8Array, at: number): void => {
  checkPixels(uint16(bytes, at + 5), uint16(bytes, at + 3))
  const components = bytes[at + 7] ?? 0
  let right = components === 1 || components === 3
  for (let component = 0; component < components && right; component++) {
    const sampling = bytes[at + 9 + 3 * component] ?? 0
    right = isSampling(sampling >> 4) && isSampling(sampling & 15)
  }
  if (!right) throw new BadPicture('This JPEG is of a kind that is not known here.')
}

const isSampling = (factor: number): boolean => factor > 0 && factor <= LARGEST_SAMPLING

/** In the data of a scan, 0xff is followed by 0, or is one of eight restart markers. */
const endOfScan = (bytes: Uint8Array, from: number): number => {
  let at = bytes.indexOf(0xff, from)
  while (at >= 0) {
    const next = bytes[at + 1] ?? 0
    if (next !== 0 && (next < 0xd0 || next > 0xd7)) return at
    at = bytes.indexOf(0xff, at + 1)
  }
  return bytes.length
}

/** Highest byte first; 2, the least length there is, where the bytes have ended. */
const uint16 = (bytes: Uint8Array, at: number): number =>
  at + 2 > bytes.length ? 2 : Math.max(2, ((bytes[at] as number) << 8) | (bytes[at + 1] as number))
