// Filaments, the spools that hold them, and which spool is loaded where.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, orNull } from './values.ts'

const Text = Type.String({ maxLength: 80, pattern: '^[^\\p{Cc}]*$' })

/** Lengths in mm, density in g/cm³, temperatures in °C. */
export const FilamentShape = Type.Object({
  vendor: Text,
  /** `PLA`, `PETG`... */
  material: Type.String({ minLength: 1, maxLength: 40, pattern: '^[^\\p{Cc}]+$' }),
  colourName: Text,
  colour: orNull(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
  density: Type.Number({ minimum: 0.3, maximum: 12 }),
  diameter: Type.Number({ minimum: 0.5, maximum: 5 }),
  nozzleTemperature: orNull(Type.Number({ minimum: 0, maximum: 600 })),
  bedTemperature: orNull(Type.Number({ minimum: 0, maximum: 250 })),
  /** In the currency of the workshop. */
  pricePerKg: orNull(Type.Number({ minimum: 0, maximum: 1_000_000 })),
})
export type FilamentShape = Type.Static<typeof FilamentShape>

export const Filament = Type.Object({
  ...FilamentShape.properties,
  id: Id,
  /** Its number at the Spoolman server; null: it is known here only. */
  spoolmanId: nullable(Type.Integer()),
  /** Spools of it that are in use. */
  spools: Type.Integer(),
})
export type Filament = Type.Static<typeof Filament>

const Grams = Type.Number({ minimum: 0, maximum: 100_000 })

export const SpoolShape = Type.Object({
  filamentId: Id,
  /** Of the filament on a full one. */
  fullGrams: Type.Number({ exclusiveMinimum: 0, maximum: 100_000 }),
  /** Of the spool without filament; null: not known. */
  emptyGrams: orNull(Grams),
  lot: Text,
  location: Text,
  openedAt: orNull(Instant),
})
export type SpoolShape = Type.Static<typeof SpoolShape>

export const Spool = Type.Object({
  ...SpoolShape.properties,
  id: Id,
  filament: Filament,
  /** What should be on it: weighed or as bought, less what was printed since. */
  gramsLeft: Type.Number(),
  weighedAt: nullable(Instant),
  retiredAt: nullable(Instant),
  spoolmanId: nullable(Type.Integer()),
  /** Where it is loaded. */
  printerId: nullable(Id),
  printerName: nullable(Type.String()),
  tool: nullable(Type.Integer()),
})
export type Spool = Type.Static<typeof Spool>

export const listFilaments = endpoint({
  method: 'GET',
  url: '/api/filaments',
  summary: 'All kinds of filament',
  access: 'look',
  reply: Type.Array(Filament),
})

export const addFilament = endpoint({
  method: 'POST',
  url: '/api/filaments',
  summary: 'Adds a kind of filament',
  access: 'run-printers',
  body: FilamentShape,
  reply: Filament,
})

export const changeFilament = endpoint({
  method: 'PATCH',
  url: '/api/filaments/:id',
  summary: 'Changes what is known of a filament',
  access: 'run-printers',
  params: IdParams,
  body: Type.Partial(FilamentShape),
  reply: Filament,
})

export const removeFilament = endpoint({
  method: 'DELETE',
  url: '/api/filaments/:id',
  summary: 'Removes a filament of which there was never a spool',
  access: 'run-printers',
  params: IdParams,
  reply: Nothing,
})

export const listSpools = endpoint({
  method: 'GET',
  url: '/api/spools',
  summary: 'Spools in use; with `retired`, those that were put away',
  access: 'look',
  query: Type.Object({ retired: Type.Optional(Type.Boolean()) }),
  reply: Type.Array(Spool),
})

export const showSpool = endpoint({
  method: 'GET',
  url: '/api/spools/:id',
  summary: 'One spool',
  access: 'look',
  params: IdParams,
  reply: Spool,
})

export const addSpool = endpoint({
  method: 'POST',
  url: '/api/spools',
  summary: 'Adds a spool; without `gramsLeft` it is full',
  access: 'run-printers',
  body: Type.Object({ ...SpoolShape.properties, gramsLeft: Type.Optional(Grams) }),
  reply: Spool,
})

export const changeSpool = endpoint({
  method: 'PATCH',
  url: '/api/spools/:id',
  summary: 'Changes what is known of a spool',
  access: 'run-printers',
  params: IdParams,
  body: Type.Partial(SpoolShape),
  reply: Spool,
})

export const weighSpool = endpoint({
  method: 'POST',
  url: '/api/spools/:id/weigh',
  summary: 'Says what a spool weighs: on the scales with its reel (`gross`), or the filament alone (`net`)',
  access: 'run-printers',
  params: IdParams,
  body: Type.Union([Type.Object({ gross: Grams }), Type.Object({ net: Grams })]),
  reply: Spool,
})

export const retireSpool = endpoint({
  method: 'POST',
  url: '/api/spools/:id/retire',
  summary: 'Puts a spool away for good, or takes it back into use',
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({ retired: Type.Boolean() }),
  reply: Spool,
})

export const Loaded = Type.Object({ printerId: Id, tool: Type.Integer(), loadedAt: Instant, spool: Spool })
export type Loaded = Type.Static<typeof Loaded>

export const listLoaded = endpoint({
  method: 'GET',
  url: '/api/loaded-spools',
  summary: 'Which spool is loaded in which printer and tool',
  access: 'look',
  reply: Type.Array(Loaded),
})

/** From 0, as in G-code. */
export const Tool = Type.Integer({ minimum: 0, maximum: 63 })

export const loadSpool = endpoint({
  method: 'PUT',
  url: '/api/loaded-spools/:printerId/:tool',
  summary: 'Says which spool was loaded into a tool of a printer; null: it is empty now',
  access: 'run-printers',
  params: Type.Object({ printerId: Id, tool: Tool }),
  body: Type.Object({ spoolId: orNull(Id) }),
  reply: Type.Array(Loaded),
})

/** What a print took from a spool. */
export const SpoolUse = Type.Object({
  printId: Id,
  fileName: Type.String(),
  printerName: Type.String(),
  state: Type.String(),
  /** mm, g */
  length: Type.Number(),
  grams: Type.Number(),
  at: Instant,
})
export type SpoolUse = Type.Static<typeof SpoolUse>

export const listSpoolUses = endpoint({
  method: 'GET',
  url: '/api/spools/:id/uses',
  summary: 'What prints took from a spool, newest first',
  access: 'look',
  params: IdParams,
  reply: Type.Array(SpoolUse),
})
