// What the eye sees of a mesh from the front, the right and above: for each pixel how near, which way it faces, and its colour.
import type { WireMesh } from '../../contract/mesh-wire.ts'
import { smoothNormals } from '../../geometry/smooth-normals.ts'
import { cross, unit, type Vector } from '../../geometry/vectors.ts'

/** From where it is looked at; without perspective, as in a drawing of a workshop. */
const TOWARDS_EYE = unit([0.58, -1, 0.66])
const RIGHT = unit(cross([-TOWARDS_EYE[0], -TOWARDS_EYE[1], -TOWARDS_EYE[2]], [0, 0, 1]))
const UP = cross(TOWARDS_EYE, RIGHT)
/** Of the picture's side, on each side. */
const MARGIN = 0.04

export interface View {
  readonly side: number
  /** Towards the eye, in pixels; -Infinity where nothing is. */
  readonly depth: Float32Array
  /** Three for each pixel: right, up, towards the eye. */
  readonly normals: Float32Array
  /** Of `palette`. */
  readonly colours: Uint8Array
  readonly palette: readonly string[]
}

/** `side`: of the picture, in pixels. `neutral`: the colour of what has none. */
export const viewOf = (mesh: WireMesh, side: number, neutral: string): View => {
  const { indices } = mesh
  const { palette, of } = coloursOf(mesh, neutral)
  const corners = projected(mesh, side)
  const view: View = {
    side,
    depth: new Float32Array(side * side).fill(Number.NEGATIVE_INFINITY),
    normals: new Float32Array(side * side * 3),
    colours: new Uint8Array(side * side),
    palette,
  }
  const world = smoothNormals(mesh)
  for (let triangle = 0; triangle < indices.length / 3; triangle++)
    draw(view, corners, indices, world, triangle, of(triangle))
  return view
}

/** Corners in pixels (x to the right, y downwards), and how near they are. */
const projected = ({ positions }: WireMesh, side: number): Float32Array => {
  const corners = new Float32Array(positions.length)
  const least = [Infinity, Infinity, Infinity]
  const most = [-Infinity, -Infinity, -Infinity]
  for (let at = 0; at < positions.length; at += 3) {
    const place: Vector = [positions[at] as number, positions[at + 1] as number, positions[at + 2] as number]
    for (const [axis, along] of [RIGHT, UP, TOWARDS_EYE].entries()) {
      const value = place[0] * along[0] + place[1] * along[1] + place[2] * along[2]
      corners[at + axis] = value
      if (value < (least[axis] as number)) least[axis] = value
      if (value > (most[axis] as number)) most[axis] = value
    }
  }
  const [left = 0, bottom = 0, back = 0] = least
  const [right = 0, top = 0] = most
  const scale = (side * (1 - 2 * MARGIN)) / Math.max(right - left, top - bottom, 1e-6)
  const [dx, dy] = [(side - (right - left) * scale) / 2, (side - (top - bottom) * scale) / 2]
  for (let at = 0; at < corners.length; at += 3) {
    corners[at] = ((corners[at] as number) - left) * scale + dx
    corners[at + 1] = side - (((corners[at + 1] as number) - bottom) * scale + dy)
    corners[at + 2] = ((corners[at + 2] as number) - back) * scale
  }
  return corners
}

const coloursOf = ({ head }: WireMesh, neutral: string): { palette: string[]; of: (triangle: number) => number } => {
  const palette = [neutral]
  const numberOf = (colour: string | null): number => {
    if (colour === null) return 0
    const known = palette.indexOf(colour)
    if (known >= 0) return known
    // A byte for each pixel: the 256th colour and those after it look like the first.
    return palette.length < 256 ? palette.push(colour) - 1 : 0
  }
  const byTriangle = new Uint8Array(head.triangles)
  for (const { firstTriangle, triangles, colour } of head.parts)
    byTriangle.fill(numberOf(colour), firstTriangle, firstTriangle + triangles)
  for (const { first, count, colour } of head.painted) byTriangle.fill(numberOf(colour), first, first + count)
  return { palette, of: (triangle) => byTriangle[triangle] ?? 0 }
}

const draw = (
  view: View,
  corners: Float32Array,
  indices: Uint32Array,
  world: Float32Array,
  triangle: number,
  colour: number,
): void => {
  const { side, depth, normals, colours } = view
  const [a, b, c] = [0, 1, 2].map((corner) => (indices[triangle * 3 + corner] as number) * 3) as [
    number,
    number,
    number,
  ]
  const [ax, ay, az] = [corners[a] as number, corners[a + 1] as number, corners[a + 2] as number]
  const [bx, by, bz] = [corners[b] as number, corners[b + 1] as number, corners[b + 2] as number]
  const [cx, cy, cz] = [corners[c] as number, corners[c + 1] as number, corners[c + 2] as number]
  const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
  if (area === 0) return
  const n = triangle * 9
  const toEye = (from: number, along: Vector): number =>
    (world[from] as number) * along[0] + (world[from + 1] as number) * along[1] + (world[from + 2] as number) * along[2]
  const [x0, x1] = [
    Math.max(0, Math.ceil(Math.min(ax, bx, cx) - 0.5)),
    Math.min(side - 1, Math.floor(Math.max(ax, bx, cx) - 0.5)),
  ]
  const [y0, y1] = [
    Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5)),
    Math.min(side - 1, Math.floor(Math.max(ay, by, cy) - 0.5)),
  ]
  if (x0 > x1 || y0 > y1) return
  const axes = [RIGHT, UP, TOWARDS_EYE].map((along) => [toEye(n, along), toEye(n + 3, along), toEye(n + 6, along)])
  // An open shell is seen from inside: it is lit all the same.
  const facing = area < 0 ? 1 : -1
  for (let y = y0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const [px, py] = [x + 0.5, y + 0.5]
      const v = ((px - ax) * (cy - ay) - (py - ay) * (cx - ax)) / area
      const w = ((bx - ax) * (py - ay) - (by - ay) * (px - ax)) / area
      const u = 1 - v - w
      if (u < 0 || v < 0 || w < 0) continue
      const z = u * az + v * bz + w * cz
      const pixel = y * side + x
      if (z <= (depth[pixel] as number)) continue
      depth[pixel] = z
      colours[pixel] = colour
      for (let axis = 0; axis < 3; axis++) {
        const [p, q, r] = axes[axis] as [number, number, number]
        normals[pixel * 3 + axis] = (u * p + v * q + w * r) * facing
      }
    }
  }
}
