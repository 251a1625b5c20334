// How a model may lie on the bed: which sides can be below, what each would cost, and the best of them.

import type { WireMesh } from '../contract/mesh-wire.ts'
import type { Orientation, orientationReasons } from '../contract/model-work.ts'
import { areaNormals } from './measure.ts'
import { boxOf, sizeOf } from './mesh.ts'
import { dot, turnFrom, unit, type Vector } from './vectors.ts'

const DOWN: Vector = [0, 0, -1]
/** Surfaces that look down more steeply than this hang in the air: 45° from the vertical, as slicers have it. */
const STEEP = Math.cos((45 * Math.PI) / 180)
/** A side that is this near to the bed is stood on: a first layer's height. */
const FIRST_LAYER = 0.25
/** Sides whose directions differ by less are one (3°). */
const SAME = Math.cos((3 * Math.PI) / 180)
const MOST_SIDES = 24
const MOST_SUGGESTED = 5
/** More triangles are looked at in even steps: a suggestion needs no more. */
const MOST_LOOKED_AT = 200_000

interface Rated extends Omit<Orientation, 'reason' | 'message'> {
  readonly cost: number
}

/** The best first, as drawn among them. Each says what it is best at. */
export const orientationsOf = (mesh: WireMesh): Orientation[] => {
  const faces = facesOf(mesh)
  const size = Math.hypot(...sizeOf(boxOf(mesh)))
  const asDrawn = rate(faces, DOWN, size)
  const rated = sidesOf(faces)
    .map((down) => rate(faces, down, size))
    .sort((one, other) => one.cost - other.cost)
  const best = rated.slice(0, MOST_SUGGESTED - 1)
  // As it was drawn is mostly as its maker prints it: it yields only to what is clearly better.
  const all = [...best.filter(({ down }) => dot(down as unknown as Vector, DOWN) < SAME), asDrawn]
  const worth = (one: Rated): number => one.cost - (one === asDrawn ? 0.03 : 0)
  return all.sort((one, other) => worth(one) - worth(other)).map((one) => told(one, all, asDrawn))
}

const reasons: Readonly<Record<(typeof orientationReasons)[number], string>> = {
  'as-drawn': 'As it was drawn.',
  'least-support': 'Least of it hangs in the air.',
  'broad-base': 'It stands on the broadest base.',
  low: 'It is the lowest, so it prints soonest.',
  balanced: 'A good mean between base, height and support.',
}

const told = (one: Rated, all: readonly Rated[], asDrawn: Rated): Orientation => {
  const best = (value: (rated: Rated) => number): boolean => all.every((other) => value(one) <= value(other) + 1e-6)
  const reason =
    one === asDrawn
      ? 'as-drawn'
      : best(({ support }) => support)
        ? 'least-support'
        : best(({ contact }) => -contact)
          ? 'broad-base'
          : best(({ height }) => height)
            ? 'low'
            : 'balanced'
  const { cost: _, ...kept } = one
  return { ...kept, reason, message: reasons[reason] }
}

interface Faces {
  /** Direction and area of each triangle that is looked at. */
  readonly normals: Float32Array
  readonly areas: Float32Array
  readonly corners: Float32Array
  readonly count: number
}

const facesOf = (mesh: WireMesh): Faces => {
  const { positions, indices } = mesh
  const triangles = indices.length / 3
  const step = Math.max(1, Math.ceil(triangles / MOST_LOOKED_AT))
  const count = Math.floor((triangles + step - 1) / step)
  const given = areaNormals(mesh)
  const [normals, areas, corners] = [new Float32Array(count * 3), new Float32Array(count), new Float32Array(count * 9)]
  for (let at = 0; at < count; at++) {
    const triangle = at * step
    const [x, y, z] = unit([
      given[triangle * 3] as number,
      given[triangle * 3 + 1] as number,
      given[triangle * 3 + 2] as number,
    ])
    normals.set([x, y, z], at * 3)
    areas[at] =
      (Math.hypot(given[triangle * 3] as number, given[triangle * 3 + 1] as number, given[triangle * 3 + 2] as number) /
        2) *
      step
    for (let corner = 0; corner < 3; corner++) {
      const from = (indices[triangle * 3 + corner] as number) * 3
      corners.set(positions.subarray(from, from + 3), at * 9 + corner * 3)
    }
  }
  return { normals, areas, corners, count }
}

/** Directions that much of the surface looks to, the broadest first; and the six of the axes. */
const sidesOf = ({ normals, areas, count }: Faces): Vector[] => {
  const cells = new Map<string, { sum: [number, number, number]; area: number }>()
  for (let at = 0; at < count; at++) {
    const normal = [normals[at * 3] as number, normals[at * 3 + 1] as number, normals[at * 3 + 2] as number] as const
    const key = normal.map((part) => Math.round(part * 20)).join()
    const cell = cells.get(key) ?? { sum: [0, 0, 0], area: 0 }
    const area = areas[at] as number
    cell.area += area
    normal.forEach((part, axis) => {
      cell.sum[axis] = (cell.sum[axis] as number) + part * area
    })
    cells.set(key, cell)
  }
  const found = [...cells.values()].sort((one, other) => other.area - one.area).map(({ sum }) => unit(sum))
  const axes: Vector[] = [DOWN, [0, 0, 1], [0, 1, 0], [0, -1, 0], [1, 0, 0], [-1, 0, 0]]
  const sides: Vector[] = []
  for (const side of [...axes, ...found.slice(0, MOST_SIDES * 2)]) {
    if (sides.length < MOST_SIDES && sides.every((other) => dot(side, other) < SAME)) sides.push(side)
  }
  return sides
}

/**
 * What it costs to print it with this side below. Support counts by its volume against the model's own room, hanging
 * surface by its share; a base is too small where the part would stand on it like a pencil.
 */
const rate = (faces: Faces, down: Vector, size: number): Rated => {
  const { normals, areas, corners, count } = faces
  const depth = (from: number): number =>
    (corners[from] as number) * down[0] +
    (corners[from + 1] as number) * down[1] +
    (corners[from + 2] as number) * down[2]
  let [lowest, highest, total] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0]
  for (let from = 0; from < count * 9; from += 3) {
    const value = depth(from)
    lowest = Math.max(lowest, value)
    highest = Math.min(highest, value)
  }
  let [contact, overhang, support] = [0, 0, 0]
  for (let at = 0; at < count; at++) {
    const area = areas[at] as number
    total += area
    const facing =
      (normals[at * 3] as number) * down[0] +
      (normals[at * 3 + 1] as number) * down[1] +
      (normals[at * 3 + 2] as number) * down[2]
    if (facing <= STEEP) continue
    const heights = [0, 3, 6].map((corner) => lowest - depth(at * 9 + corner)) as [number, number, number]
    if (Math.max(...heights) <= FIRST_LAYER) contact += area * facing
    else {
      overhang += area
      support += (area * facing * (heights[0] + heights[1] + heights[2])) / 3
    }
  }
  const height = lowest - highest
  // Ten times as high as its base is wide, it falls over or its first layer lets go.
  const slender = height / Math.sqrt(Math.max(contact, 0.01))
  const tips = Math.min(1, Math.max(0, slender - 1.5) / 8.5)
  const cost =
    support / (total * size * 0.25 + 1e-9) + (0.6 * overhang) / (total + 1e-9) + 0.5 * tips + (0.15 * height) / size
  return { rotation: [...turnFrom(down, DOWN)], down: [...down], contact, overhang, support, height, cost }
}
