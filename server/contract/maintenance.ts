// What printers need from time to time, what was done, and printers out of service.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Printer } from './printers.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf, orNull } from './values.ts'

/** What a printer has done in all. */
export const Counts = Type.Object({ hours: Type.Number(), metres: Type.Number(), prints: Type.Integer() })
export type Counts = Type.Static<typeof Counts>

const Interval = Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })

/** At least one of the intervals is a number; the first that is over makes it due. */
export const TaskShape = Type.Object({
  name: Name,
  note: Type.String({ maxLength: 2000 }),
  everyHours: orNull(Interval),
  everyMetres: orNull(Interval),
  everyPrints: orNull(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  everyDays: orNull(Interval),
})
export type TaskShape = Type.Static<typeof TaskShape>

export const MaintenanceTask = Type.Object({
  ...TaskShape.properties,
  id: Id,
  printerId: Id,
  printerName: Type.String(),
  lastAt: Instant,
  /** How much of its interval is over: 1 and more is due. */
  share: Type.Number(),
  due: Type.Boolean(),
  /** The interval that is over first, and what is left of it; below 0 it is late by as much. */
  nearest: oneOf('hours', 'metres', 'prints', 'days'),
  left: Type.Number(),
})
export type MaintenanceTask = Type.Static<typeof MaintenanceTask>

export const MaintenanceEntry = Type.Object({
  id: Id,
  /** A task was done; the printer was taken out of service, or put back. */
  kind: oneOf('done', 'out', 'back'),
  task: nullable(Type.String()),
  by: nullable(Type.String()),
  note: Type.String(),
  at: Instant,
  ...Counts.properties,
})
export type MaintenanceEntry = Type.Static<typeof MaintenanceEntry>

export const PrinterMaintenance = Type.Object({
  counts: Counts,
  tasks: Type.Array(MaintenanceTask),
  entries: Type.Array(MaintenanceEntry),
})
export type PrinterMaintenance = Type.Static<typeof PrinterMaintenance>

export const listDueTasks = endpoint({
  method: 'GET',
  url: '/api/maintenance',
  summary: 'What is due at all printers, the latest first',
  access: 'look',
  reply: Type.Array(MaintenanceTask),
})

export const showMaintenance = endpoint({
  method: 'GET',
  url: '/api/maintenance/:id',
  summary: 'What a printer has done, what it needs, and what was done for it',
  access: 'look',
  params: IdParams,
  reply: PrinterMaintenance,
})

export const addTask = endpoint({
  method: 'POST',
  url: '/api/maintenance/:id',
  summary: 'Adds something that a printer needs from time to time; it counts from now',
  access: 'run-printers',
  params: IdParams,
  body: TaskShape,
  reply: PrinterMaintenance,
})

export const changeTask = endpoint({
  method: 'PATCH',
  url: '/api/maintenance-tasks/:id',
  summary: 'Changes a task',
  access: 'run-printers',
  params: IdParams,
  body: TaskShape,
  reply: PrinterMaintenance,
})

export const removeTask = endpoint({
  method: 'DELETE',
  url: '/api/maintenance-tasks/:id',
  summary: 'Removes a task; what was done stays on record',
  access: 'run-printers',
  params: IdParams,
  reply: Nothing,
})

export const doTask = endpoint({
  method: 'POST',
  url: '/api/maintenance-tasks/:id/done',
  summary: 'Says that a task was done: it counts anew from now',
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({ note: Type.String({ maxLength: 2000 }) }),
  reply: PrinterMaintenance,
})

export const setService = endpoint({
  method: 'POST',
  url: '/api/printers/:id/service',
  summary: 'Takes a printer out of service with a reason, or puts it back; jobs that wait for it are told',
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({
    /** Null: it is in service again. */
    outOfService: orNull(Type.String({ minLength: 1, maxLength: 300 })),
  }),
  reply: Printer,
})
