// Slicing: which engines and profiles there are, the wish to have models sliced, and what became of it.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { JobWishes as AllWishes, Job } from './jobs.ts'
import { firmwareDialects } from './printers.ts'
import { orNull } from './slicing-scripts.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf } from './values.ts'

export const slicerNames = ['cura-wasm', 'prusaslicer', 'curaengine', 'orcaslicer'] as const
export type SlicerName = (typeof slicerNames)[number]

export const SlicerEngine = Type.Object({
  name: oneOf(...slicerNames),
  title: Type.String(),
  version: Type.String(),
  /** The one that is taken where nobody chooses. */
  isDefault: Type.Boolean(),
  /** Tree supports are known to it. */
  tree: Type.Boolean(),
})
export type SlicerEngine = Type.Static<typeof SlicerEngine>

/** Lengths in mm, speeds in mm/s, temperatures in °C, shares in percent: as the list of settings says of each. */
export const SettingValue = Type.Unsafe<boolean | number | string>({
  type: ['boolean', 'number', 'string'],
  maxLength: 200,
})
export type SettingValue = Type.Static<typeof SettingValue>

/** Settings by their key (`layer_height`); the keys are those of `listSettings`. */
export const Settings = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,79}$' }), SettingValue, {
  maxProperties: 600,
})
export type Settings = Type.Static<typeof Settings>

/** One setting behind the expert door. */
export const Setting = Type.Object({
  key: Type.String(),
  group: Type.String(),
  label: Type.String(),
  description: Type.String(),
  type: oneOf('number', 'integer', 'boolean', 'choice', 'text'),
  unit: Type.String(),
  minimum: nullable(Type.Number()),
  maximum: nullable(Type.Number()),
  /** Of a `choice`: value and label. */
  options: Type.Array(Type.Object({ value: Type.String(), label: Type.String() })),
  /** Engines that know it. */
  engines: Type.Array(oneOf(...slicerNames)),
})
export type Setting = Type.Static<typeof Setting>

export const profileKinds = ['material', 'quality'] as const
export type ProfileKind = (typeof profileKinds)[number]

export const ProfileKey = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })

const ProfileText = {
  kind: oneOf(...profileKinds),
  name: Name,
  /** One sentence for people. */
  note: Type.String({ maxLength: 300 }),
  /** Of a material: PLA, PETG ... */
  materialType: orNull<string>(Type.String({ minLength: 1, maxLength: 20, pattern: '^[A-Za-z0-9][A-Za-z0-9 +-]*$' })),
  /** Of a material, in g/cm³. */
  density: orNull<number>(Type.Number({ minimum: 0.5, maximum: 10 })),
  settings: Settings,
}

export const SlicingProfile = Type.Object({
  ...ProfileText,
  key: ProfileKey,
  /** Ours: it can be copied, and not be changed. */
  isBuiltIn: Type.Boolean(),
  changedBy: nullable(Type.String()),
  changedAt: nullable(Instant),
})
export type SlicingProfile = Type.Static<typeof SlicingProfile>

/** Printers that can take the same slices. */
export const PrinterClass = Type.Object({
  key: Type.String(),
  /** For people: nozzle, bed, firmware. */
  title: Type.String(),
  printers: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  nozzleDiameter: Type.Number(),
  dialect: oneOf(...firmwareDialects),
  hasHeatedBed: Type.Boolean(),
  /** Of its largest printer, in mm. */
  width: Type.Number(),
  depth: Type.Number(),
  height: Type.Number(),
})
export type PrinterClass = Type.Static<typeof PrinterClass>

export const supportChoices = ['off', 'normal', 'tree'] as const

/** The handful of choices for everyone. */
export const SliceChoices = Type.Object({
  /** Percent of the inside that is filled; null: as the quality has it. */
  infill: orNull<number>(Type.Integer({ minimum: 0, maximum: 100 })),
  supports: oneOf(...supportChoices),
  brim: Type.Boolean(),
})
export type SliceChoices = Type.Static<typeof SliceChoices>

/**
 * A model and where it stands. `matrix`: three rows of four numbers, from the model's mm to the plate's, whose origin is
 * the middle of the bed; every part is let down onto the bed. Left out: as it is, in the middle.
 */
export const SlicePart = Type.Object({
  /** SHA-256 of the model's bytes. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 120, pattern: '^[^\\p{Cc}]+$' })),
  /** The file of a design that it is, or what was made here of one: its licence and makers go along. */
  designFileId: Type.Optional(Id),
  derivedId: Type.Optional(Id),
  matrix: Type.Optional(Type.Array(Type.Number({ minimum: -1e6, maximum: 1e6 }), { minItems: 12, maxItems: 12 })),
})
export type SlicePart = Type.Static<typeof SlicePart>

/** What holds for the job that is queued of it; what is left out is as with any job. Material and nozzle it has already. */
export const JobWishes = Type.Partial(
  Type.Object({
    ...Type.Omit(AllWishes, ['materialWanted', 'nozzleWanted']).properties,
    /** Laid ready: it is started when somebody says so. */
    held: Type.Boolean(),
  }),
)
export type JobWishes = Type.Static<typeof JobWishes>

export const SliceRequest = Type.Object({
  /** Of the file that comes out, without an ending. */
  name: Type.Optional(Name),
  parts: Type.Array(SlicePart, { minItems: 1, maxItems: 64 }),
  /** Either: printers alike (`PrinterClass.key`), or those that are like this one. */
  printerClass: Type.Optional(Type.String({ maxLength: 200 })),
  printerId: Type.Optional(Id),
  material: ProfileKey,
  quality: ProfileKey,
  choices: SliceChoices,
  /** Behind the expert door: goes before all profiles. */
  settings: Type.Optional(Settings),
  engine: Type.Optional(oneOf(...slicerNames)),
  /** Queued as soon as it is sliced. */
  queue: Type.Optional(JobWishes),
})
export type SliceRequest = Type.Static<typeof SliceRequest>

export const sliceStates = ['waiting', 'slicing', 'checking', 'done', 'failed', 'cancelled'] as const
export type SliceState = (typeof sliceStates)[number]

/** Why a slice is not handed out, and what is worth to know of one that is. */
export const SliceRemark = Type.Object({ code: Type.String(), message: Type.String() })
export type SliceRemark = Type.Static<typeof SliceRemark>

export const Slice = Type.Object({
  id: Id,
  name: Type.String(),
  state: oneOf(...sliceStates),
  /** 0 to 1, of the engine's work. */
  progress: Type.Number(),
  /** Why it failed, in plain words. */
  reason: nullable(Type.String()),
  remarks: Type.Array(SliceRemark),
  engine: oneOf(...slicerNames),
  engineVersion: Type.String(),
  request: SliceRequest,
  /** Printers that may take it. */
  printers: Type.Array(Type.Object({ id: Id, name: Type.String() })),
  /** The G-code, an ordinary file: `showFile`, the toolpath, `queueJob`. */
  fileId: nullable(Id),
  jobId: nullable(Id),
  /** Why it was not queued although that was wished, in plain words; it can be queued anew. */
  notQueued: nullable(Type.String()),
  /** In the lineage: `showLineage` with `derived`. Null: it was made of no design, or is not ready. */
  derivedId: nullable(Id),
  seconds: nullable(Type.Number()),
  filamentMillimetres: nullable(Type.Number()),
  grams: nullable(Type.Number()),
  layers: nullable(Type.Integer()),
  /** True where it was here already and nothing had to be sliced. */
  wasStored: Type.Boolean(),
  createdAt: Instant,
  endedAt: nullable(Instant),
})
export type Slice = Type.Static<typeof Slice>

export const listSlicing = endpoint({
  method: 'GET',
  url: '/api/slicing',
  summary: 'Engines, printers by class, materials and qualities: all that is chosen from',
  access: 'look',
  reply: Type.Object({
    engines: Type.Array(SlicerEngine),
    classes: Type.Array(PrinterClass),
    materials: Type.Array(SlicingProfile),
    qualities: Type.Array(SlicingProfile),
  }),
})

export const listSettings = endpoint({
  method: 'GET',
  url: '/api/slicing/settings',
  summary: 'All settings behind the expert door, with their limits',
  access: 'look',
  reply: Type.Array(Setting),
})

export const addSlicingProfile = endpoint({
  method: 'POST',
  url: '/api/slicing/profiles',
  summary: 'Keeps a material or a quality for everyone',
  access: 'run-printers',
  body: Type.Object(ProfileText),
  reply: SlicingProfile,
})

export const changeSlicingProfile = endpoint({
  method: 'PUT',
  url: '/api/slicing/profiles/:key',
  summary: 'Changes a material or a quality; slices that were made with it stay as they are',
  access: 'run-printers',
  params: Type.Object({ key: ProfileKey }),
  body: Type.Object(ProfileText),
  reply: SlicingProfile,
})

export const removeSlicingProfile = endpoint({
  method: 'DELETE',
  url: '/api/slicing/profiles/:key',
  summary: 'Takes a material or a quality out of the list',
  access: 'run-printers',
  params: Type.Object({ key: ProfileKey }),
  reply: Nothing,
})

export const ProfileReading = Type.Object({
  program: oneOf('cura', 'prusaslicer'),
  name: Type.String(),
  kind: oneOf(...profileKinds),
  materialType: nullable(Type.String()),
  density: nullable(Type.Number()),
  settings: Settings,
  /** The file's own keys, by what became of them. */
  mapped: Type.Array(Type.Object({ key: Type.String(), setting: Type.String() })),
  unmapped: Type.Array(Type.String()),
  /** Not taken, each with the reason in a sentence. */
  refused: Type.Array(Type.Object({ key: Type.String(), reason: Type.String() })),
})
export type ProfileReading = Type.Static<typeof ProfileReading>

export const readProfile = endpoint({
  method: 'POST',
  url: '/api/slicing/profiles/read',
  summary: 'Reads a profile of Cura or PrusaSlicer and says what can be taken from it; keeps nothing',
  access: 'queue',
  isPassing: true,
  body: Type.Object({
    /** .curaprofile, .inst.cfg, .cfg or .ini */
    name: Type.String({ minLength: 1, maxLength: 200 }),
    base64: Type.String({ maxLength: 900_000, pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
  }),
  reply: ProfileReading,
})

export const requestSlice = endpoint({
  method: 'POST',
  url: '/api/slices',
  summary: 'Slices models for the printers that may take them; the same wish again gets the stored slice',
  access: 'queue',
  body: SliceRequest,
  reply: Slice,
})

export const listSlices = endpoint({
  method: 'GET',
  url: '/api/slices',
  summary: 'The last slices that one has asked for, newest first',
  access: 'queue',
  query: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
  reply: Type.Array(Slice),
})

export const showSlice = endpoint({
  method: 'GET',
  url: '/api/slices/:id',
  summary: 'One slice as it stands',
  access: 'queue',
  params: IdParams,
  reply: Slice,
})

export const cancelSlice = endpoint({
  method: 'POST',
  url: '/api/slices/:id/cancel',
  summary: 'One no longer wants it; it stops where nobody else does',
  access: 'queue',
  params: IdParams,
  reply: Slice,
})

export const queueSlice = endpoint({
  method: 'POST',
  url: '/api/slices/:id/queue',
  summary: 'Queues what was sliced',
  access: 'queue',
  params: IdParams,
  body: JobWishes,
  reply: Job,
})
