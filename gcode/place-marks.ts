// Where in a part a file is: which layer, and which object of the plate, as the slicer says.
import { type Command, type CommandSink, decodeLatin1, S, wordOf } from './command.ts'
import { CommandScanner } from './scanner.ts'
import { SlicerMarks } from './slicer/marks.ts'

export interface PlaceMark {
  /** Where the line begins, in bytes of the file, behind which this holds. */
  readonly offset: number
  /** From 1; null before the first layer. */
  readonly layer: number | null
  readonly object: string | null
}

const LETTER_M = 77
const LONGEST_NAME = 120
const PRINTING = /^printing object (.+?)(?: id:\d+ copy \d+)?$/
const STOPPED = /^stop printing object\b/
const MESH = /^MESH:(.+)$/
const BEGIN = /^EXCLUDE_OBJECT_START\b.*\bNAME=("[^"]*"|\S+)/i

/** Feed it the bytes of a file; take the marks that have come. */
export class PlaceMarks implements CommandSink {
  readonly #scanner = new CommandScanner(this)
  readonly #slicer = new SlicerMarks()
  #layer: number | null = null
  #object: string | null = null
  #gathered: PlaceMark[] = []

  feed(chunk: Uint8Array): void {
    this.#scanner.feed(chunk)
  }

  take(): PlaceMark[] {
    const taken = this.#gathered
    this.#gathered = []
    return taken
  }

  comment(bytes: Uint8Array, from: number, to: number, offset: number): void {
    this.#slicer.comment(bytes, from, to)
    const layer = this.#slicer.layers > 0 ? this.#slicer.layers : null
    const first = bytes[from]
    // p, s, M: only these begin a comment that names an object.
    const names = first === 112 || first === 115 || first === 77
    const object = names ? this.#named(decodeLatin1(bytes, from, Math.min(to, from + LONGEST_NAME))) : this.#object
    this.#mark(offset, layer, object)
  }

  command(command: Command): void {
    if (command.letter === LETTER_M && command.number === 486) {
      const number = wordOf(command, S, Number.NaN)
      if (!Number.isNaN(number)) this.#mark(command.offset, this.#layer, number < 0 ? null : `object ${number}`)
      return
    }
    if (command.letter !== 0) return
    const text = decodeLatin1(command.bytes, command.from, Math.min(command.to, command.from + LONGEST_NAME))
    const begun = BEGIN.exec(text)?.[1]
    if (begun !== undefined) this.#mark(command.offset, this.#layer, begun.replace(/"/g, ''))
    else if (/^EXCLUDE_OBJECT_END\b/i.test(text)) this.#mark(command.offset, this.#layer, null)
  }

  #named(comment: string): string | null {
    if (STOPPED.test(comment) || comment === 'MESH:NONMESH') return null
    return (PRINTING.exec(comment) ?? MESH.exec(comment))?.[1] ?? this.#object
  }

  #mark(offset: number, layer: number | null, object: string | null): void {
    if (layer === this.#layer && object === this.#object) return
    this.#layer = layer
    this.#object = object
    this.#gathered.push({ offset, layer, object })
  }
}
