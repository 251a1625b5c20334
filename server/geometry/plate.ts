// Parts on a bed: how each lies, and where there is room for it.

import type { WireMesh } from '../contract/mesh-wire.ts'
import type { PlateObject, PlateRequest } from '../contract/model-work.ts'
import { boxOf, joined, moved } from './mesh.ts'
import { type Bed, type Outline, Packing } from './packing.ts'
import {
  compose,
  type Quaternion,
  scaling,
  shifting,
  turnAbout,
  turnFrom,
  turning,
  unit,
  type Vector,
} from './vectors.ts'

export interface PlateOfParts {
  readonly mesh: WireMesh
  readonly placed: { object: number; position: number[]; turnedBy: number }[]
  readonly left: { object: number; copies: number }[]
}

/** Turns that are tried where parts may be turned, in degrees. */
const TURNS = [0, 90, 45, 135]

/** As it is to lie: scaled, turned, on the bed, with the middle of its box at the origin. */
export const laid = (
  mesh: WireMesh,
  { scale, rotation, layOn }: Pick<PlateObject, 'scale' | 'rotation' | 'layOn'>,
): WireMesh => {
  const stretch = scale as unknown as Vector
  const turn =
    layOn === null
      ? (rotation as unknown as Quaternion)
      : turnFrom(scaledNormal(layOn as unknown as Vector, stretch), [0, 0, -1])
  return settled(moved(mesh, compose(turning(turn), scaling(stretch))))
}

/** A face that is stretched looks elsewhere: its normal shrinks where the face grows. */
const scaledNormal = (normal: Vector, scale: Vector): Vector =>
  unit([normal[0] / scale[0], normal[1] / scale[1], normal[2] / scale[2]])

const settled = (mesh: WireMesh): WireMesh => {
  const box = boxOf(mesh)
  return moved(mesh, shifting([-(box.minX + box.maxX) / 2, -(box.minY + box.maxY) / 2, -box.minZ]))
}

interface Lying {
  readonly mesh: WireMesh
  readonly outline: Outline
  readonly turnedBy: number
}

/** Places all that fits: first what has a place, then the largest. Null where nothing does. */
export const plateOf = (
  meshes: readonly WireMesh[],
  { objects, bed, clearance, mayTurn }: PlateRequest,
): PlateOfParts | null => {
  const ways = objects.map((object, at) => waysOf(meshes[at] as WireMesh, object, mayTurn && object.position === null))
  const order = [...objects.keys()].sort(
    (one, other) =>
      Number(objects[other]?.position !== null) - Number(objects[one]?.position !== null) ||
      areaOf(ways[other]) - areaOf(ways[one]),
  )
  const tries = (['middle', 'corner'] as const).map((from) => fill(objects, ways, order, bed, clearance, from))
  // From the middle looks best; from the corner wastes least.
  const best = tries.reduce((one, other) => (other.placed.length > one.placed.length ? other : one))
  if (best.placed.length === 0) return null
  const parts = best.placed.map(({ way, position }, at) =>
    named(moved(way.mesh, shifting([position[0], position[1], 0])), `${at + 1}`),
  )
  const left = objects.map(({ copies }, object) => ({
    object,
    copies: copies - best.placed.filter((one) => one.object === object).length,
  }))
  return {
    mesh: joined(parts),
    placed: best.placed.map(({ object, way, position }) => ({
      object,
      position: [...position],
      turnedBy: way.turnedBy,
    })),
    left: left.filter(({ copies }) => copies > 0),
  }
}

/** What has no name is called by its number on the plate. */
const named = (mesh: WireMesh, number: string): WireMesh => ({
  ...mesh,
  head: {
    ...mesh.head,
    parts: mesh.head.parts.map((part) => ({ ...part, name: part.name === '' ? number : part.name })),
  },
})

const waysOf = (mesh: WireMesh, object: PlateObject, mayTurn: boolean): Lying[] => {
  const flat = laid(mesh, object)
  return (mayTurn ? TURNS : [0]).map((turnedBy) => {
    const way = turnedBy === 0 ? flat : settled(moved(flat, turning(turnAbout(turnedBy))))
    return { mesh: way, outline: outlineOf(way), turnedBy }
  })
}

const areaOf = (ways: readonly Lying[] | undefined): number => {
  const box = ways?.[0] === undefined ? null : boxOf(ways[0].mesh)
  return box === null ? 0 : (box.maxX - box.minX) * (box.maxY - box.minY)
}

interface Fitted {
  readonly placed: { object: number; way: Lying; position: readonly [number, number] }[]
}

const fill = (
  objects: readonly PlateObject[],
  ways: readonly Lying[][],
  order: readonly number[],
  bed: PlateRequest['bed'],
  clearance: number,
  from: 'middle' | 'corner',
): Fitted => {
  const packing = new Packing(bed satisfies Bed, clearance, from)
  const placed: Fitted['placed'] = []
  for (const object of order) {
    const { copies, position } = objects[object] as PlateObject
    for (let copy = 0; copy < copies; copy++) {
      const found = (ways[object] ?? [])
        .filter(({ mesh }) => bed.height === null || boxOf(mesh).maxZ <= bed.height)
        .map((way) => ({
          way,
          place:
            position === null || copy > 0
              ? packing.find(way.outline)
              : packing.at(way.outline, [position[0] as number, position[1] as number]),
        }))
      const best = found
        .filter(({ place }) => place !== null)
        .sort((one, other) => (one.place?.cost ?? 0) - (other.place?.cost ?? 0))[0]
      if (best === undefined || best.place === null) break
      packing.take(best.way.outline, best.place)
      placed.push({ object, way: best.way, position: best.place.position })
    }
  }
  return { placed }
}

/** The convex outline of the part seen from above (Andrew's monotone chain). */
const outlineOf = ({ positions }: WireMesh): Outline => {
  const seen = new Map<string, readonly [number, number]>()
  for (let at = 0; at < positions.length; at += 3) {
    const point = [positions[at] as number, positions[at + 1] as number] as const
    const key = `${Math.round(point[0] * 20)},${Math.round(point[1] * 20)}`
    if (!seen.has(key)) seen.set(key, point)
  }
  const points = [...seen.values()].sort((one, other) => one[0] - other[0] || one[1] - other[1])
  const half = (from: readonly (readonly [number, number])[]): (readonly [number, number])[] => {
    const chain: (readonly [number, number])[] = []
    for (const point of from) {
      for (;;) {
        const [before, last] = [chain.at(-2), chain.at(-1)]
        if (before === undefined || last === undefined) break
        const turn = (last[0] - before[0]) * (point[1] - before[1]) - (last[1] - before[1]) * (point[0] - before[0])
        if (turn > 0) break
        chain.pop()
      }
      chain.push(point)
    }
    return chain.slice(0, -1)
  }
  return [...half(points), ...half([...points].reverse())]
}
