// The bed of a printer as lines and areas: grid, edge, origin with its axes, the space above, and where the nozzle may not go.
import {
  BufferGeometry,
  DoubleSide,
  Float32BufferAttribute,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  Shape,
  ShapeGeometry,
} from 'three'
import type { PrintVolume } from '../../gcode/index.ts'
import { type Bed, edgeOf, ROUND_PIECES } from './bed-edge.ts'

export interface BedColours {
  readonly plate: string
  readonly grid: string
  readonly edge: string
  readonly zone: string
}

const AXES = [
  { colour: '#d64545', x: 1, y: 0, z: 0 },
  { colour: '#2f9e56', x: 0, y: 1, z: 0 },
  { colour: '#3b7dd8', x: 0, y: 0, z: 1 },
]
/** mm; so that what is drawn on the bed is not drawn into it. */
const BELOW = 0.15

type Line = readonly number[]

/** Every 10 mm where the bed is of a usual size, within its edge. */
const gridOf = ({ shape, width, depth, originX, originY }: PrintVolume): Line[] => {
  const step = Math.max(width, depth) > 600 ? 50 : 10
  const round = shape === 'round'
  const radius = width / 2
  const [left, right] = round ? [originX - radius, originX + radius] : [originX, originX + width]
  const [front, back] = round ? [originY - radius, originY + radius] : [originY, originY + depth]
  const lines: Line[] = []
  for (let x = Math.ceil(left / step) * step; x <= right; x += step) {
    const reach = round ? Math.sqrt(Math.max(0, radius ** 2 - (x - originX) ** 2)) : 0
    lines.push(round ? [x, originY - reach, -BELOW, x, originY + reach, -BELOW] : [x, front, -BELOW, x, back, -BELOW])
  }
  for (let y = Math.ceil(front / step) * step; y <= back; y += step) {
    const reach = round ? Math.sqrt(Math.max(0, radius ** 2 - (y - originY) ** 2)) : 0
    lines.push(round ? [originX - reach, y, -BELOW, originX + reach, y, -BELOW] : [left, y, -BELOW, right, y, -BELOW])
  }
  return lines
}

const ring = (corners: readonly (readonly [number, number])[], z: number): Line[] =>
  corners.map(([x, y], n) => {
    const [nextX, nextY] = corners[(n + 1) % corners.length] as readonly [number, number]
    return [x, y, z, nextX, nextY, z]
  })

const linesOf = (lines: readonly Line[], color: string, opacity = 1): LineSegments => {
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new Float32BufferAttribute(lines.flat(), 3))
  return new LineSegments(geometry, new LineBasicMaterial({ color, opacity, transparent: opacity < 1 }))
}

const areaOf = (corners: readonly (readonly [number, number])[], color: string, opacity: number, z: number): Mesh => {
  const shape = new Shape()
  corners.forEach(([x, y], n) => {
    if (n === 0) shape.moveTo(x, y)
    else shape.lineTo(x, y)
  })
  const material = new MeshBasicMaterial({ color, opacity, transparent: true, depthWrite: false, side: DoubleSide })
  const mesh = new Mesh(new ShapeGeometry(shape), material)
  mesh.position.z = z
  return mesh
}

/** Give it to `disposeBed` when it is no longer shown. */
export const buildBed = ({ volume, zones }: Bed, colours: BedColours): Group => {
  const group = new Group()
  const edge = edgeOf(volume)
  const posts = volume.shape === 'rectangular' ? edge : edge.filter((_, n) => n % (ROUND_PIECES / 4) === 0)
  const length = Math.min(volume.width, volume.depth) / 8
  group.add(
    areaOf(edge, colours.plate, 0.55, -2 * BELOW),
    linesOf(gridOf(volume), colours.grid),
    linesOf(ring(edge, -BELOW), colours.edge),
    linesOf(ring(edge, volume.height), colours.edge, 0.35),
    linesOf(
      posts.map(([x, y]) => [x, y, 0, x, y, volume.height]),
      colours.edge,
      0.35,
    ),
  )
  for (const { outline } of zones) {
    group.add(areaOf(outline, colours.zone, 0.4, 0), linesOf(ring(outline, 0), colours.zone))
  }
  for (const { colour, x, y, z } of AXES) group.add(linesOf([[0, 0, 0, x * length, y * length, z * length]], colour))
  return group
}

export const disposeBed = (group: Group): void => {
  group.traverse((object) => {
    if (!(object instanceof Mesh || object instanceof LineSegments)) return
    object.geometry.dispose()
    object.material.dispose()
  })
}
