// A file as it was uploaded, of any kind -> the G-code in it, as text.
import { ArchiveReader, type Plate } from './archive.ts'
import { BadContainer } from './bad-container.ts'
import { BgcodeReader } from './bgcode.ts'

export interface TextReaderOptions {
  /**
   * Takes the text, in order. Where the file is text already, the bytes are the chunk that was fed; otherwise they are
   * the taker's to keep.
   */
  text(bytes: Uint8Array): void
  /** Which plate of an archive; the first in it where left out. Other files have no plates. */
  readonly plate?: number | undefined
  /** Files that unpack to more are refused: 2 GiB where left out. */
  readonly mostUnpackedBytes?: number
}

export type Container = 'text' | 'bgcode' | 'archive'

/** The longest beginning by which a file is told. */
const HEAD_BYTES = 6
const MOST_UNPACKED_BYTES = 2 ** 31

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf]

const containers: readonly (readonly [head: readonly number[], container: Container])[] = [
  [[0x47, 0x43, 0x44, 0x45], 'bgcode'],
  [[0x50, 0x4b, 3, 4], 'archive'],
  [[0x50, 0x4b, 5, 6], 'archive'],
]

const utf16 = 'This file is written in UTF-16. Save it as UTF-8 or ASCII text.'
const packed = (how: string): string => `This file is packed with ${how}. Unpack it first, then upload the G-code.`

const refusals: readonly (readonly [head: readonly number[], sentence: string])[] = [
  [[0x1f, 0x8b], packed('gzip')],
  [[0x42, 0x5a, 0x68], packed('bzip2')],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], packed('xz')],
  [[0x28, 0xb5, 0x2f, 0xfd], packed('zstd')],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], packed('7-Zip')],
  [[0x52, 0x61, 0x72, 0x21, 0x1a, 7], packed('RAR')],
  [[0xff, 0xfe], utf16],
  [[0xfe, 0xff], utf16],
]

interface Reader {
  feed(chunk: Uint8Array): void
  end(): void
}

/**
 * Feed it a file in chunks of any size, then call `end`: what is in it comes out as text. Throws `BadContainer`, and
 * whatever `text` throws; then it is done with.
 */
export class TextReader {
  readonly #options: TextReaderOptions
  /** The first bytes, as long as they do not tell what the file is. */
  #head: Uint8Array = new Uint8Array(0)
  #container: Container | null = null
  #reader: Reader | null = null
  #archive: ArchiveReader | null = null
  #unpackedBytes = 0

  constructor(options: TextReaderOptions) {
    this.#options = options
  }

  /** What the file is; null as long as its first bytes have not come. */
  get container(): Container | null {
    return this.#container
  }

  /** The plates of an archive, once it has ended; none of other files. */
  get plates(): readonly Plate[] {
    return this.#archive?.plates ?? []
  }

  feed(chunk: Uint8Array): void {
    if (this.#reader !== null) return this.#reader.feed(chunk)
    if (this.#head.length === 0 && chunk.length >= HEAD_BYTES) return this.#begin(chunk)
    const missing = HEAD_BYTES - this.#head.length
    this.#head = joined(this.#head, chunk.subarray(0, missing))
    if (this.#head.length < HEAD_BYTES) return
    this.#begin(this.#head)
    this.feed(chunk.subarray(missing))
  }

  end(): void {
    if (this.#reader === null) this.#begin(this.#head)
    this.#reader?.end()
  }

  #begin(bytes: Uint8Array): void {
    const refusal = refusals.find(([head]) => startsWith(bytes, head))
    if (refusal !== undefined) throw new BadContainer(refusal[1])
    if (looksLikeUtf16(bytes)) throw new BadContainer(utf16)
    this.#container = containers.find(([head]) => startsWith(bytes, head))?.[1] ?? 'text'
    this.#reader = this.#readerOf(this.#container)
    this.#reader.feed(startsWith(bytes, BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes)
  }

  #readerOf(container: Container): Reader {
    const options = this.#options
    const text = (bytes: Uint8Array): void => this.#unpacked(bytes)
    switch (container) {
      case 'text':
        return {
          feed: (chunk) => {
            if (chunk.length > 0) options.text(chunk)
          },
          end: () => {},
        }
      case 'bgcode':
        return new BgcodeReader(text)
      case 'archive':
        this.#archive = new ArchiveReader({ text, plate: options.plate })
        return this.#archive
    }
  }

  #unpacked(bytes: Uint8Array): void {
    this.#unpackedBytes += bytes.length
    if (this.#unpackedBytes > (this.#options.mostUnpackedBytes ?? MOST_UNPACKED_BYTES)) {
      throw new BadContainer('This file unpacks to more G-code than is taken here. Print it in parts.')
    }
    this.#options.text(bytes)
  }
}

const startsWith = (bytes: Uint8Array, head: readonly number[]): boolean =>
  bytes.length >= head.length && head.every((byte, at) => bytes[at] === byte)

/** Without a mark, by the zeros between its letters: there are none in text. */
const looksLikeUtf16 = (bytes: Uint8Array): boolean =>
  bytes.length >= 4 && ((bytes[0] === 0 && bytes[2] === 0) || (bytes[1] === 0 && bytes[3] === 0))

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(one.length + other.length)
  bytes.set(one)
  bytes.set(other, one.length)
  return bytes
}
