// While a booking runs: being there, giving the rest back, prints that run long, and freed time that is offered.
import * as Type from 'typebox'
import { Claim } from './bookings.ts'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, nullable, oneOf } from './values.ts'

export const checkInBooking = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/check-in',
  summary: 'Says that one is there for a booking: from a quarter of an hour before its start',
  access: 'book',
  params: IdParams,
  reply: Claim,
})

export const releaseRest = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/release',
  summary: 'Gives the rest of a running booking back, to who waits for it and then to the queue',
  access: 'book',
  params: IdParams,
  reply: Claim,
})

export const takeOtherPrinter = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/other-printer',
  summary: 'Moves a booking whose printer will not be ready to an equal one that is free',
  access: 'book',
  params: IdParams,
  reply: Claim,
})

/** Only by who runs the printer; what he writes stays on record. */
export const stopForBooking = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/stop-print',
  summary: "Stops another member's print that is in the way of a booking, with a reason",
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({ reason: Type.String({ minLength: 3, maxLength: 300, pattern: '^[^\\p{Cc}]+$' }) }),
  reply: Type.Object({ commandId: Id }),
})

export const BookingOutlook = Type.Object({
  bookingId: Id,
  printerId: Id,
  printerName: Type.String(),
  start: Instant,
  /** `green`: ready in time nine times in ten; `amber`: half of the times; `red`: rather not. */
  light: oneOf('green', 'amber', 'red'),
  /** When the printer will be ready, nine times in ten; null: nobody knows. */
  readyBy: nullable(Instant),
  /** Something prints on it that is not of the booking's member. */
  printing: Type.Boolean(),
  /** Whether that print is of who asks. */
  printIsMine: Type.Boolean(),
  mine: Type.Boolean(),
  /** The equal printer to which it can move. */
  instead: nullable(Type.Object({ printerId: Id, name: Type.String() })),
})
export type BookingOutlook = Type.Static<typeof BookingOutlook>

export const listOutlooks = endpoint({
  method: 'GET',
  url: '/api/booking-outlooks',
  summary: 'Of each printer the next booking of the day: whether it will be ready for it',
  access: 'look',
  reply: Type.Array(BookingOutlook),
})

/** What a printer's QR code says. */
export const PrinterCode = Type.String({ pattern: '^[A-Za-z0-9_-]{16,64}$' })
const CodeParams = Type.Object({ code: PrinterCode })

export const CheckInPlace = Type.Object({
  printerId: Id,
  printerName: Type.String(),
  now: Instant,
  /** One's own booking that can be checked in, or is; null: there is none now. */
  booking: nullable(Claim),
  /** One's next booking of this printer today, where it is too early for it. */
  next: nullable(Claim),
  /** Until when somebody else has it; null: nobody. */
  takenUntil: nullable(Instant),
  /** When the next begins, of whomever; null: not in sight. */
  freeUntil: nullable(Instant),
})
export type CheckInPlace = Type.Static<typeof CheckInPlace>

export const showCheckIn = endpoint({
  method: 'GET',
  url: '/api/check-in/:code',
  summary: 'What the code on a printer leads to: the printer, and what one has booked of it',
  access: 'look',
  params: CodeParams,
  reply: CheckInPlace,
})

export const checkInByCode = endpoint({
  method: 'POST',
  url: '/api/check-in/:code',
  summary: "Checks in for one's booking by the code on the printer",
  access: 'book',
  params: CodeParams,
  reply: Claim,
})

export const showPrinterCode = endpoint({
  method: 'GET',
  url: '/api/printers/:id/code',
  summary: 'The code for the sign on a printer; one is made where there is none',
  access: 'run-printers',
  params: IdParams,
  reply: Type.Object({ code: Type.String(), printerName: Type.String() }),
})

export const renewPrinterCode = endpoint({
  method: 'POST',
  url: '/api/printers/:id/code',
  summary: 'Makes a new code for a printer; the sign with the old one works no more',
  access: 'set-up-printers',
  params: IdParams,
  reply: Type.Object({ code: Type.String(), printerName: Type.String() }),
})

export const WaitingOffer = Type.Object({
  id: Id,
  claimId: Id,
  printerId: Id,
  printerName: Type.String(),
  start: Instant,
  end: Instant,
  expiresAt: Instant,
})
export type WaitingOffer = Type.Static<typeof WaitingOffer>

export const listOffers = endpoint({
  method: 'GET',
  url: '/api/waiting-offers',
  summary: 'Freed time that is kept for who asks',
  access: 'book',
  reply: Type.Array(WaitingOffer),
})

export const answerWaitingOffer = endpoint({
  method: 'POST',
  url: '/api/waiting-offers/:id/answer',
  summary: 'Books the freed time that is kept for one, or lets it go',
  access: 'book',
  params: IdParams,
  body: Type.Object({ take: Type.Boolean() }),
  reply: Type.Object({ booking: nullable(Claim) }),
})

/** When the clock last looked at bookings: it should be seconds ago. */
export const showRounds = endpoint({
  method: 'GET',
  url: '/api/bookings/rounds',
  summary: 'When bookings were last looked at by the clock',
  access: 'signed-in',
  reply: Type.Object({ lastRound: nullable(Instant) }),
})
