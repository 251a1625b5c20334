// Commands -> motion: each straight piece that follows from a line, and each time the machine stands still.
import type { ArcCutting } from './arc.ts'
import { walkArc } from './arc-walk.ts'
import { type Command, D, E, F, G, has, L, P, S, wordOf, X, Y, Z } from './command.ts'
import { extendedName } from './extended.ts'
import { setNozzle, takeExtendedHeat, takeHeat } from './heat.ts'
import { initialState, MOST_TOOLS, type ModalState } from './modal-state.ts'
import type { MotionSink } from './motion.ts'
import { Offsets } from './offsets.ts'
import { areaOf } from './volume.ts'

const LETTER_G = 71
const LETTER_M = 77

/** A percentage beyond these (M220, M221) is a mistake, and is left as it was. */
const FACTOR = { least: 0.01, most: 100 }
/** mm/s, as long as no F word has come (Marlin and Klipper). */
const FIRST_FEEDRATE = 25
/** mm; filament thinner or thicker than this is none (M200). */
const FILAMENT_DIAMETER = { least: 0.5, most: 10 }

export interface InterpreterOptions {
  /** mm; serves volumetric extrusion (M200) where the file names none. */
  readonly filamentDiameter?: number
  /** E words are mm³ from the beginning, as the slicer's settings say. */
  readonly volumetric?: boolean | undefined
  readonly arcs?: ArcCutting
}

/** Takes commands one by one and keeps the modal state. */
export class Interpreter {
  readonly state: ModalState = initialState()
  readonly #sink: MotionSink
  readonly #offsets = new Offsets()
  readonly #arcs: ArcCutting
  #filamentDiameter: number
  /** Which tool is in use before the first T, nobody knows. */
  #toolChosen = false

  constructor(sink: MotionSink, options: InterpreterOptions = {}) {
    this.#sink = sink
    this.#filamentDiameter = options.filamentDiameter ?? 1.75
    this.#arcs = options.arcs ?? 'by-length'
    if (options.volumetric) this.state.volumetricArea = areaOf(this.#filamentDiameter)
  }

  command(command: Command): void {
    if (command.letter === LETTER_G) {
      if (command.number <= 1) this.#straight(command)
      else this.#g(command)
    } else if (command.letter === LETTER_M) this.#m(command)
    else if (command.letter !== 0) this.#selectTool(command.number, command)
    else this.#extended(command)
  }

  #g(command: Command): void {
    const state = this.state
    switch (command.number) {
      case 2:
      case 3:
        return this.#arc(command)
      case 4:
        return this.#dwell(command)
      case 10:
        return this.#g10(command)
      case 11:
        state.firmwareRetracted = false
        return
      case 17:
      case 18:
      case 19:
        state.plane = command.number
        return
      case 20:
      case 21:
        state.unit = command.number === 20 ? 25.4 : 1
        return
      case 28:
        return this.#home(command)
      case 29:
      case 32:
        // G29.1 and so on set how levelling is used.
        if (command.subcode === 0) this.#sink.wait(0, state, command, 'level')
        return
      case 53:
        return this.#inMachineCoordinates(command)
      case 54:
      case 55:
      case 56:
      case 57:
      case 58:
      case 59:
        return this.#offsets.select(state, command)
      case 90:
      case 91:
        state.relative = command.number === 91
        return
      case 92:
        this.#offsets.name(state, command)
        // The slicers' planners stop here, unless only the filament is named anew.
        if (has(command, X) || has(command, Y) || has(command, Z)) this.#sink.wait(0, state, command, 'stop')
        return
      default:
        return
    }
  }

  #m(command: Command): void {
    const state = this.state
    const heat = takeHeat(state, command)
    if (heat !== undefined) {
      if (heat !== null) this.#sink.wait(0, state, command, heat)
      return
    }
    switch (command.number) {
      case 82:
      case 83:
        state.relativeE = command.number === 83
        return
      case 0:
      case 1:
      case 226:
      case 600:
        return this.#sink.wait(0, state, command, 'person')
      case 400:
        return this.#dwell(command)
      case 200:
        return this.#setVolumetric(command)
      case 206:
        return this.#offsets.home(state, command)
      case 220:
        state.feedrateFactor = factorOf(command, state.feedrateFactor)
        return
      case 221:
        state.flowFactor = factorOf(command, state.flowFactor)
        return
      default:
        return
    }
  }

  #extended(command: Command): void {
    const name = extendedName(command)
    switch (name) {
      case 'SET_GCODE_OFFSET':
        return this.#offsets.klipper(this.state, command)
      case 'SET_HEATER_TEMPERATURE':
      case 'TEMPERATURE_WAIT': {
        const heat = takeExtendedHeat(this.state, name, command)
        if (heat !== null) this.#sink.wait(0, this.state, command, heat)
        return
      }
      default:
        return
    }
  }

  /** G4 and M400: S in seconds, P in milliseconds; without them, until the last move is made. */
  #dwell(command: Command): void {
    const seconds = wordOf(command, S, 0) + wordOf(command, P, 0) / 1000
    this.#sink.wait(Math.max(0, seconds), this.state, command, seconds > 0 ? 'dwell' : 'stop')
  }

  /** Retraction; or, as in RepRapFirmware, workspaces (L) and the temperatures of a tool (P with S or R). */
  #g10(command: Command): void {
    if (has(command, L)) this.#offsets.set(this.state, command)
    else if (!has(command, P)) this.state.firmwareRetracted = true
    else if (has(command, S)) setNozzle(this.state, wordOf(command, P, 0), wordOf(command, S, 0))
  }

  /** M200: `D` is the filament's diameter, 0 switches back to lengths; `S0` and `S1` switch as well. */
  #setVolumetric(command: Command): void {
    const diameter = wordOf(command, D, this.#filamentDiameter)
    if (diameter >= FILAMENT_DIAMETER.least && diameter <= FILAMENT_DIAMETER.most) this.#filamentDiameter = diameter
    const on = wordOf(command, S, diameter > 0 ? 1 : 0) !== 0
    this.state.volumetricArea = on ? areaOf(this.#filamentDiameter) : 0
  }

  #selectTool(tool: number, command: Command): void {
    const state = this.state
    if (tool < 0 || tool >= MOST_TOOLS || (tool === state.tool && this.#toolChosen)) return
    this.#toolChosen = true
    state.tool = tool
    state.nozzleTarget = state.nozzleTargets[tool] as number
    this.#sink.wait(0, state, command, 'tool')
  }

  #feedrate(command: Command): number {
    const state = this.state
    if (has(command, F)) {
      const asked = (wordOf(command, F, 0) * state.unit) / 60
      if (asked > 0) state.feedrate = asked
    }
    return (state.feedrate > 0 ? state.feedrate : FIRST_FEEDRATE) * state.feedrateFactor
  }

  /** How much filament an E word feeds, in mm; sets the position. */
  #extrude(command: Command): number {
    if (!has(command, E)) return 0
    const state = this.state
    const word = wordOf(command, E, Number.NaN)
    if (Number.isNaN(word)) return 0
    const asked = word * state.unit
    const delta = state.relative || state.relativeE ? asked : asked + state.offsetE - state.e
    state.e += delta
    const fed = delta * state.flowFactor
    return state.volumetricArea > 0 ? fed / state.volumetricArea : fed
  }

  #target(command: Command, letter: number, now: number, offset: number): number {
    if (!has(command, letter)) return now
    const word = wordOf(command, letter, Number.NaN)
    if (Number.isNaN(word)) return now
    return this.state.relative ? now + word * this.state.unit : word * this.state.unit + offset
  }

  #straight(command: Command): void {
    const state = this.state
    const feedrate = this.#feedrate(command)
    const fromX = state.x
    const fromY = state.y
    const fromZ = state.z
    state.x = this.#target(command, X, fromX, state.offsetX)
    state.y = this.#target(command, Y, fromY, state.offsetY)
    state.z = this.#target(command, Z, fromZ, state.offsetZ)
    const de = this.#extrude(command)
    const dx = state.x - fromX
    const dy = state.y - fromY
    const dz = state.z - fromZ
    if (dx === 0 && dy === 0 && dz === 0 && de === 0) return
    this.#sink.move(dx, dy, dz, de, feedrate, state, command)
  }

  #arc(command: Command): void {
    const state = this.state
    const endX = this.#target(command, X, state.x, state.offsetX)
    const endY = this.#target(command, Y, state.y, state.offsetY)
    const endZ = this.#target(command, Z, state.z, state.offsetZ)
    const feedrate = this.#feedrate(command)
    const before = state.e
    const de = this.#extrude(command)
    if (walkArc(state, command, endX, endY, endZ, de, feedrate, this.#arcs, this.#sink)) return
    // No such arc: firmware then moves straight.
    state.e = before
    this.#straight(command)
  }

  /** G53: the words of this one line are the machine's coordinates. */
  #inMachineCoordinates(command: Command): void {
    if (wordOf(command, G, 0) > 1) return
    const { offsetX, offsetY, offsetZ } = this.state
    this.state.offsetX = this.state.offsetY = this.state.offsetZ = 0
    this.#straight(command)
    Object.assign(this.state, { offsetX, offsetY, offsetZ })
  }

  /** G28: the axes named, or all. Home is taken to be 0; where it is, and the time it takes, is the machine's secret. */
  #home(command: Command): void {
    const state = this.state
    const { x, y, z } = state
    const named = [X, Y, Z].map((letter) => has(command, letter))
    const all = !named.includes(true)
    for (let axis = 0; axis < 3; axis++) {
      if (!all && !named[axis]) continue
      this.#offsets.homed(state, axis)
      state.homedAxes |= 1 << axis
      if (axis === 0) state.x = 0
      else if (axis === 1) state.y = 0
      else state.z = 0
    }
    state.homed = true
    const way = Math.hypot(x - state.x, y - state.y, z - state.z)
    this.#sink.wait(state.feedrate > 0 ? way / state.feedrate : 0, state, command, 'home')
  }
}

const factorOf = (command: Command, now: number): number => {
  const asked = wordOf(command, S, Number.NaN) / 100
  return asked >= FACTOR.least && asked <= FACTOR.most ? asked : now
}
