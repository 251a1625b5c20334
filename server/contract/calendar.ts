// Everything that a calendar shows for a range of time, in one answer.
import * as Type from 'typebox'
import { Claim } from './bookings.ts'
import { endpoint } from './endpoint.ts'
import { Range } from './scheduling.ts'
import { Id, Instant, nullable } from './values.ts'

/** Days that may be asked for at once. */
export const MOST_CALENDAR_DAYS = 62

export const TimeWindow = Type.Object({ from: Instant, to: Instant })
export type TimeWindow = Type.Static<typeof TimeWindow>

/** A print that runs: where its end lies. */
export const CalendarPrint = Type.Object({
  printerId: Id,
  printId: Id,
  startedAt: nullable(Instant),
  finish: Range,
  /** When its bed will be clear, if it ends at its 90 %. */
  clear: nullable(Instant),
  mine: Type.Boolean(),
  memberName: nullable(Type.String()),
})
export type CalendarPrint = Type.Static<typeof CalendarPrint>

/** A job of the queue that will probably print then. Nothing is kept for it by this. */
export const CalendarPromise = Type.Object({
  printerId: Id,
  jobId: Id,
  start: Range,
  finish: Range,
  mine: Type.Boolean(),
  memberName: nullable(Type.String()),
})
export type CalendarPromise = Type.Static<typeof CalendarPromise>

export const CalendarRow = Type.Object({
  id: Id,
  name: Type.String(),
  tags: Type.Array(Type.String()),
  nozzle: Type.Number(),
  /** What is loaded; empty where nobody keeps book of it. */
  materials: Type.Array(Type.String()),
  /** Why nothing starts on it at present; null: it is in service. */
  outOfService: nullable(Type.String()),
  /** Whether who asks may book it. */
  bookable: Type.Boolean(),
  /** What he lacks for it, with the next step; empty where nothing. */
  missing: Type.Array(Type.String()),
})
export type CalendarRow = Type.Static<typeof CalendarRow>

export const BookingCalendar = Type.Object({
  from: Instant,
  to: Instant,
  now: Instant,
  timeZone: Type.String(),
  /** The local midnights in the range: where days begin. */
  days: Type.Array(Type.Object({ date: Type.String(), start: Instant, note: nullable(Type.String()) })),
  open: Type.Array(TimeWindow),
  attended: Type.Array(TimeWindow),
  quiet: Type.Array(TimeWindow),
  printers: Type.Array(CalendarRow),
  claims: Type.Array(Claim),
  prints: Type.Array(CalendarPrint),
  promises: Type.Array(CalendarPromise),
})
export type BookingCalendar = Type.Static<typeof BookingCalendar>

export const showCalendar = endpoint({
  method: 'GET',
  url: '/api/calendar',
  summary: 'Hours, bookings, maintenance, prints that run and jobs that will, for a range of time',
  access: 'look',
  query: Type.Object({ from: Instant, to: Instant }),
  reply: BookingCalendar,
})
