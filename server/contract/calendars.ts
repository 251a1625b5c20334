// Calendars that go out, as iCalendar feeds behind secret links, and public holidays that come in.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

/** Where feeds lie: `/api/calendars/<secret>.ics`. Whoever has the link reads it; there is no other lock. */
export const feedPath = (token: string): string => `/api/calendars/${token}.ics`

export const CalendarLink = Type.Object({
  id: Id,
  /** `own`: one's bookings. `printer`: when it is taken, without names. */
  kind: oneOf('own', 'printer'),
  printerId: nullable(Id),
  printerName: nullable(Type.String()),
  createdAt: Instant,
  /** When a calendar last asked for it. */
  usedAt: nullable(Instant),
})
export type CalendarLink = Type.Static<typeof CalendarLink>

/** One member needs no more. */
export const MOST_LINKS = 20

export const listCalendarLinks = endpoint({
  method: 'GET',
  url: '/api/me/calendar-links',
  summary: 'The links by which calendars elsewhere read bookings',
  access: 'in-person',
  reply: Type.Array(CalendarLink),
})

export const makeCalendarLink = endpoint({
  method: 'POST',
  url: '/api/me/calendar-links',
  summary: 'Makes a link for a calendar elsewhere; its secret part is shown this once',
  access: 'in-person',
  body: Type.Object({ printerId: Type.Optional(Id) }),
  reply: Type.Object({ id: Id, path: Type.String() }),
})

export const revokeCalendarLink = endpoint({
  method: 'DELETE',
  url: '/api/me/calendar-links/:id',
  summary: 'Makes a link worthless',
  access: 'in-person',
  params: IdParams,
  reply: Nothing,
})

export const HolidaySource = Type.Object({
  id: Id,
  name: Type.String(),
  /** Null: it was uploaded. */
  address: nullable(Type.String()),
  readAt: Instant,
  days: Type.Integer(),
})
export type HolidaySource = Type.Static<typeof HolidaySource>

/** A day off that a calendar names; what it means for the hours, a steward says. */
export const HolidaySuggestion = Type.Object({
  id: Id,
  date: Type.String({ format: 'date' }),
  name: Type.String(),
  source: Type.String(),
})
export type HolidaySuggestion = Type.Static<typeof HolidaySuggestion>

export const LARGEST_CALENDAR_BYTES = 1_000_000

export const listHolidays = endpoint({
  method: 'GET',
  url: '/api/holidays',
  summary: 'Calendars of public holidays that were read, and the days to come that nobody has decided on',
  access: 'steward',
  reply: Type.Object({ sources: Type.Array(HolidaySource), suggestions: Type.Array(HolidaySuggestion) }),
})

export const readHolidays = endpoint({
  method: 'POST',
  url: '/api/holidays/sources',
  summary: 'Reads a calendar of public holidays from an address, and suggests its days',
  access: 'steward',
  body: Type.Object({ address: Type.String({ minLength: 1, maxLength: 1000 }) }),
  reply: HolidaySource,
})

/** The body is the file itself, as `text/calendar`. */
export const uploadHolidays = endpoint({
  method: 'POST',
  url: '/api/holidays/upload',
  summary: 'Takes an .ics file of public holidays, and suggests its days',
  access: 'steward',
  query: Type.Object({ name: Type.String({ minLength: 1, maxLength: 120 }) }),
  reply: HolidaySource,
})

export const refreshHolidays = endpoint({
  method: 'POST',
  url: '/api/holidays/sources/:id/refresh',
  summary: 'Reads a calendar of public holidays anew',
  access: 'steward',
  params: IdParams,
  reply: HolidaySource,
})

export const removeHolidays = endpoint({
  method: 'DELETE',
  url: '/api/holidays/sources/:id',
  summary: 'Forgets a calendar of public holidays; days that were accepted stay',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

export const decideHoliday = endpoint({
  method: 'POST',
  url: '/api/holidays/:id/decide',
  summary: 'Makes a suggested day one on which the workshop is closed, or leaves it as it is',
  access: 'steward',
  params: IdParams,
  body: Type.Object({ accept: Type.Boolean() }),
  reply: Nothing,
})
