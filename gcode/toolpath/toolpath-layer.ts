// One layer of a toolpath as columns that go to the GPU as they are, and how a point is read from them.
import type { Box } from '../machine.ts'

/**
 * The kind of a point tells what the machine does on its way there from the point before. Kinds below `RETRACT` lay
 * plastic, and are the place of its role in `roles`; the others lay none. A kind takes 5 bits.
 */
export const RETRACT = 27
export const UNRETRACT = 28
/** Along a path just printed, while filament is pulled back. */
export const WIPE = 29
export const TRAVEL = 30
/** Nothing leads here: a path begins. */
export const START = 31

export const laysPlastic = (kind: number): boolean => kind < RETRACT

/** Steps of a position, 1 µm in x and y (as fine as G-code is written) and 2.5 µm in z; and the step at which 0 lies. */
export const STEPS = { perMm: 1000, perMmOfZ: 400, zero: 2 ** 20, zeroOfZ: 40_000 }
/**
 * The highest step in x and y (22 bits: from -1048.5 to 3145.7 mm) and in z (20 bits: from -100 to 2521.4 mm).
 * What lies beyond is drawn at the edge.
 */
export const MOST_STEP = 2 ** 22 - 1
export const MOST_STEP_OF_Z = 2 ** 20 - 1
/** The most that fits in 11 bits of width and 10 bits of height, in steps of 10 µm. */
export const MOST_WIDTH = 2 ** 11 - 1
export const MOST_HEIGHT = 2 ** 10 - 1

/**
 * A layer, or one of several parts of a long one. Its first point is a `START` where the part before ends, so that each
 * part can be drawn alone. All columns lie in `buffer`: transfer that one, and the views come along.
 */
export interface ToolpathLayer {
  /** Layer counted from 0, and part of this layer counted from 0. */
  readonly index: number
  readonly part: number
  /** Height of the nozzle above the bed, and of the plastic of this layer, in mm. */
  readonly z: number
  readonly height: number
  /** Where the middle of the plastic lies; null where none is laid. */
  readonly box: Box | null
  readonly ranges: ToolpathRanges
  /** The bytes of the file that lead from the first point to the last: `toByte` is where the last one's line ends. */
  readonly fromByte: number
  readonly toByte: number
  /** How many points were handed out before this part. */
  readonly firstPoint: number
  readonly points: number
  readonly buffer: ArrayBuffer
  /** 2 words a point: x in the low 22 bits of the first, y in those of the second; z in the high 10, low half first. */
  readonly positions: Uint32Array
  /**
   * 4 words a point: width in 10 µm (low 11 bits) and kind (high 5); height in 10 µm (low 10) and tool (high 6);
   * speed in 0.1 mm/s; flow in 0.01 mm³/s. Width, height and flow are 0 where no plastic is laid.
   */
  readonly measures: Uint16Array
  /** Where the line that leads to a point ends: bytes after the base that holds from `offsetFrom` points on. */
  readonly offsets: Uint16Array
  readonly offsetFrom: Uint32Array
  readonly offsetBase: Float64Array
}

export interface Range {
  readonly least: number
  readonly most: number
}

/** The least and the most where plastic is laid (0 where none is), for the scale of colours: mm, mm/s and mm³/s. */
export interface ToolpathRanges {
  readonly width: Range
  readonly height: Range
  readonly speed: Range
  readonly flow: Range
}

export interface ToolpathPoint {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly kind: number
  readonly tool: number
  readonly width: number
  readonly height: number
  /** mm/s */
  readonly speed: number
  /** mm³/s */
  readonly flow: number
  /** The machine has got here when it has taken this many bytes of the file. */
  readonly offset: number
}

/** mm, of a step in x or y; and of one in z. */
export const placeOf = (step: number): number => (step - STEPS.zero) / STEPS.perMm
export const heightOf = (step: number): number => (step - STEPS.zeroOfZ) / STEPS.perMmOfZ

/** The point at place `n` of a layer, with lengths in mm. */
export const readPoint = (layer: ToolpathLayer, n: number): ToolpathPoint => {
  const first = layer.positions[n * 2] as number
  const second = layer.positions[n * 2 + 1] as number
  const widthAndKind = layer.measures[n * 4] as number
  const heightAndTool = layer.measures[n * 4 + 1] as number
  return {
    x: placeOf(first & MOST_STEP),
    y: placeOf(second & MOST_STEP),
    z: heightOf((first >>> 22) | ((second >>> 22) << 10)),
    kind: widthAndKind >>> 11,
    tool: heightAndTool >>> 10,
    width: (widthAndKind & MOST_WIDTH) / 100,
    height: (heightAndTool & MOST_HEIGHT) / 100,
    speed: (layer.measures[n * 4 + 2] as number) / 10,
    flow: (layer.measures[n * 4 + 3] as number) / 100,
    offset: offsetOf(layer, n),
  }
}

export const kindOf = (layer: ToolpathLayer, n: number): number => (layer.measures[n * 4] as number) >>> 11

/** Where in the file the line ends that leads to the point at place `n`. */
export const offsetOf = (layer: ToolpathLayer, n: number): number => {
  let low = 0
  let high = layer.offsetFrom.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((layer.offsetFrom[middle] as number) <= n) low = middle
    else high = middle - 1
  }
  return (layer.offsetBase[low] as number) + (layer.offsets[n] as number)
}
