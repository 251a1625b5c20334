// Jobs (the wish to have a file printed) and prints (one run of it on one printer).
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Prediction } from './scheduling.ts'
import { Id, IdParams, Instant, nullable, oneOf } from './values.ts'

/**
 * `undecided`: its print failed, was cancelled or interrupted, and a person must say what becomes of it.
 */
export const jobStates = ['queued', 'printing', 'undecided', 'done', 'cancelled'] as const
export type JobState = (typeof jobStates)[number]

export const printStates = [
  'dispatched',
  'refused',
  'printing',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'interrupted',
] as const
export type PrintState = (typeof printStates)[number]

export const Print = Type.Object({
  id: Id,
  jobId: Id,
  printerId: Id,
  printerName: Type.String(),
  fileName: Type.String(),
  memberName: nullable(Type.String()),
  state: oneOf(...printStates),
  /** Why it was refused, failed or was interrupted. */
  reason: nullable(Type.String()),
  createdAt: Instant,
  startedAt: nullable(Instant),
  endedAt: nullable(Instant),
  /** Bytes of the file whose commands the firmware has accepted. */
  acceptedBytes: Type.Integer(),
})
export type Print = Type.Static<typeof Print>

export const Job = Type.Object({
  id: Id,
  fileId: Id,
  fileName: Type.String(),
  hasThumbnail: Type.Boolean(),
  memberId: nullable(Id),
  memberName: nullable(Type.String()),
  state: oneOf(...jobStates),
  /** Place among the waiting ones, from 1; null when it does not wait. */
  place: nullable(Type.Integer()),
  /** The only printer it may go to; null: any that can. */
  printerId: nullable(Id),
  /** Why it is not being printed now, in plain words, while it waits. */
  waitsFor: nullable(Type.String()),
  /** Whose turn it is, from 1, by the points of the queue; null where it cannot start yet. */
  turn: nullable(Type.Integer()),
  /** When it will probably start and be done; null where nobody can tell. */
  prediction: nullable(Prediction),
  seconds: nullable(Type.Number()),
  createdAt: Instant,
  lastPrint: nullable(Print),
})
export type Job = Type.Static<typeof Job>

export const listJobs = endpoint({
  method: 'GET',
  url: '/api/jobs',
  summary: 'Jobs that wait or print, in turn; with `ended`, those of the past, newest first',
  access: 'look',
  query: Type.Object({ ended: Type.Optional(Type.Boolean()) }),
  reply: Type.Array(Job),
})

export const queueJob = endpoint({
  method: 'POST',
  url: '/api/jobs',
  summary: 'Queues a file',
  access: 'queue',
  body: Type.Object({ fileId: Id, printerId: Type.Optional(nullable(Id)) }),
  reply: Job,
})

export const cancelJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/cancel',
  summary: 'Takes a job out of the queue; if it prints, the print is cancelled',
  access: 'queue',
  params: IdParams,
  reply: Job,
})

export const moveJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/move',
  summary: 'Moves a waiting job to another place of the queue',
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({ place: Type.Integer({ minimum: 1 }) }),
  reply: Job,
})

/** `again`: back into the queue. `done`: good as it is. `cancelled`: given up. */
export const decideJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/decide',
  summary: 'Says what becomes of a job whose print did not end well',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ decision: oneOf('again', 'done', 'cancelled') }),
  reply: Job,
})

export const listPrints = endpoint({
  method: 'GET',
  url: '/api/prints',
  summary: 'Prints, newest first',
  access: 'look',
  query: Type.Object({
    printerId: Type.Optional(Id),
    before: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  reply: Type.Array(Print),
})
