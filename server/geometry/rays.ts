// Rays through a mesh: a tree of boxes, so that each ray meets few triangles.
import type { WireMesh } from '../contract/mesh-wire.ts'
import type { Vector } from './vectors.ts'

const LEAF_TRIANGLES = 8
const DEEPEST = 64

/** Nodes as arrays: six bounds each; first triangle and count of a leaf, or the right child of a branch and -1. */
export class RayTree {
  readonly #mesh: WireMesh
  readonly #order: Uint32Array
  readonly #bounds: number[] = []
  readonly #links: number[] = []
  readonly #centres: Float32Array

  constructor(mesh: WireMesh) {
    this.#mesh = mesh
    const triangles = mesh.indices.length / 3
    this.#order = Uint32Array.from({ length: triangles }, (_, at) => at)
    this.#centres = centresOf(mesh)
    this.#build(0, triangles)
  }

  /**
   * How far the first triangle is that is met from behind, going from inside out; Infinity where none is.
   * What is nearer than `least` is passed by: the ray's own triangle.
   */
  exit(from: Vector, along: Vector, least: number): number {
    let nearest = Number.POSITIVE_INFINITY
    const inverse = [1 / along[0], 1 / along[1], 1 / along[2]] as const
    const stack = [0]
    while (stack.length > 0) {
      const node = stack.pop() as number
      if (!this.#meets(node, from, inverse, nearest)) continue
      const [link, count] = [this.#links[node * 2] as number, this.#links[node * 2 + 1] as number]
      if (count < 0) stack.push(link, node + 1)
      else {
        for (let at = link; at < link + count; at++) {
          const far = this.#distance(this.#order[at] as number, from, along)
          if (far > least && far < nearest) nearest = far
        }
      }
    }
    return nearest
  }

  #build(first: number, last: number, depth = 0): void {
    const node = this.#links.length / 2
    const { positions, indices } = this.#mesh
    const box = [Infinity, Infinity, Infinity, -Infinity, -Infinity, -Infinity] as number[]
    for (let at = first; at < last; at++) {
      const side = (this.#order[at] as number) * 3
      for (let corner = 0; corner < 3; corner++) {
        const vertex = (indices[side + corner] as number) * 3
        for (let axis = 0; axis < 3; axis++) {
          const value = positions[vertex + axis] as number
          if (value < (box[axis] as number)) box[axis] = value
          if (value > (box[axis + 3] as number)) box[axis + 3] = value
        }
      }
    }
    this.#bounds.push(...box)
    this.#links.push(first, last - first)
    if (last - first <= LEAF_TRIANGLES || depth >= DEEPEST) return
    const middle = this.#split(first, last, box)
    this.#links[node * 2 + 1] = -1
    this.#build(first, middle, depth + 1)
    this.#links[node * 2] = this.#links.length / 2
    this.#build(middle, last, depth + 1)
  }

  /** Halves the longest side of the box; where all lie on one half, halves their number. */
  #split(first: number, last: number, box: readonly number[]): number {
    const sizes = [0, 1, 2].map((one) => (box[one + 3] as number) - (box[one] as number))
    const axis = sizes.indexOf(Math.max(...sizes))
    const limit = ((box[axis] as number) + (box[axis + 3] as number)) / 2
    const order = this.#order
    let middle = first
    for (let at = first; at < last; at++) {
      const triangle = order[at] as number
      if ((this.#centres[triangle * 3 + axis] as number) >= limit) continue
      order[at] = order[middle] as number
      order[middle++] = triangle
    }
    return middle === first || middle === last ? (first + last) >> 1 : middle
  }

  #meets(node: number, from: Vector, inverse: Vector, nearest: number): boolean {
    let [near, far] = [0, nearest]
    for (let axis = 0; axis < 3; axis++) {
      const start = from[axis] as number
      const steps = inverse[axis] as number
      const one = ((this.#bounds[node * 6 + axis] as number) - start) * steps
      const other = ((this.#bounds[node * 6 + axis + 3] as number) - start) * steps
      near = Math.max(near, Math.min(one, other))
      far = Math.min(far, Math.max(one, other))
    }
    // A ray within a face gives NaN: then the triangles themselves decide.
    return !(near > far)
  }

  /** Möller and Trumbore, "Fast, Minimum Storage Ray/Triangle Intersection"; only where it is met from behind. */
  #distance(triangle: number, from: Vector, along: Vector): number {
    const { positions, indices } = this.#mesh
    const a = (indices[triangle * 3] as number) * 3
    const b = (indices[triangle * 3 + 1] as number) * 3
    const c = (indices[triangle * 3 + 2] as number) * 3
    const at = (place: number): number => positions[place] as number
    const [ax, ay, az] = [at(a), at(a + 1), at(a + 2)]
    const [ux, uy, uz] = [at(b) - ax, at(b + 1) - ay, at(b + 2) - az]
    const [vx, vy, vz] = [at(c) - ax, at(c + 1) - ay, at(c + 2) - az]
    const [dx, dy, dz] = along
    const [px, py, pz] = [dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx]
    const determinant = ux * px + uy * py + uz * pz
    if (determinant >= 0) return Number.POSITIVE_INFINITY
    const [tx, ty, tz] = [from[0] - ax, from[1] - ay, from[2] - az]
    const u = (tx * px + ty * py + tz * pz) / determinant
    if (u < 0 || u > 1) return Number.POSITIVE_INFINITY
    const [qx, qy, qz] = [ty * uz - tz * uy, tz * ux - tx * uz, tx * uy - ty * ux]
    const v = (dx * qx + dy * qy + dz * qz) / determinant
    if (v < 0 || u + v > 1) return Number.POSITIVE_INFINITY
    return (vx * qx + vy * qy + vz * qz) / determinant
  }
}

const centresOf = ({ positions, indices }: WireMesh): Float32Array => {
  const centres = new Float32Array(indices.length)
  for (let side = 0; side < indices.length; side += 3) {
    for (let axis = 0; axis < 3; axis++) {
      const at = (corner: number): number => positions[(indices[side + corner] as number) * 3 + axis] as number
      centres[side + axis] = (at(0) + at(1) + at(2)) / 3
    }
  }
  return centres
}
