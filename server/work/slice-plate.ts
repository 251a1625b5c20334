// The models of a slice, read and put together as they stand on the plate, measured and drawn.
import * as Value from 'typebox/value'
import { readMesh, type WireMesh } from '../contract/mesh-wire.ts'
import type { MeshFacts, ModelKind } from '../contract/models.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import type { SlicePart } from '../contract/slicing.ts'
import { EngineFailed } from '../engines/engine.ts'
import { MeshAnswer, MODEL_FILE, meshFiles } from '../engines/mesh-job.ts'
import { determinant, type Matrix, measureMesh, moved, stlOf, unmoved } from '../engines/place-mesh.ts'
import { runEngine } from '../engines/run-engine.ts'
import { readBlob } from '../store/blobs.ts'
import type { Database } from '../store/database.ts'
import { blobOfHash } from '../store/slices.ts'

const READ_SECONDS = 300
const READ_MEGABYTES = 2500
const MOST_MODEL_BYTES = 500_000_000
const MOST_TRIANGLES = 3_000_000

/** A part where it stands: its middle above the origin unless it was placed, its lowest point at 0. */
export interface PlacedPart {
  readonly name: string
  readonly mesh: WireMesh
  readonly matrix: Matrix
}

export interface MeasuredPlate {
  readonly facts: MeshFacts
  readonly large: Buffer
  readonly small: Buffer
}

/** What the bytes of a model are, by how they begin. */
const kindOf = (bytes: Buffer): ModelKind => {
  const start = bytes.subarray(0, 400).toString('latin1')
  if (start.startsWith('AZM1')) return 'mesh'
  if (start.startsWith('PK')) return '3mf'
  if (start.includes('ISO-10303-21')) return 'step'
  if (/<amf\b/i.test(start)) return 'amf'
  return /^\s*(#|v |o |g |mtllib )/m.test(start) && !start.startsWith('solid') && !start.includes('\0') ? 'obj' : 'stl'
}

const bytesOf = async (db: Database, hash: string): Promise<Buffer> => {
  const blob = await blobOfHash(db, hash)
  if (blob === null) throw new Refused(refuse('slice.model-missing'))
  if (blob.sizeBytes > MOST_MODEL_BYTES) throw new Refused(refuse('slice.model-missing'))
  const pieces: Buffer[] = []
  for await (const piece of readBlob(db, blob.id)) pieces.push(piece)
  return Buffer.concat(pieces)
}

const askMeshes = async (bytes: Uint8Array, format: ModelKind, name: string, signal: AbortSignal) => {
  try {
    const { files, result } = await runEngine({
      engine: { body: 'mesh' },
      job: { kind: 'read', format },
      files: new Map([[MODEL_FILE, bytes]]),
      outputs: Object.values(meshFiles),
      seconds: READ_SECONDS,
      megabytes: READ_MEGABYTES,
      signal,
    })
    const [mesh, large, small] = [files.get(meshFiles.mesh), files.get(meshFiles.large), files.get(meshFiles.small)]
    if (!Value.Check(MeshAnswer, result) || result.facts === undefined || !mesh || !large || !small) {
      throw new EngineFailed('crashed', 'The mesh could not be read.')
    }
    return { facts: result.facts, mesh, large, small }
  } catch (error) {
    if (!(error instanceof EngineFailed) || error.kind === 'cancelled') throw error
    throw new Refused(refuse('slice.model-failed', { name, reason: error.message }))
  }
}

/** Throws Refused and EngineFailed. */
export const readParts = async (
  db: Database,
  parts: readonly SlicePart[],
  signal: AbortSignal,
): Promise<PlacedPart[]> => {
  const meshes = new Map<string, WireMesh>()
  const placed: PlacedPart[] = []
  let triangles = 0
  for (const [place, { hash, matrix, name = `part ${place + 1}` }] of parts.entries()) {
    let mesh = meshes.get(hash)
    if (mesh === undefined) {
      const bytes = await bytesOf(db, hash)
      const read = await askMeshes(bytes, kindOf(bytes), name, signal)
      if (!read.facts.watertight && read.facts.repair === 'offered')
        throw new Refused(refuse('slice.model-open', { name }))
      mesh = readMesh(read.mesh)
      meshes.set(hash, mesh)
    }
    triangles += mesh.head.triangles
    if (triangles > MOST_TRIANGLES)
      throw new Refused(refuse('slice.many-triangles', { triangles, most: MOST_TRIANGLES }))
    placed.push({ name, mesh, matrix: await standing(mesh, matrix, name) })
  }
  return placed
}

const standing = async (mesh: WireMesh, matrix: Matrix | undefined, name: string): Promise<Matrix> => {
  const wanted = matrix ?? unmoved
  const { box } = await measureMesh(mesh, wanted)
  const isFlat = box.maxX - box.minX < 1e-3 || box.maxY - box.minY < 1e-3 || box.maxZ - box.minZ < 1e-3
  if (Math.abs(determinant(wanted)) < 1e-9 || isFlat) throw new Refused(refuse('slice.flat', { name }))
  const middle = matrix === undefined ? [(box.minX + box.maxX) / 2, (box.minY + box.maxY) / 2] : [0, 0]
  return moved(wanted, -(middle[0] ?? 0), -(middle[1] ?? 0), -box.minZ)
}

/** All parts as one: its volume counts once where they reach into each other, and its picture shows the plate. */
export const measurePlate = async (parts: readonly PlacedPart[], signal: AbortSignal): Promise<MeasuredPlate> => {
  const stls = await Promise.all(parts.map(({ mesh, matrix }) => stlOf(mesh, matrix)))
  const triangles = parts.reduce((sum, { mesh }) => sum + mesh.head.triangles, 0)
  const all = Buffer.concat([Buffer.alloc(84), ...stls.map((stl) => stl.subarray(84))])
  all.writeUInt32LE(triangles, 80)
  return askMeshes(all, 'stl', 'The plate', signal)
}
