// How a part lies on a bed: scaled, turned, let down, moved. Lengths in mm; the bed's middle is the origin, z is up.
import type { WireMesh } from '../../server/contract/mesh-wire.ts'

export type Vector = readonly [number, number, number]
/** x, y, z, w; of length 1. */
export type Quaternion = readonly [number, number, number, number]
/** Three rows of four: what a point is multiplied by. */
export type Matrix = readonly number[]

export interface Placing {
  /** Below zero: mirrored. */
  readonly scale: Vector
  readonly rotation: Quaternion
  /** Of the middle of its box, from the middle of the bed. */
  readonly position: readonly [number, number]
}

export interface Bounds {
  readonly min: Vector
  readonly max: Vector
}

export const asDrawn: Placing = { scale: [1, 1, 1], rotation: [0, 0, 0, 1], position: [0, 0] }

/** First `second`, then `first`. */
export const combine = (first: Quaternion, second: Quaternion): Quaternion => {
  const [ax, ay, az, aw] = first
  const [bx, by, bz, bw] = second
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ]
}

export const turnAbout = (axis: 'x' | 'y' | 'z', degrees: number): Quaternion => {
  const half = (degrees * Math.PI) / 360
  const sine = Math.sin(half)
  return [axis === 'x' ? sine : 0, axis === 'y' ? sine : 0, axis === 'z' ? sine : 0, Math.cos(half)]
}

/** The shortest turn that makes one direction look like the other. */
export const turnBetween = (from: Vector, to: Vector): Quaternion => {
  const [a, b] = [unit(from), unit(to)]
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
  // Opposite directions: any axis across them will do.
  if (dot < -0.999999) {
    const [x, y, z] = unit(Math.abs(a[0]) < 0.9 ? [0, -a[2], a[1]] : [a[2], 0, -a[0]])
    return [x, y, z, 0]
  }
  const [x, y, z] = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  const length = Math.hypot(x, y, z, 1 + dot)
  return [x / length, y / length, z / length, (1 + dot) / length]
}

const unit = ([x, y, z]: Vector): Vector => {
  const length = Math.hypot(x, y, z) || 1
  return [x / length, y / length, z / length]
}

/** Scale and turn, as three rows of three. */
const linear = ({ scale, rotation: [x, y, z, w] }: Pick<Placing, 'scale' | 'rotation'>): readonly number[] => [
  (1 - 2 * (y * y + z * z)) * scale[0],
  2 * (x * y - z * w) * scale[1],
  2 * (x * z + y * w) * scale[2],
  2 * (x * y + z * w) * scale[0],
  (1 - 2 * (x * x + z * z)) * scale[1],
  2 * (y * z - x * w) * scale[2],
  2 * (x * z - y * w) * scale[0],
  2 * (y * z + x * w) * scale[1],
  (1 - 2 * (x * x + y * y)) * scale[2],
]

/** The box of a mesh after scale and turn. */
export const boundsOf = (
  { positions }: Pick<WireMesh, 'positions'>,
  placing: Pick<Placing, 'scale' | 'rotation'> = asDrawn,
): Bounds => {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = linear(placing)
  let [minX, minY, minZ] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let [maxX, maxY, maxZ] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let at = 0; at + 2 < positions.length; at += 3) {
    const [px = 0, py = 0, pz = 0] = [positions[at], positions[at + 1], positions[at + 2]]
    const x = a * px + b * py + c * pz
    const y = d * px + e * py + f * pz
    const z = g * px + h * py + i * pz
    if (x < minX) minX = x
    if (x > maxX) maxX = x
    if (y < minY) minY = y
    if (y > maxY) maxY = y
    if (z < minZ) minZ = z
    if (z > maxZ) maxZ = z
  }
  if (minX > maxX) return { min: [0, 0, 0], max: [0, 0, 0] }
  return { min: [minX, minY, minZ], max: [maxX, maxY, maxZ] }
}

/** From the model's mm to the plate's: its lowest point on the bed, the middle of its box at its position. */
export const matrixOf = (placing: Placing, { min, max }: Bounds): Matrix => {
  const [a = 1, b = 0, c = 0, d = 0, e = 1, f = 0, g = 0, h = 0, i = 1] = linear(placing)
  const x = placing.position[0] - (min[0] + max[0]) / 2
  const y = placing.position[1] - (min[1] + max[1]) / 2
  return [a, b, c, x, d, e, f, y, g, h, i, -min[2]]
}

export const sizeOf = ({ min, max }: Bounds): Vector => [max[0] - min[0], max[1] - min[1], max[2] - min[2]]

/** mm that this stands out over a bed of that size; 0: it is on it. */
export const beyondBed = (
  size: Vector,
  [x, y]: readonly [number, number],
  bed: { width: number; depth: number; height: number; round: boolean },
): number => {
  const over = size[2] - bed.height
  if (bed.round) {
    const corner = Math.hypot(Math.abs(x) + size[0] / 2, Math.abs(y) + size[1] / 2)
    return Math.max(0, over, corner - bed.width / 2)
  }
  return Math.max(0, over, Math.abs(x) + (size[0] - bed.width) / 2, Math.abs(y) + (size[1] - bed.depth) / 2)
}
