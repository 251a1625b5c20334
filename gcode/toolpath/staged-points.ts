// The points of the layer under way, in columns of fixed length, until they are handed out.
import { MOST_STEP, MOST_STEP_OF_Z, START, STEPS } from './toolpath-layer.ts'

/** A layer of more points is handed out in parts. */
export const PART_POINTS = 200_000

/** One row is one point; rows below `count` are in use. */
export class StagedPoints {
  count = 0
  /** In the steps of a position. */
  readonly x = new Int32Array(PART_POINTS)
  readonly y = new Int32Array(PART_POINTS)
  readonly z = new Int32Array(PART_POINTS)
  readonly kind = new Uint8Array(PART_POINTS)
  readonly tool = new Uint8Array(PART_POINTS)
  /** In 10 µm, 10 µm, 0.1 mm/s and 0.01 mm³/s. */
  readonly width = new Uint16Array(PART_POINTS)
  readonly height = new Uint16Array(PART_POINTS)
  readonly speed = new Uint16Array(PART_POINTS)
  readonly flow = new Uint16Array(PART_POINTS)
  readonly offset = new Float64Array(PART_POINTS)

  /** Adds a point without measures, at a place in mm; a `START` right after another takes its place. */
  add(x: number, y: number, z: number, kind: number, tool: number, offset: number): number {
    const follows = kind === START && this.count > 0 && this.kind[this.count - 1] === START
    const at = follows ? this.count - 1 : this.count++
    this.x[at] = stepOf(x * STEPS.perMm + STEPS.zero, MOST_STEP)
    this.y[at] = stepOf(y * STEPS.perMm + STEPS.zero, MOST_STEP)
    this.z[at] = stepOf(z * STEPS.perMmOfZ + STEPS.zeroOfZ, MOST_STEP_OF_Z)
    this.kind[at] = kind
    this.tool[at] = tool
    this.width[at] = 0
    this.height[at] = 0
    this.speed[at] = 0
    this.flow[at] = 0
    this.offset[at] = offset
    return at
  }

  /** Forgets the points before `from`, all but the last of them: the next part starts there. */
  dropBefore(from: number): void {
    const columns = [this.x, this.y, this.z, this.kind, this.tool, this.width, this.height, this.speed, this.flow]
    for (const column of columns) column.copyWithin(0, from - 1, this.count)
    this.offset.copyWithin(0, from - 1, this.count)
    this.count -= from - 1
    this.kind[0] = START
    this.width[0] = this.height[0] = this.speed[0] = this.flow[0] = 0
  }
}

/** The nearest whole number from 0 to `most`; what is no number is 0. */
export const stepOf = (value: number, most: number): number =>
  value > 0 ? (value < most ? (value + 0.5) | 0 : most) : 0
