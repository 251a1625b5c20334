// Leaves the moves of excluded objects out, and brings the printer over to where the file goes on.
import { type Command, decodeLatin1, F, has, X, Y, Z } from '../command.ts'
import { type ByteRange, ByteRanges } from './byte-ranges.ts'
import type { Dialect } from './dialect.ts'
import { Link } from './link.ts'
import { copyPlace, homed, type Place, placeAtStart, Registers } from './registers.ts'

const LETTER_G = 71
const LETTER_M = 77

/** M-codes that neither move nor wait, nor mind where the nozzle is. */
const carefree = new Set([
  73, 82, 83, 104, 106, 107, 117, 118, 140, 141, 142, 155, 200, 201, 202, 203, 204, 205, 207, 208, 209, 220, 221, 302,
  486, 566, 572, 593, 624, 625, 900,
])

/** EXCLUDE_OBJECT_START, SET_VELOCITY_LIMIT and the like. */
const labelsAndLimits = /^(EXCLUDE_OBJECT|SET_)/i

/**
 * Two places are kept: where the file believes the printer to be, and where it is. Within an excluded stretch only the
 * first moves on. After it, moves without plastic are held back as well, in any mode, until the file feeds filament
 * or something happens that heeds the place; then the printer is taken there in one go, above all that is printed.
 */
export class ObjectSkip {
  readonly #file: Registers
  readonly #printer: Place = placeAtStart()
  readonly #excluded = new ByteRanges()
  readonly #link: Link
  /** Whether the printer is not where the file believes it to be. */
  #apart = false
  /** Whether the file has gone on in X and Y, outside of what is excluded, since they parted. */
  #travelled = false

  /** `write` takes the lines that bring the printer over; `height` is the highest that it may be lifted, in mm. */
  constructor(dialect: Dialect, height: number, write: (text: string, endOffset: number) => void) {
    this.#file = new Registers(dialect)
    this.#link = new Link(this.#file, this.#printer, height, write)
  }

  exclude(ranges: readonly ByteRange[]): void {
    this.#excluded.add(ranges)
  }

  /** Whether the printer is to have this command. What must come before it is written first. */
  passes(command: Command): boolean {
    const excluded = !this.#excluded.isEmpty && this.#excluded.hold(command.offset)
    const isMove = isMoveOf(command)
    if (excluded && !this.#apart && (isMove || this.#isRetraction(command))) this.#part()
    const passes = !this.#apart || (excluded ? this.#within(command, isMove) : this.#after(command, isMove))
    if (isMove) this.#track(command, excluded)
    else this.#follow(command)
    return passes
  }

  /** The end of the file: moves that were held back are made. */
  end(endOffset: number): void {
    if (this.#apart) this.#settle(endOffset)
  }

  #part(): void {
    copyPlace(this.#printer, this.#file.place)
    this.#apart = true
    this.#travelled = false
  }

  #track(command: Command, excluded: boolean): void {
    const file = this.#file
    const fed = file.fedBy(command)
    file.move(command, fed)
    this.#link.learn(command, fed, excluded)
  }

  #follow(command: Command): void {
    const file = this.#file
    const z = file.place.z
    const wasRelative = file.extrudesRelative
    file.follow(command)
    if (wasRelative && !file.extrudesRelative && !this.#apart) this.#link.recount(command.offset)
    if (isSetPosition(command)) this.#link.raise(file.place.z - z)
  }

  /** In an excluded stretch: what moves is left out. */
  #within(command: Command, isMove: boolean): boolean {
    this.#travelled = false
    if (isMove || this.#isRetraction(command)) return false
    if (isSetPosition(command)) return this.#setPosition(command)
    // Whatever the slicer has pulled back before it changes the tool, it will feed again when the tool returns.
    if (isTool(command)) this.#link.retract(command.offset)
    else if (command.letter === LETTER_G && command.number === 28) homed(this.#printer, command)
    return true
  }

  /** Behind an excluded stretch, the printer not brought over yet. */
  #after(command: Command, isMove: boolean): boolean {
    if (isSetPosition(command)) return this.#setPosition(command)
    const feeds = isMove ? this.#file.fedBy(command) > 0 : command.number === 11
    if (isMove || this.#isRetraction(command)) {
      if (feeds) return this.#bringOver(command)
      if (isMove && (has(command, X) || has(command, Y))) this.#travelled = true
      return false
    }
    if (heedsPlace(command)) this.#settle(command.offset)
    if (command.letter === LETTER_G && command.number === 28) homed(this.#printer, command)
    return true
  }

  #bringOver(command: Command): boolean {
    this.#link.bringOver(command.offset)
    this.#link.prime(command.offset)
    if (!has(command, F)) this.#link.restoreFeedrate(command.offset)
    this.#apart = false
    return true
  }

  /** Before something that heeds the place: no plastic is fed for it, and it is not sought where a part was left out. */
  #settle(endOffset: number): void {
    if (this.#travelled) this.#link.bringOver(endOffset)
    else this.#link.wait(endOffset)
    this.#travelled = false
  }

  /** G92 gives the file's place another name; the printer's own place is told the same shift, and E later. */
  #setPosition(command: Command): boolean {
    const file = this.#file
    const { x, y, z } = file.place
    const shiftX = file.setTo(command, X, x) - x
    const shiftY = file.setTo(command, Y, y) - y
    const shiftZ = file.setTo(command, Z, z) - z
    this.#link.setPlace(shiftX, shiftY, shiftZ, command.offset)
    return false
  }

  #isRetraction(command: Command): boolean {
    if (command.letter !== LETTER_G || (command.number !== 10 && command.number !== 11)) return false
    return this.#file.retractsByFirmware(command)
  }
}

const isMoveOf = (command: Command): boolean =>
  command.letter === LETTER_G && (command.number <= 3 || command.number === 5) && command.number >= 0

const isSetPosition = (command: Command): boolean =>
  command.letter === LETTER_G && command.number === 92 && command.subcode === 0

const isTool = (command: Command): boolean =>
  command.letter !== 0 && command.letter !== LETTER_G && command.letter !== LETTER_M

const heedsPlace = (command: Command): boolean => {
  if (command.letter === LETTER_G) {
    const number = command.number
    return !((number >= 17 && number <= 21) || number === 90 || number === 91)
  }
  if (command.letter === LETTER_M) return !carefree.has(command.number)
  if (command.letter !== 0) return true
  return !labelsAndLimits.test(decodeLatin1(command.bytes, command.from, Math.min(command.to, command.from + 16)))
}
