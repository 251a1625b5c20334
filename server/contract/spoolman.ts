// The Spoolman server with which a workshop shares its filaments and spools.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Instant, Nothing, nullable } from './values.ts'

export const SpoolmanLink = Type.Object({
  address: Type.String(),
  /** It may also lie outside of private networks. */
  anywhere: Type.Boolean(),
  version: nullable(Type.String()),
  syncedAt: nullable(Instant),
  /** Why it could not be asked last. */
  trouble: nullable(Type.String()),
  /** What it has still to be told. */
  waiting: Type.Integer(),
})
export type SpoolmanLink = Type.Static<typeof SpoolmanLink>

export const showSpoolman = endpoint({
  method: 'GET',
  url: '/api/spoolman',
  summary: 'The Spoolman server, or null where there is none',
  access: 'look',
  reply: nullable(SpoolmanLink),
})

export const linkSpoolman = endpoint({
  method: 'PUT',
  url: '/api/spoolman',
  summary: 'Shares filaments and spools with a Spoolman server: its spools come here, what is printed is told there',
  access: 'steward',
  body: Type.Object({
    address: Type.String({ minLength: 1, maxLength: 300 }),
    anywhere: Type.Optional(Type.Boolean()),
  }),
  reply: SpoolmanLink,
})

export const unlinkSpoolman = endpoint({
  method: 'DELETE',
  url: '/api/spoolman',
  summary: 'Shares nothing any more; what came from there stays',
  access: 'steward',
  reply: Nothing,
})
