// One file in a ZIP archive, as its bytes come by.
import { BadContainer, damaged } from './bad-container.ts'
import { crc32 } from './crc32.ts'
import { Inflater } from './inflate.ts'
import { CENTRAL_RECORD, DESCRIPTOR, LOCAL_HEADER, shown, uint32, uint64, type ZipEntry } from './zip-records.ts'

const STORED = 0
const DEFLATED = 8
const LETTER_P = 0x50

/** G-code packs to a tenth, pictures to nothing less; 1000 times is what deflate can be made to do. */
const MOST_RATIO = 250
const SMALL_BYTES = 1 << 20

/** The longest descriptor, and the signature of the record behind it. */
export const DESCRIPTOR_LOOK_BYTES = 28

export interface Descriptor {
  readonly crc: number
  readonly packedBytes: number
  readonly sizeBytes: number
  /** What it takes itself. */
  readonly bytes: number
}

/** Counts all bytes that come by; unpacks and checks them where `take` wants them. */
export class ZipMember {
  readonly entry: ZipEntry
  readonly #take: ((bytes: Uint8Array) => void) | null
  readonly #inflater: Inflater | null
  #packedBytes = 0
  #sizeBytes = 0
  #crc = 0

  constructor(entry: ZipEntry, take: ((bytes: Uint8Array) => void) | null) {
    this.entry = entry
    this.#take = take
    if (take !== null && entry.method !== STORED && entry.method !== DEFLATED) {
      throw new BadContainer(
        `${shown(entry.name)} in this archive is packed in a way that is not known here (${entry.method}). Save it as an ordinary ZIP.`,
      )
    }
    this.#inflater = take !== null && entry.method === DEFLATED ? new Inflater((bytes) => this.#unpacked(bytes)) : null
  }

  /** Whether its size stands in front of it; otherwise only the descriptor behind it tells. */
  get knowsSize(): boolean {
    const { hasDescriptor, packedBytes, sizeBytes } = this.entry
    return !hasDescriptor || packedBytes > 0 || sizeBytes > 0
  }

  /** Bytes still to come, where its size is known. */
  get left(): number {
    return this.entry.packedBytes - this.#packedBytes
  }

  take(bytes: Uint8Array): void {
    this.#packedBytes += bytes.length
    if (this.#inflater !== null) this.#inflater.feed(bytes)
    // What was fed may be overwritten once it is read: nobody is given that to keep.
    else if (this.#take !== null) this.#unpacked(new Uint8Array(bytes))
  }

  end(crc: number, sizeBytes: number): void {
    if (this.#take === null) return
    this.#inflater?.end()
    if (this.#sizeBytes !== sizeBytes || this.#crc !== crc)
      throw damaged(`a checksum of ${shown(this.entry.name)} is wrong`)
  }

  /** How many of these bytes are data for sure. Where that is not all, a descriptor may follow. */
  findDescriptor(bytes: Uint8Array): number {
    let at = bytes.indexOf(LETTER_P)
    for (; at >= 0; at = bytes.indexOf(LETTER_P, at + 1)) {
      if (!mayBeginDescriptor(bytes, at)) continue
      if (at + DESCRIPTOR_LOOK_BYTES > bytes.length) return at
      if (this.readDescriptor(bytes.subarray(at), at) !== null) return at
    }
    return bytes.length
  }

  /**
   * What is written behind the data, from 28 bytes there, or null where that cannot be it. It comes with a signature or
   * without, with 32 bits or with 64, and nothing tells which (APPNOTE 4.3.9): it is right where the size is, and the
   * next record follows. `ahead` is the data in front of it that was not taken yet.
   */
  readDescriptor(bytes: Uint8Array, ahead = 0): Descriptor | null {
    const packedBytes = this.#packedBytes + ahead
    for (const head of uint32(bytes, 0) === DESCRIPTOR ? [4, 0] : [0]) {
      const crc = uint32(bytes, head)
      if (uint32(bytes, head + 4) === packedBytes && isRecord(bytes, head + 12)) {
        return { crc, packedBytes, sizeBytes: uint32(bytes, head + 8), bytes: head + 12 }
      }
      if (isRecord(bytes, head + 20) && uint64(bytes, head + 4) === packedBytes) {
        return { crc, packedBytes, sizeBytes: uint64(bytes, head + 12), bytes: head + 20 }
      }
    }
    return null
  }

  #unpacked(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length
    if (this.#sizeBytes > SMALL_BYTES && this.#sizeBytes > MOST_RATIO * this.#packedBytes) {
      throw new BadContainer('This archive unpacks to far more than any G-code does: it is not from a slicer.')
    }
    this.#crc = crc32(bytes, this.#crc)
    this.#take?.(bytes)
  }
}

const isRecord = (bytes: Uint8Array, at: number): boolean => {
  const signature = uint32(bytes, at)
  return signature === LOCAL_HEADER || signature === CENTRAL_RECORD
}

const mayBeginDescriptor = (bytes: Uint8Array, at: number): boolean => {
  const size = Math.min(bytes.length - at, 4)
  for (let n = 0; n < size; n++) if (bytes[at + n] !== ((DESCRIPTOR >>> (8 * n)) & 255)) return false
  return true
}
