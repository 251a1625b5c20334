// Bookings that come again: by a rule of RFC 5545, at the same wall time, each as long as the others.
import * as Type from 'typebox'
import { Broken } from './booking-rules.ts'
import { BookingWish, Claim, PrinterWish } from './bookings.ts'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, nullable } from './values.ts'

/** `FREQ=WEEKLY;BYDAY=TU;COUNT=10`, without `RRULE:` and `DTSTART`. No more often than daily. */
export const RecurrenceRule = Type.String({ minLength: 9, maxLength: 300, pattern: '^[A-Z0-9=;,+-]+$' })

/** So many bookings of a series may be made at once, and so far ahead it may be asked for. */
export const MOST_OCCURRENCES = 100

/** A date on which it could not be booked. */
export const SkippedDate = Type.Object({
  /** `2026-03-29`, of the workshop. */
  date: Type.String({ format: 'date' }),
  /** `taken`, `rules`, `no-such-time`, `left-out`. */
  code: Type.String(),
  message: Type.String(),
})
export type SkippedDate = Type.Static<typeof SkippedDate>

export const Series = Type.Object({
  id: Id,
  memberId: nullable(Id),
  rule: Type.String(),
  localStart: Type.String(),
  timeZone: Type.String(),
  minutes: Type.Integer(),
  wish: PrinterWish,
  purpose: Type.String(),
  /** Up to this date it has been booked; the rest comes as it comes within reach. */
  bookedTo: nullable(Type.String()),
  bookings: Type.Array(Claim),
  skipped: Type.Array(SkippedDate),
  /** Null: it goes on. */
  endedAt: nullable(Instant),
})
export type Series = Type.Static<typeof Series>

const SeriesWish = Type.Object({ ...BookingWish.properties, rule: RecurrenceRule })

export const checkSeries = endpoint({
  method: 'POST',
  url: '/api/booking-series/check',
  summary: 'What would become of a series: each date with its printer, or why it is left out',
  access: 'book',
  body: SeriesWish,
  reply: Type.Object({
    dates: Type.Array(
      Type.Object({
        date: Type.String(),
        start: nullable(Instant),
        end: nullable(Instant),
        printerId: nullable(Id),
        taken: Type.Boolean(),
        broken: Type.Array(Broken),
      }),
    ),
  }),
})

export const createSeries = endpoint({
  method: 'POST',
  url: '/api/booking-series',
  summary: 'Books a series as far ahead as one may book; dates that cannot be booked are listed',
  access: 'book',
  body: SeriesWish,
  reply: Series,
})

export const listSeries = endpoint({
  method: 'GET',
  url: '/api/booking-series',
  summary: "One's own series that go on",
  access: 'book',
  reply: Type.Array(Series),
})

export const showSeries = endpoint({
  method: 'GET',
  url: '/api/booking-series/:id',
  summary: 'One series with its bookings and the dates that were left out',
  access: 'book',
  params: IdParams,
  reply: Series,
})
