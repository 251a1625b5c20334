// A booking for somebody else, or two against each other; and who waits for time to become free.
import * as Type from 'typebox'
import { Claim, Minutes, PrinterWish, Start } from './bookings.ts'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, Nothing, nullable, oneOf } from './values.ts'

export const Handover = Type.Object({
  id: Id,
  fromId: Id,
  fromName: Type.String(),
  toId: Id,
  toName: Type.String(),
  /** What is handed over. */
  booking: Claim,
  /** What is given for it; null: nothing. */
  against: nullable(Claim),
  createdAt: Instant,
  answer: nullable(oneOf('accepted', 'refused', 'withdrawn', 'lapsed')),
})
export type Handover = Type.Static<typeof Handover>

export const handOver = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/hand-over',
  summary: 'Offers a booking to another member, who has it once he accepts',
  access: 'book',
  params: IdParams,
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }) }),
  reply: Handover,
})

export const swapBookings = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/swap',
  summary: "Offers a booking against another member's, who has it once he accepts",
  access: 'book',
  params: IdParams,
  body: Type.Object({ withId: Id }),
  reply: Handover,
})

export const listHandovers = endpoint({
  method: 'GET',
  url: '/api/booking-handovers',
  summary: 'What was offered to who asks and by him, and waits for a word',
  access: 'book',
  reply: Type.Array(Handover),
})

export const answerHandover = endpoint({
  method: 'POST',
  url: '/api/booking-handovers/:id/answer',
  summary: 'Accepts or refuses what was offered, or takes back an offer',
  access: 'book',
  params: IdParams,
  body: Type.Object({ answer: oneOf('accepted', 'refused', 'withdrawn') }),
  reply: Handover,
})

export const WaitingEntry = Type.Object({
  id: Id,
  wish: PrinterWish,
  from: Instant,
  to: Instant,
  minutes: Type.Integer(),
  leastMinutes: Type.Integer(),
  purpose: Type.String(),
  state: oneOf('waiting', 'offered', 'taken', 'withdrawn', 'lapsed'),
  /** Those who wait longer for some of the same time. */
  ahead: Type.Integer(),
  createdAt: Instant,
})
export type WaitingEntry = Type.Static<typeof WaitingEntry>

export const listWaiting = endpoint({
  method: 'GET',
  url: '/api/waiting-list',
  summary: 'What who asks waits for',
  access: 'book',
  reply: Type.Array(WaitingEntry),
})

export const addWaiting = endpoint({
  method: 'POST',
  url: '/api/waiting-list',
  summary: 'Waits for time to become free: so long, between these instants, on such a printer',
  access: 'book',
  body: Type.Object({
    wish: PrinterWish,
    from: Start,
    to: Start,
    minutes: Minutes,
    leastMinutes: Type.Optional(Minutes),
    purpose: Type.Optional(Type.String({ maxLength: 300, pattern: '^[^\\p{Cc}]*$' })),
  }),
  reply: WaitingEntry,
})

export const removeWaiting = endpoint({
  method: 'DELETE',
  url: '/api/waiting-list/:id',
  summary: 'Waits no more',
  access: 'book',
  params: IdParams,
  reply: Nothing,
})
