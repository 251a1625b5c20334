// A polygon in space -> triangles that fill it, by cutting off ears in the plane that fits it best.
import { cross, unit, type Vector } from './vectors.ts'

type Triple = readonly [number, number, number]

/** Numbers of corners, three for each triangle, going round as the polygon does. */
export const fillPolygon = (corners: readonly Vector[]): Triple[] => {
  if (corners.length === 3) return [[0, 1, 2]]
  const flat = flattened(corners)
  const left = corners.map((_, at) => at)
  const triangles: Triple[] = []
  let looked = 0
  for (let at = 0; left.length > 3; ) {
    const [before, tip, behind] = [at, at + 1, at + 2].map((place) => left[place % left.length] as number) as [
      number,
      number,
      number,
    ]
    // Where no ear is left (it crosses itself, or has no area) any will do: it must be closed.
    if (looked > left.length || isEar(flat, left, before, tip, behind)) {
      triangles.push([before, tip, behind])
      left.splice((at + 1) % left.length, 1)
      looked = 0
    } else {
      at += 1
      looked += 1
    }
    at %= left.length
  }
  triangles.push([left[0] as number, left[1] as number, left[2] as number])
  return triangles
}

/** Seen along its normal (Newell's), counter-clockwise. */
const flattened = (corners: readonly Vector[]): [number, number][] => {
  let normal: [number, number, number] = [0, 0, 0]
  corners.forEach((corner, at) => {
    const next = corners[(at + 1) % corners.length] as Vector
    normal = [
      normal[0] + (corner[1] - next[1]) * (corner[2] + next[2]),
      normal[1] + (corner[2] - next[2]) * (corner[0] + next[0]),
      normal[2] + (corner[0] - next[0]) * (corner[1] + next[1]),
    ]
  })
  const up = unit(normal)
  const side = unit(cross(Math.abs(up[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0], up))
  const other = cross(up, side)
  return corners.map(([x, y, z]) => [
    x * side[0] + y * side[1] + z * side[2],
    x * other[0] + y * other[1] + z * other[2],
  ])
}

const turn = (a: readonly number[], b: readonly number[], c: readonly number[]): number => {
  const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = [...a, ...b, ...c]
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
}

const isEar = (
  flat: readonly [number, number][],
  left: readonly number[],
  a: number,
  b: number,
  c: number,
): boolean => {
  const [pa, pb, pc] = [flat[a], flat[b], flat[c]] as [[number, number], [number, number], [number, number]]
  if (turn(pa, pb, pc) <= 0) return false
  return left.every((one) => {
    if (one === a || one === b || one === c) return true
    const point = flat[one] as [number, number]
    return turn(pa, pb, point) < 0 || turn(pb, pc, point) < 0 || turn(pc, pa, point) < 0
  })
}
