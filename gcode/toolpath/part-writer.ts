// Staged points -> the columns of one part of a layer.
import type { Box } from '../machine.ts'
import type { StagedPoints } from './staged-points.ts'
import {
  heightOf,
  laysPlastic,
  placeOf,
  type Range,
  type ToolpathLayer,
  type ToolpathRanges,
} from './toolpath-layer.ts'

/** What a part is, besides its points. */
export interface PartPlace {
  readonly index: number
  readonly part: number
  readonly z: number
  readonly height: number
  readonly firstPoint: number
}

const BYTES_PER_POINT = 18
const BYTES_PER_BASE = 12
const MOST_OFFSET = 65535

/** The part made of those points before `to` that are to be kept (`kept` in number); without `keep`, of all. */
export const writePart = (
  points: StagedPoints,
  to: number,
  keep: Uint8Array | null,
  kept: number,
  place: PartPlace,
): ToolpathLayer => {
  const fromByte = points.offset[0] as number
  const toByte = points.offset[to - 1] as number
  // Each base after the first lies more than 65535 bytes behind the one before it.
  const bases = Math.min(kept, 1 + Math.floor((toByte - fromByte) / (MOST_OFFSET + 1)))
  const buffer = new ArrayBuffer(bases * BYTES_PER_BASE + kept * BYTES_PER_POINT)
  const offsetBase = new Float64Array(buffer, 0, bases)
  const positions = new Uint32Array(buffer, bases * 8, kept * 2)
  const offsetFrom = new Uint32Array(buffer, bases * 8 + kept * 8, bases)
  const measures = new Uint16Array(buffer, bases * BYTES_PER_BASE + kept * 8, kept * 4)
  const offsets = new Uint16Array(buffer, bases * BYTES_PER_BASE + kept * 16, kept)
  const usedBases = writeOffsets(points, to, keep, offsets, offsetFrom, offsetBase)
  writeColumns(points, to, keep, positions, measures)
  return {
    ...place,
    box: boxOf(points, to),
    ranges: rangesOf(points, to),
    fromByte,
    toByte,
    points: kept,
    buffer,
    positions,
    measures,
    offsets,
    offsetFrom: offsetFrom.subarray(0, usedBases),
    offsetBase: offsetBase.subarray(0, usedBases),
  }
}

const writeColumns = (
  points: StagedPoints,
  to: number,
  keep: Uint8Array | null,
  positions: Uint32Array,
  measures: Uint16Array,
): void => {
  let at = 0
  for (let n = 0; n < to; n++) {
    if (keep !== null && keep[n] === 0) continue
    const z = points.z[n] as number
    positions[at * 2] = (points.x[n] as number) | (z << 22)
    positions[at * 2 + 1] = (points.y[n] as number) | ((z >>> 10) << 22)
    measures[at * 4] = (points.width[n] as number) | ((points.kind[n] as number) << 11)
    measures[at * 4 + 1] = (points.height[n] as number) | ((points.tool[n] as number) << 10)
    measures[at * 4 + 2] = points.speed[n] as number
    measures[at * 4 + 3] = points.flow[n] as number
    at++
  }
}

/** Returns how many bases were needed. */
const writeOffsets = (
  points: StagedPoints,
  to: number,
  keep: Uint8Array | null,
  offsets: Uint16Array,
  offsetFrom: Uint32Array,
  offsetBase: Float64Array,
): number => {
  let base = points.offset[0] as number
  let bases = 1
  offsetFrom[0] = 0
  offsetBase[0] = base
  let at = 0
  for (let n = 0; n < to; n++) {
    if (keep !== null && keep[n] === 0) continue
    const offset = points.offset[n] as number
    if (offset - base > MOST_OFFSET) {
      base = offset
      offsetFrom[bases] = at
      offsetBase[bases++] = base
    }
    offsets[at++] = offset - base
  }
  return bases
}

/** In mm, both ends of every segment that lays plastic. */
const boxOf = (points: StagedPoints, to: number): Box | null => {
  const x = rangeWhereLaid(points.x, points, to, 1)
  const y = rangeWhereLaid(points.y, points, to, 1)
  const z = rangeWhereLaid(points.z, points, to, 1)
  if (x.least > x.most) return null
  return {
    minX: placeOf(x.least),
    minY: placeOf(y.least),
    minZ: heightOf(z.least),
    maxX: placeOf(x.most),
    maxY: placeOf(y.most),
    maxZ: heightOf(z.most),
  }
}

const rangesOf = (points: StagedPoints, to: number): ToolpathRanges => ({
  width: scaled(rangeWhereLaid(points.width, points, to, 0), 100),
  height: scaled(rangeWhereLaid(points.height, points, to, 0), 100),
  speed: scaled(rangeWhereLaid(points.speed, points, to, 0), 10),
  flow: scaled(rangeWhereLaid(points.flow, points, to, 0), 100),
})

/** Of a column, where plastic is laid; with `before` 1, at the beginning of each such segment as well. */
const rangeWhereLaid = (column: Int32Array | Uint16Array, points: StagedPoints, to: number, before: 0 | 1): Range => {
  let least = 2 ** 31
  let most = -1
  for (let n = 1; n < to; n++) {
    if (!laysPlastic(points.kind[n] as number)) continue
    const value = column[n] as number
    if (value < least) least = value
    if (value > most) most = value
    if (before === 0) continue
    const first = column[n - 1] as number
    if (first < least) least = first
    if (first > most) most = first
  }
  return { least, most }
}

const scaled = (range: Range, steps: number): Range =>
  range.least > range.most ? { least: 0, most: 0 } : { least: range.least / steps, most: range.most / steps }
