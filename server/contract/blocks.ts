// Maintenance and events: they take time like bookings, and displace those that lie in it.
import * as Type from 'typebox'
import { Claim, Minutes, Proposal, Start } from './bookings.ts'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, oneOf } from './values.ts'

const Block = Type.Object({
  kind: oneOf('maintenance', 'event'),
  printerIds: Type.Array(Id, { minItems: 1, maxItems: 100, uniqueItems: true }),
  start: Start,
  minutes: Minutes,
  /** For people: "new nozzles", "open day". */
  purpose: Type.String({ minLength: 1, maxLength: 300, pattern: '^[^\\p{Cc}]+$' }),
})

/** A booking in the way, and what its member could have instead. */
export const Displaced = Type.Object({
  booking: Claim,
  /** It goes to this printer at the same time, because its member wants any; null: it is taken away. */
  movesTo: Type.Union([Id, Type.Null()]),
  alternatives: Type.Array(Proposal),
})
export type Displaced = Type.Static<typeof Displaced>

export const checkBlock = endpoint({
  method: 'POST',
  url: '/api/blocks/check',
  summary: 'Which bookings maintenance or an event would displace, and what their members could have instead',
  access: 'run-printers',
  body: Block,
  reply: Type.Object({ displaces: Type.Array(Displaced) }),
})

export const createBlock = endpoint({
  method: 'POST',
  url: '/api/blocks',
  summary: 'Takes printers for maintenance or an event; the bookings that it displaces must be named',
  access: 'run-printers',
  body: Type.Object({ ...Block.properties, displaces: Type.Array(Id, { maxItems: 1000, uniqueItems: true }) }),
  reply: Type.Object({ blocks: Type.Array(Claim), displaced: Type.Array(Displaced) }),
})

export const removeBlock = endpoint({
  method: 'POST',
  url: '/api/blocks/:id/end',
  summary: 'Ends maintenance or an event, or calls it off',
  access: 'run-printers',
  params: IdParams,
  reply: Claim,
})
