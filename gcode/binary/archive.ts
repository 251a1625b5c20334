// Sliced plates in an archive: .gcode.3mf of Bambu Studio and OrcaSlicer, .ufp of Cura.
import { BadContainer } from './bad-container.ts'
import { type PlateFacts, readSliceInfo } from './slice-info.ts'
import { ZipReader, type ZipSink } from './zip-reader.ts'

export interface Plate {
  /** Counts from 1, as the slicer shows it. */
  readonly number: number
  /** Of its text. */
  readonly sizeBytes: number
  /** A PNG as it lies in the archive, not looked at. */
  readonly thumbnail: Uint8Array | null
  readonly facts: PlateFacts | null
}

export interface ArchiveOptions {
  /** Takes the text of the plate; the bytes are the taker's to keep. */
  text(bytes: Uint8Array): void
  /** Which one; the first in the archive where left out. */
  readonly plate?: number | undefined
}

const MOST_PLATES = 100
/** A larger picture, or more of them together, is not kept. */
const LARGEST_KEPT = 4 << 20
const MOST_KEPT = 32 << 20

/** Feed it an archive, then call `end` and ask for its plates. Memory is bounded whatever the archive says. */
export class ArchiveReader implements ZipSink {
  readonly #zip = new ZipReader(this)
  readonly #options: ArchiveOptions
  readonly #sizes = new Map<number, number>()
  /** Pictures and facts, by their names. */
  readonly #kept = new Map<string, Uint8Array[]>()
  #keptBytes = 0
  #wanted: number | undefined

  constructor(options: ArchiveOptions) {
    this.#options = options
    this.#wanted = options.plate
  }

  feed(chunk: Uint8Array): void {
    this.#zip.feed(chunk)
  }

  end(): void {
    this.#zip.end()
    if (this.#sizes.size === 0) {
      throw new BadContainer('This archive holds no sliced plate. Slice the model, then export the sliced file.')
    }
    if (this.#wanted !== undefined && !this.#sizes.has(this.#wanted)) {
      const numbers = this.plates.map((plate) => plate.number).join(', ')
      throw new BadContainer(`This file has no plate ${this.#wanted}. What it has: ${numbers}.`)
    }
  }

  /** All of them by number, once the archive has ended. */
  get plates(): readonly Plate[] {
    const info = this.#keptFile('metadata/slice_info.config')
    const facts = info === null ? null : readSliceInfo(info)
    return [...this.#sizes]
      .sort(([one], [other]) => one - other)
      .map(([number, sizeBytes]) => ({
        number,
        sizeBytes,
        thumbnail: this.#keptFile(`metadata/plate_${number}.png`) ?? this.#keptFile('metadata/thumbnail.png'),
        facts: facts?.get(number) ?? null,
      }))
  }

  begin(name: string): ((bytes: Uint8Array) => void) | null {
    const number = plateNumberOf(plainName(name))
    if (number !== null) {
      if (this.#sizes.has(number) || this.#sizes.size === MOST_PLATES) {
        throw new BadContainer(`This archive holds plate ${number} twice, or too many plates: it is not from a slicer.`)
      }
      this.#wanted ??= number
      this.#sizes.set(number, 0)
      return number === this.#wanted ? (bytes) => this.#options.text(bytes) : null
    }
    return isKept(plainName(name)) ? this.#keep(plainName(name)) : null
  }

  finish(name: string, sizeBytes: number): void {
    const number = plateNumberOf(plainName(name))
    if (number !== null) this.#sizes.set(number, sizeBytes)
  }

  /** A taker for a file; where that grows too large, nothing of it is kept. */
  #keep(name: string): (bytes: Uint8Array) => void {
    let pieces: Uint8Array[] | null = []
    let size = 0
    this.#kept.delete(name)
    return (bytes) => {
      if (pieces === null) return
      size += bytes.length
      this.#keptBytes += bytes.length
      if (size > LARGEST_KEPT || this.#keptBytes > MOST_KEPT) {
        this.#keptBytes -= size
        this.#kept.delete(name)
        pieces = null
      } else {
        pieces.push(bytes)
        this.#kept.set(name, pieces)
      }
    }
  }

  #keptFile(name: string): Uint8Array | null {
    const pieces = this.#kept.get(name)
    if (pieces === undefined) return null
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
    let at = 0
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }
}

/** The plates of an archive that lies in memory. To read the text of one, feed the archive to a `TextReader`. */
export const readPlates = (archive: Uint8Array): readonly Plate[] => {
  const reader = new ArchiveReader({ text: () => {} })
  reader.feed(archive)
  reader.end()
  return reader.plates
}

/** Names as they are compared: some begin with a slash, and capitals differ from writer to writer. */
const plainName = (name: string): string => name.replace(/^\//, '').toLowerCase()

const plateNumberOf = (name: string): number | null => {
  if (name === '3d/model.gcode') return 1
  const number = /^metadata\/plate_([1-9]\d{0,2})\.gcode$/.exec(name)?.[1]
  return number === undefined ? null : Number(number)
}

const isKept = (name: string): boolean =>
  name === 'metadata/slice_info.config' ||
  name === 'metadata/thumbnail.png' ||
  /^metadata\/plate_[1-9]\d{0,2}\.png$/.test(name)
