// A mesh where it stands on the bed: as binary STL for slicers, with the box and volume it then has.
import type { Box } from '../../gcode/index.ts'
import type { WireMesh } from '../contract/mesh-wire.ts'

/** Three rows of four: what a point is multiplied by. */
export type Matrix = readonly number[]

export const unmoved: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]

export interface MeshMeasure {
  readonly box: Box
  /** mm³; where shells overlap, counted twice. Negative: it is inside out. */
  readonly volume: number
  /** mm² */
  readonly area: number
}

/** Triangles after which others get their turn: stopping a printer does not wait for a mesh. */
const AT_ONCE = 20_000

const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Calls `take` with the nine coordinates of each triangle, moved. */
const eachTriangle = async (
  { positions, indices }: WireMesh,
  matrix: Matrix,
  take: (corners: Float64Array, triangle: number) => void,
): Promise<void> => {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0, j = 0, k = 0, l = 0] = matrix
  const corners = new Float64Array(9)
  const triangles = indices.length / 3
  for (let triangle = 0; triangle < triangles; triangle++) {
    for (let corner = 0; corner < 3; corner++) {
      const from = (indices[triangle * 3 + corner] as number) * 3
      const [x, y, z] = [positions[from] as number, positions[from + 1] as number, positions[from + 2] as number]
      corners[corner * 3] = a * x + b * y + c * z + d
      corners[corner * 3 + 1] = e * x + f * y + g * z + h
      corners[corner * 3 + 2] = i * x + j * y + k * z + l
    }
    take(corners, triangle)
    if (triangle % AT_ONCE === AT_ONCE - 1) await breath()
  }
}

const at = (corners: Float64Array, place: number): number => corners[place] as number

/** Twice the area as a vector that stands on the triangle. */
const normalOf = (corners: Float64Array): [number, number, number] => {
  const [x, y, z] = [at(corners, 0), at(corners, 1), at(corners, 2)]
  const [ux, uy, uz] = [at(corners, 3) - x, at(corners, 4) - y, at(corners, 5) - z]
  const [vx, vy, vz] = [at(corners, 6) - x, at(corners, 7) - y, at(corners, 8) - z]
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
}

export const measureMesh = async (mesh: WireMesh, matrix: Matrix): Promise<MeshMeasure> => {
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  const most = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  let volume = 0
  let area = 0
  await eachTriangle(mesh, matrix, (corners) => {
    for (let place = 0; place < 9; place++) {
      const axis = place % 3
      const value = at(corners, place)
      if (value < (least[axis] as number)) least[axis] = value
      if (value > (most[axis] as number)) most[axis] = value
    }
    const [nx, ny, nz] = normalOf(corners)
    area += Math.hypot(nx, ny, nz) / 2
    // A sixth of the product with any corner is the volume of the piece down to the origin.
    volume += (nx * at(corners, 0) + ny * at(corners, 1) + nz * at(corners, 2)) / 6
  })
  const [minX = 0, minY = 0, minZ = 0] = least
  const [maxX = 0, maxY = 0, maxZ = 0] = most
  return { box: { minX, minY, minZ, maxX, maxY, maxZ }, volume, area }
}

const HEADER_BYTES = 84
const TRIANGLE_BYTES = 50

/** Binary STL. A matrix that mirrors turns triangles inside out: they are turned back. */
export const stlOf = async (mesh: WireMesh, matrix: Matrix): Promise<Uint8Array> => {
  const triangles = mesh.indices.length / 3
  const bytes = new Uint8Array(HEADER_BYTES + triangles * TRIANGLE_BYTES)
  const view = new DataView(bytes.buffer)
  view.setUint32(80, triangles, true)
  const order = determinant(matrix) < 0 ? [0, 6, 3] : [0, 3, 6]
  await eachTriangle(mesh, matrix, (corners, triangle) => {
    let to = HEADER_BYTES + triangle * TRIANGLE_BYTES + 12
    for (const corner of order) {
      for (let axis = 0; axis < 3; axis++) {
        view.setFloat32(to, at(corners, corner + axis), true)
        to += 4
      }
    }
  })
  return bytes
}

/** Below zero: it mirrors. Zero: it makes everything flat. */
export const determinant = (matrix: Matrix): number => {
  const [a = 0, b = 0, c = 0, , e = 0, f = 0, g = 0, , i = 0, j = 0, k = 0] = matrix
  return a * (f * k - g * j) - b * (e * k - g * i) + c * (e * j - f * i)
}

export const moved = (matrix: Matrix, x: number, y: number, z: number): Matrix =>
  matrix.map((value, place) => value + (place === 3 ? x : place === 7 ? y : place === 11 ? z : 0))
