// What stands before and after every slice, by firmware, and how slices for one printer differ.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { firmwareDialects } from './printers.ts'
import { IdParams, oneOf } from './values.ts'

/** As several types in one: of alternatives, the check of requests would turn a number into a switch, and null into 0. */
export const orNull = <T extends number | string>(schema: { readonly type: string }) =>
  Type.Unsafe<T | null>({ ...schema, type: [schema.type, 'null'] })

const Script = Type.String({ maxLength: 8000 })

export const SlicingScripts = Type.Object({
  dialect: oneOf(...firmwareDialects),
  start: Script,
  end: Script,
  /** False: nobody has changed ours. */
  isChanged: Type.Boolean(),
})
export type SlicingScripts = Type.Static<typeof SlicingScripts>

export const listSlicingScripts = endpoint({
  method: 'GET',
  url: '/api/slicing/scripts',
  summary: 'What stands before and after every slice, by firmware, and the words that are filled in there',
  access: 'look',
  reply: Type.Object({
    scripts: Type.Array(SlicingScripts),
    words: Type.Array(Type.Object({ word: Type.String(), meaning: Type.String() })),
  }),
})

/** Null: ours again. */
export const changeSlicingScripts = endpoint({
  method: 'PUT',
  url: '/api/slicing/scripts/:dialect',
  summary: 'Changes what stands before and after every slice for printers of a firmware',
  access: 'set-up-printers',
  params: Type.Object({ dialect: oneOf(...firmwareDialects) }),
  body: Type.Object({ start: orNull<string>(Script), end: orNull<string>(Script) }),
  reply: SlicingScripts,
})

/** How slices for one printer differ from those for others of its firmware. */
export const PrinterSlicing = Type.Object({
  /** A Cura machine whose settings it starts from; null: a plain one. Its start and end are never taken. */
  definition: orNull<string>(Type.String({ pattern: '^[A-Za-z0-9_]{1,80}$' })),
  /** How far it is from the motor to the nozzle; by it goes how far filament is pulled back. */
  feed: oneOf('direct', 'bowden'),
  filamentDiameter: Type.Number({ minimum: 1, maximum: 3.5 }),
  /** Null: those of its firmware. */
  start: orNull<string>(Script),
  end: orNull<string>(Script),
})
export type PrinterSlicing = Type.Static<typeof PrinterSlicing>

export const showPrinterSlicing = endpoint({
  method: 'GET',
  url: '/api/printers/:id/slicing',
  summary: 'How slices for a printer are made',
  access: 'look',
  params: IdParams,
  reply: PrinterSlicing,
})

export const changePrinterSlicing = endpoint({
  method: 'PUT',
  url: '/api/printers/:id/slicing',
  summary: 'Says how slices for a printer are made',
  access: 'set-up-printers',
  params: IdParams,
  body: PrinterSlicing,
  reply: PrinterSlicing,
})

export const listDefinitions = endpoint({
  method: 'GET',
  url: '/api/slicing/definitions',
  summary: 'Cura machines that a printer can start from',
  access: 'look',
  reply: Type.Array(Type.Object({ id: Type.String(), name: Type.String(), maker: Type.String() })),
})
