// Pictures of the part that slicers put into comments as base64.

export interface Thumbnail {
  readonly format: 'png' | 'jpg' | 'qoi'
  readonly width: number
  readonly height: number
  readonly base64: string
}

const LARGEST_BASE64 = 4 << 20
const MOST_THUMBNAILS = 20

/** Give it every comment of a file in order; it collects the thumbnails that are whole. */
export class ThumbnailReader {
  readonly thumbnails: Thumbnail[] = []
  #open: {
    format: Thumbnail['format']
    width: number
    height: number
    announced: number
    parts: string[]
    size: number
  } | null = null

  /** Returns true where the comment belonged to a thumbnail. */
  comment(text: string): boolean {
    const open = this.#open
    if (open === null) return this.#begin(text)
    if (text.startsWith('thumbnail')) {
      if (/^thumbnail(_\w+)? end/.test(text) && open.size === open.announced) {
        const { format, width, height, parts } = open
        this.thumbnails.push({ format, width, height, base64: parts.join('') })
      }
      this.#open = null
      return true
    }
    if (!/^[A-Za-z0-9+/=]*$/.test(text) || open.size + text.length > open.announced) {
      this.#open = null
      return false
    }
    open.parts.push(text)
    open.size += text.length
    return true
  }

  #begin(text: string): boolean {
    if (!text.startsWith('thumbnail') || this.thumbnails.length === MOST_THUMBNAILS) return false
    const match = /^thumbnail(?:_(JPG|QOI|PNG))? begin (\d{1,4})[x ](\d{1,4}) (\d{1,8})$/.exec(text)
    if (!match) return false
    const announced = Number(match[4])
    if (announced > LARGEST_BASE64) return false
    const format = (match[1] ?? 'PNG').toLowerCase() as Thumbnail['format']
    this.#open = { format, width: Number(match[2]), height: Number(match[3]), announced, parts: [], size: 0 }
    return true
  }
}
