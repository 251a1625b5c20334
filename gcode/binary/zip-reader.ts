// A ZIP archive, chunk by chunk -> the bytes of the files in it that somebody wants.
import { BadContainer, damaged } from './bad-container.ts'
import { ByteSource } from './byte-source.ts'
import { DESCRIPTOR_LOOK_BYTES, ZipMember } from './zip-member.ts'
import * as zip from './zip-records.ts'

const MOST_ENTRIES = 4096
const LARGEST_ZIP64_END = 64 << 10

export interface ZipSink {
  /** A file begins. What is returned takes its bytes, which are the taker's to keep; null: nobody wants it. */
  begin(name: string): ((bytes: Uint8Array) => void) | null
  /** It was whole and, where wanted, right. */
  finish(name: string, sizeBytes: number): void
}

/**
 * Feed it an archive, then call `end`. Memory is bounded whatever the archive says. What stands in front of a file and
 * what the table of contents says of it must agree: an archive that two programs read differently is refused.
 */
export class ZipReader {
  readonly #sink: ZipSink
  readonly #source = new ByteSource()
  readonly #entries = new Map<number, zip.ZipEntry>()
  #member: ZipMember | null = null
  #listed = 0
  #contentsOffset = -1
  #contentsBytes = 0
  #done = false

  constructor(sink: ZipSink) {
    this.#sink = sink
  }

  feed(chunk: Uint8Array): void {
    this.#source.feed(chunk, () => this.#step())
  }

  end(): void {
    if (!this.#done) throw damaged('its end is missing')
  }

  /** One step further; false where more bytes are needed for it. */
  #step(): boolean {
    const source = this.#source
    if (this.#done) {
      source.skip(source.available)
      return false
    }
    if (this.#member !== null) return this.#readMember(this.#member)
    if (source.available < 4) return false
    switch (zip.uint32(source.peek(4), 0)) {
      case zip.LOCAL_HEADER:
        return this.#readLocalHeader()
      case zip.CENTRAL_RECORD:
        return this.#readCentralRecord()
      case zip.ZIP64_END:
        return this.#readZip64End()
      case zip.ZIP64_LOCATOR:
        return this.#skipWhole(20)
      case zip.END:
        return this.#readEnd()
      default:
        throw damaged('something in the archive is not where it belongs')
    }
  }

  #skipWhole(size: number): boolean {
    if (this.#source.available < size) return false
    this.#source.skip(size)
    return true
  }

  #readLocalHeader(): boolean {
    const source = this.#source
    if (source.available < 30) return false
    const size = zip.localHeaderBytes(source.peek(30))
    if (source.available < size) return false
    if (this.#contentsOffset >= 0) throw damaged('a file stands behind the table of contents')
    const entry = zip.readLocalHeader(source.peek(size), source.offset)
    source.skip(size)
    if (this.#entries.size === MOST_ENTRIES) {
      throw new BadContainer(`This archive holds more than ${MOST_ENTRIES} files: it is not from a slicer.`)
    }
    this.#entries.set(entry.offset, entry)
    this.#member = new ZipMember(entry, this.#sink.begin(entry.name))
    return true
  }

  #readMember(member: ZipMember): boolean {
    const source = this.#source
    if (member.knowsSize) {
      if (member.left > 0) {
        member.take(source.take(Math.min(member.left, source.available)))
        return true
      }
      if (!member.entry.hasDescriptor) return this.#finish(member, member.entry)
      const bytes = source.available < DESCRIPTOR_LOOK_BYTES ? null : source.peek(DESCRIPTOR_LOOK_BYTES)
      return bytes !== null && this.#readDescriptor(member, bytes)
    }
    const bytes = source.peek(source.available)
    const at = member.findDescriptor(bytes)
    if (at > 0) member.take(source.take(at))
    if (source.available < DESCRIPTOR_LOOK_BYTES) return false
    return this.#readDescriptor(member, source.peek(DESCRIPTOR_LOOK_BYTES))
  }

  #readDescriptor(member: ZipMember, bytes: Uint8Array): boolean {
    const found = member.readDescriptor(bytes)
    if (found === null) throw damaged(`the size of ${zip.shown(member.entry.name)} is wrong`)
    this.#source.skip(found.bytes)
    return this.#finish(member, found)
  }

  #finish(member: ZipMember, said: { crc: number; packedBytes: number; sizeBytes: number }): true {
    member.end(said.crc, said.sizeBytes)
    const { crc, packedBytes, sizeBytes } = said
    this.#entries.set(member.entry.offset, { ...member.entry, crc, packedBytes, sizeBytes })
    this.#sink.finish(member.entry.name, sizeBytes)
    this.#member = null
    return true
  }

  #readCentralRecord(): boolean {
    const source = this.#source
    if (source.available < 46) return false
    const size = zip.centralRecordBytes(source.peek(46))
    if (source.available < size) return false
    this.#beginContents()
    const listed = zip.readCentralRecord(source.take(size))
    const entry = this.#entries.get(listed.offset)
    if (
      entry === undefined ||
      entry.name !== listed.name ||
      entry.method !== listed.method ||
      entry.crc !== listed.crc ||
      entry.packedBytes !== listed.packedBytes ||
      entry.sizeBytes !== listed.sizeBytes
    ) {
      throw damaged('its table of contents does not fit what it holds')
    }
    this.#entries.delete(listed.offset)
    this.#listed++
    this.#contentsBytes += size
    return true
  }

  #beginContents(): void {
    if (this.#contentsOffset < 0) this.#contentsOffset = this.#source.offset
  }

  #contents(): zip.ZipContents {
    this.#beginContents()
    return { entries: this.#listed, sizeBytes: this.#contentsBytes, offset: this.#contentsOffset }
  }

  #readZip64End(): boolean {
    const source = this.#source
    if (source.available < 56) return false
    const size = 12 + zip.uint64(source.peek(12), 4)
    if (size < 56 || size > LARGEST_ZIP64_END) throw damaged('it names a size that cannot be')
    if (source.available < size) return false
    const contents = this.#contents()
    if (!zip.zip64EndAgrees(source.take(size), contents)) throw damaged('its table of contents is not whole')
    return true
  }

  #readEnd(): boolean {
    const source = this.#source
    if (source.available < 22) return false
    const size = 22 + zip.uint16(source.peek(22), 20)
    if (source.available < size) return false
    const contents = this.#contents()
    if (!zip.endAgrees(source.take(size), contents) || this.#entries.size > 0) {
      throw damaged('its table of contents is not whole')
    }
    this.#done = true
    return true
  }
}
