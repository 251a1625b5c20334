// Bytes of a file -> mesh, facts and pictures, saved.
import * as Value from 'typebox/value'
import type { ModelKind } from '../contract/models.ts'
import { EngineFailed, type EngineResult } from '../engines/engine.ts'
import { MeshAnswer, type MeshJob, MODEL_FILE, meshFiles } from '../engines/mesh-job.ts'
import { runEngine } from '../engines/run-engine.ts'
import { wholeBlob, writeBlob } from '../store/blobs.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import { saveMeshSize } from '../store/designs.ts'
import {
  claimModel,
  modelBlobs,
  type ReadModel,
  saveModel,
  saveModelFailure,
  saveModelProgress,
} from '../store/models.ts'

/** Of a file with a model; five million triangles take 250 MB. */
const MOST_MODEL_MEGABYTES = 300
/** A million triangles are read and drawn in half a minute on a small computer. */
const READ_SECONDS = 180
const READ_MEGABYTES = 1600

/** Doing it twice is harmless: the second finds it taken. */
export const readModelFile = async (db: Database, modelId: number): Promise<void> => {
  const model = await modelBlobs(db, modelId)
  if (model === null || !(await claimModel(db, modelId))) return
  try {
    if (model.sizeBytes > MOST_MODEL_MEGABYTES * 1e6)
      return await saveModelFailure(db, modelId, `It is larger than the ${MOST_MODEL_MEGABYTES} MB that are read.`)
    const bytes = await wholeBlob(db, model.blobId)
    const read = await readMeshOf(db, bytes, model.kind, (fraction) => saveModelProgress(db, modelId, fraction))
    await saveModel(db, modelId, read)
    const { box } = read.facts
    const size = { x: box.maxX - box.minX, y: box.maxY - box.minY, z: box.maxZ - box.minZ }
    await saveMeshSize(db, model.blobId, size)
  } catch (error) {
    // The database comes back, and the model with it.
    if (error instanceof DatabaseAway) throw error
    await saveModelFailure(db, modelId, error instanceof Error ? error.message : String(error))
  }
}

export type Progress = (fraction: number) => Promise<void>

/** Reads a model of this kind and stores its mesh. Throws EngineFailed. */
export const readMeshOf = async (
  db: Database,
  bytes: Buffer,
  format: ModelKind,
  progress: Progress,
  options: { urgent?: boolean; signal?: AbortSignal } = {},
): Promise<ReadModel> => {
  const run = await runMesh({ kind: 'read', format }, new Map([[MODEL_FILE, bytes]]), progress, options)
  return await keepMesh(db, run)
}

export interface MeshRun {
  readonly answer: MeshAnswer
  readonly files: EngineResult['files']
}

/** One run of the mesh engine, with progress told as it comes. */
export const runMesh = async (
  job: MeshJob,
  files: ReadonlyMap<string, Uint8Array>,
  progress: Progress,
  { urgent = false, signal }: { urgent?: boolean; signal?: AbortSignal } = {},
): Promise<MeshRun> => {
  let telling: Promise<void> = Promise.resolve()
  const run = await runEngine({
    engine: { body: 'mesh' },
    job,
    files,
    outputs: Object.values(meshFiles),
    seconds: READ_SECONDS,
    megabytes: READ_MEGABYTES,
    urgent,
    signal,
    onProgress: (fraction) => {
      // How far it is may go unheard; the result says more.
      telling = telling.then(() => progress(fraction)).catch(() => {})
    },
  })
  await telling
  if (!Value.Check(MeshAnswer, run.result))
    throw new EngineFailed('crashed', 'The program that worked on it broke down.')
  return { answer: run.result, files: run.files }
}

/** Stores what a run has written. */
export const keepMesh = async (db: Database, { answer, files }: MeshRun): Promise<ReadModel> => {
  const [mesh, large, small] = [files.get(meshFiles.mesh), files.get(meshFiles.large), files.get(meshFiles.small)]
  if (mesh === undefined || large === undefined || small === undefined || answer.facts === undefined)
    throw new EngineFailed('crashed', 'The program that worked on it broke down.')
  const blob = await writeBlob(db, onePiece(mesh))
  return { facts: answer.facts, notes: answer.notes, meshBlobId: blob.id, large, small }
}

async function* onePiece(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
