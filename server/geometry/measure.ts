// Area, volume and the normals of triangles.
import type { WireMesh } from '../contract/mesh-wire.ts'

export interface Measures {
  readonly area: number
  /** Signed, by the divergence theorem; only of a closed surface does it mean anything. */
  readonly volume: number
}

/** Of some triangles. The sum is taken around the first corner, so that a part far from the origin loses no digits. */
export const measureTriangles = (
  { positions, indices }: WireMesh,
  wanted: (triangle: number) => boolean = () => true,
): Measures => {
  const at = (place: number): number => positions[place] as number
  const first = (indices[0] ?? 0) * 3
  const [ox, oy, oz] = indices.length === 0 ? [0, 0, 0] : [at(first), at(first + 1), at(first + 2)]
  let [area, volume] = [0, 0]
  for (let side = 0; side < indices.length; side += 3) {
    if (!wanted(side / 3)) continue
    const [a, b, c] = [
      (indices[side] as number) * 3,
      (indices[side + 1] as number) * 3,
      (indices[side + 2] as number) * 3,
    ]
    const ax = at(a) - ox
    const ay = at(a + 1) - oy
    const az = at(a + 2) - oz
    const ux = at(b) - ox - ax
    const uy = at(b + 1) - oy - ay
    const uz = at(b + 2) - oz - az
    const vx = at(c) - ox - ax
    const vy = at(c + 1) - oy - ay
    const vz = at(c + 2) - oz - az
    const nx = uy * vz - uz * vy
    const ny = uz * vx - ux * vz
    const nz = ux * vy - uy * vx
    area += Math.sqrt(nx * nx + ny * ny + nz * nz) / 2
    volume += (ax * nx + ay * ny + az * nz) / 6
  }
  return { area, volume }
}

/** Signed volume of each shell. */
export const shellVolumes = (mesh: WireMesh, shellOf: Uint32Array, shells: number): Float64Array => {
  const { positions, indices } = mesh
  const volumes = new Float64Array(shells)
  const first = (indices[0] ?? 0) * 3
  const origin = [positions[first] ?? 0, positions[first + 1] ?? 0, positions[first + 2] ?? 0] as const
  const at = (vertex: number, axis: 0 | 1 | 2): number => (positions[vertex * 3 + axis] as number) - origin[axis]
  for (let side = 0; side < indices.length; side += 3) {
    const [a, b, c] = [indices[side] as number, indices[side + 1] as number, indices[side + 2] as number]
    const six =
      at(a, 0) * (at(b, 1) * at(c, 2) - at(b, 2) * at(c, 1)) +
      at(a, 1) * (at(b, 2) * at(c, 0) - at(b, 0) * at(c, 2)) +
      at(a, 2) * (at(b, 0) * at(c, 1) - at(b, 1) * at(c, 0))
    const shell = shellOf[side / 3] as number
    volumes[shell] = (volumes[shell] as number) + six / 6
  }
  return volumes
}

/** Three numbers for each triangle: its normal times twice its area. */
export const areaNormals = ({ positions, indices }: WireMesh): Float32Array => {
  const normals = new Float32Array(indices.length)
  for (let side = 0; side < indices.length; side += 3) {
    const [a, b, c] = [
      (indices[side] as number) * 3,
      (indices[side + 1] as number) * 3,
      (indices[side + 2] as number) * 3,
    ]
    const at = (place: number): number => positions[place] as number
    const [ux, uy, uz] = [at(b) - at(a), at(b + 1) - at(a + 1), at(b + 2) - at(a + 2)]
    const [vx, vy, vz] = [at(c) - at(a), at(c + 1) - at(a + 1), at(c + 2) - at(a + 2)]
    normals[side] = uy * vz - uz * vy
    normals[side + 1] = uz * vx - ux * vz
    normals[side + 2] = ux * vy - uy * vx
  }
  return normals
}
