// Closed meshes to be sliced: each with what makes it hard, its volume known by its making.
import type { WireMesh } from '../../server/contract/mesh-wire.ts'

type Point = readonly [x: number, y: number, z: number]

export const meshOf = (points: readonly Point[], triangles: readonly (readonly number[])[]): WireMesh => ({
  head: {
    vertices: points.length,
    triangles: triangles.length,
    parts: [{ name: 'part', firstTriangle: 0, triangles: triangles.length, colour: null }],
    painted: [],
  },
  positions: Float32Array.from(points.flat()),
  indices: Uint32Array.from(triangles.flat()),
})

export const joined = (...meshes: readonly WireMesh[]): WireMesh => {
  const points: Point[] = []
  const triangles: number[][] = []
  for (const { positions, indices } of meshes) {
    const first = points.length
    for (let at = 0; at < positions.length; at += 3) {
      points.push([positions[at] as number, positions[at + 1] as number, positions[at + 2] as number])
    }
    for (let at = 0; at < indices.length; at += 3) {
      triangles.push([0, 1, 2].map((corner) => first + (indices[at + corner] as number)))
    }
  }
  return meshOf(points, triangles)
}

/** An outline, counter-clockwise and convex or a star about its first point's fan, drawn up from `low` to `high`. */
export const prism = (outline: readonly (readonly [number, number])[], low: number, high: number): WireMesh => {
  const n = outline.length
  const points: Point[] = [
    ...outline.map(([x, y]): Point => [x, y, low]),
    ...outline.map(([x, y]): Point => [x, y, high]),
  ]
  const triangles: number[][] = []
  for (let at = 0; at < n; at++) {
    const next = (at + 1) % n
    triangles.push([at, next, n + next], [at, n + next, n + at])
    if (at > 0 && at < n - 1) triangles.push([0, at + 1, at], [n, n + at, n + at + 1])
  }
  return meshOf(points, triangles)
}

export const box = (x: number, y: number, z: number, at: Point = [0, 0, 0]): WireMesh => {
  const [left, front, low] = at
  return prism(
    [
      [left, front],
      [left + x, front],
      [left + x, front + y],
      [left, front + y],
    ],
    low,
    low + z,
  )
}

/** A shape by rings of equal length, from below to above, closed by a fan at both ends. */
const lathe = (rings: readonly (readonly Point[])[]): WireMesh => {
  const n = (rings[0] as readonly Point[]).length
  const points = rings.flat()
  const triangles: number[][] = []
  for (let ring = 0; ring + 1 < rings.length; ring++) {
    for (let at = 0; at < n; at++) {
      const [a, b] = [ring * n + at, ring * n + ((at + 1) % n)]
      triangles.push([a, b, b + n], [a, b + n, a + n])
    }
  }
  const middle = (ring: readonly Point[]): Point => [
    ring.reduce((sum, [x]) => sum + x, 0) / n,
    ring.reduce((sum, [, y]) => sum + y, 0) / n,
    ring.reduce((sum, [, , z]) => sum + z, 0) / n,
  ]
  const [below, above] = [points.length, points.length + 1]
  points.push(middle(rings[0] as readonly Point[]), middle(rings.at(-1) as readonly Point[]))
  for (let at = 0; at < n; at++) {
    const next = (at + 1) % n
    triangles.push([below, next, at], [above, (rings.length - 1) * n + at, (rings.length - 1) * n + next])
  }
  return meshOf(points, triangles)
}

const ring = (n: number, radius: (angle: number) => number, z: number): Point[] =>
  Array.from({ length: n }, (_, at): Point => {
    const angle = (at / n) * 2 * Math.PI
    return [Math.cos(angle) * radius(angle), Math.sin(angle) * radius(angle), z]
  })

/** A tube: outside and inside, with flat ends. */
export const tube = (n: number, outer: number, inner: number, height: number): WireMesh => {
  const rings = [
    ring(n, () => outer, 0),
    ring(n, () => outer, height),
    ring(n, () => inner, height),
    ring(n, () => inner, 0),
  ]
  const triangles: number[][] = []
  for (let at = 0; at < 4; at++) {
    for (let place = 0; place < n; place++) {
      const [a, b] = [at * n + place, at * n + ((place + 1) % n)]
      const [c, d] = [((at + 1) % 4) * n + place, ((at + 1) % 4) * n + ((place + 1) % n)]
      triangles.push([a, b, d], [a, d, c])
    }
  }
  return meshOf(rings.flat(), triangles)
}

/** A square plate with a round hole through it. */
const holed = (size: number, radius: number, height: number, n: number): WireMesh => {
  const square = (z: number): Point[] =>
    Array.from({ length: n }, (_, at): Point => {
      const angle = ((at + 0.5) / n) * 2 * Math.PI
      const far = size / 2 / Math.max(Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle)))
      return [Math.cos(angle) * far, Math.sin(angle) * far, z]
    })
  const round = (z: number): Point[] =>
    Array.from({ length: n }, (_, at): Point => {
      const angle = ((at + 0.5) / n) * 2 * Math.PI
      return [Math.cos(angle) * radius, Math.sin(angle) * radius, z]
    })
  const rings = [square(0), square(height), round(height), round(0)]
  const triangles: number[][] = []
  for (let at = 0; at < 4; at++) {
    for (let place = 0; place < n; place++) {
      const [a, b] = [at * n + place, at * n + ((place + 1) % n)]
      const [c, d] = [((at + 1) % 4) * n + place, ((at + 1) % 4) * n + ((place + 1) % n)]
      triangles.push([a, b, d], [a, d, c])
    }
  }
  return meshOf(rings.flat(), triangles)
}

/** A lump with waves all round: `n` points about, and half as many up. */
export const organic = (n: number, size = 15): WireMesh => {
  const levels = Math.floor(n / 2)
  const rings = Array.from({ length: levels - 1 }, (_, at) => {
    const polar = Math.PI * (1 - (at + 1) / levels)
    return ring(
      n,
      (angle) => size * Math.sin(polar) * (1 + 0.12 * Math.sin(5 * angle) * Math.sin(3 * polar)),
      size + size * Math.cos(polar),
    )
  })
  return lathe(rings)
}

/** Letters of bars, each a piece of its own: what a name plate is like. */
const letters = (): WireMesh =>
  joined(
    box(30, 12, 2),
    box(1.6, 8, 1.5, [3, 2, 1.9]),
    box(5, 1.6, 1.5, [4.5, 2, 1.9]),
    box(1.6, 8, 1.5, [13, 2, 1.9]),
    box(5, 1.6, 1.5, [14.5, 8.4, 1.9]),
    box(1.6, 8, 1.5, [24, 2, 1.9]),
  )

export interface SampleMesh {
  readonly name: string
  readonly mesh: WireMesh
  /** mm³ that a print of it takes, pieces that reach into each other counted once. */
  readonly volume: number
  readonly height: number
  readonly supports?: boolean
}

const volumeOf = ({ positions, indices }: WireMesh): number => {
  const at = (place: number): number => positions[place] as number
  let volume = 0
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((corner) => (indices[t + corner] as number) * 3) as [number, number, number]
    volume +=
      (at(a) * (at(b + 1) * at(c + 2) - at(b + 2) * at(c + 1)) -
        at(a + 1) * (at(b) * at(c + 2) - at(b + 2) * at(c)) +
        at(a + 2) * (at(b) * at(c + 1) - at(b + 1) * at(c))) /
      6
  }
  return volume
}

const sample = (name: string, mesh: WireMesh, height: number, more: Partial<SampleMesh> = {}): SampleMesh => ({
  name,
  mesh,
  height,
  volume: volumeOf(mesh),
  ...more,
})

export const sampleMeshes: readonly SampleMesh[] = [
  sample('a cube', box(20, 20, 20), 20),
  sample('a plate with a hole', holed(24, 6, 10, 64), 10),
  sample('an organic lump of 50 000 triangles', organic(224), 29.9, {}),
  sample('an overhang', joined(box(8, 16, 20), box(12, 16, 4, [7.9, 0, 16])), 20, {
    volume: 8 * 16 * 20 + 12 * 16 * 4 - 0.1 * 16 * 4,
    supports: true,
  }),
  sample('a thin tube', tube(96, 10, 9.2, 20), 20),
  sample('a cone', lathe([ring(96, () => 10, 0), ring(96, (): number => 0.8, 20)]), 20),
  sample(
    'the cap of a sphere',
    lathe(
      Array.from({ length: 24 }, (_, at) =>
        ring(96, () => 20 * Math.cos((at / 24) * 1.3), 20 * Math.sin((at / 24) * 1.3)),
      ),
    ),
    20 * Math.sin((23 / 24) * 1.3),
  ),
  sample('two shells that reach into each other', joined(box(20, 20, 10), box(20, 20, 10, [10, 10, 0])), 10, {
    volume: 2 * 4000 - 1000,
  }),
  sample('letters on a plate', letters(), 3.4, {
    volume: 30 * 12 * 2 + 1.4 * (1.6 * 8 * 3 + 5 * 1.6 * 2 - 0.1 * 1.6 * 2),
  }),
  sample('two pieces apart', joined(box(10, 10, 6), box(10, 10, 12, [20, 0, 0])), 12),
]
