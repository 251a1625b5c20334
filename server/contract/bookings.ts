// Claims: times in which a printer is somebody's (bookings, short holds) or nobody's (maintenance, events).
import * as Type from 'typebox'
import { Broken } from './booking-rules.ts'
import { endpoint } from './endpoint.ts'
import { Id, IdParams, Instant, nullable, oneOf, orNull, Tag } from './values.ts'

export const claimKinds = ['booking', 'hold', 'maintenance', 'event'] as const
export type ClaimKind = (typeof claimKinds)[number]

/**
 * `held`: a draft, a short hold or an offer, until `expiresAt`. `held`, `booked` and `checked_in` hold the printer; the
 * others tell how it ended.
 */
export const claimStates = [
  'held',
  'booked',
  'checked_in',
  'completed',
  'released_early',
  'no_show',
  'cancelled',
  'displaced',
  'expired',
] as const
export type ClaimState = (typeof claimStates)[number]

/** A draft keeps its place so long. */
export const DRAFT_SECONDS = 300
/** A short hold: "I am on my way". Minutes. */
export const HOLD_MINUTES = { least: 5, usual: 30, most: 60 } as const
/** No booking is longer, whatever the rules say. Minutes. */
export const MOST_MINUTES = 7 * 24 * 60

/**
 * An instant (`2026-11-21T17:00:00Z`), or wall time of the workshop (`2026-11-21T18:00`). Wall time that the clocks
 * leave out is moved on by what they leave out; of one that they show twice it is the first.
 */
export const Start = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}(:\\d{2}(\\.\\d{1,9})?)?(Z|[+-]\\d{2}:\\d{2})?$',
})

export const Minutes = Type.Integer({ minimum: 1, maximum: MOST_MINUTES })

const length = Type.Number({ exclusiveMinimum: 0, maximum: 10_000 })

/** One printer, or any that can. Where a wish is null or missing, anything will do. Millimetres. */
export const PrinterWish = Type.Object({
  printerId: Type.Optional(orNull(Id)),
  /** `PLA`, `PETG`... */
  material: Type.Optional(orNull(Type.String({ minLength: 1, maxLength: 40, pattern: '^[^\\p{Cc}]+$' }))),
  nozzle: Type.Optional(orNull(Type.Number({ exclusiveMinimum: 0, maximum: 5 }))),
  width: Type.Optional(orNull(length)),
  depth: Type.Optional(orNull(length)),
  height: Type.Optional(orNull(length)),
  tags: Type.Optional(Type.Array(Tag, { maxItems: 10, uniqueItems: true })),
})
export type PrinterWish = Type.Static<typeof PrinterWish>

/** As a member gets to see it: others' are booked, with a name only where that is allowed. */
export const Claim = Type.Object({
  id: Id,
  kind: oneOf(...claimKinds),
  state: oneOf(...claimStates),
  printerId: Id,
  printerName: Type.String(),
  start: Instant,
  end: Instant,
  /** When the next can begin: the bed has been cleared. */
  clearBy: Instant,
  /** Wall time of the start, as it was asked for, and the zone in which that was. */
  localStart: Type.String(),
  timeZone: Type.String(),
  mine: Type.Boolean(),
  memberId: nullable(Id),
  memberName: nullable(Type.String()),
  /** It may still move to another printer that can, until `fixed`. */
  anyPrinter: Type.Boolean(),
  fixed: Type.Boolean(),
  /** Empty where it is not this member's to see; so are purpose, file and series. */
  wish: PrinterWish,
  purpose: Type.String(),
  fileId: nullable(Id),
  seriesId: nullable(Id),
  expiresAt: nullable(Instant),
  checkedInAt: nullable(Instant),
  endReason: nullable(Type.String()),
  /** Counts its changes. */
  version: Type.Integer(),
  /** Whether this member may change and cancel it. */
  mayChange: Type.Boolean(),
})
export type Claim = Type.Static<typeof Claim>

/** A time on a printer that would do. */
export const Proposal = Type.Object({
  printerId: Id,
  printerName: Type.String(),
  start: Instant,
  end: Instant,
  /** Rules that it would break; empty for those that can be booked as they are. */
  broken: Type.Array(Broken),
})
export type Proposal = Type.Static<typeof Proposal>

const wanted = {
  wish: PrinterWish,
  start: Start,
  minutes: Minutes,
  fileId: Type.Optional(orNull(Id)),
  purpose: Type.Optional(Type.String({ maxLength: 300, pattern: '^[^\\p{Cc}]*$' })),
}
export const BookingWish = Type.Object(wanted)
export type BookingWish = Type.Static<typeof BookingWish>

/** What would become of a booking, before it is made. */
export const BookingCheck = Type.Object({
  /** The printer and time that it would get; null where none is free then. */
  proposal: nullable(Proposal),
  /** Where it is taken, or breaks rules: the nearest that can be booked. */
  alternatives: Type.Array(Proposal),
})
export type BookingCheck = Type.Static<typeof BookingCheck>

export const checkBooking = endpoint({
  method: 'POST',
  url: '/api/bookings/check',
  summary: 'What would become of a booking: the printer it would get, every rule it breaks, and what is free near it',
  access: 'book',
  body: Type.Object({ ...wanted, instead: Type.Optional(Id) }),
  reply: BookingCheck,
})

export const createBooking = endpoint({
  method: 'POST',
  url: '/api/bookings',
  summary: 'Books machine time; a draft only keeps its place for five minutes',
  access: 'book',
  body: Type.Object({
    ...wanted,
    draft: Type.Optional(Type.Boolean()),
    /** A request with the same key is carried out once. */
    key: Type.Optional(Type.String({ minLength: 8, maxLength: 100, pattern: '^[\\x21-\\x7e]+$' })),
    /** For another member: by who runs the printer. */
    memberId: Type.Optional(Id),
    /** Why the rules are set aside: by who runs the printer. */
    overrule: Type.Optional(Type.String({ minLength: 3, maxLength: 300 })),
  }),
  reply: Claim,
})

export const holdPrinter = endpoint({
  method: 'POST',
  url: '/api/bookings/hold',
  summary: '"I am on my way": keeps a printer from now for a short while',
  access: 'book',
  body: Type.Object({
    printerId: Id,
    minutes: Type.Integer({ minimum: HOLD_MINUTES.least, maximum: HOLD_MINUTES.most }),
  }),
  reply: Claim,
})

export const listBookings = endpoint({
  method: 'GET',
  url: '/api/bookings',
  summary: "One's own bookings: those to come, or with `past` those that were",
  access: 'signed-in',
  query: Type.Object({ past: Type.Optional(Type.Boolean()) }),
  reply: Type.Array(Claim),
})

export const showBooking = endpoint({
  method: 'GET',
  url: '/api/bookings/:id',
  summary: 'One booking',
  access: 'look',
  params: IdParams,
  reply: Claim,
})

export const ClaimEvent = Type.Object({
  at: Instant,
  byName: nullable(Type.String()),
  /** `made`, `confirmed`, `moved`, `extended`, `handed-over`, `checked-in`... */
  kind: Type.String(),
  facts: Type.Record(Type.String(), Type.Unknown()),
})
export type ClaimEvent = Type.Static<typeof ClaimEvent>

export const listClaimEvents = endpoint({
  method: 'GET',
  url: '/api/bookings/:id/events',
  summary: "What was done with a booking, in turn: of one's own, or of any by who runs the printer",
  access: 'look',
  params: IdParams,
  reply: Type.Array(ClaimEvent),
})

/** Confirms a draft, moves, resizes: what is not said stays as it is. */
export const changeBooking = endpoint({
  method: 'PATCH',
  url: '/api/bookings/:id',
  summary: 'Confirms a draft, moves a booking, makes it longer or shorter, or changes what it is for',
  access: 'book',
  params: IdParams,
  body: Type.Object({
    ...Type.Partial(BookingWish).properties,
    confirm: Type.Optional(Type.Boolean()),
    /** For bookings of a series: which of them. Only `this` may change the printer's day. */
    scope: Type.Optional(oneOf('this', 'following', 'all')),
    overrule: Type.Optional(Type.String({ minLength: 3, maxLength: 300 })),
  }),
  reply: Claim,
})

export const extendBooking = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/extend',
  summary: 'Makes a booking longer, as far as nothing follows',
  access: 'book',
  params: IdParams,
  body: Type.Object({ minutes: Minutes }),
  reply: Type.Object({ booking: Claim, addedMinutes: Type.Integer(), nextStart: nullable(Instant) }),
})

export const cancelBooking = endpoint({
  method: 'POST',
  url: '/api/bookings/:id/cancel',
  summary: 'Cancels a booking, a draft or a hold',
  access: 'book',
  params: IdParams,
  body: Type.Object({
    scope: Type.Optional(oneOf('this', 'following', 'all')),
    /** Also where the notice for cancelling is over: the time then counts as held. */
    late: Type.Optional(Type.Boolean()),
    reason: Type.Optional(Type.String({ maxLength: 300 })),
  }),
  reply: Type.Object({ cancelled: Type.Array(Id) }),
})

export const LengthProposal = Type.Object({
  minutes: Type.Integer(),
  /** Minutes: by the time in which nine of ten such prints are done, and what is added to it. */
  printMinutes: Type.Integer(),
  setupMinutes: Type.Integer(),
  clearMinutes: Type.Integer(),
})
export type LengthProposal = Type.Static<typeof LengthProposal>

export const proposeLength = endpoint({
  method: 'GET',
  url: '/api/bookings/length',
  summary: 'How long to book for a file: the time in which nine of ten such prints are done, set-up and clearing',
  access: 'book',
  query: Type.Object({ fileId: Id, printerId: Type.Optional(Id) }),
  reply: LengthProposal,
})

export const findTime = endpoint({
  method: 'POST',
  url: '/api/bookings/find-time',
  summary: 'Three times that can be booked: so long, with this material, between these instants',
  access: 'book',
  body: Type.Object({
    wish: PrinterWish,
    /** Or a file, for which the length is proposed. */
    minutes: Type.Optional(Minutes),
    fileId: Type.Optional(orNull(Id)),
    from: Type.Optional(Start),
    to: Type.Optional(Start),
  }),
  reply: Type.Array(Proposal),
})
