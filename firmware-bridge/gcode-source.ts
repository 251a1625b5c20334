// The lines of a file on this machine's disk, read ahead so that the printer never waits for the disk.
import { type FileHandle, open } from 'node:fs/promises'
import { type LabelledRanges, type PlaceMark, PlaceMarks, PrintableLines } from '../gcode/index.ts'
import type { LineSource, SourceLine } from './source.ts'

const CHUNK_BYTES = 128 * 1024
/** Lines are made of the bytes only so far ahead: an object that is left out is left out soon. */
const AHEAD_LINES = 64
const LONGEST_LINE_BYTES = 4000

/** Where in the part a place of the file is. */
export type Place = Pick<PlaceMark, 'layer' | 'object'>

export class GcodeSource implements LineSource {
  readonly #file: FileHandle
  readonly sizeBytes: number
  // What is too long for its printer the link leaves out, and says so.
  readonly #lines = new PrintableLines({ longest: LONGEST_LINE_BYTES })
  readonly #marks = new PlaceMarks()
  #places: PlaceMark[] = []
  #place: Place = { layer: null, object: null }
  #now: readonly SourceLine[] = []
  #at = 0
  #readBytes = 0
  /** Bytes fed and not yet made into lines. */
  #next: Buffer | null = null
  #ended = false
  #closed = false
  #reading: Promise<void> | null = null
  #failure: Error | null = null
  /** Told when lines have come after `take` said `later`. */
  onReady: () => void = () => {}
  /** Told when the disk fails. */
  onFailed: (error: Error) => void = () => {}

  private constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file
    this.sizeBytes = sizeBytes
  }

  /** `fromByte`: lines that end there or before are not given out, but told to `passed`, in order. */
  static async open(path: string, fromByte = 0, passed: (line: SourceLine) => void = () => {}): Promise<GcodeSource> {
    const file = await open(path, 'r')
    const source = new GcodeSource(file, (await file.stat()).size)
    await source.#read()
    if (fromByte > 0) await source.#pass(fromByte, passed)
    return source
  }

  take(): SourceLine | 'later' | 'end' {
    for (;;) {
      const line = this.#now[this.#at]
      if (line !== undefined) {
        this.#at++
        return line
      }
      this.#now = this.#lines.take(AHEAD_LINES)
      this.#at = 0
      if (this.#now.length > 0) continue
      if (!this.#feed()) return this.#ended && this.#reading === null ? 'end' : 'later'
    }
  }

  /** From the next lines on, the moves of these objects are left out. */
  exclude(objects: readonly LabelledRanges[]): void {
    this.#lines.exclude(objects)
  }

  /** The layer and the object after so many bytes; ask with rising bytes. */
  placeAt(bytes: number): Place {
    let passed = 0
    for (let mark = this.#places[0]; mark !== undefined && mark.offset < bytes; mark = this.#places[++passed]) {
      this.#place = mark
    }
    if (passed > 0) this.#places.splice(0, passed)
    return { layer: this.#place.layer, object: this.#place.object }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#ended = true
    await this.#reading
    await this.#file.close()
  }

  async #pass(fromByte: number, passed: (line: SourceLine) => void): Promise<void> {
    for (;;) {
      const line = this.take()
      if (line === 'end') return
      if (line === 'later') {
        await this.#reading
        if (this.#failure !== null) throw this.#failure
      } else if (line.endOffset <= fromByte) passed(line)
      else {
        this.#at--
        return
      }
    }
  }

  /** Hands the bytes that were read ahead to be made into lines, and reads on; false where there are none yet. */
  #feed(): boolean {
    const bytes = this.#next
    this.#next = null
    if (!this.#ended && this.#reading === null) this.#readAhead()
    if (bytes === null) return false
    if (bytes.length === 0) this.#lines.end()
    else this.#lines.feed(bytes)
    return true
  }

  #readAhead(): void {
    this.#reading = this.#read()
      .finally(() => {
        this.#reading = null
      })
      .then(
        () => this.onReady(),
        (error: Error) => {
          this.#failure = error
          this.onFailed(error)
        },
      )
  }

  /** One chunk; an empty one is the end. */
  async #read(): Promise<void> {
    const bytes = Buffer.allocUnsafe(CHUNK_BYTES)
    const { bytesRead } = await this.#file.read(bytes, 0, CHUNK_BYTES, this.#readBytes)
    this.#readBytes += bytesRead
    if (bytesRead === 0) this.#ended = true
    const chunk = bytes.subarray(0, bytesRead)
    this.#marks.feed(chunk)
    this.#places.push(...this.#marks.take())
    this.#next = chunk
  }
}
