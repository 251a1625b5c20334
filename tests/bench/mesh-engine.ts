// One run of the mesh engine over a ball of so many triangles: what it takes, for the benches `mesh` and `thumbnail`.
import { type WireMesh, writeMesh } from '../../server/contract/mesh-wire.ts'
import { readStl } from '../../server/engines/readers/stl.ts'
import { runEngine } from '../../server/engines/run-engine.ts'
import { binaryStl, largeBall } from '../support/meshes.ts'

export const sizes = [10_000, 100_000, 500_000] as const

export const ballStl = (triangles: number): Buffer => binaryStl(largeBall(triangles))
export const ballMesh = (triangles: number): WireMesh => readStl(ballStl(triangles)).builder.build()

/** Reading, facts, walls and both pictures, in a process of its own. */
export const runWhole = (stl: Buffer) =>
  runEngine({
    engine: { body: 'mesh' },
    job: { kind: 'read', format: 'stl' },
    files: new Map([['model', stl]]),
    outputs: [],
    seconds: 600,
    megabytes: 2000,
  })

export const bytesOf = (mesh: WireMesh): number => writeMesh(mesh).length
