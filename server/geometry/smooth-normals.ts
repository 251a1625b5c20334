// A normal for each corner of each triangle: round where the surface is round, sharp where it has an edge.
import type { WireMesh } from '../contract/mesh-wire.ts'
import { areaNormals } from './measure.ts'

/** Neighbours that meet at less than this are one round surface. */
const CREASE = Math.cos((35 * Math.PI) / 180)
/** Corners where more triangles meet than this (the tip of a cone) are not compared one by one. */
const MOST_AROUND = 64

/** Nine numbers for each triangle: a normal of length 1 for each of its corners. */
export const smoothNormals = (mesh: WireMesh): Float32Array => {
  const { indices, head } = mesh
  const faces = areaNormals(mesh)
  const units = unitsOf(faces)
  const { first, around } = trianglesAround(indices, head.vertices)
  const normals = new Float32Array(indices.length * 3)
  for (let side = 0; side < indices.length; side++) {
    const own = Math.floor(side / 3) * 3
    const vertex = indices[side] as number
    const [from, to] = [first[vertex] as number, first[vertex + 1] as number]
    const [ux, uy, uz] = [units[own] as number, units[own + 1] as number, units[own + 2] as number]
    let [x, y, z] = [0, 0, 0]
    for (let at = from; at < to && to - from <= MOST_AROUND; at++) {
      const other = (around[at] as number) * 3
      const [ox, oy, oz] = [units[other] as number, units[other + 1] as number, units[other + 2] as number]
      if (ux * ox + uy * oy + uz * oz < CREASE) continue
      x += faces[other] as number
      y += faces[other + 1] as number
      z += faces[other + 2] as number
    }
    const size = Math.hypot(x, y, z)
    normals[side * 3] = size > 0 ? x / size : ux
    normals[side * 3 + 1] = size > 0 ? y / size : uy
    normals[side * 3 + 2] = size > 0 ? z / size : uz
  }
  return normals
}

const unitsOf = (faces: Float32Array): Float32Array => {
  const units = new Float32Array(faces.length)
  for (let at = 0; at < faces.length; at += 3) {
    const [x, y, z] = [faces[at] as number, faces[at + 1] as number, faces[at + 2] as number]
    const size = Math.sqrt(x * x + y * y + z * z) || 1
    units[at] = x / size
    units[at + 1] = y / size
    units[at + 2] = z / size
  }
  return units
}

/** The triangles at each corner: `around` from `first[vertex]` to `first[vertex + 1]`. */
const trianglesAround = (indices: Uint32Array, vertices: number): { first: Uint32Array; around: Uint32Array } => {
  const first = new Uint32Array(vertices + 2)
  for (const vertex of indices) first[vertex + 2] = (first[vertex + 2] as number) + 1
  for (let vertex = 2; vertex < first.length; vertex++)
    first[vertex] = (first[vertex] as number) + (first[vertex - 1] as number)
  const around = new Uint32Array(indices.length)
  for (let side = 0; side < indices.length; side++) {
    const vertex = (indices[side] as number) + 1
    around[first[vertex] as number] = Math.floor(side / 3)
    first[vertex] = (first[vertex] as number) + 1
  }
  return { first, around }
}
