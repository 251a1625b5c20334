// A mesh in memory: corners, triangles by their corners, and which triangles belong to which part.
import type { WireMesh } from '../contract/mesh-wire.ts'
import { type Affine, determinant } from './vectors.ts'

export interface Box {
  readonly minX: number
  readonly minY: number
  readonly minZ: number
  readonly maxX: number
  readonly maxY: number
  readonly maxZ: number
}

export const emptyBox: Box = { minX: 0, minY: 0, minZ: 0, maxX: 0, maxY: 0, maxZ: 0 }

/** Of the corners that these triangles use, or of all. */
export const boxOf = ({ positions, indices }: WireMesh, first = 0, count = indices.length / 3): Box => {
  const least = [Infinity, Infinity, Infinity]
  const most = [-Infinity, -Infinity, -Infinity]
  for (let corner = first * 3; corner < (first + count) * 3; corner++) {
    const from = (indices[corner] as number) * 3
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[from + axis] as number
      if (value < (least[axis] as number)) least[axis] = value
      if (value > (most[axis] as number)) most[axis] = value
    }
  }
  if (count === 0) return emptyBox
  const [minX = 0, minY = 0, minZ = 0] = least
  const [maxX = 0, maxY = 0, maxZ = 0] = most
  return { minX, minY, minZ, maxX, maxY, maxZ }
}

export const sizeOf = (box: Box): [number, number, number] => [
  box.maxX - box.minX,
  box.maxY - box.minY,
  box.maxZ - box.minZ,
]

/** The mesh with each corner moved. Where that mirrors it, its triangles still show their outside. */
export const moved = (mesh: WireMesh, matrix: Affine): WireMesh => {
  const { positions, indices } = mesh
  const [a, b, c, x, d, e, f, y, g, h, i, z] = matrix as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const turned = new Float32Array(positions.length)
  for (let at = 0; at < positions.length; at += 3) {
    const [px, py, pz] = [positions[at] as number, positions[at + 1] as number, positions[at + 2] as number]
    turned[at] = a * px + b * py + c * pz + x
    turned[at + 1] = d * px + e * py + f * pz + y
    turned[at + 2] = g * px + h * py + i * pz + z
  }
  return { head: mesh.head, positions: turned, indices: determinant(matrix) < 0 ? turnedRound(indices) : indices }
}

/** Inside out. */
export const turnedRound = (indices: Uint32Array): Uint32Array => {
  const turned = indices.slice()
  for (let at = 0; at < turned.length; at += 3) {
    turned[at + 1] = indices[at + 2] as number
    turned[at + 2] = indices[at + 1] as number
  }
  return turned
}

/** Several meshes as one; their parts follow each other. */
export const joined = (meshes: readonly WireMesh[]): WireMesh => {
  const vertices = meshes.reduce((sum, { head }) => sum + head.vertices, 0)
  const triangles = meshes.reduce((sum, { head }) => sum + head.triangles, 0)
  const positions = new Float32Array(vertices * 3)
  const indices = new Uint32Array(triangles * 3)
  const parts: WireMesh['head']['parts'] = []
  const painted: WireMesh['head']['painted'] = []
  let [vertex, triangle] = [0, 0]
  for (const mesh of meshes) {
    positions.set(mesh.positions, vertex * 3)
    for (let at = 0; at < mesh.indices.length; at++) indices[triangle * 3 + at] = (mesh.indices[at] as number) + vertex
    for (const part of mesh.head.parts) parts.push({ ...part, firstTriangle: part.firstTriangle + triangle })
    for (const run of mesh.head.painted) painted.push({ ...run, first: run.first + triangle })
    vertex += mesh.head.vertices
    triangle += mesh.head.triangles
  }
  return { head: { vertices, triangles, parts, painted }, positions, indices }
}

/** One part alone, with its own corners. */
export const partOf = (
  mesh: WireMesh,
  { firstTriangle, triangles }: { firstTriangle: number; triangles: number },
): WireMesh => {
  const places = new Map<number, number>()
  const indices = new Uint32Array(triangles * 3)
  const positions: number[] = []
  for (let at = 0; at < indices.length; at++) {
    const vertex = mesh.indices[firstTriangle * 3 + at] as number
    let place = places.get(vertex)
    if (place === undefined) {
      place = positions.length / 3
      places.set(vertex, place)
      for (let axis = 0; axis < 3; axis++) positions.push(mesh.positions[vertex * 3 + axis] as number)
    }
    indices[at] = place
  }
  const head = {
    vertices: positions.length / 3,
    triangles,
    parts: [{ name: '', firstTriangle: 0, triangles, colour: null }],
    painted: [],
  }
  return { head, positions: Float32Array.from(positions), indices }
}

/** Binary STL, as every slicer reads it: 80 bytes, a count, 50 bytes for each triangle. */
export const toStl = ({ positions, indices }: WireMesh): Uint8Array => {
  const triangles = indices.length / 3
  const view = new DataView(new ArrayBuffer(84 + triangles * 50))
  view.setUint32(80, triangles, true)
  for (let triangle = 0; triangle < triangles; triangle++) {
    const corners = [0, 1, 2].map((corner) => (indices[triangle * 3 + corner] as number) * 3) as [
      number,
      number,
      number,
    ]
    const at = 84 + triangle * 50
    for (const [axis, value] of normalOf(positions, corners).entries()) view.setFloat32(at + axis * 4, value, true)
    corners.forEach((from, corner) => {
      for (let axis = 0; axis < 3; axis++)
        view.setFloat32(at + 12 + corner * 12 + axis * 4, positions[from + axis] as number, true)
    })
  }
  return new Uint8Array(view.buffer)
}

/** Of length 1, or nothing where the triangle has no area. */
const normalOf = (p: Float32Array, [a, b, c]: readonly [number, number, number]): [number, number, number] => {
  const at = (place: number): number => p[place] as number
  const [ux, uy, uz] = [at(b) - at(a), at(b + 1) - at(a + 1), at(b + 2) - at(a + 2)]
  const [vx, vy, vz] = [at(c) - at(a), at(c + 1) - at(a + 1), at(c + 2) - at(a + 2)]
  const [x, y, z] = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]
  const size = Math.hypot(x, y, z)
  return size > 0 ? [x / size, y / size, z / size] : [0, 0, 0]
}
