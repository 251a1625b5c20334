// The lines that take a printer from where it stopped to where its file goes on.
import { type Command, has, X, Y, Z } from '../command.ts'
import { feed, type Place, type Registers, TINY } from './registers.ts'

/** A slicer pulls filament back by less than this for a travel; more is the unloading of a tool. */
const LONGEST_PULL = 10
/** From this distance on the printer pulls filament back although the file, going elsewhere, did not. */
const LONG_TRAVEL = 2
const HIGHEST_HOP = 2
const USUAL_HOP = 0.4

export class Link {
  readonly #file: Registers
  readonly #printer: Place
  readonly #height: number
  readonly #write: (text: string, endOffset: number) => void
  /** How high plastic was laid by what the printer was sent; below all numbers before there is any. */
  #top = Number.NEGATIVE_INFINITY
  #lastLaid = 0
  /** Whether the file's count of E, relative since the printer was brought over, is not the printer's. */
  #miscounts = false
  /** What the file does for its own travels: lift, length pulled back, feedrates in mm/min. */
  #hop = 0
  #pull = 0
  #travelFeedrate = 6000
  #liftFeedrate = 600
  #pullFeedrate = 1800

  /** `file` is followed by the caller; `printer` is where the printer is, and is kept here. */
  constructor(file: Registers, printer: Place, height: number, write: (text: string, endOffset: number) => void) {
    this.#file = file
    this.#printer = printer
    this.#height = height
    this.#write = write
  }

  /** Sees every move of the file, done already, and how it travels. */
  learn(command: Command, fed: number, excluded: boolean): void {
    const { place, tool } = this.#file
    const across = (command.mask & ((1 << X) | (1 << Y))) !== 0
    const feedrate = place.feedratePerMinute
    if (fed !== 0 && !across) this.#pullFeedrate = feedrate || this.#pullFeedrate
    if (fed > 0) {
      if (across && !excluded) this.#lay(place.z)
    } else if (fed < 0) {
      const pulled = place.pulled[tool] as number
      if (pulled <= LONGEST_PULL) this.#pull = pulled
    } else if (across) this.#travelFeedrate = feedrate || this.#travelFeedrate
    else if (has(command, Z)) {
      this.#liftFeedrate = feedrate || this.#liftFeedrate
      const hop = place.z - this.#lastLaid
      if (this.#hasLaid && hop > this.#hop && hop <= HIGHEST_HOP) this.#hop = hop
    }
  }

  #lay(z: number): void {
    this.#lastLaid = z
    if (z > this.#top) this.#top = z
  }

  /** G92 gave what is printed another height. */
  raise(shift: number): void {
    this.#top += shift
    this.#lastLaid += shift
  }

  /** Tells the printer of coordinates that were shifted by so much. */
  setPlace(shiftX: number, shiftY: number, shiftZ: number, endOffset: number): void {
    const printer = this.#printer
    printer.x += shiftX
    printer.y += shiftY
    printer.z += shiftZ
    let words = shiftX === 0 ? '' : ` X${this.#length(printer.x)}`
    if (shiftY !== 0) words += ` Y${this.#length(printer.y)}`
    if (shiftZ !== 0) words += ` Z${this.#length(printer.z)}`
    if (words !== '') this.#write(`G92${words}`, endOffset)
  }

  /** Pulls filament back where the file has done so. */
  retract(endOffset: number): void {
    const { place, tool } = this.#file
    const lacking = (place.pulled[tool] as number) - (this.#printer.pulled[tool] as number)
    if (lacking > TINY) this.#feed(-lacking, endOffset)
    if (place.pulledByFirmware[tool] === 1 && this.#printer.pulledByFirmware[tool] === 0) this.#firmware(10, endOffset)
  }

  /** Before a wait at a place that does not matter: pulled back and lifted as in the file, no more. */
  wait(endOffset: number): void {
    this.retract(endOffset)
    if (this.#hasLaid && this.#file.place.z > this.#printer.z + TINY) this.#moveZ(this.#file.place.z, endOffset)
  }

  /** Takes the nozzle to the file's place, above all that is printed, without feeding filament. */
  bringOver(endOffset: number): void {
    const { place } = this.#file
    const printer = this.#printer
    const distance = Math.hypot(place.x - printer.x, place.y - printer.y)
    this.retract(endOffset)
    if (distance > TINY) {
      if (distance > LONG_TRAVEL) this.#pullForTravel(endOffset)
      const clear = Math.max(printer.z, place.z, this.#top) + (this.#hop || USUAL_HOP)
      const lifted = Math.max(printer.z, Math.min(clear, this.#height))
      if (this.#hasLaid && lifted > printer.z + TINY) this.#moveZ(lifted, endOffset)
      this.#moveXY(endOffset)
    }
    if (Math.abs(place.z - printer.z) > TINY) this.#moveZ(place.z, endOffset)
  }

  /** Makes filament and its count what the file believes them to be. */
  prime(endOffset: number): void {
    const { place, tool } = this.#file
    const printer = this.#printer
    if (place.pulledByFirmware[tool] === 0 && printer.pulledByFirmware[tool] === 1) this.#firmware(11, endOffset)
    const surplus = (printer.pulled[tool] as number) - (place.pulled[tool] as number)
    if (surplus > TINY) this.#feed(surplus, endOffset)
    if (Math.abs(printer.e - place.e) > TINY) this.#miscounts = true
    if (!this.#file.extrudesRelative) this.recount(endOffset)
  }

  /** Before E is absolute (again): the printer's count is made the file's. A relative E needs none. */
  recount(endOffset: number): void {
    if (this.#miscounts) this.#setExtruder(this.#file.place.e, endOffset)
  }

  restoreFeedrate(endOffset: number): void {
    const asked = this.#file.place.feedratePerMinute
    if (asked > 0 && asked !== this.#printer.feedratePerMinute) this.#write(`G1${this.#atFeedrate(asked)}`, endOffset)
  }

  /** Where the nozzle is before the first plastic, after homing and macros, is not known: a lift might be a fall. */
  get #hasLaid(): boolean {
    return this.#top > Number.NEGATIVE_INFINITY
  }

  #pullForTravel(endOffset: number): void {
    const { tool, firmwareRetraction } = this.#file
    const printer = this.#printer
    if ((printer.pulled[tool] as number) > TINY || printer.pulledByFirmware[tool] === 1) return
    if (firmwareRetraction) this.#firmware(10, endOffset)
    else if (this.#pull > TINY) this.#feed(-this.#pull, endOffset)
  }

  #firmware(number: 10 | 11, endOffset: number): void {
    this.#printer.pulledByFirmware[this.#file.tool] = number === 10 ? 1 : 0
    this.#write(`G${number}`, endOffset)
  }

  #feed(length: number, endOffset: number): void {
    const file = this.#file
    const printer = this.#printer
    feed(printer, file.tool, length)
    if (file.extrudesRelative) printer.e += length
    else {
      // The count ends at the file's own value, whatever the printer's was before.
      this.#setExtruder(file.place.e - length, endOffset)
      printer.e = file.place.e
    }
    const word = this.#length(file.extrudesRelative ? length : file.place.e)
    this.#write(`G1 E${word}${this.#atFeedrate(this.#pullFeedrate)}`, endOffset)
  }

  #setExtruder(value: number, endOffset: number): void {
    this.#printer.e = value
    this.#miscounts = false
    this.#write(`G92 E${this.#length(value)}`, endOffset)
  }

  #moveZ(z: number, endOffset: number): void {
    const printer = this.#printer
    const word = this.#length(this.#file.relative ? z - printer.z : z)
    printer.z = z
    this.#write(`G1 Z${word}${this.#atFeedrate(this.#liftFeedrate)}`, endOffset)
  }

  #moveXY(endOffset: number): void {
    const { place, relative } = this.#file
    const printer = this.#printer
    const x = this.#length(relative ? place.x - printer.x : place.x)
    const y = this.#length(relative ? place.y - printer.y : place.y)
    printer.x = place.x
    printer.y = place.y
    this.#write(`G1 X${x} Y${y}${this.#atFeedrate(this.#travelFeedrate)}`, endOffset)
  }

  #atFeedrate(feedratePerMinute: number): string {
    this.#printer.feedratePerMinute = feedratePerMinute
    return ` F${this.#length(feedratePerMinute)}`
  }

  /** A length in the file's unit, as short as it is exact enough: Marlin knows no exponents. */
  #length(mm: number): string {
    const text = (mm / this.#file.unit).toFixed(5).replace(/\.?0+$/, '')
    return text === '-0' || text === '' ? '0' : text
  }
}
