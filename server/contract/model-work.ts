// What is made of models while somebody waits: parameters, renderings, repairs, orientations, plates.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { BoxShape } from './files.ts'
import { Hash, HashParams, ModelNote } from './models.ts'
import { Id, IdParams, nullable, oneOf } from './values.ts'

// OpenSCAD

/** A path inside a design: no way out of it, no way to a drive. */
export const TreePath = Type.String({
  minLength: 1,
  maxLength: 400,
  pattern: '^(?!/)(?!.*(?:^|/)\\.{0,2}(?:/|$))[^\\\\\\p{Cc}:]+$',
})

/** The files of a design, by which OpenSCAD finds its libraries. Named by the hash of the list. */
export const ScadTree = Type.Object({
  files: Type.Array(Type.Object({ path: TreePath, hash: Hash }), { minItems: 1, maxItems: 2000 }),
})
export type ScadTree = Type.Static<typeof ScadTree>

/**
 * One list of types, not a union: in a union, a switch would be taken for the number that it could be read as. Arrays come
 * first: an answer's serialiser tries them in turn, and takes an array for a text where it asks for texts before.
 */
const Value = Type.Unsafe<number | string | boolean | number[]>({
  type: ['array', 'number', 'string', 'boolean'],
  maxLength: 1000,
  items: { type: 'number' },
  minItems: 1,
  maxItems: 4,
})
export type ScadValue = Type.Static<typeof Value>

export const ScadParameter = Type.Object({
  name: Type.String(),
  /** Said beside it; empty where the design says nothing. */
  caption: Type.String(),
  /** The heading it stands below; empty where the design has none. */
  group: Type.String(),
  kind: oneOf('number', 'text', 'boolean', 'vector'),
  initial: Value,
  /** Of a number, or of each number of a vector; null: no bound. */
  least: nullable(Type.Number()),
  most: nullable(Type.Number()),
  step: nullable(Type.Number()),
  maxLength: nullable(Type.Integer()),
  /** One of these and nothing else; null: anything that fits. */
  options: nullable(
    Type.Array(Type.Object({ label: Type.String(), value: Type.Union([Type.Number(), Type.String()]) })),
  ),
})
export type ScadParameter = Type.Static<typeof ScadParameter>

/** Values by parameter. Those left out keep their initial value. */
export const ScadValues = Type.Record(Type.String({ maxLength: 200 }), Value, { maxProperties: 500 })
export type ScadValues = Type.Static<typeof ScadValues>

// Placing

const Finite = (bound: number) => Type.Number({ minimum: -bound, maximum: bound })

/** A turn as a quaternion: x, y, z, w. */
export const Turn = Type.Array(Finite(1), { minItems: 4, maxItems: 4 })

export const orientationReasons = ['as-drawn', 'least-support', 'broad-base', 'low', 'balanced'] as const

export const Orientation = Type.Object({
  rotation: Turn,
  /** The side of the model that lies below, as a direction in the model. */
  down: Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }),
  /** mm² that touch the bed. */
  contact: Type.Number(),
  /** mm² that hang steeper than 45° and need support. */
  overhang: Type.Number(),
  /** mm³ between those and what is below them. */
  support: Type.Number(),
  height: Type.Number(),
  reason: oneOf(...orientationReasons),
  /** English: why it may be a good one. */
  message: Type.String(),
})
export type Orientation = Type.Static<typeof Orientation>

/**
 * How a model lies on a plate. First it is scaled (a negative factor mirrors it), then turned, then set down on the
 * bed (z = 0), then moved until the middle of its box is at `position`.
 */
export const PlateObject = Type.Object({
  hash: Hash,
  copies: Type.Integer({ minimum: 1, maximum: 200 }),
  scale: Type.Array(Finite(1000), { minItems: 3, maxItems: 3 }),
  rotation: Turn,
  /** Lay it flat on the face that looks this way in the model (before scaling); null: as turned. */
  layOn: nullable(Type.Array(Finite(1e6), { minItems: 3, maxItems: 3 })),
  /** On the bed, from its front left corner; null: where there is room. */
  position: nullable(Type.Array(Finite(10_000), { minItems: 2, maxItems: 2 })),
})
export type PlateObject = Type.Static<typeof PlateObject>

export const PlateRequest = Type.Object({
  objects: Type.Array(PlateObject, { minItems: 1, maxItems: 100 }),
  bed: Type.Object({
    width: Type.Number({ minimum: 10, maximum: 5000 }),
    depth: Type.Number({ minimum: 10, maximum: 5000 }),
    /** Null: any height. */
    height: nullable(Type.Number({ minimum: 10, maximum: 5000 })),
    round: Type.Boolean(),
  }),
  /** Between parts, and from the edge of the bed. */
  clearance: Type.Number({ minimum: 0, maximum: 100 }),
  /** Whether parts may be turned about the vertical to fit better. */
  mayTurn: Type.Boolean(),
})
export type PlateRequest = Type.Static<typeof PlateRequest>

export const Plate = Type.Object({
  /** Of the model that the plate is: a mesh with a part for each copy. */
  hash: Hash,
  /** In millimetres from the front left corner of the bed. */
  box: BoxShape,
  placed: Type.Array(
    Type.Object({
      /** Which of the request's objects, from 0. */
      object: Type.Integer(),
      position: Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }),
      /** Turned about the vertical by so many degrees besides what was asked. */
      turnedBy: Type.Number(),
    }),
  ),
  /** Copies that found no room, by the request's objects. */
  left: Type.Array(Type.Object({ object: Type.Integer(), copies: Type.Integer() })),
})
export type Plate = Type.Static<typeof Plate>

export const Repair = Type.Object({
  /** Of the repaired model. */
  hash: Hash,
  /** mm³ afterwards. */
  volume: Type.Number(),
  /** mm in x, y and z, before and after. */
  sizeBefore: Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }),
  sizeAfter: Type.Array(Type.Number(), { minItems: 3, maxItems: 3 }),
  closedHoles: Type.Integer(),
  turnedTriangles: Type.Integer(),
  removedTriangles: Type.Integer(),
})
export type Repair = Type.Static<typeof Repair>

// The work

/** Of a repair or of suggestions how to lie. */
export const OfModel = Type.Object({ hash: Hash })
/** Of parameters or of a rendering. */
export const OfScad = Type.Object({ tree: Hash, entry: TreePath, values: ScadValues })

export const modelWorkKinds = ['parameters', 'render', 'repair', 'orientations', 'plate'] as const
export type ModelWorkKind = (typeof modelWorkKinds)[number]
export const modelWorkStates = ['waiting', 'working', 'done', 'failed', 'overtaken'] as const

export const ModelWork = Type.Object({
  id: Id,
  kind: oneOf(...modelWorkKinds),
  /** `overtaken`: whoever asked has asked for something else meanwhile. */
  state: oneOf(...modelWorkStates),
  /** From 0 to 1. */
  progress: Type.Number(),
  /** Why there is no result, when `failed`. */
  reason: nullable(Type.String()),
  /** What the engine has to say, in plain words. */
  notes: Type.Array(ModelNote),
  /** One of these by `kind`, when `done`. */
  result: nullable(
    Type.Object({
      parameters: Type.Optional(Type.Array(ScadParameter)),
      /** Of the rendered model: an STL, read as a model by then. */
      rendered: Type.Optional(Hash),
      repair: Type.Optional(Repair),
      /** The best first; the model as drawn is always among them. */
      orientations: Type.Optional(Type.Array(Orientation)),
      plate: Type.Optional(Plate),
    }),
  ),
})
export type ModelWork = Type.Static<typeof ModelWork>

/** A word of the browser's own by which its next request overtakes this one; without it, nothing does. */
const Editor = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{8,64}$' }))

export const keepTree = endpoint({
  method: 'POST',
  url: '/api/scad/trees',
  summary: 'Names a set of stored files as the tree in which OpenSCAD finds what a design includes',
  access: 'queue',
  isPassing: true,
  body: ScadTree,
  reply: Type.Object({ tree: Hash }),
})

export const askParameters = endpoint({
  method: 'POST',
  url: '/api/scad/parameters',
  summary: 'Asks for the parameters that an OpenSCAD file offers',
  access: 'queue',
  isPassing: true,
  body: Type.Object({ tree: Hash, entry: TreePath }),
  reply: ModelWork,
})

export const askRender = endpoint({
  method: 'POST',
  url: '/api/scad/renders',
  summary: 'Asks for the model that an OpenSCAD file makes with these values',
  access: 'queue',
  isPassing: true,
  body: Type.Object({ tree: Hash, entry: TreePath, values: ScadValues, editor: Editor }),
  reply: ModelWork,
})

export const askRepair = endpoint({
  method: 'POST',
  url: '/api/models/:hash/repair',
  summary: 'Asks for a repaired copy of a model that is not closed',
  access: 'queue',
  isPassing: true,
  params: HashParams,
  reply: ModelWork,
})

export const askOrientations = endpoint({
  method: 'POST',
  url: '/api/models/:hash/orientations',
  summary: 'Asks how a model may lie on the bed, the best suggestion first',
  access: 'queue',
  isPassing: true,
  params: HashParams,
  reply: ModelWork,
})

export const askPlate = endpoint({
  method: 'POST',
  url: '/api/plates',
  summary: 'Asks for one mesh of several models: scaled, turned, laid flat, copied and arranged on a bed',
  access: 'queue',
  isPassing: true,
  body: Type.Intersect([PlateRequest, Type.Object({ editor: Editor })]),
  reply: ModelWork,
})

export const showModelWork = endpoint({
  method: 'GET',
  url: '/api/model-work/:id',
  summary: 'How far it has come, and what came of it',
  access: 'look',
  params: IdParams,
  reply: ModelWork,
})
