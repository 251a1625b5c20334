// What is asked of the engines while somebody waits: parameters, renderings, repairs, orientations, plates.
import type * as Type from 'typebox'
import * as Value from 'typebox/value'
import { type ModelWork, OfModel, OfScad, PlateRequest } from '../contract/model-work.ts'
import { isOpenedByScad, type ModelNote } from '../contract/models.ts'
import { keepPreview } from '../desk/design-models.ts'
import { EngineFailed } from '../engines/engine.ts'
import { MODEL_FILE } from '../engines/mesh-job.ts'
import { runEngine } from '../engines/run-engine.ts'
import { SCAD_OUTPUT, ScadAnswer, type ScadJob, TREE_FOLDER } from '../engines/scad-job.ts'
import { hashOf, wholeBlob } from '../store/blobs.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import { savePreview } from '../store/design-models.ts'
import {
  type ClaimedWork,
  claimWork,
  isWanted,
  readTree,
  saveWork,
  saveWorkFailure,
  saveWorkProgress,
} from '../store/model-work.ts'
import { addMadeModel, blobOf, modelBlobs, modelsOf, type ReadModel } from '../store/models.ts'
import { keepMesh, readMeshOf, runMesh } from './read-model.ts'

const RENDER_SECONDS = 180
const RENDER_MEGABYTES = 1500
const PARAMETER_SECONDS = 30
/** How soon an overtaken request stops. */
const LOOK_MS = 300
const MOST_TREE_BYTES = 128e6

type Made = { result: NonNullable<ModelWork['result']>; notes: readonly ModelNote[] }

interface Doing {
  readonly db: Database
  readonly signal: AbortSignal
  progress(fraction: number): Promise<void>
}

/** Carries out one request. Doing it twice is harmless: the second finds it taken. */
export const makeModel = async (db: Database, workId: number, round: number): Promise<void> => {
  const work = await claimWork(db, workId, round)
  if (work === null) return
  const stop = new AbortController()
  const watch = setInterval(() => {
    // If the database is away, the next look will tell.
    isWanted(db, workId, round).then(
      (wanted) => wanted || stop.abort(),
      () => {},
    )
  }, LOOK_MS)
  try {
    const progress = (fraction: number): Promise<void> => saveWorkProgress(db, workId, fraction)
    const made = await make(work, { db, signal: stop.signal, progress })
    await saveWork(db, workId, made)
    const script = plainScript(work)
    if (script !== null && made.result.rendered !== undefined) await keepPreview(db, script, made.result.rendered)
  } catch (error) {
    if (error instanceof DatabaseAway) throw error
    const reason = error instanceof Error ? error.message : String(error)
    await saveWorkFailure(db, workId, { reason, always: error instanceof EngineFailed && error.kind === 'input' })
    const script = plainScript(work)
    if (script !== null && !stop.signal.aborted) await savePreview(db, script, { reason })
  } finally {
    clearInterval(watch)
  }
}

/** A script that is drawn with its own values: that is how its design shows it. */
const plainScript = ({ kind, request }: ClaimedWork): Type.Static<typeof OfScad> | null =>
  kind === 'render' && Value.Check(OfScad, request) && Object.keys(request.values).length === 0 ? request : null

/** A row that was written by an older version may have another shape. */
const checked = <S extends Type.TSchema>(schema: S, request: unknown): Type.Static<S> => {
  if (!Value.Check(schema, request))
    throw new EngineFailed('crashed', 'This request is no longer understood. Ask again.')
  return request
}

const make = async ({ kind, request }: ClaimedWork, doing: Doing): Promise<Made> => {
  switch (kind) {
    case 'parameters':
      return await askScad('parameters', checked(OfScad, request), doing)
    case 'render':
      return await askScad('render', checked(OfScad, request), doing)
    case 'repair':
      return await repair(checked(OfModel, request).hash, doing)
    case 'orientations':
      return await orient(checked(OfModel, request).hash, doing)
    case 'plate':
      return await plate(checked(PlateRequest, request), doing)
  }
}

const gone = (): EngineFailed =>
  new EngineFailed('crashed', 'A file that it needs is no longer here. Open the design again.')

const meshBytes = async (db: Database, hash: string): Promise<Buffer> => {
  const [model] = await modelsOf(db, [hash])
  const blobs = model === undefined ? null : await modelBlobs(db, model.id)
  if (blobs === null || blobs.meshBlobId === null) throw gone()
  return await wholeBlob(db, blobs.meshBlobId)
}

/** Saves a mesh that was made here as a model of its own; returns its name. */
const keepMade = async (db: Database, read: ReadModel): Promise<string> => {
  await addMadeModel(db, read)
  const hash = await hashOf(db, read.meshBlobId)
  if (hash === null) throw gone()
  return hash
}

const repair = async (hash: string, { db, signal, progress }: Doing): Promise<Made> => {
  const files = new Map([[MODEL_FILE, await meshBytes(db, hash)]])
  const run = await runMesh({ kind: 'repair' }, files, progress, { urgent: true, signal })
  if (run.answer.repair === undefined) throw gone()
  const made = await keepMade(db, await keepMesh(db, run))
  return { result: { repair: { hash: made, ...run.answer.repair } }, notes: run.answer.notes }
}

const orient = async (hash: string, { db, signal, progress }: Doing): Promise<Made> => {
  const files = new Map([[MODEL_FILE, await meshBytes(db, hash)]])
  const { answer } = await runMesh({ kind: 'orient' }, files, progress, { urgent: true, signal })
  return { result: { orientations: answer.orientations ?? [] }, notes: answer.notes }
}

const plate = async (request: PlateRequest, { db, signal, progress }: Doing): Promise<Made> => {
  const files = new Map<string, Buffer>()
  for (const { hash } of request.objects) if (!files.has(hash)) files.set(hash, await meshBytes(db, hash))
  const run = await runMesh({ kind: 'plate', request }, files, progress, { urgent: true, signal })
  if (run.answer.plate === undefined) throw gone()
  const made = await keepMade(db, await keepMesh(db, run))
  return { result: { plate: { hash: made, ...run.answer.plate } }, notes: run.answer.notes }
}

const askScad = async (kind: ScadJob['kind'], wanted: Type.Static<typeof OfScad>, doing: Doing): Promise<Made> => {
  const { db, signal, progress } = doing
  const files = await treeFiles(db, wanted.tree)
  const job: ScadJob = { kind, entry: wanted.entry, paths: [...files.keys()], values: wanted.values }
  const run = await runEngine({
    engine: { body: 'openscad' },
    job,
    files: new Map([...files].map(([path, bytes]) => [`${TREE_FOLDER}/${path}`, bytes])),
    outputs: [SCAD_OUTPUT],
    seconds: kind === 'render' ? RENDER_SECONDS : PARAMETER_SECONDS,
    megabytes: RENDER_MEGABYTES,
    urgent: true,
    signal,
  })
  if (!Value.Check(ScadAnswer, run.result)) throw new EngineFailed('crashed', 'OpenSCAD broke down over it.')
  const { parameters, notes } = run.result
  if (parameters !== undefined) return { result: { parameters }, notes }
  const stl = run.files.get(SCAD_OUTPUT)
  if (stl === undefined) throw new EngineFailed('crashed', 'OpenSCAD broke down over it.')
  await progress(0.6)
  const half = (fraction: number): Promise<void> => progress(0.6 + fraction * 0.4)
  const read = await readMeshOf(db, stl, 'stl', half, { urgent: true, signal })
  return { result: { rendered: await keepMade(db, read) }, notes: [...notes, ...read.notes] }
}

const treeFiles = async (db: Database, tree: string): Promise<Map<string, Buffer>> => {
  const kept = await readTree(db, tree)
  if (kept === null) throw gone()
  const files = new Map<string, Buffer>()
  let sizeBytes = 0
  for (const { path, hash } of kept.files.filter((file) => isOpenedByScad(file.path))) {
    const blob = await blobOf(db, hash)
    if (blob === null) throw gone()
    sizeBytes += blob.sizeBytes
    if (sizeBytes > MOST_TREE_BYTES)
      throw new EngineFailed('input', 'The files of this design are more than OpenSCAD is given (128 MB).')
    files.set(path, await wholeBlob(db, blob.id))
  }
  return files
}
