// What a firmware counts from line to line: where it is, how it reads numbers, how much filament is pulled back.
import { type Command, E, F, has, L, P, R, S, wordOf, X, Y, Z } from '../command.ts'
import { type Dialect, extruderMode } from './dialect.ts'

const LETTER_G = 71
const LETTER_M = 77
const TOOLS = 256

/** A number beyond this is not from a slicer: it is held there, so that sums stay numbers. */
const LARGEST = 1e9

/** Two lengths nearer than this are one: what is left of 15.6 - 17.6 + 2. */
export const TINY = 1e-6

/** The place of a printer, in mm and in the coordinates that its next line is read in; feedrate in mm/min. */
export interface Place {
  x: number
  y: number
  z: number
  e: number
  feedratePerMinute: number
  /** By tool: how much filament is pulled back by moves (mm), and whether it is by G10. */
  readonly pulled: Float64Array
  readonly pulledByFirmware: Uint8Array
}

export const placeAtStart = (): Place => ({
  x: 0,
  y: 0,
  z: 0,
  e: 0,
  feedratePerMinute: 0,
  pulled: new Float64Array(TOOLS),
  pulledByFirmware: new Uint8Array(TOOLS),
})

export const copyPlace = (to: Place, from: Place): void => {
  to.x = from.x
  to.y = from.y
  to.z = from.z
  to.e = from.e
  to.feedratePerMinute = from.feedratePerMinute
  to.pulled.set(from.pulled)
  to.pulledByFirmware.set(from.pulledByFirmware)
}

/** Filament fed (or pulled back, below 0) by a tool. */
export const feed = (place: Place, tool: number, length: number): void => {
  const pulled = (place.pulled[tool] as number) - length
  place.pulled[tool] = pulled > TINY ? Math.min(pulled, LARGEST) : 0
}

/** Follows the lines of a file. */
export class Registers {
  readonly place: Place = placeAtStart()
  relative = false
  relativeE = false
  /** 1, or 25.4 after G20. */
  unit = 1
  tool = 0
  /** Whether the file has pulled filament back by G10. */
  firmwareRetraction = false
  readonly #mode: (typeof extruderMode)[Dialect]
  readonly #dialect: Dialect

  constructor(dialect: Dialect) {
    this.#dialect = dialect
    this.#mode = extruderMode[dialect]
  }

  /** Whether the next E is a length and not a place. */
  get extrudesRelative(): boolean {
    return this.relativeE || (this.relative && this.#mode === 'either')
  }

  /** Filament that a move feeds, in mm (mm³ in volumetric mode). */
  fedBy(command: Command): number {
    if (!has(command, E)) return 0
    const asked = bounded(wordOf(command, E, Number.NaN) * this.unit)
    if (Number.isNaN(asked)) return 0
    return this.extrudesRelative ? asked : asked - this.place.e
  }

  /** G0 to G3 and G5. */
  move(command: Command, fed: number): void {
    const place = this.place
    if (has(command, X)) place.x = this.#target(command, X, place.x)
    if (has(command, Y)) place.y = this.#target(command, Y, place.y)
    if (has(command, Z)) place.z = this.#target(command, Z, place.z)
    if (fed !== 0) {
      place.e = bounded(place.e + fed)
      feed(place, this.tool, fed)
    }
    if (has(command, F)) {
      const asked = bounded(wordOf(command, F, 0) * this.unit)
      if (asked > 0) place.feedratePerMinute = asked
    }
  }

  /** Any other command. */
  follow(command: Command): void {
    if (command.letter === LETTER_G) this.#g(command)
    else if (command.letter === LETTER_M) {
      if (command.number === 82) this.relativeE = false
      else if (command.number === 83) this.relativeE = true
    } else if (command.letter !== 0 && command.number >= 0 && command.number < TOOLS) this.tool = command.number
  }

  /** Whether G10 and G11 are a retraction here, and not the setting of a tool. */
  retractsByFirmware(command: Command): boolean {
    const settings = (1 << X) | (1 << Y) | (1 << Z) | (1 << L) | (1 << P) | (1 << R)
    const alsoS = this.#dialect === 'reprapfirmware' ? 1 << S : 0
    return command.subcode === 0 && (command.mask & (settings | alsoS)) === 0
  }

  /** The value that `axis` gets by a G92; without words, all axes become 0. */
  setTo(command: Command, letter: number, now: number): number {
    const all = (command.mask & ((1 << X) | (1 << Y) | (1 << Z) | (1 << E))) === 0
    return all || has(command, letter) ? bounded(wordOf(command, letter, 0) * this.unit) : now
  }

  #g(command: Command): void {
    const place = this.place
    switch (command.number) {
      case 10:
      case 11:
        if (!this.retractsByFirmware(command)) return
        this.firmwareRetraction = true
        place.pulledByFirmware[this.tool] = command.number === 10 ? 1 : 0
        return
      case 20:
        this.unit = 25.4
        return
      case 21:
        this.unit = 1
        return
      case 28:
        return homed(place, command)
      case 90:
      case 91:
        this.relative = command.number === 91
        if (this.#mode === 'with-axes') this.relativeE = this.relative
        return
      case 92:
        if (command.subcode !== 0) return
        place.x = this.setTo(command, X, place.x)
        place.y = this.setTo(command, Y, place.y)
        place.z = this.setTo(command, Z, place.z)
        place.e = this.setTo(command, E, place.e)
        return
      default:
        return
    }
  }

  #target(command: Command, letter: number, now: number): number {
    const word = wordOf(command, letter, Number.NaN)
    if (Number.isNaN(word)) return now
    return bounded(this.relative ? now + word * this.unit : word * this.unit)
  }
}

/** Home counts as 0: where it truly is, only the printer knows, but for a file and its rewriting it is one place. */
export const homed = (place: Place, command: Command): void => {
  const all = (command.mask & ((1 << X) | (1 << Y) | (1 << Z))) === 0
  if (all || has(command, X)) place.x = 0
  if (all || has(command, Y)) place.y = 0
  if (all || has(command, Z)) place.z = 0
}

const bounded = (value: number): number => (value > LARGEST ? LARGEST : value < -LARGEST ? -LARGEST : value)
