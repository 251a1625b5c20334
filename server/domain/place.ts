// A place in a file: what the printer remembers there, and which settings the file has made until then.
import {
  type Command,
  CommandScanner,
  type CommandSink,
  type Course,
  Interpreter,
  type PlaceMark,
  PlaceMarks,
  PrintableLines,
  secondsAt,
  textOf,
} from '../../gcode/index.ts'
import { type ModalRecord, modalRecordOf } from '../contract/print-record.ts'

/** All that is needed to go on from there. */
export interface FilePlace {
  /** Bytes of the file that are done. */
  readonly bytes: number
  readonly modal: ModalRecord
  readonly layer: number | null
  readonly object: string | null
  /** Settings that a reset has taken away, as the file made them last, in their order. */
  readonly settings: readonly string[]
  /** The file measures the bed at its start, which cannot be done again over a part. */
  readonly measuresBed: boolean
}

const LETTER_G = 71
const LETTER_M = 77
/** Accelerations, speeds, steps, pressure advance, retraction of the firmware, input shaping, cold extrusion. */
const settingCodes = new Set([92, 201, 203, 204, 205, 207, 208, 209, 302, 566, 572, 593, 900])
/** Klipper's own. */
const settingNames = /^(SET_VELOCITY_LIMIT|SET_PRESSURE_ADVANCE|SET_RETRACTION|SET_INPUT_SHAPER)\b/i
/** Filament that is pulled back further is unloaded, in mm. */
const MOST_RETRACTED = 20

/** Feed it the file up to `until` bytes or further. */
export class PlaceReader implements CommandSink {
  readonly #until: number
  readonly #scanner = new CommandScanner(this)
  readonly #interpreter = new Interpreter({ move: (_dx, _dy, _dz, de) => this.#feed(de), wait: () => {} })
  readonly #marks = new PlaceMarks()
  readonly #settings = new Map<string, string>()
  #mark: PlaceMark = { offset: 0, layer: null, object: null }
  #bytes = 0
  #retracted = 0
  #measuresBed = false
  /** Everything up to the place has been read. */
  done = false

  constructor(until: number) {
    this.#until = until
  }

  feed(chunk: Uint8Array): void {
    if (this.done) return
    this.#scanner.feed(chunk)
    this.#marks.feed(chunk)
    for (const mark of this.#marks.take()) if (mark.offset < this.#until) this.#mark = mark
    this.done ||= this.#scanner.offset >= this.#until
  }

  place(): FilePlace {
    return {
      bytes: this.#bytes,
      modal: modalRecordOf(this.#interpreter.state, this.#retracted),
      layer: this.#mark.layer,
      object: this.#mark.object,
      settings: [...this.#settings.values()],
      measuresBed: this.#measuresBed,
    }
  }

  command(command: Command): void {
    if (command.nextOffset > this.#until) {
      this.done = true
      return
    }
    this.#bytes = command.nextOffset
    this.#interpreter.command(command)
    const { letter, number } = command
    if (letter === LETTER_G && (number === 29 || number === 32)) this.#measuresBed = true
    if (letter === LETTER_M && number === 420) this.#measuresBed = true
    if (letter === LETTER_M ? settingCodes.has(number) : letter === 0 && settingNames.test(textOf(command))) {
      this.#set(textOf(command))
    }
  }

  /** The last of each kind counts; `M900 T0 K.03` and `M900 T1 K.05` are two kinds, and so are `M204 P` and `M204 T`. */
  #set(text: string): void {
    const [name = '', ...words] = text.split(/\s+/)
    // Only there T is a tool; in M204 it is the acceleration of travel.
    const byTool = name === 'M900' || name === 'M572'
    const key = [name, ...words.map((word) => (byTool && /^[TD]\d/.test(word) ? word : word.charAt(0)))].join(' ')
    this.#settings.delete(key)
    this.#settings.set(key, text)
  }

  #feed(length: number): void {
    const left = this.#retracted - length
    this.#retracted = left > MOST_RETRACTED ? 0 : Math.max(0, left)
  }
}

/** Commands that are looked at on each side of a place. */
const NEIGHBOURS = 1000

/** Feed it the file: finds where the commands around a place end, so that people can go back and forth by lines. */
export class CommandEnds implements CommandSink {
  readonly #around: number
  readonly #scanner = new CommandScanner(this)
  readonly #before: number[] = []
  readonly #after: number[] = []
  #passed = 0

  constructor(around: number) {
    this.#around = around
  }

  get done(): boolean {
    return this.#after.length >= NEIGHBOURS
  }

  feed(chunk: Uint8Array): void {
    if (!this.done) this.#scanner.feed(chunk)
  }

  command(command: Command): void {
    if (command.nextOffset <= this.#around) this.#before[this.#passed++ % NEIGHBOURS] = command.nextOffset
    else if (!this.done) this.#after.push(command.nextOffset)
  }

  /** Bytes that are done after so many commands more, or fewer; null where the file does not go there. */
  at(lines: number): number | null {
    if (lines > 0) return this.#after[lines - 1] ?? null
    const n = this.#passed - 1 + lines
    if (n === -1) return 0
    return n < 0 || lines <= -NEIGHBOURS ? null : (this.#before[n % NEIGHBOURS] ?? null)
  }

  /** How many commands of the file lie before the place. */
  get passed(): number {
    return this.#passed
  }
}

/** Feed it the file: finds where its layers begin. */
export class LayerStarts {
  readonly #marks = new PlaceMarks()
  readonly #offsets: number[] = []
  #layer: number | null = null

  feed(chunk: Uint8Array): void {
    this.#marks.feed(chunk)
    for (const { offset, layer } of this.#marks.take()) {
      if (layer !== null && layer !== this.#layer) this.#offsets.push(offset)
      this.#layer = layer
    }
  }

  /** Null where the file marks none. */
  get count(): number | null {
    return this.#offsets.length > 0 ? this.#offsets.length : null
  }

  /** Where the layer begins that is so many on from the one in which `bytes` lies; null where there is none. */
  from(bytes: number, layers: number): number | null {
    const now = this.#offsets.findLastIndex((offset) => offset < bytes)
    return now < 0 ? null : (this.#offsets[now + layers] ?? null)
  }
}

/** Feed it the file: finds the first lines after a place, as they are sent. */
export class LinesAfter {
  readonly #bytes: number
  readonly #most: number
  readonly #printable = new PrintableLines()
  readonly #found: string[] = []

  constructor(bytes: number, most: number) {
    this.#bytes = bytes
    this.#most = most
  }

  get done(): boolean {
    return this.#found.length >= this.#most
  }

  get lines(): readonly string[] {
    return this.#found
  }

  feed(chunk: Uint8Array): void {
    this.#printable.feed(chunk)
    for (const { text, endOffset } of this.#printable.take()) {
      if (endOffset > this.#bytes && !this.done) this.#found.push(text)
    }
  }
}

/** How much of a file is done after so many bytes, 0 to 1, and the seconds of motion that are left. */
export const partDone = (
  course: Course | null,
  bytes: number,
  sizeBytes: number,
): { done: number; remainingSeconds: number | null } => {
  const total = course?.seconds[course.seconds.length - 1] ?? 0
  if (course === null || total <= 0) return { done: bytes / Math.max(1, sizeBytes), remainingSeconds: null }
  const done = secondsAt(course, bytes)
  return { done: done / total, remainingSeconds: total - done }
}
