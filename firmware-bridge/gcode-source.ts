// The lines of a file on this machine's disk, read ahead so that the printer never waits for the disk.
import { type FileHandle, open } from 'node:fs/promises'
import { PrintableLines } from '../gcode/index.ts'
import type { LineSource, SourceLine } from './source.ts'

const CHUNK_BYTES = 128 * 1024
/** What is too long for the firmware is left out by the link, which says so. */
const LONGEST = 1 << 20

export class GcodeSource implements LineSource {
  readonly #file: FileHandle
  readonly sizeBytes: number
  readonly #lines = new PrintableLines({ longest: LONGEST })
  #now: readonly SourceLine[] = []
  #at = 0
  #next: readonly SourceLine[] | null = null
  #readBytes = 0
  #ended = false
  #reading: Promise<void> | null = null
  /** Told when lines have come after `take` said `later`. */
  onReady: () => void = () => {}
  /** Told when the disk fails. */
  onFailed: (error: Error) => void = () => {}

  private constructor(file: FileHandle, sizeBytes: number) {
    this.#file = file
    this.sizeBytes = sizeBytes
  }

  static async open(path: string): Promise<GcodeSource> {
    const file = await open(path, 'r')
    const source = new GcodeSource(file, (await file.stat()).size)
    await source.#fill()
    return source
  }

  take(): SourceLine | 'later' | 'end' {
    for (;;) {
      const line = this.#now[this.#at]
      if (line !== undefined) {
        this.#at++
        return line
      }
      if (this.#next === null) {
        if (this.#ended && this.#reading === null) return 'end'
        this.#readAhead()
        return 'later'
      }
      this.#now = this.#next
      this.#at = 0
      this.#next = null
      this.#readAhead()
    }
  }

  async close(): Promise<void> {
    this.#ended = true
    await this.#reading
    await this.#file.close()
  }

  #readAhead(): void {
    if (this.#reading !== null || this.#ended) return
    this.#reading = this.#fill()
      .then(
        () => this.onReady(),
        (error: Error) => this.onFailed(error),
      )
      .finally(() => {
        this.#reading = null
      })
  }

  /** Reads until there are lines (a chunk may hold nothing but comments) or the file ends. */
  async #fill(): Promise<void> {
    const bytes = Buffer.allocUnsafe(CHUNK_BYTES)
    while (!this.#ended) {
      const { bytesRead } = await this.#file.read(bytes, 0, CHUNK_BYTES, this.#readBytes)
      this.#readBytes += bytesRead
      if (bytesRead === 0) {
        this.#lines.end()
        this.#ended = true
      } else this.#lines.feed(bytes.subarray(0, bytesRead))
      const lines = this.#lines.take()
      if (lines.length > 0) {
        this.#next = lines
        return
      }
    }
  }
}
