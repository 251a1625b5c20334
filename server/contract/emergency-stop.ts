// The emergency stop, which needs no database: how it is asked for, and what server and bridge say to each other of it.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, nullable, oneOf } from './values.ts'

/** One press of the button, by whatever ways it comes to the bridge. */
export const StopCall = Type.Object({
  id: Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
  printerId: Id,
  /** The member's name. */
  askedBy: Type.String({ maxLength: 200 }),
})
export type StopCall = Type.Static<typeof StopCall>

export const StopAnswer = Type.Object({
  state: oneOf('done', 'refused', 'timed-out'),
  /** Why, where it is not done; for people. */
  answer: nullable(Type.String()),
})
export type StopAnswer = Type.Static<typeof StopAnswer>

export const stopPrinter = endpoint({
  method: 'POST',
  url: '/api/printers/:id/emergency-stop',
  summary: 'Stops a printer in an emergency, also while the database is away',
  access: 'emergency-stop',
  params: IdParams,
  reply: StopAnswer,
})
