// What of a calendar holds a printer, and until when it is free.

import type { Claim } from '../../../server/contract/bookings.ts'
import type { BookingCalendar } from '../../../server/contract/calendar.ts'

const holding = new Set<string>(['held', 'booked', 'checked_in'])

export const holds = ({ state }: Pick<Claim, 'state'>): boolean => holding.has(state)

/** What is drawn: what holds the printer, and what was. */
export const isShown = ({ state }: Pick<Claim, 'state'>): boolean =>
  holding.has(state) || state === 'completed' || state === 'released_early'

export const isBlock = ({ kind }: Pick<Claim, 'kind'>): boolean => kind === 'maintenance' || kind === 'event'

/** One that may still be moved: nobody moves what has begun. */
export const isMovable = (claim: Claim, now: number): boolean =>
  claim.mayChange && claim.kind === 'booking' && claim.state === 'booked' && Date.parse(claim.start) > now

export const claimsOn = (claims: readonly Claim[], printerId: number): Claim[] =>
  claims.filter((claim) => claim.printerId === printerId && isShown(claim))

/** The one that lies in a time; of several the first. */
export const claimIn = (claims: readonly Claim[], from: number, to: number): Claim | null =>
  claims.find((claim) => Date.parse(claim.start) < to && from < Date.parse(claim.end)) ?? null

export interface Sketch {
  readonly printerId: number
  readonly from: number
  readonly to: number
  /** The booking that is moved; null: a new one. */
  readonly claimId: number | null
}

/** Whether something holds the printer in that time, clearing included. */
export const isTaken = (calendar: BookingCalendar, { printerId, from, to, claimId }: Sketch): boolean =>
  calendar.claims.some(
    (claim) =>
      claim.printerId === printerId &&
      claim.id !== claimId &&
      holds(claim) &&
      Date.parse(claim.start) < to &&
      from < Date.parse(claim.clearBy),
  )

/** When the next begins on the printer; null: nothing in sight. */
export const freeUntil = (calendar: BookingCalendar, { printerId, from, claimId }: Sketch): number | null => {
  const starts = calendar.claims
    .filter((claim) => claim.printerId === printerId && claim.id !== claimId && holds(claim))
    .map((claim) => Date.parse(claim.start))
    .filter((start) => start >= from)
  return starts.length === 0 ? null : Math.min(...starts)
}
