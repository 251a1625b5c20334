// What may be booked: by the workshop, by role, by printer, and which rules a booking breaks.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { roles } from './permissions.ts'
import { Id, IdParams, Nothing, nullable, oneOf, orNull } from './values.ts'

const count = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })

/** Where a number is null, there is no such bound. */
export const BookingRules = Type.Object({
  /** Whether anything may be booked at all. */
  bookable: Type.Boolean(),
  /** Starts and lengths are in steps of so many minutes. */
  stepMinutes: count(5, 240),
  shortestMinutes: count(5, 10_080),
  longestMinutes: orNull(count(5, 10_080)),
  /** So far ahead. */
  advanceDays: orNull(count(0, 366)),
  /** At least so long before its start. */
  noticeMinutes: count(0, 20_160),
  /** Bookings to come, at once. */
  mostOpen: orNull(count(0, 1000)),
  /** In one week, Monday to Sunday, by the workshop's time. */
  hoursPerWeek: orNull(Type.Number({ minimum: 0, maximum: 1000 })),
  /** Of one member, at the same time. */
  printersAtOnce: orNull(count(0, 100)),
  /** Between two bookings of one member on the same printer. */
  gapMinutes: count(0, 20_160),
  /** Cancelling or moving it away later counts as holding it. */
  cancelNoticeMinutes: count(0, 20_160),
  /** Of each printer's open hours in a week, so much is left to the queue: 0 to 1. */
  queueShare: Type.Number({ minimum: 0, maximum: 1 }),
  /** Start and end must lie in the opening hours. */
  withinOpeningHours: Type.Boolean(),
  /** For clearing the bed after it. */
  clearMinutes: count(0, 600),
  /** Without a sign of life it is given up so long after its start. */
  graceMinutes: count(1, 240),
})
export type BookingRules = Type.Static<typeof BookingRules>

/** A workshop that has set nothing. */
export const usualRules: BookingRules = {
  bookable: true,
  stepMinutes: 15,
  shortestMinutes: 30,
  longestMinutes: 24 * 60,
  advanceDays: 14,
  noticeMinutes: 0,
  mostOpen: 3,
  hoursPerWeek: 24,
  printersAtOnce: 2,
  gapMinutes: 0,
  cancelNoticeMinutes: 120,
  queueShare: 0.4,
  withinOpeningHours: true,
  clearMinutes: 15,
  graceMinutes: 15,
}

/** A rule that a booking breaks: what it is, why, and what would be allowed. */
export const Broken = Type.Object({
  code: Type.String(),
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  /** English, a whole sentence: the reason. */
  message: Type.String(),
  /** English, a whole sentence: what would be allowed, or the next step. */
  allowed: Type.String(),
})
export type Broken = Type.Static<typeof Broken>

/** Rules that differ from the wider ones, for a role, a printer, or a role at a printer. Neither: the workshop's. */
export const RuleSet = Type.Object({
  id: Id,
  role: nullable(oneOf(...roles)),
  printerId: nullable(Id),
  rules: Type.Partial(BookingRules),
})
export type RuleSet = Type.Static<typeof RuleSet>

export const listBookingRules = endpoint({
  method: 'GET',
  url: '/api/booking-rules',
  summary: 'The rules of booking: what was set, and what holds for who asks',
  access: 'look',
  query: Type.Object({ printerId: Type.Optional(Id) }),
  reply: Type.Object({ sets: Type.Array(RuleSet), mine: BookingRules }),
})

export const setBookingRules = endpoint({
  method: 'PUT',
  url: '/api/booking-rules',
  summary: 'Sets the rules of booking for the workshop, a role, a printer, or a role at a printer',
  access: 'steward',
  body: Type.Object({ role: orNull(oneOf(...roles)), printerId: orNull(Id), rules: Type.Partial(BookingRules) }),
  reply: RuleSet,
})

export const removeBookingRules = endpoint({
  method: 'DELETE',
  url: '/api/booking-rules/:id',
  summary: 'Takes rules away: the wider ones hold again',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})
