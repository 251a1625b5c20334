// Meshes whose facts are known beforehand, as STL: generated ones with exact numbers, and real parts of the commons.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sharedData } from './left-out.ts'

type Point = readonly [number, number, number]
export type Triangle = readonly [Point, Point, Point]

export interface KnownMesh {
  readonly name: string
  readonly triangles: readonly Triangle[]
  /** mm³ of the printed body; where shells overlap counted once. */
  readonly volume: number
  /** mm in x, y and z. */
  readonly size: Point
}

/** A box with its lowest corner there. */
export const box = ([x, y, z]: Point, [w, d, h]: Point): Triangle[] => {
  const corner = (at: number): Point => [x + (at & 1 ? w : 0), y + (at & 2 ? d : 0), z + (at & 4 ? h : 0)]
  const faces = [
    [0, 2, 3, 1],
    [4, 5, 7, 6],
    [0, 1, 5, 4],
    [2, 6, 7, 3],
    [0, 4, 6, 2],
    [1, 3, 7, 5],
  ]
  return faces.flatMap(([a = 0, b = 0, c = 0, d = 0]): Triangle[] => [
    [corner(a), corner(b), corner(c)],
    [corner(a), corner(c), corner(d)],
  ])
}

/** A profile of (radius, height), from the axis to the axis, turned around z in so many steps. */
const turned = (profile: readonly (readonly [number, number])[], steps: number): Triangle[] => {
  const at = ([radius, height]: readonly [number, number], step: number): Point => {
    const angle = ((step % steps) * 2 * Math.PI) / steps
    return radius === 0 ? [0, 0, height] : [radius * Math.cos(angle), radius * Math.sin(angle), height]
  }
  const triangles: Triangle[] = []
  profile.forEach((one, row) => {
    const next = profile[row + 1]
    if (next === undefined) return
    for (let step = 0; step < steps; step++) {
      const [a, b, c, d] = [at(one, step), at(one, step + 1), at(next, step + 1), at(next, step)]
      if (one[0] !== 0) triangles.push([a, b, c])
      if (next[0] !== 0) triangles.push([a, c, d])
    }
  })
  return triangles
}

/** Of a body turned in so many straight steps: each slice is a polygon, not a circle. */
const polygonArea = (radius: number, steps: number): number =>
  (steps / 2) * radius ** 2 * Math.sin((2 * Math.PI) / steps)

const insideOut = (triangles: readonly Triangle[]): Triangle[] => triangles.map(([a, b, c]) => [a, c, b])

const ring = (inner: number, outer: number, height: number, steps: number): Triangle[] => {
  const profile: [number, number][] = [
    [inner, 0],
    [outer, 0],
    [outer, height],
    [inner, height],
    [inner, 0],
  ]
  return turned(profile, steps)
}

const ball = (radius: number, rows: number, steps: number): Triangle[] =>
  turned(
    Array.from({ length: rows + 1 }, (_, row) => {
      const angle = (row * Math.PI) / rows
      return [row === 0 || row === rows ? 0 : radius * Math.sin(angle), radius - radius * Math.cos(angle)] as const
    }),
    steps,
  )

/** Of straight steps around and along. */
const ballVolume = (radius: number, rows: number, steps: number): number => {
  const slice = (row: number) => {
    const angle = (row * Math.PI) / rows
    return { r: radius * Math.sin(angle), z: -radius * Math.cos(angle) }
  }
  let volume = 0
  for (let row = 0; row < rows; row++) {
    const [one, next] = [slice(row), slice(row + 1)]
    const [a, b] = [polygonArea(one.r, steps), polygonArea(next.r, steps)]
    volume += ((next.z - one.z) * (a + b + Math.sqrt(a * b))) / 3
  }
  return volume
}

const cube = box([0, 0, 0], [20, 20, 20])

/** Whole bodies. */
export const knownMeshes: readonly KnownMesh[] = [
  { name: 'cube', triangles: cube, volume: 8000, size: [20, 20, 20] },
  { name: 'plate', triangles: box([-30, -20, 0], [60, 40, 3]), volume: 7200, size: [60, 40, 3] },
  {
    name: 'bracket',
    triangles: [...box([0, 0, 0], [30, 10, 4]), ...box([0, 0, 2], [4, 10, 28])],
    volume: 30 * 10 * 4 + 4 * 10 * 28 - 4 * 10 * 2,
    size: [30, 10, 30],
  },
  {
    name: 'tube',
    triangles: ring(8, 12, 15, 96),
    volume: 15 * (polygonArea(12, 96) - polygonArea(8, 96)),
    size: [24, 24, 15],
  },
  {
    name: 'cone',
    triangles: turned(
      [
        [0, 0],
        [12, 0],
        [0, 24],
      ],
      64,
    ),
    volume: (24 * polygonArea(12, 64)) / 3,
    size: [24, 24, 24],
  },
  { name: 'ball', triangles: ball(10, 32, 64), volume: ballVolume(10, 32, 64), size: [20, 20, 20] },
  {
    name: 'hollow box',
    triangles: [...cube, ...insideOut(box([4, 4, 4], [12, 12, 12]))],
    volume: 8000 - 1728,
    size: [20, 20, 20],
  },
]

/** A cube with one triangle missing and one that lies inside out. */
export const brokenCube: readonly Triangle[] = cube
  .slice(1)
  .map((triangle, at) => (at === 4 ? (insideOut([triangle])[0] ?? triangle) : triangle))

/** A ball of about so many triangles. */
export const largeBall = (triangles: number): Triangle[] => {
  const rows = Math.round(Math.sqrt(triangles / 4))
  return ball(25, rows, rows * 2)
}

export const binaryStl = (triangles: readonly Triangle[], count = triangles.length): Buffer => {
  const bytes = Buffer.alloc(84 + triangles.length * 50)
  bytes.write('made for a test')
  bytes.writeUInt32LE(count, 80)
  triangles.forEach((triangle, at) => {
    triangle.flat().forEach((value, place) => {
      bytes.writeFloatLE(value, 84 + at * 50 + 12 + place * 4)
    })
  })
  return bytes
}

export const textStl = (triangles: readonly Triangle[], name = 'part'): string => {
  const facets = triangles.map(
    (corners) =>
      `facet normal 0 0 0\n outer loop\n${corners.map((corner) => `  vertex ${corner.join(' ')}\n`).join('')} endloop\nendfacet\n`,
  )
  return `solid ${name}\n${facets.join('')}endsolid ${name}\n`
}

/** Three parts that people print, from real designs; none where the shared data is not there. */
export const realMeshes = (): { name: string; stl: Buffer }[] => {
  const folder = sharedData('commons')
  if (folder === null) return []
  return [
    'lightm/OpenSCAD/stl/adaptable_ring.stl',
    'original-prusa-i3-mk3s/Printed-Parts/STL/LCD-knob.stl',
    'openat-template/Build_Files/3D_Printing_Files/OpenAT_Placard.stl',
  ].map((path) => ({ name: path.split('/').at(-1) ?? path, stl: readFileSync(join(folder, path)) }))
}
