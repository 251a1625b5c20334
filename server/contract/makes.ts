// Makes: how it went when a design was made here. For whoever makes it next, here or elsewhere.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

export const makeOutcomes = ['good', 'usable', 'failed'] as const

const Short = Type.String({ maxLength: 120 })

export const Make = Type.Object({
  id: Id,
  designId: Id,
  versionId: nullable(Id),
  printId: nullable(Id),
  printerName: nullable(Type.String()),
  outcome: oneOf(...makeOutcomes),
  material: Type.String(),
  /** What worked, such as layer height or supports, by name. */
  settings: Type.Record(Type.String(), Type.String()),
  remarks: Type.String(),
  hasPhoto: Type.Boolean(),
  memberId: nullable(Id),
  memberName: nullable(Type.String()),
  createdAt: Instant,
})
export type Make = Type.Static<typeof Make>

export const listMakes = endpoint({
  method: 'GET',
  url: '/api/designs/:id/makes',
  summary: 'How it went when this design was made here, newest first',
  access: 'look',
  params: IdParams,
  reply: Type.Array(Make),
})

export const recordMake = endpoint({
  method: 'POST',
  url: '/api/designs/:id/makes',
  summary: 'Writes down how a print of this design went',
  access: 'queue',
  params: IdParams,
  body: Type.Object({
    /** Left out: it was made, but not by a print of this workshop. */
    printId: Type.Optional(Id),
    outcome: oneOf(...makeOutcomes),
    material: Type.String({ maxLength: 40 }),
    settings: Type.Record(Type.String({ minLength: 1, maxLength: 60 }), Short, { maxProperties: 40 }),
    remarks: Type.String({ maxLength: 4000 }),
  }),
  reply: Make,
})

/** The body is a JPEG, PNG or WebP picture of at most 12 MB. */
export const photographMake = endpoint({
  method: 'PUT',
  url: '/api/makes/:id/photo',
  summary: 'Adds a photo to what one wrote down: the body of the request, as it is',
  access: 'queue',
  params: IdParams,
  reply: Make,
})

export const deleteMake = endpoint({
  method: 'DELETE',
  url: '/api/makes/:id',
  summary: 'Takes away what one wrote down; stewards may take away any',
  access: 'queue',
  params: IdParams,
  reply: Nothing,
})

/** Not JSON: the photo. */
export const makePhotoUrl = (id: number): string => `/api/makes/${id}/photo`

/** From a print to the designs it was made of: where a make can be written down. */
export const designsOfPrint = endpoint({
  method: 'GET',
  url: '/api/prints/:id/designs',
  summary: 'The designs of which a print was made',
  access: 'look',
  params: IdParams,
  reply: Type.Array(Type.Object({ id: Id, name: Type.String(), versionId: Id })),
})
