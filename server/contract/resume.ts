// Going on with a print after its printer has forgotten everything: where it stood, what is chosen, what would be sent.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Print } from './jobs.ts'
import { Id, IdParams, Instant, nullable, oneOf } from './values.ts'

/**
 * `keep`: X and Y are homed, the height is taken to be what it was. `edge`: Z is homed as well, at a place beside parts
 * that the set-up names. `top`: a delta homes all axes at its top.
 */
export const homings = ['keep', 'edge', 'top'] as const
export type Homing = (typeof homings)[number]

export const ResumeChoices = Type.Object({
  homing: oneOf(...homings),
  /** From the layer where it stood, so many on or back; 0: at the very line. */
  layers: Type.Integer({ minimum: -5, maximum: 5 }),
  /** Then so many lines of the file on or back. */
  lines: Type.Integer({ minimum: -900, maximum: 900 }),
  /** Filament that is fed at the edge of the bed before, in mm. */
  prime: Type.Number({ minimum: 0, maximum: 100 }),
  /** How far the nozzle is lifted off the part while it homes, in mm. */
  lift: Type.Number({ minimum: 2, maximum: 50 }),
})
export type ResumeChoices = Type.Static<typeof ResumeChoices>

/** A place in the file, for people. */
export const ResumePlace = Type.Object({
  bytes: Type.Integer(),
  /** Commands of the file before it. */
  line: Type.Integer(),
  layer: nullable(Type.Integer()),
  layers: nullable(Type.Integer()),
  object: nullable(Type.String()),
  x: Type.Number(),
  y: Type.Number(),
  z: Type.Number(),
  nozzle: Type.Number(),
  bed: Type.Number(),
  /** 0 to 1. */
  done: Type.Number(),
  remainingSeconds: nullable(Type.Number()),
})
export type ResumePlace = Type.Static<typeof ResumePlace>

/** A print that was cut off on this printer and may be gone on with. */
export const Resumable = Type.Object({
  print: Print,
  recordedAt: Instant,
  homings: Type.Array(oneOf(...homings)),
  /** Why it cannot be gone on with now; null where it can. */
  hindrance: nullable(Type.String()),
})
export type Resumable = Type.Static<typeof Resumable>

export const showResumable = endpoint({
  method: 'GET',
  url: '/api/printers/:id/resumable',
  summary: 'The print that was cut off on a printer, if its job still waits for a decision',
  access: 'look',
  params: IdParams,
  reply: Type.Object({ resumable: nullable(Resumable) }),
})

export const ResumePreview = Type.Object({
  place: ResumePlace,
  /** What is sent to the printer before the lines of the file. */
  lines: Type.Array(Type.String()),
  /** The first lines of the file after them. */
  after: Type.Array(Type.String()),
  warnings: Type.Array(Type.String()),
  /** Names just these lines and this place. */
  mark: Type.String(),
})
export type ResumePreview = Type.Static<typeof ResumePreview>

export const previewResume = endpoint({
  method: 'POST',
  url: '/api/prints/:id/preview-resume',
  summary: 'What would be sent to go on with a print that was cut off; nothing happens',
  access: 'mind-own-prints',
  params: IdParams,
  body: ResumeChoices,
  reply: ResumePreview,
})

export const resumePrint = endpoint({
  method: 'POST',
  url: '/api/prints/:id/resume',
  summary: 'Goes on with a print that was cut off, as the preview has shown it',
  access: 'mind-own-prints',
  params: IdParams,
  body: Type.Object({ choices: ResumeChoices, mark: Type.String({ maxLength: 100 }) }),
  reply: Type.Object({ printId: Id }),
})
