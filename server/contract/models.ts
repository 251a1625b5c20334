// Models: 3D shapes by the hash of their file, what was found in them, and what can be made of them.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { BoxShape } from './files.ts'
import { Id, nullable, oneOf } from './values.ts'

/** SHA-256 of bytes, hexadecimal. */
export const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' })
export const HashParams = Type.Object({ hash: Hash })

/** `mesh`: made here from others, as bytes of `mesh-wire.ts`. */
export const modelKinds = ['stl', 'obj', '3mf', 'amf', 'step', 'mesh'] as const
export type ModelKind = (typeof modelKinds)[number]

const kindsByEnding: Readonly<Record<string, ModelKind>> = {
  stl: 'stl',
  obj: 'obj',
  '3mf': '3mf',
  amf: 'amf',
  step: 'step',
  stp: 'step',
}

/** What kind of model a file of this name is; null: none that can be read by itself. */
export const modelKindOf = (name: string): ModelKind | null =>
  kindsByEnding[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''] ?? null

/** What OpenSCAD can open; the photos of a design are not brought along. */
export const isOpenedByScad = (name: string): boolean =>
  /\.(scad|stl|off|amf|3mf|obj|dxf|svg|png|dat|txt|csv|json|ttf|otf)$/i.test(name)

/** Whether OpenSCAD makes a model of a file of this name. */
export const isScad = (name: string): boolean => /\.scad$/i.test(name)

/** Walls thinner than these (mm) are counted. A nozzle of 0.4 mm needs 0.4 for one line and 0.8 for two. */
export const thinLimits = [0.4, 0.8, 1.2] as const

export const PartFacts = Type.Object({
  name: Type.String(),
  triangles: Type.Integer(),
  colour: nullable(Type.String()),
  box: BoxShape,
})

/** What a mesh is like. Lengths in mm, areas in mm², volumes in mm³. */
export const MeshFacts = Type.Object({
  triangles: Type.Integer(),
  vertices: Type.Integer(),
  box: BoxShape,
  area: Type.Number(),
  /** Of the body, where shells overlap counted once; null: it is not closed, so it has none. */
  volume: nullable(Type.Number()),
  /** Closed, every edge between two triangles that agree which side is outside. */
  watertight: Type.Boolean(),
  /** Edges of one triangle only: around holes. */
  openEdges: Type.Integer(),
  /** Edges of three triangles or more. */
  crowdedEdges: Type.Integer(),
  /** Edges whose two triangles disagree which side is outside. */
  flippedEdges: Type.Integer(),
  /** Triangles without area, and triangles that are there twice. */
  uselessTriangles: Type.Integer(),
  /** Pieces that hang together. */
  shells: Type.Integer(),
  /** Whether pieces reach into each other. */
  overlapping: Type.Boolean(),
  parts: Type.Array(PartFacts),
  /** Wall thickness, measured by rays inwards; null where there is no inside. */
  walls: nullable(
    Type.Object({
      /** That of the thinnest hundredth of the surface. */
      thinnest: Type.Number(),
      /** Which share of the surface (0 to 1) has walls thinner than each of `thinLimits`. */
      thin: Type.Array(Type.Object({ below: Type.Number(), share: Type.Number() })),
    }),
  ),
  /** `needless`: it is whole. `offered`: a repair closes it. `impossible`: it stays open whatever is tried. */
  repair: oneOf('needless', 'offered', 'impossible'),
  /** The unit the file was drawn in, where it says so. */
  unit: nullable(Type.String()),
})
export type MeshFacts = Type.Static<typeof MeshFacts>

/** What was noticed and is worth a sentence: a code for programs, English for people. */
export const ModelNote = Type.Object({ code: Type.String(), message: Type.String() })
export type ModelNote = Type.Static<typeof ModelNote>

export const modelStates = ['waiting', 'reading', 'ready', 'failed'] as const

export const Model = Type.Object({
  id: Id,
  /** Of the file; the model's name everywhere. */
  hash: Hash,
  kind: oneOf(...modelKinds),
  state: oneOf(...modelStates),
  /** From 0 to 1, while it is read. */
  progress: Type.Number(),
  /** Why it cannot be used, when `failed`. */
  reason: nullable(Type.String()),
  facts: nullable(MeshFacts),
  notes: Type.Array(ModelNote),
  /** Of its mesh as bytes (`mesh-wire.ts`). */
  meshHash: nullable(Hash),
  hasThumbnail: Type.Boolean(),
})
export type Model = Type.Static<typeof Model>

/** A model as a list of files shows it. */
export const ModelBrief = Type.Object({
  /** Its name everywhere: of the file, or of the shape that a script makes with its own values. Null: not made yet. */
  hash: nullable(Hash),
  state: oneOf(...modelStates),
  /** Why it cannot be used, when `failed`. */
  reason: nullable(Type.String()),
  hasThumbnail: Type.Boolean(),
  triangles: nullable(Type.Integer()),
  watertight: nullable(Type.Boolean()),
  repair: nullable(oneOf('needless', 'offered', 'impossible')),
})
export type ModelBrief = Type.Static<typeof ModelBrief>

export const askModel = endpoint({
  method: 'POST',
  url: '/api/models',
  summary: 'Has a stored file read as a model: its mesh, facts and pictures. Asking twice reads it once',
  access: 'queue',
  isPassing: true,
  body: Type.Object({ hash: Hash, name: Type.String({ minLength: 1, maxLength: 300 }) }),
  reply: Model,
})

export const showModel = endpoint({
  method: 'GET',
  url: '/api/models/:hash',
  summary: 'One model, by the hash of its file',
  access: 'look',
  params: HashParams,
  reply: Model,
})

/** Not JSON: the mesh (`readMesh`), the mesh as STL, the picture with nothing behind it. */
export const meshUrl = (hash: string): string => `/api/models/${hash}/mesh`
export const stlUrl = (hash: string): string => `/api/models/${hash}/stl`
export const modelPictureSizes = [256, 512] as const
export const modelPictureUrl = (hash: string, size: (typeof modelPictureSizes)[number]): string =>
  `/api/models/${hash}/thumbnail?size=${size}`
