// What the mesh engine is asked and what it answers: JSON, checked on both sides.
import * as Type from 'typebox'
import { Orientation, Plate, PlateRequest, Repair } from '../contract/model-work.ts'
import { MeshFacts, ModelNote, modelKinds } from '../contract/models.ts'
import { oneOf } from '../contract/values.ts'

/** Files that the engine writes: the mesh as bytes, and its pictures. */
export const meshFiles = { mesh: 'mesh.azm', large: 'large.png', small: 'small.png' } as const
/** The file that it reads; of a plate, one for each model by its hash. */
export const MODEL_FILE = 'model'

export const MeshJob = Type.Union([
  Type.Object({ kind: Type.Literal('read'), format: oneOf(...modelKinds) }),
  /** The others take a mesh as it was written by `read`. */
  Type.Object({ kind: Type.Literal('repair') }),
  Type.Object({ kind: Type.Literal('orient') }),
  Type.Object({ kind: Type.Literal('plate'), request: PlateRequest }),
])
export type MeshJob = Type.Static<typeof MeshJob>

export const MeshAnswer = Type.Object({
  facts: Type.Optional(MeshFacts),
  notes: Type.Array(ModelNote),
  repair: Type.Optional(Type.Omit(Repair, ['hash'])),
  orientations: Type.Optional(Type.Array(Orientation)),
  plate: Type.Optional(Type.Omit(Plate, ['hash'])),
})
export type MeshAnswer = Type.Static<typeof MeshAnswer>
