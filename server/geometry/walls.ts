// How thick the walls are: rays from points of the surface straight inwards, to where they come out again.
import type { WireMesh } from '../contract/mesh-wire.ts'
import { areaNormals } from './measure.ts'
import { RayTree } from './rays.ts'
import type { Vector } from './vectors.ts'

const SAMPLES = 4000
/** Nearer than this is the wall that the ray starts from. */
const LEAST = 1e-3

export interface Walls {
  /** That of the thinnest hundredth of the surface. */
  readonly thinnest: number
  readonly thin: { below: number; share: number }[]
}

/** Of a closed mesh. The same mesh always gives the same: the points are spread evenly over the area, not by chance. */
export const measureWalls = (mesh: WireMesh, limits: readonly number[]): Walls | null => {
  const normals = areaNormals(mesh)
  const tree = new RayTree(mesh)
  const found: number[] = []
  for (const { point, inwards } of samplesOf(mesh, normals)) {
    const thickness = tree.exit(point, inwards, LEAST)
    if (thickness !== Number.POSITIVE_INFINITY) found.push(thickness)
  }
  if (found.length === 0) return null
  found.sort((one, other) => one - other)
  const below = (limit: number): number => found.findIndex((one) => one >= limit)
  return {
    thinnest: found[Math.floor(found.length / 100)] as number,
    thin: limits.map((limit) => ({
      below: limit,
      share: (below(limit) < 0 ? found.length : below(limit)) / found.length,
    })),
  }
}

/** A point each so many square millimetres, somewhere within its triangle. */
function* samplesOf(mesh: WireMesh, normals: Float32Array): Generator<{ point: Vector; inwards: Vector }> {
  const sizes = new Float64Array(normals.length / 3)
  let total = 0
  for (let one = 0; one < sizes.length; one++) {
    sizes[one] = Math.hypot(normals[one * 3] as number, normals[one * 3 + 1] as number, normals[one * 3 + 2] as number)
    total += sizes[one] as number
  }
  const step = total / SAMPLES
  if (!(step > 0)) return
  let [passed, next, count] = [0, step / 2, 0]
  for (let triangle = 0; triangle < sizes.length; triangle++) {
    const size = sizes[triangle] as number
    passed += size
    for (; next <= passed; next += step) {
      const inwards = [0, 1, 2].map((axis) => -(normals[triangle * 3 + axis] as number) / size)
      yield { point: pointIn(mesh, triangle, count++), inwards: inwards as unknown as Vector }
    }
  }
}

/** The n-th of a sequence of points that fills a triangle evenly (R2 of the plastic number, folded). */
const pointIn = ({ positions, indices }: WireMesh, triangle: number, n: number): Vector => {
  let [u, v] = [(0.5 + n * 0.7548776662466927) % 1, (0.5 + n * 0.5698402909980532) % 1]
  if (u + v > 1) [u, v] = [1 - u, 1 - v]
  const along = (axis: number): number => {
    const at = (corner: number): number => positions[(indices[triangle * 3 + corner] as number) * 3 + axis] as number
    return at(0) + u * (at(1) - at(0)) + v * (at(2) - at(0))
  }
  return [along(0), along(1), along(2)]
}
