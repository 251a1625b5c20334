// G-code in chunks of any size -> the toolpath, layer by layer, in columns that go to the GPU as they are.
import type { Command, CommandSink } from '../command.ts'
import { Interpreter } from '../interpret.ts'
import { LayerFinder } from '../layer-finder.ts'
import type { ModalState } from '../modal-state.ts'
import type { MotionSink } from '../motion.ts'
import { roles } from '../roles.ts'
import { CommandScanner } from '../scanner.ts'
import { SlicerMarks } from '../slicer/marks.ts'
import { areaOf } from '../volume.ts'
import { type BeadShape, beadWidth } from './bead-width.ts'
import { HandOut, type ToolpathOptions, type ToolpathSummary } from './hand-out.ts'
import { PART_POINTS, StagedPoints, stepOf } from './staged-points.ts'
import { laysPlastic, MOST_HEIGHT, MOST_WIDTH, RETRACT, START, TRAVEL, UNRETRACT, WIPE } from './toolpath-layer.ts'

/** 360 MB of points, 10 times those of a file of 60 MB: what comes beyond (floods of long arcs) is left out. */
const MOST_POINTS = 20_000_000
/** mm of filament; less is what remains of subtracting E words, for they have 5 places. */
const LEAST_FED = 1e-6
/** mm; a machine that is further from where its last move ended has been moved by something else (G28). */
const JUMP = 0.01
const MOST_IN_16_BITS = 65535

const custom = roles.indexOf('custom')

const shapes: readonly BeadShape[] = roles.map((role) =>
  role === 'bridge' ? 'round' : role === 'external-perimeter' ? 'outer' : 'flat',
)

/** Feed it a file in chunks, then call `end`. Besides the layer under way it keeps nothing. */
export class ToolpathReader implements CommandSink, MotionSink {
  readonly #scanner = new CommandScanner(this)
  readonly #interpreter: Interpreter
  readonly #marks = new SlicerMarks()
  readonly #finder = new LayerFinder()
  readonly #points = new StagedPoints()
  readonly #handOut: HandOut
  readonly #options: ToolpathOptions
  #nozzleTarget = 0
  readonly #filamentArea: number
  /** How many points there were when the layer mark came after which nothing has been laid yet; -1 without one. */
  #markedAt = -1
  #marked = 0
  /** How many points there were when plastic was laid last. */
  #laidUpTo = 0
  #x = 0
  #y = 0
  #z = 0
  #pulledBack = false
  #cutShort = false

  constructor(options: ToolpathOptions) {
    const diameter = options.filamentDiameter ?? 1.75
    this.#interpreter = new Interpreter(this, { filamentDiameter: diameter })
    this.#filamentArea = areaOf(diameter)
    this.#handOut = new HandOut(options)
    this.#options = options
  }

  feed(chunk: Uint8Array): void {
    this.#scanner.feed(chunk)
  }

  /** Ends the file: hands out what is left. */
  end(): ToolpathSummary {
    this.#scanner.end()
    this.#giveAll()
    return this.#handOut.summary(this.#scanner.line, this.#scanner.offset, this.#cutShort)
  }

  command(command: Command): void {
    this.#interpreter.command(command)
    const { state } = this.#interpreter
    // A tool that nobody has heated shares the nozzle of the others.
    if (state.nozzleTarget > 0 && state.nozzleTarget !== this.#nozzleTarget) {
      this.#nozzleTarget = state.nozzleTarget
      this.#options.temperature?.(state.nozzleTarget, command.nextOffset)
    }
    if (state.firmwareRetracted === this.#pulledBack) return
    this.#pulledBack = state.firmwareRetracted
    this.#add(this.#pulledBack ? RETRACT : UNRETRACT, state, command)
  }

  comment(bytes: Uint8Array, from: number, to: number): void {
    if (!this.#marks.comment(bytes, from, to) || this.#marks.layers === this.#marked) return
    this.#marked = this.#marks.layers
    if (this.#markedAt < 0) this.#markedAt = this.#points.count
  }

  move(dx: number, dy: number, dz: number, de: number, feedrate: number, state: ModalState, command: Command): void {
    const kind = this.#kindOf(dx, dy, dz, de)
    if (kind === START) return
    if (laysPlastic(kind)) this.#beginLayer(kind, state, dz)
    this.#followJump(state.x - dx, state.y - dy, state.z - dz, state, command)
    const at = this.#add(kind, state, command)
    if (at < 0) return
    const points = this.#points
    points.speed[at] = stepOf(feedrate * 10, MOST_IN_16_BITS)
    if (laysPlastic(kind)) {
      this.#measure(at, kind, de / Math.sqrt(dx * dx + dy * dy + dz * dz), feedrate, state)
      this.#laidUpTo = points.count
      this.#markedAt = -1
    }
  }

  /** Heating, homing and pauses draw nothing. */
  wait(): void {}

  /** `START` where nothing is worth a point. */
  #kindOf(dx: number, dy: number, dz: number, de: number): number {
    const across = dx !== 0 || dy !== 0
    if (de > LEAST_FED) {
      if (across) return this.#marks.role < RETRACT ? this.#marks.role : 0
      return dz !== 0 ? TRAVEL : UNRETRACT
    }
    if (de < -LEAST_FED) return across ? WIPE : dz !== 0 ? TRAVEL : RETRACT
    if (across) return this.#marks.wiping ? WIPE : TRAVEL
    return dz !== 0 ? TRAVEL : START
  }

  /** Where plastic that is laid here begins a layer, the one before is handed out. */
  #beginLayer(kind: number, state: ModalState, dz: number): void {
    const finder = this.#finder
    const { now, z, height } = finder
    // What a start G-code primes, at whatever heights, is no layer; slicers that mark it mark their layers as well.
    if (kind === custom && now >= 0 && this.#marks.layers === 0) return
    // Numbers from the file may be absurd, and are not to be compared with.
    if (!finder.lay(within(state.z), within(dz), this.#marks.layers, this.#marks.height) || now < 0) return
    this.#give(this.#markedAt >= 0 ? this.#markedAt : this.#laidUpTo, now, z, height)
  }

  #followJump(x: number, y: number, z: number, state: ModalState, command: Command): void {
    const jumps = Math.abs(x - this.#x) > JUMP || Math.abs(y - this.#y) > JUMP || Math.abs(z - this.#z) > JUMP
    if (!jumps && this.#points.count > 0) return
    if (this.#points.count === PART_POINTS) this.#giveAll()
    this.#points.add(x, y, z, START, state.tool, command.offset)
  }

  /** Adds a point where the machine is; returns its place, or -1 where there are too many. */
  #add(kind: number, state: ModalState, command: Command): number {
    this.#x = state.x
    this.#y = state.y
    this.#z = state.z
    const points = this.#points
    if (points.count === PART_POINTS) this.#giveAll()
    if (this.#handOut.points + points.count >= MOST_POINTS) {
      this.#cutShort = true
      return -1
    }
    if (points.count === 0) points.add(state.x, state.y, state.z, START, state.tool, command.offset)
    return points.add(state.x, state.y, state.z, kind, state.tool, command.nextOffset)
  }

  /** The bead that ends at point `at`: `fed` is mm of filament per mm of path. */
  #measure(at: number, kind: number, fed: number, feedrate: number, state: ModalState): void {
    const points = this.#points
    const marks = this.#marks
    const section = fed * (state.volumetricArea > 0 ? state.volumetricArea : this.#filamentArea)
    const height = marks.height > 0 ? marks.height : this.#finder.height
    const width = marks.width > 0 ? marks.width : beadWidth(section, height, shapes[kind] ?? 'flat')
    points.width[at] = stepOf(width * 100, MOST_WIDTH)
    points.height[at] = stepOf(height * 100, MOST_HEIGHT)
    points.flow[at] = stepOf(section * feedrate * 100, MOST_IN_16_BITS)
  }

  /** Hands out the points before `to` as layer `index`; those after it stay. */
  #give(to: number, index: number, z: number, height: number): void {
    if (to < 2) return
    this.#handOut.give(this.#points, to, index, z, height)
    this.#points.dropBefore(to)
    this.#laidUpTo = Math.max(0, this.#laidUpTo - to + 1)
    if (this.#markedAt >= 0) this.#markedAt = Math.max(1, this.#markedAt - to + 1)
  }

  /** Hands out everything there is. */
  #giveAll(): void {
    const { now, z, height } = this.#finder
    this.#give(this.#points.count, Math.max(0, now), now < 0 ? within(this.#z) : z, height)
  }
}

/** A coordinate in mm, or 0 where it is absurd or none. */
const within = (value: number): number => (Math.abs(value) < 1e6 ? value : 0)
