// Printable files: what was uploaded, and what was found in it.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

export const BoxShape = Type.Object({
  minX: Type.Number(),
  minY: Type.Number(),
  minZ: Type.Number(),
  maxX: Type.Number(),
  maxY: Type.Number(),
  maxZ: Type.Number(),
})

/** What would go wrong with the file on a printer. */
export const FileWarning = Type.Object({
  code: Type.String(),
  /** `refuse`: the print would fail or do harm. `warn`: it may. `note`: worth to know. */
  severity: oneOf('refuse', 'warn', 'note'),
  /** The first line of the file where it happens; 0 where it is about the file as a whole. */
  line: Type.Integer(),
  count: Type.Integer(),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  /** English: what would happen, and what to do. */
  message: Type.String(),
})
export type FileWarning = Type.Static<typeof FileWarning>

/** What one pass over the file found. Lengths in mm, times in seconds, temperatures in °C, masses in grams. */
export const Findings = Type.Object({
  lines: Type.Integer(),
  commands: Type.Integer(),
  motionSeconds: Type.Number(),
  /** What the slicer says it takes, where it says so. */
  statedSeconds: nullable(Type.Number()),
  slicer: nullable(Type.String()),
  layers: Type.Integer(),
  layerHeight: Type.Number(),
  firstLayerHeight: Type.Number(),
  filament: Type.Array(Type.Number()),
  filamentType: nullable(Type.String()),
  /** #rrggbb, of the first filament, where the slicer says it. */
  filamentColour: Type.Optional(Type.String()),
  filamentGrams: nullable(Type.Number()),
  nozzleDiameter: nullable(Type.Number()),
  printerModel: nullable(Type.String()),
  extruded: nullable(BoxShape),
  moved: nullable(BoxShape),
  nozzleTemperature: Type.Number(),
  bedTemperature: Type.Number(),
  /** What it takes besides motion: heating, homing, levelling, tool changes, dwelling. */
  overheadSeconds: Type.Number(),
  firstLayerSeconds: Type.Number(),
  /** mm³/s */
  peakFlow: Type.Number(),
  /** Names of what can be left out while the rest is printed. */
  objects: Type.Array(Type.String()),
  /** By what the printers of the workshop are like (`key`). */
  warnings: Type.Array(Type.Object({ key: Type.String(), warnings: Type.Array(FileWarning) })),
})
export type Findings = Type.Static<typeof Findings>

export const fileStates = ['waiting', 'analysed', 'failed'] as const

export const GcodeFile = Type.Object({
  id: Id,
  name: Type.String(),
  sizeBytes: Type.Integer(),
  /** SHA-256 of the bytes, hexadecimal. */
  hash: Type.String(),
  state: oneOf(...fileStates),
  /** Why it could not be read, when `failed`. */
  reason: nullable(Type.String()),
  findings: nullable(Findings),
  hasThumbnail: Type.Boolean(),
  /** Who uploaded it. */
  memberId: nullable(Id),
  uploadedBy: nullable(Type.String()),
  uploadedAt: Instant,
})
export type GcodeFile = Type.Static<typeof GcodeFile>

/** The name under which a file may be kept; what a path or a terminal could misread is refused. */
export const isFileName = (name: string): boolean =>
  name.length <= 200 && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]+$/u.test(name) && !/^[.\s]|[.\s]$/.test(name)

/** Text; and what holds it: binary G-code, and archives of plates that slicers export. */
export const gcodeEndings = ['.gcode', '.gco', '.g', '.nc', '.bgcode', '.3mf', '.ufp'] as const

export const uploadFile = endpoint({
  method: 'POST',
  url: '/api/files',
  summary: 'Takes a file as the body of the request, keeps the G-code in it as text, and analyses it in the background',
  access: 'queue',
  query: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 300 }),
    /** Which plate of an archive, counted from 1; the first where left out. Other files have none. */
    plate: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  }),
  reply: Type.Intersect([GcodeFile, Type.Object({ plates: Type.Array(Type.Integer()) })]),
})

export const listFiles = endpoint({
  method: 'GET',
  url: '/api/files',
  summary: 'Files, newest first',
  access: 'look',
  query: Type.Object({
    search: Type.Optional(Type.String({ maxLength: 100 })),
    before: Type.Optional(Id),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  reply: Type.Array(GcodeFile),
})

export const showFile = endpoint({
  method: 'GET',
  url: '/api/files/:id',
  summary: 'One file',
  access: 'look',
  params: IdParams,
  reply: GcodeFile,
})

export const forgetFile = endpoint({
  method: 'DELETE',
  url: '/api/files/:id',
  summary: 'Takes a file out of the list; its past prints stay on record',
  access: 'queue',
  params: IdParams,
  reply: Nothing,
})

/** Not JSON: the picture, and the bytes. */
export const thumbnailUrl = (id: number): string => `/api/files/${id}/thumbnail`
export const contentUrl = (id: number): string => `/api/files/${id}/content`
