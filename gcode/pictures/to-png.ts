import { BadPicture } from './bad-picture.ts'
import { decodeJpg } from './jpg.ts'
import { checkPng, encodePng } from './png.ts'
import { decodeQoi } from './qoi.ts'

/** What slicers write thumbnails as. */
export type PictureFormat = 'png' | 'jpg' | 'qoi'

/** No thumbnail is larger, and no time is spent on one that is. */
const LARGEST_BYTES = 8 << 20

/** A thumbnail as any browser shows it; a PNG passes as it is. Throws `BadPicture`. */
export const toPng = (bytes: Uint8Array, format: PictureFormat): Uint8Array => {
  if (bytes.length > LARGEST_BYTES) throw new BadPicture('This picture is too large.')
  switch (format) {
    case 'png':
      return checkPng(bytes)
    case 'jpg':
      return encodePng(decodeJpg(bytes))
    case 'qoi':
      return encodePng(decodeQoi(bytes))
  }
}
