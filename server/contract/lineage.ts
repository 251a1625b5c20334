// Lineage: what came from what, from a file of a design to a print.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Hash } from './models.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf } from './values.ts'

/** What a derived file is. `render`: a shape computed from a script or a CAD file; `plate`: several arranged. */
export const derivedKinds = ['render', 'adaptation', 'repair', 'plate', 'slice', 'gcode'] as const
export type DerivedKind = (typeof derivedKinds)[number]

/** `design-file`: a file of a design; `derived`: made here of others; `gcode-file`: of the list of files; `print`; `make`: how it went. */
export const lineageKinds = ['design', 'design-file', 'derived', 'gcode-file', 'print', 'make'] as const
export type LineageKind = (typeof lineageKinds)[number]

/** One thing in the tree. What is not known of its kind is null or empty. */
export const LineageNode = Type.Object({
  /** `design-file-12`: unique in the tree. */
  key: Type.String(),
  kind: oneOf(...lineageKinds),
  id: Id,
  /** Of a derived file. */
  derivedKind: nullable(oneOf(...derivedKinds)),
  name: Type.String(),
  /** SHA-256 of its bytes. */
  hash: nullable(Type.String()),
  /** The source's address and commit, of a file of a design. */
  source: Type.String(),
  commit: nullable(Type.String()),
  /** The design to which it belongs. */
  designId: nullable(Id),
  designName: nullable(Type.String()),
  /** SPDX, of what it was made from where it is derived; empty: not known. */
  licence: Type.String(),
  creators: Type.Array(Type.String()),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  /** How a print or a make went. */
  outcome: nullable(Type.String()),
  date: Instant,
  /** Who made it here. */
  by: nullable(Type.String()),
})
export type LineageNode = Type.Static<typeof LineageNode>

/** `same-bytes`: the same file was found in two places. `told`: a make tells of a print, or of a design. */
export const lineageRelations = ['made-from', 'part-of', 'based-on', 'printed', 'told', 'same-bytes'] as const

export const Lineage = Type.Object({
  /** The one that was asked for. */
  root: Type.String(),
  nodes: Type.Array(LineageNode),
  /** `from` came first: the parent, the source. */
  edges: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), relation: oneOf(...lineageRelations) })),
  /** There is more than is shown. */
  isCut: Type.Boolean(),
})
export type Lineage = Type.Static<typeof Lineage>

export const showLineage = endpoint({
  method: 'GET',
  url: '/api/lineage/:kind/:id',
  summary: 'Where a thing came from, and what came of it',
  access: 'look',
  params: Type.Object({ kind: oneOf(...lineageKinds), id: Id }),
  reply: Lineage,
})

/** A file that was made here of others. */
export const DerivedFile = Type.Object({
  id: Id,
  kind: oneOf(...derivedKinds),
  name: Type.String(),
  hash: nullable(Type.String()),
  sizeBytes: nullable(Type.Integer()),
  licence: Type.String(),
  creators: Type.Array(Type.String()),
  parameters: Type.Record(Type.String(), Type.Unknown()),
  createdAt: Instant,
  memberId: nullable(Id),
})
export type DerivedFile = Type.Static<typeof DerivedFile>

export const listDerived = endpoint({
  method: 'GET',
  url: '/api/derived',
  summary: 'Files made here of a design, newest first: for publishing an adaptation',
  access: 'queue',
  query: Type.Object({ designId: Id }),
  reply: Type.Array(DerivedFile),
})

/** A shape that was rendered, repaired or arranged is forgotten after some days, unless it is kept, sliced or published. */
export const keepDerived = endpoint({
  method: 'POST',
  url: '/api/derived',
  summary: 'Keeps a shape that was made here, with all that it came from',
  access: 'queue',
  body: Type.Object({
    /** Of the made model: what a render, a repair or a plate gave as its hash. */
    hash: Hash,
    name: Name,
    /** The files of designs that were opened for it, where the same bytes lie in several designs. */
    designFileIds: Type.Optional(Type.Array(Id, { maxItems: 100 })),
  }),
  reply: DerivedFile,
})

export const forgetDerived = endpoint({
  method: 'DELETE',
  url: '/api/derived/:id',
  summary: 'Takes away a shape that one kept, where nothing was made of it',
  access: 'queue',
  params: IdParams,
  reply: Nothing,
})
