// Makes a mesh whole: joins cracks, drops what is useless, turns what lies inside out, closes holes.
import type { WireMesh } from '../contract/mesh-wire.ts'
import { fillPolygon } from './fill-polygon.ts'
import { shellVolumes } from './measure.ts'
import { boxOf, sizeOf } from './mesh.ts'
import { MeshBuilder } from './mesh-builder.ts'
import { after, topologyOf } from './topology.ts'
import type { Vector } from './vectors.ts'

export interface Mended {
  readonly mesh: WireMesh
  readonly closedHoles: number
  readonly turnedTriangles: number
  readonly removedTriangles: number
}

/** Cracks narrower than these (mm) are joined; a wider try only where a narrower one leaves edges open. */
const CRACKS = [0, 1e-4, 1e-3, 1e-2]
/** Around a hole of more corners than this lies no hole but half a part. */
const MOST_CORNERS = 5000

/** As whole as it gets; the caller checks whether that is whole. */
export const mend = (mesh: WireMesh): Mended => {
  const joinedUp = joinCracks(mesh)
  const single = withoutDoubles(joinedUp)
  const turned = turnOutwards(single)
  const { mesh: filled, holes } = closeHoles(turned.mesh)
  // A hole that was closed may be what says which side is outside.
  const final = turnOutwards(filled)
  return {
    mesh: final.mesh,
    closedHoles: holes,
    turnedTriangles: turned.count + final.count,
    removedTriangles: mesh.head.triangles - single.head.triangles,
  }
}

/** Corners that are nearly at one place become one. */
const joinCracks = (mesh: WireMesh): WireMesh => {
  let best = mesh
  let open = topologyOf(mesh).openEdges
  const smallest = Math.max(...sizeOf(boxOf(mesh))) / 1000
  for (const width of CRACKS) {
    if (open === 0 || width > smallest) break
    const candidate = snapped(mesh, width)
    const left = topologyOf(candidate).openEdges
    if (left < open) [best, open] = [candidate, left]
  }
  return best
}

/** Each corner goes to the first one in reach. */
const snapped = ({ head, positions, indices }: WireMesh, width: number): WireMesh => {
  const builder = new MeshBuilder()
  const cells = new Map<string, number[]>()
  const settle = (vertex: number): number => {
    const place = [0, 1, 2].map((axis) => positions[vertex * 3 + axis] as number) as [number, number, number]
    if (width === 0) return vertex
    const cell = place.map((value) => Math.round(value / width)) as [number, number, number]
    for (let near = 0; near < 27; near++) {
      const key = `${cell[0] + (near % 3) - 1},${cell[1] + (Math.floor(near / 3) % 3) - 1},${cell[2] + Math.floor(near / 9) - 1}`
      for (const other of cells.get(key) ?? []) {
        if (Math.hypot(...place.map((value, axis) => value - (positions[other * 3 + axis] as number))) <= width)
          return other
      }
    }
    const key = cell.join(',')
    cells.set(key, [...(cells.get(key) ?? []), vertex])
    return vertex
  }
  const settled = Uint32Array.from({ length: head.vertices }, (_, vertex) => settle(vertex))
  return rebuilt({ head, positions, indices: indices.map((vertex) => settled[vertex] as number) }, builder)
}

const rebuilt = ({ head, positions, indices }: WireMesh, builder: MeshBuilder, wanted?: Uint8Array): WireMesh => {
  const colours = new Map(
    head.painted.flatMap(({ first, count, colour }) =>
      Array.from({ length: count }, (_, at) => [first + at, colour] as const),
    ),
  )
  for (const { name, colour, firstTriangle, triangles } of head.parts) {
    builder.beginPart(name, colour)
    for (let triangle = firstTriangle; triangle < firstTriangle + triangles; triangle++) {
      if (wanted !== undefined && wanted[triangle] === 0) continue
      const [a, b, c] = [0, 1, 2].map((corner) => {
        const from = (indices[triangle * 3 + corner] as number) * 3
        return builder.vertex(positions[from] as number, positions[from + 1] as number, positions[from + 2] as number)
      }) as [number, number, number]
      builder.triangle(a, b, c, colours.get(triangle) ?? null)
    }
  }
  return builder.build()
}

/** Of triangles with the same three corners one is left; of two that look in opposite ways none, they enclose nothing. */
const withoutDoubles = (mesh: WireMesh): WireMesh => {
  const { indices } = mesh
  const seen = new Map<string, number>()
  const wanted = new Uint8Array(indices.length / 3).fill(1)
  let dropped = 0
  // Only around crowded edges can there be two.
  if (topologyOf(mesh).crowdedEdges === 0) return mesh
  for (let triangle = 0; triangle < wanted.length; triangle++) {
    const corners = [...indices.subarray(triangle * 3, triangle * 3 + 3)]
    const key = [...corners].sort((one, other) => one - other).join()
    const other = seen.get(key)
    if (other === undefined) {
      seen.set(key, triangle)
      continue
    }
    wanted[triangle] = 0
    dropped += 1
    if (!sameWay(corners, [...indices.subarray(other * 3, other * 3 + 3)])) {
      wanted[other] = 0
      dropped += 1
      seen.delete(key)
    }
  }
  return dropped === 0 ? mesh : rebuilt(mesh, new MeshBuilder(), wanted)
}

const sameWay = (one: readonly number[], other: readonly number[]): boolean => {
  const shift = other.indexOf(one[0] as number)
  return other[(shift + 1) % 3] === one[1]
}

/** Neighbours agree which side is outside, and each shell's outside is outside; cavities stay cavities. */
const turnOutwards = (mesh: WireMesh): { mesh: WireMesh; count: number } => {
  const { partner, shellOf, shells } = topologyOf(mesh)
  const indices = mesh.indices.slice()
  const turned = new Uint8Array(indices.length / 3)
  const seen = new Uint8Array(turned.length)
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] === 1) continue
    seen[start] = 1
    const stack = [start]
    while (stack.length > 0) {
      const triangle = stack.pop() as number
      for (let side = triangle * 3; side < triangle * 3 + 3; side++) {
        const other = partner[side] as number
        if (other < 0) continue
        const neighbour = Math.floor(other / 3)
        if (seen[neighbour] === 1) continue
        seen[neighbour] = 1
        const agree = mesh.indices[side] === mesh.indices[after(other)]
        turned[neighbour] = agree ? (turned[triangle] as number) : 1 - (turned[triangle] as number)
        stack.push(neighbour)
      }
    }
  }
  applyTurns(indices, mesh.indices, turned)
  const agreed: WireMesh = { ...mesh, indices }
  for (const shell of insideOut(agreed, shellOf, shells)) {
    for (let triangle = 0; triangle < turned.length; triangle++) {
      if (shellOf[triangle] === shell) turned[triangle] = 1 - (turned[triangle] as number)
    }
  }
  applyTurns(indices, mesh.indices, turned)
  return { mesh: { ...mesh, indices }, count: turned.reduce((sum, one) => sum + one, 0) }
}

const applyTurns = (indices: Uint32Array, given: Uint32Array, turned: Uint8Array): void => {
  for (let triangle = 0; triangle < turned.length; triangle++) {
    const [second, third] = turned[triangle] === 1 ? [2, 1] : [1, 2]
    indices[triangle * 3 + 1] = given[triangle * 3 + second] as number
    indices[triangle * 3 + 2] = given[triangle * 3 + third] as number
  }
}

/** Shells whose volume is negative though they lie in no other: a cavity's is negative rightly. */
export const insideOut = (mesh: WireMesh, shellOf: Uint32Array, shells: number): number[] => {
  const volumes = shellVolumes(mesh, shellOf, shells)
  if (volumes.every((volume) => volume >= 0)) return []
  const boxes = shellBoxes(mesh, shellOf, shells)
  const holds = (outer: number, inner: number): boolean =>
    [0, 1, 2].every(
      (axis) =>
        (boxes[outer * 6 + axis] as number) < (boxes[inner * 6 + axis] as number) &&
        (boxes[outer * 6 + axis + 3] as number) > (boxes[inner * 6 + axis + 3] as number),
    )
  return [...volumes.keys()].filter((shell) => {
    if ((volumes[shell] as number) >= 0) return false
    // With thousands of shells the largest are enough: cavities lie in large bodies.
    return !largest(volumes).some((other) => (volumes[other] as number) > 0 && holds(other, shell))
  })
}

const largest = (volumes: Float64Array): number[] =>
  volumes.length <= 200
    ? [...volumes.keys()]
    : [...volumes.keys()].sort((one, other) => (volumes[other] as number) - (volumes[one] as number)).slice(0, 200)

/** Six numbers for each shell. */
export const shellBoxes = ({ positions, indices }: WireMesh, shellOf: Uint32Array, shells: number): Float64Array => {
  const boxes = new Float64Array(shells * 6)
  for (let shell = 0; shell < shells; shell++)
    boxes.fill(Infinity, shell * 6, shell * 6 + 3).fill(-Infinity, shell * 6 + 3, shell * 6 + 6)
  for (let side = 0; side < indices.length; side++) {
    const from = (shellOf[Math.floor(side / 3)] as number) * 6
    for (let axis = 0; axis < 3; axis++) {
      const value = positions[(indices[side] as number) * 3 + axis] as number
      if (value < (boxes[from + axis] as number)) boxes[from + axis] = value
      if (value > (boxes[from + axis + 3] as number)) boxes[from + axis + 3] = value
    }
  }
  return boxes
}

/** Fills each ring of open edges. */
const closeHoles = (mesh: WireMesh): { mesh: WireMesh; holes: number } => {
  const { partner, openEdges } = topologyOf(mesh)
  if (openEdges === 0) return { mesh, holes: 0 }
  const rings = ringsOf(mesh, partner)
  const added: (readonly [number, number, number])[] = []
  for (const ring of rings) {
    if (ring.length > MOST_CORNERS) continue
    // The hole is gone round against its neighbours' way.
    const corners = [...ring].reverse()
    const places = corners.map(
      (vertex): Vector => [
        mesh.positions[vertex * 3] as number,
        mesh.positions[vertex * 3 + 1] as number,
        mesh.positions[vertex * 3 + 2] as number,
      ],
    )
    for (const [a, b, c] of fillPolygon(places))
      added.push([corners[a] as number, corners[b] as number, corners[c] as number])
  }
  // What fills a hole goes to the end of the last part, wherever the hole is: it is no part of its own.
  const indices = new Uint32Array(mesh.indices.length + added.length * 3)
  indices.set(mesh.indices)
  for (const [at, triangle] of added.entries()) indices.set(triangle, mesh.indices.length + at * 3)
  const last = mesh.head.parts.at(-1)
  const parts = mesh.head.parts.map((part) =>
    part === last ? { ...part, triangles: part.triangles + added.length } : part,
  )
  const head = { ...mesh.head, triangles: indices.length / 3, parts }
  return { mesh: { head, positions: mesh.positions, indices }, holes: rings.length }
}

/** Corners around each hole, in the way of its neighbours' sides. */
const ringsOf = ({ indices }: WireMesh, partner: Int32Array): number[][] => {
  const onwards = new Map<number, number[]>()
  for (let side = 0; side < indices.length; side++) {
    if (partner[side] !== -1) continue
    const from = indices[side] as number
    onwards.set(from, [...(onwards.get(from) ?? []), indices[after(side)] as number])
  }
  const rings: number[][] = []
  const keep = (ring: number[]): void => {
    if (ring.length >= 3) rings.push(ring)
  }
  for (const start of onwards.keys()) {
    while ((onwards.get(start)?.length ?? 0) > 0) {
      const ring = [start]
      const places = new Map([[start, 0]])
      for (let at = onwards.get(start)?.pop(); at !== undefined && at !== start; at = onwards.get(at)?.pop()) {
        const before = places.get(at)
        if (before === undefined) {
          places.set(at, ring.length)
          ring.push(at)
          continue
        }
        // Where rings touch at a corner, what was gone round closes first.
        const inner = ring.splice(before + 1)
        for (const one of inner) places.delete(one)
        keep([at, ...inner])
      }
      keep(ring)
    }
  }
  return rings
}
