// Bodies as Manifold sees them: whether a mesh is one, its volume, and shells that reach into each other made one.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import openManifold, { type Manifold, type ManifoldToplevel } from 'manifold-3d'
import type { WireMesh } from '../contract/mesh-wire.ts'

/** With more shells than this, reaching into each other is no longer looked for: it would take minutes. */
const MOST_SHELLS = 500

export interface Solid {
  readonly volume: number
  readonly overlapping: boolean
}

export interface Solids {
  /** Null: the mesh has no inside. */
  solidOf(mesh: WireMesh): Solid | null
}

export const openSolids = async (): Promise<Solids> => {
  const path = createRequire(import.meta.url).resolve('manifold-3d/manifold.wasm')
  const binary = readFileSync(path)
  // The glue takes bytes that are there already (Emscripten's wasmBinary); its types do not say so.
  const options = { wasmBinary: binary, locateFile: () => path } as unknown as { locateFile: () => string }
  const manifold = await openManifold(options)
  manifold.setup()
  return { solidOf: (mesh) => solidOf(manifold, mesh) }
}

const bodyOf = (
  { Manifold, Mesh }: ManifoldToplevel,
  positions: Float32Array,
  indices: Uint32Array,
): Manifold | null => {
  try {
    const body = Manifold.ofMesh(new Mesh({ numProp: 3, vertProperties: positions, triVerts: indices }))
    return body.status() === 'NoError' && !body.isEmpty() ? body : null
  } catch {
    // It throws where the mesh is no body: that is the answer.
    return null
  }
}

const solidOf = (manifold: ManifoldToplevel, { positions, indices }: WireMesh): Solid | null => {
  const whole = bodyOf(manifold, positions, indices)
  if (whole === null) return null
  const shells = whole.decompose()
  if (shells.length < 2 || shells.length > MOST_SHELLS) return { volume: whole.volume(), overlapping: false }
  const bodies = withCavities(manifold, shells)
  if (!anyBoxesMeet(bodies)) return { volume: whole.volume(), overlapping: false }
  const volume = manifold.Manifold.union(bodies).volume()
  const sum = bodies.reduce((total, body) => total + body.volume(), 0)
  return { volume, overlapping: sum - volume > Math.max(1e-3, sum * 1e-6) }
}

/** Shells whose inside is outside are cavities: each is taken out of the bodies that hold it. */
const withCavities = (manifold: ManifoldToplevel, shells: readonly Manifold[]): Manifold[] => {
  const cavities = shells
    .filter((shell) => shell.volume() < 0)
    .map((shell) => {
      const { vertProperties, triVerts, numProp } = shell.getMesh()
      const places = new Float32Array((vertProperties.length / numProp) * 3)
      for (let at = 0; at < places.length; at++)
        places[at] = vertProperties[Math.floor(at / 3) * numProp + (at % 3)] as number
      return bodyOf(manifold, places, triVerts.slice().reverse())
    })
    .filter((shell) => shell !== null)
  return shells
    .filter((shell) => shell.volume() >= 0)
    .map((body) =>
      cavities.filter((cavity) => meet(body, cavity)).reduce((left, cavity) => left.subtract(cavity), body),
    )
}

const meet = (one: Manifold, other: Manifold): boolean => {
  const [a, b] = [one.boundingBox(), other.boundingBox()]
  return [0, 1, 2].every(
    (axis) => (a.min[axis] as number) < (b.max[axis] as number) && (b.min[axis] as number) < (a.max[axis] as number),
  )
}

const anyBoxesMeet = (bodies: readonly Manifold[]): boolean =>
  bodies.some((body, at) => bodies.slice(at + 1).some((other) => meet(body, other)))
