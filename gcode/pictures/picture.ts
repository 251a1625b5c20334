import { BadPicture } from './bad-picture.ts'

/** Pixels row by row from the top, each with its red, green and blue, and its opacity where there are 4 channels. */
export interface Picture {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly pixels: Uint8Array
}

/** Thumbnails of slicers are far smaller. A picture of this size takes 8 MB as pixels. */
const MOST_PIXELS = 2 << 20

/** Throws where a picture is empty, or larger than is unpacked here. */
export const checkPixels = (width: number, height: number): void => {
  if (width === 0 || height === 0) throw new BadPicture('This picture is empty.')
  if (width * height > MOST_PIXELS) throw new BadPicture(`This picture is too large: ${width}x${height}.`)
}
