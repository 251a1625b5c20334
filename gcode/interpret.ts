// Commands -> motion: what a machine remembers between lines, and each straight piece that follows from a line.
import { arcByCentre, centreByRadius, segmentsOf } from './arc.ts'
import { type Command, D, E, F, has, I, J, K, P, R, S, wordOf, X, Y, Z } from './command.ts'

const LETTER_G = 71
const LETTER_M = 77

/** What G-code leaves switched on from one line to the next. Lengths in mm, feedrate in mm/s. */
export interface ModalState {
  /** Where the tool is, in the coordinates of the machine. `e` is all filament ever fed, retracted lengths taken off. */
  x: number
  y: number
  z: number
  e: number
  /** What G92 and home offsets add to a coordinate to make it the machine's. */
  offsetX: number
  offsetY: number
  offsetZ: number
  offsetE: number
  relative: boolean
  relativeE: boolean
  /** 1, or 25.4 after G20. */
  unit: number
  feedrate: number
  /** M220 and M221, as factors. */
  feedrateFactor: number
  flowFactor: number
  /** mm² of filament cross-section by which E is divided in volumetric mode; 0 when E is a length. */
  volumetricArea: number
  /** 17 (XY), 18 (ZX) or 19 (YZ), as G17-G19. */
  plane: number
  tool: number
  homed: boolean
  nozzleTarget: number
  bedTarget: number
  /** Part cooling fan, 0 to 1. */
  fan: number
}

export const initialState = (): ModalState => ({
  x: 0,
  y: 0,
  z: 0,
  e: 0,
  offsetX: 0,
  offsetY: 0,
  offsetZ: 0,
  offsetE: 0,
  relative: false,
  relativeE: false,
  unit: 1,
  feedrate: 0,
  feedrateFactor: 1,
  flowFactor: 1,
  volumetricArea: 0,
  plane: 17,
  tool: 0,
  homed: false,
  nozzleTarget: 0,
  bedTarget: 0,
  fan: 0,
})

/** What is told of a file as it is read. All arguments are of the line on which the interpreter stands. */
export interface MotionSink {
  /** One straight piece: deltas in mm, feedrate in mm/s. The state already stands at its end. */
  move(dx: number, dy: number, dz: number, de: number, feedrate: number, state: ModalState, command: Command): void
  /** The machine stands still for this long (G4), or until something else happened (0: G28, M109, T...). */
  wait(seconds: number, state: ModalState, command: Command): void
}

/** Takes commands one by one and keeps the modal state. */
export class Interpreter {
  readonly state: ModalState = initialState()
  readonly #sink: MotionSink
  #filamentDiameter: number

  /** `filamentDiameter` in mm serves volumetric extrusion (M200) where the file names none. */
  constructor(sink: MotionSink, filamentDiameter = 1.75) {
    this.#sink = sink
    this.#filamentDiameter = filamentDiameter
  }

  command(command: Command): void {
    if (command.letter === LETTER_G) this.#g(command)
    else if (command.letter === LETTER_M) this.#m(command)
    else if (command.letter !== 0) this.#selectTool(command)
  }

  #g(command: Command): void {
    const state = this.state
    switch (command.number) {
      case 0:
      case 1:
        return this.#straight(command)
      case 2:
      case 3:
        return this.#arc(command)
      case 4:
        return this.#sink.wait(wordOf(command, S, 0) + wordOf(command, P, 0) / 1000, state, command)
      case 17:
      case 18:
      case 19:
        state.plane = command.number
        return
      case 20:
        state.unit = 25.4
        return
      case 21:
        state.unit = 1
        return
      case 28:
        return this.#home(command)
      case 29:
        return this.#sink.wait(0, state, command)
      case 90:
        state.relative = false
        return
      case 91:
        state.relative = true
        return
      case 92:
        if (command.subcode === 0) this.#setPosition(command)
        return
      default:
        return
    }
  }

  #m(command: Command): void {
    const state = this.state
    switch (command.number) {
      case 82:
        state.relativeE = false
        return
      case 83:
        state.relativeE = true
        return
      case 104:
        state.nozzleTarget = wordOf(command, S, state.nozzleTarget)
        return
      case 109:
        state.nozzleTarget = wordOf(command, S, wordOf(command, R, state.nozzleTarget))
        return this.#sink.wait(0, state, command)
      case 140:
        state.bedTarget = wordOf(command, S, state.bedTarget)
        return
      case 190:
        state.bedTarget = wordOf(command, S, wordOf(command, R, state.bedTarget))
        return this.#sink.wait(0, state, command)
      case 106:
        if (wordOf(command, P, 0) === 0) state.fan = Math.min(1, Math.max(0, wordOf(command, S, 255) / 255))
        return
      case 107:
        state.fan = 0
        return
      case 0:
      case 1:
      case 116:
      case 226:
      case 400:
      case 600:
        return this.#sink.wait(0, state, command)
      case 200:
        return this.#setVolumetric(command)
      case 220:
        state.feedrateFactor = positive(wordOf(command, S, 100) / 100)
        return
      case 221:
        state.flowFactor = positive(wordOf(command, S, 100) / 100)
        return
      default:
        return
    }
  }

  /** M200: `D` is the filament's diameter, 0 switches back to lengths; `S0` and `S1` switch as well. */
  #setVolumetric(command: Command): void {
    const diameter = wordOf(command, D, this.#filamentDiameter)
    if (diameter > 0) this.#filamentDiameter = diameter
    const on = wordOf(command, S, diameter > 0 ? 1 : 0) !== 0
    this.state.volumetricArea = on ? (Math.PI / 4) * this.#filamentDiameter ** 2 : 0
  }

  #selectTool(command: Command): void {
    const tool = command.number
    if (tool < 0 || tool === this.state.tool || tool > 255) return
    this.state.tool = tool
    this.#sink.wait(0, this.state, command)
  }

  #feedrate(command: Command): number {
    const state = this.state
    if (has(command, F)) {
      const asked = (wordOf(command, F, 0) * state.unit) / 60
      if (asked > 0) state.feedrate = asked
    }
    return state.feedrate * state.feedrateFactor
  }

  /** How much filament an E word feeds, in mm; sets the position. */
  #extrude(command: Command): number {
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
    const plane = state.plane
    // The axes of the plane in right-handed order: XY, ZX, YZ; the letters of the centre go with them.
    const from =
      plane === 17
        ? [state.x, state.y, state.z]
        : plane === 18
          ? [state.z, state.x, state.y]
          : [state.y, state.z, state.x]
    const endX = this.#target(command, X, state.x, state.offsetX)
    const endY = this.#target(command, Y, state.y, state.offsetY)
    const endZ = this.#target(command, Z, state.z, state.offsetZ)
    const to = plane === 17 ? [endX, endY, endZ] : plane === 18 ? [endZ, endX, endY] : [endY, endZ, endX]
    const [a, b, c] = from as [number, number, number]
    const [endA, endB, endC] = to as [number, number, number]
    const clockwise = command.number === 2
    const centre = has(command, R)
      ? centreByRadius(a, b, endA, endB, wordOf(command, R, 0) * state.unit, clockwise)
      : {
          i: wordOf(command, plane === 17 ? I : plane === 18 ? K : J, 0) * state.unit,
          j: wordOf(command, plane === 17 ? J : plane === 18 ? I : K, 0) * state.unit,
        }
    const arc = centre && arcByCentre(a, b, endA, endB, centre.i, centre.j, clockwise)
    if (!arc) return this.#straight(command)
    const feedrate = this.#feedrate(command)
    const de = this.#extrude(command)
    const pieces = segmentsOf(arc, endC - c, feedrate)
    let lastA = a
    let lastB = b
    for (let piece = 1; piece <= pieces; piece++) {
      const part = piece / pieces
      const angle = arc.startAngle + arc.sweep * part
      const nextA = piece === pieces ? endA : arc.centreA + arc.radius * Math.cos(angle)
      const nextB = piece === pieces ? endB : arc.centreB + arc.radius * Math.sin(angle)
      this.#arcPiece(plane, nextA - lastA, nextB - lastB, (endC - c) / pieces, de / pieces, feedrate, command)
      lastA = nextA
      lastB = nextB
    }
    state.x = endX
    state.y = endY
    state.z = endZ
  }

  #arcPiece(plane: number, da: number, db: number, dc: number, de: number, feedrate: number, command: Command): void {
    const state = this.state
    const dx = plane === 17 ? da : plane === 18 ? db : dc
    const dy = plane === 17 ? db : plane === 18 ? dc : da
    const dz = plane === 17 ? dc : plane === 18 ? da : db
    state.x += dx
    state.y += dy
    state.z += dz
    this.#sink.move(dx, dy, dz, de, feedrate, state, command)
  }

  /** G28: the axes named, or all. Home is taken to be 0; the time it takes is the machine's secret. */
  #home(command: Command): void {
    const state = this.state
    const all = (command.mask & ((1 << X) | (1 << Y) | (1 << Z))) === 0
    if (all || has(command, X)) state.x = state.offsetX = 0
    if (all || has(command, Y)) state.y = state.offsetY = 0
    if (all || has(command, Z)) state.z = state.offsetZ = 0
    state.homed = true
    this.#sink.wait(0, state, command)
  }

  /** G92: this place is now called so. Without words, everything is 0. */
  #setPosition(command: Command): void {
    const state = this.state
    const all = (command.mask & ((1 << X) | (1 << Y) | (1 << Z) | (1 << E))) === 0
    if (all || has(command, X)) state.offsetX = state.x - wordOf(command, X, 0) * state.unit
    if (all || has(command, Y)) state.offsetY = state.y - wordOf(command, Y, 0) * state.unit
    if (all || has(command, Z)) state.offsetZ = state.z - wordOf(command, Z, 0) * state.unit
    if (all || has(command, E)) state.offsetE = state.e - wordOf(command, E, 0) * state.unit
  }
}

const positive = (factor: number): number => (factor > 0 ? factor : 1)
