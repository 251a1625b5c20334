// A mesh from the server -> buffers for the GPU.
import { BufferAttribute, BufferGeometry, Color } from 'three'
import type { WireMesh } from '../../server/contract/mesh-wire.ts'

/** Whether it has colours of its own. */
export const isPainted = ({ head }: WireMesh): boolean =>
  head.painted.length > 0 || head.parts.some(({ colour }) => colour !== null)

/** Without colours the arrays go to the GPU as they came. With them, each triangle needs corners of its own. */
export const geometryOf = (mesh: WireMesh, plain: string): BufferGeometry => {
  const geometry = new BufferGeometry()
  if (!isPainted(mesh)) {
    geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3))
    geometry.setIndex(new BufferAttribute(mesh.indices, 1))
    return geometry
  }
  const { positions, indices } = mesh
  const corners = new Float32Array(indices.length * 3)
  for (let at = 0; at < indices.length; at++) {
    const from = (indices[at] ?? 0) * 3
    corners[at * 3] = positions[from] ?? 0
    corners[at * 3 + 1] = positions[from + 1] ?? 0
    corners[at * 3 + 2] = positions[from + 2] ?? 0
  }
  geometry.setAttribute('position', new BufferAttribute(corners, 3))
  geometry.setAttribute('color', new BufferAttribute(coloursOf(mesh, plain), 3))
  return geometry
}

const coloursOf = ({ head, indices }: WireMesh, plain: string): Float32Array => {
  const colours = new Float32Array(indices.length * 3)
  const paint = (first: number, count: number, name: string): void => {
    const { r, g, b } = new Color(name)
    for (let at = first * 9; at < Math.min((first + count) * 9, colours.length); at += 3) {
      colours[at] = r
      colours[at + 1] = g
      colours[at + 2] = b
    }
  }
  paint(0, head.triangles, plain)
  for (const { firstTriangle, triangles, colour } of head.parts) if (colour) paint(firstTriangle, triangles, colour)
  for (const { first, count, colour } of head.painted) paint(first, count, colour)
  return colours
}
