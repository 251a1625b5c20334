// One pass over a file -> everything the workshop wants to know of it before it is printed.

import { type Command, type CommandSink, decodeLatin1, E, has, P, R, S, T, wordOf, X, Y, Z } from './command.ts'
import type { Course } from './course.ts'
import { Interpreter, type ModalState, type MotionSink } from './interpret.ts'
import { type Box, defaultLimits, type MachineLimits } from './machine.ts'
import { Measure } from './measure.ts'
import { Planner } from './planner.ts'
import { CommandScanner } from './scanner.ts'
import { readNote, type SlicerNotes } from './slicer-comments.ts'
import { type Thumbnail, ThumbnailReader } from './thumbnails.ts'

export interface Analysis {
  readonly lines: number
  readonly commands: number
  /** Motion time by the planner, in seconds; heating, homing and levelling are not in it. */
  readonly motionSeconds: number
  readonly notes: SlicerNotes
  readonly layers: number
  readonly layerHeight: number
  readonly firstLayerHeight: number
  /** Filament by tool, in mm. */
  readonly filament: readonly number[]
  /** Where plastic is laid, and where the nozzle goes at all; null where nothing moves. */
  readonly extruded: Box | null
  readonly moved: Box | null
  /** The highest temperatures asked for, in °C. */
  readonly nozzleTemperature: number
  readonly bedTemperature: number
  readonly course: Course
  readonly thumbnails: readonly Thumbnail[]
}

const COURSE_POINTS = 1000
const LONGEST_COMMENT = 4096

/** Feed it the bytes of a file in order, then ask for the `result`. Nothing of the file is kept but what is asked. */
export class Analyser implements CommandSink, MotionSink {
  readonly #scanner = new CommandScanner(this)
  readonly #interpreter = new Interpreter(this)
  readonly #planner: Planner
  readonly #measure = new Measure()
  readonly #notes: SlicerNotes = {}
  readonly #thumbnails = new ThumbnailReader()
  #commands = 0
  #seconds = 0
  #nozzle = 0
  #bed = 0
  #courseBytes: number[] = [0]
  #courseSeconds: number[] = [0]
  #step = 4096

  constructor(limits: MachineLimits = defaultLimits) {
    this.#planner = new Planner(limits, (seconds, tag) => this.#timed(seconds, tag))
  }

  feed(chunk: Uint8Array): void {
    this.#scanner.feed(chunk)
  }

  /** Ends the file and returns what was found. */
  result(): Analysis {
    this.#scanner.end()
    this.#planner.flush()
    const measure = this.#measure
    this.#courseBytes.push(this.#scanner.offset)
    this.#courseSeconds.push(this.#seconds)
    return {
      lines: this.#scanner.line,
      commands: this.#commands,
      motionSeconds: this.#seconds,
      notes: this.#notes,
      layers: measure.layers,
      layerHeight: this.#notes.layerHeight ?? measure.layerHeight,
      firstLayerHeight: measure.firstLayerHeight,
      filament: Array.from(measure.filament, (length) => length ?? 0),
      extruded: measure.extruded.value(),
      moved: measure.moved.value(),
      nozzleTemperature: this.#nozzle,
      bedTemperature: this.#bed,
      course: { bytes: this.#courseBytes, seconds: this.#courseSeconds },
      thumbnails: this.#thumbnails.thumbnails,
    }
  }

  command(command: Command): void {
    this.#commands++
    if (command.letter === 77 && command.number >= 201 && command.number <= 205) this.#changeLimits(command)
    else this.#interpreter.command(command)
  }

  comment(bytes: Uint8Array, from: number, to: number): void {
    if (to - from > LONGEST_COMMENT) return
    const text = decodeLatin1(bytes, from, to)
    if (this.#thumbnails.comment(text)) return
    if (isLayerMark(text)) this.#measure.markLayer()
    else readNote(this.#notes, text)
  }

  move(dx: number, dy: number, dz: number, de: number, feedrate: number, state: ModalState, command: Command): void {
    this.#measure.move(dx, dy, dz, de, state)
    this.#planner.move(dx, dy, dz, de, feedrate, command.nextOffset)
  }

  wait(seconds: number, state: ModalState, command: Command): void {
    this.#planner.flush()
    this.#nozzle = Math.max(this.#nozzle, state.nozzleTarget)
    this.#bed = Math.max(this.#bed, state.bedTarget)
    if (seconds > 0) this.#timed(seconds, command.nextOffset)
  }

  #timed(seconds: number, offset: number): void {
    this.#seconds += seconds
    const last = this.#courseBytes[this.#courseBytes.length - 1] as number
    if (offset < last + this.#step) return
    this.#courseBytes.push(offset)
    this.#courseSeconds.push(this.#seconds)
    if (this.#courseBytes.length > COURSE_POINTS) this.#thinCourse()
  }

  #thinCourse(): void {
    this.#courseBytes = this.#courseBytes.filter((_, n) => n % 2 === 0)
    this.#courseSeconds = this.#courseSeconds.filter((_, n) => n % 2 === 0)
    this.#step *= 2
  }

  /** M201 maximum accelerations, M203 maximum feedrates, M204 accelerations, M205 jerk (Marlin's units: mm and s). */
  #changeLimits(command: Command): void {
    const planner = this.#planner
    const limits = planner.limits
    const axes = (now: MachineLimits['jerk']): MachineLimits['jerk'] => ({
      x: positive(wordOf(command, X, now.x), now.x),
      y: positive(wordOf(command, Y, now.y), now.y),
      z: positive(wordOf(command, Z, now.z), now.z),
      e: positive(wordOf(command, E, now.e), now.e),
    })
    if (command.number === 201) planner.limits = { ...limits, maxAcceleration: axes(limits.maxAcceleration) }
    else if (command.number === 203) planner.limits = { ...limits, maxFeedrate: axes(limits.maxFeedrate) }
    else if (command.number === 205) {
      planner.limits = {
        ...limits,
        jerk: axes(limits.jerk),
        minExtrudeFeedrate: has(command, S) ? wordOf(command, S, 0) : limits.minExtrudeFeedrate,
        minTravelFeedrate: has(command, T) ? wordOf(command, T, 0) : limits.minTravelFeedrate,
      }
    } else if (command.number === 204) {
      const both = wordOf(command, S, 0)
      planner.limits = {
        ...limits,
        printAcceleration: positive(wordOf(command, P, both), limits.printAcceleration),
        retractAcceleration: positive(wordOf(command, R, 0), limits.retractAcceleration),
        travelAcceleration: positive(wordOf(command, T, both), limits.travelAcceleration),
      }
    }
  }
}

const positive = (value: number, otherwise: number): number => (value > 0 ? value : otherwise)

const isLayerMark = (text: string): boolean =>
  text === 'LAYER_CHANGE' || text === 'CHANGE_LAYER' || /^LAYER:-?\d+$/.test(text) || /^layer \d+, Z = /.test(text)
