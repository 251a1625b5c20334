// The mesh engine: reads models, measures, mends, draws and places them. Everything hostile is read in here.
import * as Value from 'typebox/value'
import { readMesh, type WireMesh, writeMesh } from '../../contract/mesh-wire.ts'
import type { MeshFacts, ModelKind, ModelNote } from '../../contract/models.ts'
import { boxOf, sizeOf } from '../../geometry/mesh.ts'
import { orientationsOf } from '../../geometry/orient.ts'
import { plateOf } from '../../geometry/plate.ts'
import { BadInput, type Body, type BodyTask } from '../body.ts'
import { factsOf, repaired } from '../mesh-facts.ts'
import { type MeshAnswer, MeshJob, MODEL_FILE, meshFiles } from '../mesh-job.ts'
import { drawThumbnails } from '../picture/thumbnail.ts'
import { readAmf } from '../readers/amf.ts'
import { readObj } from '../readers/obj.ts'
import { checkPlace, checkTriangles, type Source } from '../readers/source.ts'
import { openStep } from '../readers/step.ts'
import { readStl } from '../readers/stl.ts'
import { readThreeMf } from '../readers/three-mf.ts'
import { openSolids, type Solids } from '../solid.ts'

export const open = async (): Promise<Body> => {
  const solids = await openSolids()
  const readStep = openStep()
  return async (task) => {
    const { job } = task
    if (!Value.Check(MeshJob, job)) throw new Error('The mesh engine was asked for something it does not know.')
    switch (job.kind) {
      case 'read':
        return await readModel(task, job.format, solids, readStep)
      case 'repair':
        return repairModel(task, solids)
      case 'orient':
        return { notes: [], orientations: orientationsOf(readMesh(task.read(MODEL_FILE))) } satisfies MeshAnswer
      case 'plate':
        return makePlate(task, job.request, solids)
    }
  }
}

interface Finished {
  readonly facts: MeshFacts
  readonly notes: ModelNote[]
}

/** Measures and draws a mesh, and writes it down. */
const finish = (
  task: BodyTask,
  mesh: WireMesh,
  solids: Solids,
  known: { unit: string | null; dropped: number },
): Finished => {
  const { facts, notes } = factsOf(mesh, solids, { ...known, progress: task.progress })
  const { large, small } = drawThumbnails(mesh)
  task.write(meshFiles.mesh, writeMesh(mesh))
  task.write(meshFiles.large, large)
  task.write(meshFiles.small, small)
  return { facts, notes: [...notes] }
}

const readModel = async (
  task: BodyTask,
  format: ModelKind,
  solids: Solids,
  readStep: ReturnType<typeof openStep>,
): Promise<MeshAnswer> => {
  const bytes = task.read(MODEL_FILE)
  if (format === 'mesh') return finish(task, checkedMesh(bytes), solids, { unit: null, dropped: 0 })
  const { builder, unit, notes } = await sourceOf(bytes, format, readStep)
  task.progress(0.2)
  const mesh = builder.build()
  if (mesh.head.triangles === 0) throw new BadInput('None of its triangles has an area.')
  const finished = finish(task, mesh, solids, { unit, dropped: builder.dropped })
  return { facts: finished.facts, notes: [...notes, ...finished.notes] }
}

const sourceOf = async (
  bytes: Uint8Array,
  format: Exclude<ModelKind, 'mesh'>,
  readStep: ReturnType<typeof openStep>,
): Promise<Source> => {
  switch (format) {
    case 'stl':
      return readStl(bytes)
    case 'obj':
      return readObj(bytes)
    case '3mf':
      return readThreeMf(bytes)
    case 'amf':
      return readAmf(bytes)
    case 'step':
      return await readStep(bytes)
  }
}

/** Made here, but it may come back from outside. */
const checkedMesh = (bytes: Uint8Array): WireMesh => {
  let mesh: WireMesh
  try {
    mesh = readMesh(bytes)
  } catch {
    throw new BadInput('It is no mesh that was made here.')
  }
  checkTriangles(mesh.head.triangles)
  if (mesh.indices.some((vertex) => vertex >= mesh.head.vertices))
    throw new BadInput('One of its triangles names a corner that is not there.')
  for (let at = 0; at < mesh.positions.length; at += 3)
    checkPlace(mesh.positions[at] as number, mesh.positions[at + 1] as number, mesh.positions[at + 2] as number)
  return mesh
}

const repairModel = (task: BodyTask, solids: Solids): MeshAnswer => {
  const mesh = readMesh(task.read(MODEL_FILE))
  const done = repaired(mesh, solids)
  if (done === null)
    throw new BadInput('Its surface stays open whatever is tried. It has to be mended in the program that drew it.')
  const { mended, solid } = done
  const { facts, notes } = finish(task, mended.mesh, solids, { unit: null, dropped: 0 })
  return {
    facts,
    notes,
    repair: {
      volume: solid.volume,
      sizeBefore: sizeOf(boxOf(mesh)),
      sizeAfter: sizeOf(boxOf(mended.mesh)),
      closedHoles: mended.closedHoles,
      turnedTriangles: mended.turnedTriangles,
      removedTriangles: mended.removedTriangles,
    },
  }
}

const makePlate = (
  task: BodyTask,
  request: Extract<MeshJob, { kind: 'plate' }>['request'],
  solids: Solids,
): MeshAnswer => {
  const meshes = request.objects.map(({ hash, scale }) => {
    if (scale.some((factor) => Math.abs(factor) < 1e-4)) throw new BadInput('A part cannot be scaled to nothing.')
    return readMesh(task.read(hash))
  })
  checkTriangles(request.objects.reduce((sum, { copies }, at) => sum + copies * (meshes[at]?.head.triangles ?? 0), 0))
  const plate = plateOf(meshes, request)
  if (plate === null)
    throw new BadInput('None of the parts fits on this bed. Scale or turn them, or choose a larger printer.')
  task.progress(0.2)
  const { facts, notes } = finish(task, plate.mesh, solids, { unit: null, dropped: 0 })
  const left = plate.left.reduce((sum, { copies }) => sum + copies, 0)
  if (left > 0) notes.unshift({ code: 'no-room', message: `${left} of the parts found no room on the bed.` })
  return { facts, notes, plate: { box: facts.box, placed: plate.placed, left: plate.left } }
}
