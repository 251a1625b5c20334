// Jobs (the wish to have a file printed) and prints (one run of it on one printer).
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Prediction, Priority } from './scheduling.ts'
import { Id, IdParams, Instant, nullable, oneOf, orNull, Tag } from './values.ts'

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

/** A copy more, to be printed again, somebody must say, or given up. */
export const fates = ['counts', 'again', 'undecided', 'forgone'] as const
export type Fate = (typeof fates)[number]

export const Print = Type.Object({
  id: Id,
  jobId: Id,
  printerId: Id,
  printerName: Type.String(),
  fileName: Type.String(),
  memberId: nullable(Id),
  memberName: nullable(Type.String()),
  state: oneOf(...printStates),
  /** Why it was refused, failed or was interrupted. */
  reason: nullable(Type.String()),
  createdAt: Instant,
  startedAt: nullable(Instant),
  endedAt: nullable(Instant),
  /** Bytes of the file whose commands the firmware has accepted. */
  acceptedBytes: Type.Integer(),
  /** The print that this one goes on with; null: it began at the beginning. */
  resumes: nullable(Id),
  /** Lines that were asked for again, and times that the printer had used up all moves while lines were ready. */
  resends: Type.Integer(),
  underruns: Type.Integer(),
  /** What it means for its job; null as long as it runs. */
  fate: nullable(oneOf(...fates)),
})
export type Print = Type.Static<typeof Print>

/** `asked`: it waits for an operator's yes. `refused`: it waits for its member to change it, or to give it up. */
export const approvals = ['none', 'asked', 'approved', 'refused'] as const
export type Approval = (typeof approvals)[number]

const Word = Type.String({ minLength: 1, maxLength: 40, pattern: '^[^\\p{Cc}]+$' })

/** How and when a file shall be printed. Where a wish is null, anything will do. */
export const JobWishes = Type.Object({
  copies: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** `PLA`, `PETG`... */
  materialWanted: orNull(Word),
  /** A name or #rrggbb. */
  colourWanted: orNull(Word),
  /** mm */
  nozzleWanted: orNull(Type.Number({ exclusiveMinimum: 0, maximum: 5 })),
  /** The only printer it may go to. Not together with tags. */
  printerId: orNull(Id),
  /** It may go to printers that have all of these. */
  printerTags: Type.Array(Tag, { maxItems: 10, uniqueItems: true }),
  earliestStart: orNull(Instant),
  wantedBy: orNull(Instant),
  note: Type.String({ maxLength: 2000 }),
  /** The member who is there when it starts. */
  attendStart: orNull(Id),
  priority: Priority,
})
export type JobWishes = Type.Static<typeof JobWishes>

export const Job = Type.Object({
  ...JobWishes.properties,
  id: Id,
  /** The file that is printed next, or the only one. */
  fileId: Id,
  fileName: Type.String(),
  hasThumbnail: Type.Boolean(),
  memberId: nullable(Id),
  memberName: nullable(Type.String()),
  state: oneOf(...jobStates),
  /** Place among the waiting ones, from 1; null when it does not wait. */
  place: nullable(Type.Integer()),
  /** Place among the waiting ones of its member, from 1. */
  position: nullable(Type.Integer()),
  copiesDone: Type.Integer(),
  /** Prints of it that are under way. */
  printing: Type.Integer(),
  /** How many further prints of it may begin now. */
  toStart: Type.Integer(),
  /** How many files it has, and which of them is the next, from 1. */
  plates: Type.Integer(),
  plate: Type.Integer(),
  held: Type.Boolean(),
  approval: oneOf(...approvals),
  /** Who has said yes or no, and why. */
  approvalBy: nullable(Type.String()),
  approvalReason: nullable(Type.String()),
  attendStartName: nullable(Type.String()),
  /** Why it is not being printed now, in plain words, while it waits. */
  waitsFor: nullable(Type.String()),
  /** Of one print of the file. */
  /** Whose turn it is, from 1, by the points of the queue; null where it cannot start yet. */
  turn: nullable(Type.Integer()),
  /** When it will probably start and be done; null where nobody can tell. */
  prediction: nullable(Prediction),
  seconds: nullable(Type.Number()),
  /** What one print of the file takes by tool, in grams; empty where it is not known. */
  grams: Type.Array(Type.Number()),
  createdAt: Instant,
  endedAt: nullable(Instant),
  lastPrint: nullable(Print),
})
export type Job = Type.Static<typeof Job>

/** A printer on which less filament is loaded than the next print takes. */
export const SpoolShortage = Type.Object({
  printerId: Id,
  printerName: Type.String(),
  tool: Type.Integer(),
  spoolId: Id,
  neededGrams: Type.Number(),
  leftGrams: Type.Number(),
})
export type SpoolShortage = Type.Static<typeof SpoolShortage>

export const Plate = Type.Object({
  position: Type.Integer(),
  fileId: Id,
  fileName: Type.String(),
  /** Good prints of it, and those under way. */
  done: Type.Integer(),
  printing: Type.Integer(),
})
export type Plate = Type.Static<typeof Plate>

export const JobDetails = Type.Object({
  ...Job.properties,
  files: Type.Array(Plate),
  prints: Type.Array(Print),
  shortages: Type.Array(SpoolShortage),
})
export type JobDetails = Type.Static<typeof JobDetails>

export const listJobs = endpoint({
  method: 'GET',
  url: '/api/jobs',
  summary: 'Jobs that wait or print, in turn; with `ended`, those of the past, newest first',
  access: 'look',
  query: Type.Object({ ended: Type.Optional(Type.Boolean()) }),
  reply: Type.Array(Job),
})

export const showJob = endpoint({
  method: 'GET',
  url: '/api/jobs/:id',
  summary: 'One job with its files, its prints, and the printers on which it lacks filament',
  access: 'look',
  params: IdParams,
  reply: JobDetails,
})

export const queueJob = endpoint({
  method: 'POST',
  url: '/api/jobs',
  summary: 'Queues a file, or several that are printed one after the other; what is not said is taken from the file',
  access: 'queue',
  body: Type.Object({
    fileId: Id,
    /** Further files, printed after the first. */
    moreFiles: Type.Optional(Type.Array(Id, { maxItems: 50 })),
    held: Type.Optional(Type.Boolean()),
    ...Type.Partial(JobWishes).properties,
  }),
  reply: Job,
})

export const changeJob = endpoint({
  method: 'PATCH',
  url: '/api/jobs/:id',
  summary: 'Changes what is wished of a job that has not ended',
  access: 'queue',
  params: IdParams,
  body: Type.Partial(JobWishes),
  reply: Job,
})

export const holdJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/hold',
  summary: 'Keeps a job from starting, or lets it start again; what prints already goes on',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ held: Type.Boolean() }),
  reply: Job,
})

export const cancelJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/cancel',
  summary: 'Takes a job out of the queue; prints of it that run are cancelled',
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

export const arrangeJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/arrange',
  summary: 'Moves a waiting job among those of the same member; the places of others stay',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ position: Type.Integer({ minimum: 1 }) }),
  reply: Job,
})

/** `again`: back into the queue. `done`: good as it is. `cancelled`: the whole job is given up. */
export const decideJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/decide',
  summary: 'Says what becomes of prints of a job that did not end well: of one, or of all that wait for a word',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ decision: oneOf('again', 'done', 'cancelled'), printId: Type.Optional(Id) }),
  reply: Job,
})

export const repeatJob = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/repeat',
  summary: 'Queues the same once more, with all its wishes; with `held`, so that it can be changed first',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ held: Type.Boolean() }),
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
