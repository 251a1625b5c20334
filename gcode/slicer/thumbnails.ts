// Pictures of the part that slicers put into comments, as base64 between `thumbnail begin` and `thumbnail end`.
import { decodeLatin1 } from '../command.ts'
import { beginsWith, wordBytes } from './bytes.ts'

export interface Thumbnail {
  readonly format: 'png' | 'jpg' | 'qoi'
  readonly width: number
  readonly height: number
  readonly base64: string
}

/** Bounds of what is kept, in base64 characters. Real ones have up to 200 kB. */
const LARGEST = 4 << 20
const LARGEST_TOGETHER = 8 << 20
const MOST_THUMBNAILS = 20

const THUMBNAIL = wordBytes('thumbnail')

/** How base64 begins of the first bytes that each format has: 89 'PNG' 0D 0A; FF D8 FF; 'qoif'. */
const magic: readonly (readonly [Thumbnail['format'], RegExp])[] = [
  ['png', /^iVBORw0K/],
  ['jpg', /^\/9j\//],
  ['qoi', /^cW9pZ[g-j]/],
]

/** 1 for the characters of base64. */
const base64Bytes = new Uint8Array(256)
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=') {
  base64Bytes[letter.charCodeAt(0)] = 1
}

interface Open {
  readonly width: number
  readonly height: number
  readonly announced: number
  readonly parts: string[]
  size: number
}

/**
 * Give it every comment of a file in order; it collects the thumbnails that are whole: as long as announced, closed,
 * and of a known format. (PrusaSlicer, OrcaSlicer: tags `thumbnail` for PNG, `thumbnail_JPG`, `thumbnail_QOI`; what counts
 * here is how the picture begins, for some programs put any picture under the first.)
 */
export class ThumbnailReader {
  readonly thumbnails: Thumbnail[] = []
  #open: Open | null = null
  #kept = 0

  /** Returns true where the comment belongs to a thumbnail. */
  comment(bytes: Uint8Array, from: number, to: number): boolean {
    const open = this.#open
    if (open === null) return beginsWith(bytes, from, to, THUMBNAIL) && this.#begin(bytes, from, to)
    if (isBase64(bytes, from, to)) return this.#add(open, bytes, from, to)
    this.#open = null
    if (!beginsWith(bytes, from, to, THUMBNAIL)) return false
    if (/^thumbnail(?:_\w{1,8})? end\b/.test(decodeLatin1(bytes, from, Math.min(to, from + 40)))) {
      this.#close(open)
      return true
    }
    return this.#begin(bytes, from, to)
  }

  #begin(bytes: Uint8Array, from: number, to: number): boolean {
    const text = decodeLatin1(bytes, from, Math.min(to, from + 80))
    const found = /^thumbnail(?:_\w{1,8})? begin[ :]+(\d{1,4}) ?[xX* ] ?(\d{1,4})[ ,]+(\d{1,8})\b/.exec(text)
    if (found === null) return false
    const [, width, height, announced] = found
    const open: Open = {
      width: Number(width),
      height: Number(height),
      announced: Number(announced),
      parts: [],
      size: 0,
    }
    const fits = open.announced <= LARGEST && this.#kept + open.announced <= LARGEST_TOGETHER
    const isPicture = open.width > 0 && open.height > 0 && open.announced > 0
    if (fits && isPicture && this.thumbnails.length < MOST_THUMBNAILS) this.#open = open
    return true
  }

  #add(open: Open, bytes: Uint8Array, from: number, to: number): boolean {
    open.size += to - from
    if (open.size > open.announced) {
      this.#open = null
      return false
    }
    if (to > from) open.parts.push(decodeLatin1(bytes, from, to))
    return true
  }

  #close({ width, height, announced, parts, size }: Open): void {
    if (size !== announced) return
    const base64 = parts.join('')
    const format = magic.find(([, beginning]) => beginning.test(base64))?.[0]
    if (format === undefined || !/^[^=]*={0,2}$/.test(base64)) return
    this.thumbnails.push({ format, width, height, base64 })
    this.#kept += size
  }
}

const isBase64 = (bytes: Uint8Array, from: number, to: number): boolean => {
  for (let at = from; at < to; at++) if (base64Bytes[bytes[at] as number] === 0) return false
  return true
}
