// The bed beneath a part: a grid of centimetres, its edge, the room above it, and where its front is.
import { BufferAttribute, BufferGeometry, Group, LineBasicMaterial, LineSegments } from 'three'

export interface SceneBed {
  /** mm */
  readonly width: number
  readonly depth: number
  readonly height: number
  readonly round: boolean
}

const STEP = 10
const AROUND = 96

const lines = (points: readonly number[], colour: string, opacity: number): LineSegments => {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(points), 3))
  return new LineSegments(geometry, new LineBasicMaterial({ color: colour, transparent: true, opacity }))
}

const circle = (radius: number, z: number): number[] =>
  Array.from({ length: AROUND }, (_, step) => {
    const [a, b] = [(step * 2 * Math.PI) / AROUND, ((step + 1) * 2 * Math.PI) / AROUND]
    return [radius * Math.cos(a), radius * Math.sin(a), z, radius * Math.cos(b), radius * Math.sin(b), z]
  }).flat()

const frame = (x: number, y: number, z: number): number[] => [
  ...[-x, -y, z, x, -y, z],
  ...[x, -y, z, x, y, z],
  ...[x, y, z, -x, y, z],
  ...[-x, y, z, -x, -y, z],
]

const gridOf = ({ width, depth, round }: SceneBed): number[] => {
  const [x, y] = [width / 2, depth / 2]
  const points: number[] = []
  const reach = (at: number, half: number, other: number): number =>
    round ? Math.sqrt(Math.max(0, half * half - at * at)) : other
  for (let at = -Math.floor(x / STEP) * STEP; at <= x; at += STEP) {
    const end = reach(at, x, y)
    points.push(at, -end, 0, at, end, 0)
  }
  for (let at = -Math.floor(y / STEP) * STEP; at <= y; at += STEP) {
    const end = reach(at, x, x)
    points.push(-end, at, 0, end, at, 0)
  }
  return points
}

const roomOf = ({ width, depth, height, round }: SceneBed): number[] => {
  const [x, y] = [width / 2, depth / 2]
  if (round) return circle(x, height)
  const posts = [
    [-x, -y],
    [x, -y],
    [x, y],
    [-x, y],
  ].flatMap(([px = 0, py = 0]) => [px, py, 0, px, py, height])
  return [...frame(x, y, height), ...posts]
}

export const bedLines = (bed: SceneBed, { line, edge }: { line: string; edge: string }): Group => {
  const group = new Group()
  const [x, y] = [bed.width / 2, bed.depth / 2]
  group.add(lines(gridOf(bed), line, 0.45))
  group.add(lines(bed.round ? circle(x, 0) : frame(x, y, 0), edge, 1))
  group.add(lines(roomOf(bed), line, 0.3))
  // An arrow that points out of the front, where one stands.
  const tip = -y - 14
  group.add(lines([-7, -y - 4, 0, 7, -y - 4, 0, 7, -y - 4, 0, 0, tip, 0, 0, tip, 0, -7, -y - 4, 0], edge, 1))
  return group
}
