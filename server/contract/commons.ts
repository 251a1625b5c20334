// Designs: published things with files, makers and a licence, pulled from elsewhere or made here.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { GcodeFile } from './files.ts'
import { Approval, Licence } from './licences.ts'
import { Hash, ModelBrief } from './models.ts'
import { sourceKinds } from './sources.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

/** What a file of a design is. Printable are the shapes of models, and ready G-code. */
export const fileKinds = ['stl', '3mf', 'obj', 'step', 'scad', 'amf', 'gcode', 'image', 'document', 'other'] as const
export type FileKind = (typeof fileKinds)[number]

export const DesignFile = Type.Object({
  id: Id,
  /** Within the design, with `/` between folders. */
  path: Type.String(),
  kind: oneOf(...fileKinds),
  isPrintable: Type.Boolean(),
  sizeBytes: Type.Integer(),
  /** SHA-256 of the bytes, hexadecimal: the name by which models, thumbnails and slices know it. */
  hash: Type.String(),
  /** Width, depth, height in mm, once its mesh was measured. */
  size: nullable(Type.Object({ x: Type.Number(), y: Type.Number(), z: Type.Number() })),
  /** Its own licence, where it says one that differs from the design's. */
  licence: nullable(Licence),
  /** What was found in its shape; of a script, in what it makes with its own values. Null: it has no shape. */
  model: nullable(ModelBrief),
  /** Of a script: the tree of the design in which it is rendered (`askParameters`, `askRender`), with `path` as entry. */
  tree: nullable(Hash),
  /** Other designs that hold the very same bytes. */
  alsoIn: Type.Array(Type.Object({ designId: Id, designName: Type.String(), fileId: Id, path: Type.String() })),
})
export type DesignFile = Type.Static<typeof DesignFile>

/** Something in the design that is not as the standard says, and what was made of it. English. */
export const DesignWarning = Type.Object({
  code: Type.String(),
  /** The file, or the field of the manifest. */
  place: Type.String(),
  message: Type.String(),
})
export type DesignWarning = Type.Static<typeof DesignWarning>

/** Text of a README, piece by piece: plain text only, no HTML. */
export const Span = Type.Object({
  text: Type.String(),
  isStrong: Type.Boolean(),
  isEmphasised: Type.Boolean(),
  isCode: Type.Boolean(),
  /** http, https or mailto only. */
  href: nullable(Type.String()),
})
export type Span = Type.Static<typeof Span>

const Spans = Type.Array(Span)

export const ReadmeBlock = Type.Union([
  Type.Object({ kind: Type.Literal('heading'), level: Type.Integer({ minimum: 1, maximum: 6 }), spans: Spans }),
  Type.Object({ kind: Type.Literal('paragraph'), spans: Spans }),
  /** One entry of a list; `mark` is `•` or its number. */
  Type.Object({ kind: Type.Literal('item'), depth: Type.Integer(), mark: Type.String(), spans: Spans }),
  Type.Object({ kind: Type.Literal('quote'), spans: Spans }),
  Type.Object({ kind: Type.Literal('code'), text: Type.String() }),
  /** A picture of the design's own files (`designFileUrl`). */
  Type.Object({ kind: Type.Literal('picture'), fileId: Id, text: Type.String() }),
  Type.Object({ kind: Type.Literal('table'), rows: Type.Array(Type.Array(Spans)) }),
  Type.Object({ kind: Type.Literal('rule') }),
])
export type ReadmeBlock = Type.Static<typeof ReadmeBlock>

/** From where a version came. */
export const Provenance = Type.Object({
  /** `upload`: given by hand; `here`: made in this workshop of other designs. */
  kind: oneOf(...sourceKinds, 'here'),
  /** Where it was found; empty for an upload. */
  address: Type.String(),
  /** The commit or other pin of the source; null: it has none. */
  commit: nullable(Type.String()),
  /** Where the manifest says it belongs; null: nothing, or the same place. */
  claimed: nullable(Type.String()),
})
export type Provenance = Type.Static<typeof Provenance>

/** What it is derived from, as its manifest says or as it was made here. */
export const Ancestor = Type.Object({
  title: Type.String(),
  /** http or https; empty: not known. */
  address: Type.String(),
  commit: nullable(Type.String()),
  /** The design here that it is; null: it is not here. */
  designId: nullable(Id),
})
export type Ancestor = Type.Static<typeof Ancestor>

export const DesignVersion = Type.Object({
  id: Id,
  /** From 1 on, within the design. */
  number: Type.Integer(),
  /** As its makers call it; empty: they do not. */
  label: Type.String(),
  origin: Provenance,
  pulledAt: Instant,
  pulledBy: nullable(Type.String()),
})
export type DesignVersion = Type.Static<typeof DesignVersion>

/** What changed at the source since the version that is here. */
export const UpstreamNews = Type.Object({
  checkedAt: Instant,
  /** Whether there is anything new. */
  isNewer: Type.Boolean(),
  commit: nullable(Type.String()),
  added: Type.Array(Type.String()),
  removed: Type.Array(Type.String()),
  changed: Type.Array(Type.String()),
})
export type UpstreamNews = Type.Static<typeof UpstreamNews>

/** A design in a list. */
export const DesignCard = Type.Object({
  id: Id,
  name: Type.String(),
  summary: Type.String(),
  creators: Type.Array(Type.String()),
  licence: Licence,
  /** A picture of its own: a file of the design (`designFileUrl`). */
  pictureFileId: nullable(Id),
  /** The hash of its first printable model, for a thumbnail where it has no picture. */
  modelHash: nullable(Type.String()),
  /** Of its first model that has a picture here (`modelPictureUrl`); null: none yet. */
  thumbnailHash: nullable(Type.String()),
  printableFiles: Type.Integer(),
  versions: Type.Integer(),
  /** How often it was made here, and with success. */
  makes: Type.Integer(),
  goodMakes: Type.Integer(),
  isPublished: Type.Boolean(),
  /** It was made here of other designs. */
  isAdaptation: Type.Boolean(),
  hasNews: Type.Boolean(),
  pulledAt: Instant,
})
export type DesignCard = Type.Static<typeof DesignCard>

export const Design = Type.Intersect([
  DesignCard,
  Type.Object({
    /** For addresses in the catalogue. */
    slug: Type.String(),
    /** What it is for and does: plain text, with line breaks. */
    description: Type.String(),
    /** What to beware of, as its makers say; empty: nothing. */
    safety: Type.String(),
    keywords: Type.Array(Type.String()),
    materials: Type.Array(Type.String()),
    language: nullable(Type.String()),
    /** Of manuals and of programs, where they differ from the design's. */
    documentationLicence: nullable(Licence),
    softwareLicence: nullable(Licence),
    /** The manifest that was read, such as `OKH-LOSHv1.0`; null: it has none. */
    manifest: nullable(Type.Object({ path: Type.String(), dialect: Type.String() })),
    version: DesignVersion,
    allVersions: Type.Array(DesignVersion),
    files: Type.Array(DesignFile),
    readme: Type.Array(ReadmeBlock),
    ancestors: Type.Array(Ancestor),
    /** What was changed, newest first, where it was adapted here. */
    changes: Type.Array(Type.Object({ date: Type.String(), by: Type.String(), note: Type.String() })),
    warnings: Type.Array(DesignWarning),
    /** The decision on its licence, or the question; null: neither. */
    approval: nullable(Approval),
    /** May be printed now: its licence says so, or a steward does. */
    mayBePrinted: Type.Boolean(),
    news: nullable(UpstreamNews),
    ownerId: nullable(Id),
    /** What the one who asks may do with it. */
    mayEdit: Type.Boolean(),
  }),
])
export type Design = Type.Static<typeof Design>

export const licenceFilters = ['make', 'sell', 'adapt'] as const

export const DesignQuery = Type.Object({
  search: Type.Optional(Type.String({ maxLength: 200 })),
  /** SPDX id, such as `CC-BY-4.0`. */
  licence: Type.Optional(Type.String({ maxLength: 60 })),
  /** What the licence must allow without asking. */
  allows: Type.Optional(oneOf(...licenceFilters)),
  /** A kind of filament, such as `PETG`: named by the design, or used in a make. */
  material: Type.Optional(Type.String({ maxLength: 40 })),
  /** One of its models, measured, fits on this printer. */
  fitsPrinter: Type.Optional(Id),
  /** Made here with success before. */
  madeHere: Type.Optional(Type.Boolean()),
  sort: Type.Optional(oneOf('best', 'newest', 'made', 'name')),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
})
export type DesignQuery = Type.Static<typeof DesignQuery>

export const searchDesigns = endpoint({
  method: 'GET',
  url: '/api/designs',
  summary: 'Designs that were pulled or made here; visitors see the published ones',
  access: 'look',
  query: DesignQuery,
  reply: Type.Object({
    designs: Type.Array(DesignCard),
    total: Type.Integer(),
    /** What can be filtered by, with how many designs each, whatever the filters are. */
    licences: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() })),
    materials: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() })),
  }),
})

export const showDesign = endpoint({
  method: 'GET',
  url: '/api/designs/:id',
  summary: 'One design with its files; its newest version unless another is asked for',
  access: 'look',
  params: IdParams,
  query: Type.Object({ version: Type.Optional(Id) }),
  reply: Design,
})

export const publishDesign = endpoint({
  method: 'PUT',
  url: '/api/designs/:id/publication',
  summary: 'Takes a design into the catalogue of the workshop, or out of it',
  access: 'queue',
  params: IdParams,
  body: Type.Object({ isPublished: Type.Boolean() }),
  reply: Type.Object({ isPublished: Type.Boolean() }),
})

export const deleteDesign = endpoint({
  method: 'DELETE',
  url: '/api/designs/:id',
  summary: 'Takes a design away; what was sliced and printed of it keeps its lineage',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

/** An own design, of files that were made here (`derivedIds`) and files of other designs (`fileIds`). */
export const publishAdaptation = endpoint({
  method: 'POST',
  url: '/api/designs/adaptations',
  summary: 'Makes a design of adapted files, with its lineage, under a licence that its parents allow',
  access: 'queue',
  body: Type.Object({
    name: Type.String({ minLength: 1, maxLength: 120 }),
    description: Type.String({ minLength: 1, maxLength: 5000 }),
    /** What was changed, for the list of changes. */
    change: Type.String({ minLength: 1, maxLength: 1000 }),
    derivedIds: Type.Array(Id, { maxItems: 200 }),
    fileIds: Type.Array(Id, { maxItems: 200 }),
    keywords: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 30 })),
    /** SPDX; left out: the parents' own. */
    licence: Type.Optional(Type.String({ maxLength: 120 })),
    isPublished: Type.Boolean(),
  }),
  reply: Type.Object({ id: Id }),
})

/** A file of a design that is G-code already. The same again gives the file that is in the list. */
export const takeGcode = endpoint({
  method: 'POST',
  url: '/api/design-files/:id/gcode',
  summary: 'Puts ready G-code of a design into the list of files, to be looked at and queued',
  access: 'queue',
  params: IdParams,
  /** Of a file with several plates: which, from 1. */
  query: Type.Object({ plate: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })) }),
  reply: Type.Intersect([GcodeFile, Type.Object({ plates: Type.Array(Type.Integer()) })]),
})

/** Not JSON: the bytes of a file of a design, and all of them in one archive with manifests and attribution. */
export const designFileUrl = (fileId: number): string => `/api/design-files/${fileId}/content`
export const designExportUrl = (id: number, version?: number): string =>
  `/api/designs/${id}/export.zip${version === undefined ? '' : `?version=${version}`}`
