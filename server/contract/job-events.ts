// What happened to a job, in turn.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, nullable, oneOf } from './values.ts'

/**
 * `made`. `state`: from, to. `print`: printId, printer, state, reason. `changed`: the new wishes by name. `held`,
 * `released`. `moved`: place. `approval`: to, reason. `decided`: decision. `printer-out`, `printer-back`: printer, reason.
 */
export const jobEventKinds = [
  'made',
  'state',
  'print',
  'changed',
  'held',
  'released',
  'moved',
  'approval',
  'decided',
  'printer-out',
  'printer-back',
] as const
export type JobEventKind = (typeof jobEventKinds)[number]

export const EventValue = Type.Union([Type.Null(), Type.Number(), Type.Boolean(), Type.String()])
export type EventValue = Type.Static<typeof EventValue>

export const JobEvent = Type.Object({
  id: Id,
  at: Instant,
  /** Who did it; null: the server. */
  by: nullable(Type.String()),
  kind: oneOf(...jobEventKinds),
  values: Type.Record(Type.String(), EventValue),
})
export type JobEvent = Type.Static<typeof JobEvent>

export const listJobEvents = endpoint({
  method: 'GET',
  url: '/api/jobs/:id/events',
  summary: 'Everything that happened to a job, oldest first',
  access: 'look',
  params: IdParams,
  reply: Type.Array(JobEvent),
})
