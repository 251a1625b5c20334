// Binary G-code (.bgcode) -> the text that it stands for. Format: libbgcode doc/specifications.md.
import { BadContainer, damaged } from './bad-container.ts'
import {
  configText,
  isThumbnailFormat,
  jsonConfigText,
  metadataText,
  printText,
  producerText,
  thumbnailText,
} from './bgcode-text.ts'
import { ByteSource } from './byte-source.ts'
import { crc32 } from './crc32.ts'
import { GcodeText } from './gcode-text.ts'
import { unpackHeatshrink } from './heatshrink.ts'
import { inflateZlib } from './inflate.ts'

const FILE_HEADER_BYTES = 10
const CRC_BYTES = 4
const THUMBNAIL = 5

const DEFLATE = 1
const HEATSHRINK_11 = 2
const HEATSHRINK_12 = 3

/** Metadata as `key=value` lines, or (of the slicer only) as JSON. */
const INI = 0
const JSON_CONFIG = 1
/** G-code as it is, in MeatPack, in MeatPack with comments. */
const HIGHEST_GCODE_ENCODING = 2

/**
 * Kinds of blocks by their number: where they stand in the file, how many there may be, how large they may become.
 * Writers keep to 64 KiB for G-code. Two blocks of slicer metadata: settings as lines, and as JSON.
 */
const kinds = [
  { name: 'file metadata', place: 0, most: 1, mostBytes: 4 << 20 },
  { name: 'G-code', place: 5, most: Number.POSITIVE_INFINITY, mostBytes: 16 << 20 },
  { name: 'slicer metadata', place: 4, most: 2, mostBytes: 4 << 20 },
  { name: 'printer metadata', place: 1, most: 1, mostBytes: 4 << 20 },
  { name: 'print metadata', place: 3, most: 1, mostBytes: 4 << 20 },
  { name: 'thumbnail', place: 2, most: 50, mostBytes: 4 << 20 },
] as const

interface Block {
  readonly type: number
  readonly name: string
  readonly compression: number
  readonly sizeBytes: number
  /** Parameters, data and checksum, as they are stored. */
  readonly storedBytes: number
  readonly parameterBytes: number
  /** CRC of the block's header. */
  readonly headCrc: number
}

/**
 * Feed it a file in chunks of any size, then call `end`. `text` is given the text in order; the bytes are the taker's
 * to keep. Memory stays at one block and the metadata. Throws `BadContainer`, and whatever `text` throws; then it is
 * done with.
 */
export class BgcodeReader {
  readonly #text: (bytes: Uint8Array) => void
  readonly #source = new ByteSource()
  readonly #gcode: GcodeText
  #begun = false
  #hasChecksums = false
  #block: Block | null = null
  #place = 0
  #ofThisKind = 0
  #hasGcode = false
  #unpacked: Uint8Array = new Uint8Array(0)
  /** What is written behind the G-code although it stands before it. */
  #printText: Uint8Array | null = null
  #configText: Uint8Array | null = null
  #jsonConfigText: Uint8Array | null = null

  constructor(text: (bytes: Uint8Array) => void) {
    this.#text = text
    this.#gcode = new GcodeText(text)
  }

  feed(chunk: Uint8Array): void {
    this.#source.feed(chunk, () => this.#step())
  }

  end(): void {
    if (!this.#begun || this.#block !== null || this.#source.available > 0) throw damaged('its end is missing')
    if (!this.#hasGcode) throw new BadContainer('This file holds no G-code. Slice the model, then export it again.')
    this.#gcode.end()
    if (this.#printText !== null) this.#text(this.#printText)
    if (this.#jsonConfigText !== null) this.#text(this.#jsonConfigText)
    if (this.#configText !== null) this.#text(this.#configText)
  }

  /** One step further; false where more bytes are needed for it. */
  #step(): boolean {
    const source = this.#source
    if (!this.#begun) {
      if (source.available < FILE_HEADER_BYTES) return false
      this.#readFileHeader(source.take(FILE_HEADER_BYTES))
      return true
    }
    if (this.#block === null) {
      this.#block = this.#readBlockHeader()
      return this.#block !== null
    }
    if (source.available < this.#block.storedBytes) return false
    this.#readBlock(this.#block, source.take(this.#block.storedBytes))
    this.#block = null
    return true
  }

  #readFileHeader(bytes: Uint8Array): void {
    const version = uint32(bytes, 4)
    if (version !== 1) {
      throw new BadContainer(`This is binary G-code of version ${version}, and only version 1 is known here.`)
    }
    const checksums = uint16(bytes, 8)
    if (checksums > 1) throw damaged('it names a kind of checksum that does not exist')
    this.#hasChecksums = checksums === 1
    this.#begun = true
  }

  #readBlockHeader(): Block | null {
    const source = this.#source
    if (source.available < 8) return null
    const compression = uint16(source.peek(8), 2)
    const headerBytes = compression === 0 ? 8 : 12
    if (source.available < headerBytes) return null
    const bytes = source.take(headerBytes)
    const type = uint16(bytes, 0)
    const kind = kinds[type]
    if (kind === undefined || compression > HEATSHRINK_12)
      throw damaged('it holds a block of a kind that does not exist')
    this.#ofThisKind = kind.place === this.#place ? this.#ofThisKind + 1 : 1
    if (kind.place < this.#place) throw damaged(`its ${kind.name} is not where it belongs`)
    if (this.#ofThisKind > kind.most) throw damaged(`it holds too many blocks of ${kind.name}`)
    this.#place = kind.place
    const sizeBytes = uint32(bytes, 4)
    const packedBytes = compression === 0 ? sizeBytes : uint32(bytes, 8)
    // What cannot be packed grows by an eighth in heatshrink, and by less in deflate.
    if (sizeBytes > kind.mostBytes || packedBytes > sizeBytes * 1.25 + 64) {
      throw damaged(`a block of ${kind.name} is larger than may be`)
    }
    const parameterBytes = type === THUMBNAIL ? 6 : 2
    const storedBytes = parameterBytes + packedBytes + (this.#hasChecksums ? CRC_BYTES : 0)
    return { type, name: kind.name, compression, sizeBytes, storedBytes, parameterBytes, headCrc: crc32(bytes) }
  }

  #readBlock(block: Block, stored: Uint8Array): void {
    const dataEnd = stored.length - (this.#hasChecksums ? CRC_BYTES : 0)
    if (this.#hasChecksums && crc32(stored.subarray(0, dataEnd), block.headCrc) !== uint32(stored, dataEnd)) {
      throw damaged(`a checksum of its ${block.name} is wrong`)
    }
    const data = this.#unpack(block, stored.subarray(block.parameterBytes, dataEnd))
    const encoding = uint16(stored, 0)
    switch (block.type) {
      case 0:
        return this.#text(producerText(onlyIni(data, encoding)))
      case 1:
        return this.#readGcode(data, encoding)
      case 2:
        if (encoding === JSON_CONFIG) this.#jsonConfigText = jsonConfigText(data)
        else this.#configText = configText(onlyIni(data, encoding))
        return
      case 3:
        return this.#text(metadataText(onlyIni(data, encoding)))
      case 4:
        this.#printText = printText(onlyIni(data, encoding))
        return
      default:
        if (!isThumbnailFormat(encoding)) throw damaged('it holds a thumbnail of a kind that does not exist')
        return this.#text(thumbnailText(data, encoding, uint16(stored, 2), uint16(stored, 4)))
    }
  }

  #readGcode(data: Uint8Array, encoding: number): void {
    if (encoding > HIGHEST_GCODE_ENCODING) throw damaged('its G-code is written in a way that does not exist')
    if (!this.#hasGcode) this.#text(Uint8Array.of(10))
    this.#hasGcode = true
    this.#gcode.block(data, encoding !== 0)
  }

  /** The block's data, good until the next block is unpacked. */
  #unpack(block: Block, stored: Uint8Array): Uint8Array {
    if (block.compression === 0 || block.sizeBytes === 0) return stored
    if (this.#unpacked.length < block.sizeBytes) this.#unpacked = new Uint8Array(block.sizeBytes)
    const target = this.#unpacked.subarray(0, block.sizeBytes)
    const whole =
      block.compression === DEFLATE
        ? inflateZlib(stored, target)
        : unpackHeatshrink(stored, target, block.compression === HEATSHRINK_11 ? 11 : 12)
    if (!whole) throw damaged(`its ${block.name} does not unpack`)
    return target
  }
}

const onlyIni = (data: Uint8Array, encoding: number): Uint8Array => {
  if (encoding !== INI) throw damaged('its metadata is written in a way that does not exist')
  return data
}

const uint16 = (bytes: Uint8Array, at: number): number => (bytes[at] as number) | ((bytes[at + 1] as number) << 8)

const uint32 = (bytes: Uint8Array, at: number): number => (uint16(bytes, at) | (uint16(bytes, at + 2) << 16)) >>> 0
