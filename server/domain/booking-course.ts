// What becomes of a booking in time, by what has happened around it. Instants are seconds since 1970.

/** So early before its start a booking can be checked in. */
export const EARLY_SECONDS = 900

/** One that nobody has checked in for yet. */
export interface AwaitedBooking {
  readonly start: number
  readonly end: number
  /** So long after its start, or after the printer was ready, it is given up. */
  readonly graceSeconds: number
  /** The first print of its member on its printer since it could be checked in; null: none. */
  readonly ownPrintAt: number | null
  /** When the last print of somebody else that lay in its time was over; Infinity: it still runs. Null: there was none. */
  readonly othersUntil: number | null
  readonly bed: 'clear' | 'occupied' | 'unknown'
  readonly bedChangedAt: number
  /** Since when the printer is out of service; null: it is in service. */
  readonly outSince: number | null
  /** It is halted, or its bridge is silent. */
  readonly down: boolean
  /** When it was last seen not to be ready; null: never in this booking's time. */
  readonly unreadyAt: number | null
}

export type Course =
  /** Its member is there. */
  | { readonly kind: 'checked-in'; readonly at: number }
  /** Nobody came: from `at` on the printer is free. */
  | { readonly kind: 'no-show'; readonly at: number }
  /** The printer was not ready in time: nobody is to blame. */
  | { readonly kind: 'excused'; readonly at: number }
  /** Look again at `until`; `ready`: the printer could be used. */
  | { readonly kind: 'waits'; readonly until: number; readonly ready: boolean }

/** Looking later gives the same as having looked at each instant between. */
export const courseOf = (booking: AwaitedBooking, now: number): Course => {
  const { start, end, graceSeconds, ownPrintAt } = booking
  const ready = readyFrom(booking)
  const givenUp = Math.max(start, ready) + graceSeconds
  if (ownPrintAt !== null && ownPrintAt <= givenUp) return { kind: 'checked-in', at: ownPrintAt }
  if (givenUp >= end)
    return now >= end ? { kind: 'excused', at: end } : { kind: 'waits', until: end, ready: ready <= now }
  if (now >= givenUp) return { kind: 'no-show', at: givenUp }
  return { kind: 'waits', until: givenUp, ready: ready <= now }
}

/** Since when its member could have begun; Infinity: he cannot yet. */
const readyFrom = (booking: AwaitedBooking): number => {
  const { start, graceSeconds, bed, bedChangedAt, outSince } = booking
  const others = booking.othersUntil ?? start
  const soonest = Math.max(start, others, booking.unreadyAt ?? start)
  const wouldEnd = soonest + graceSeconds
  if (booking.down || (outSince !== null && outSince < wouldEnd)) return Number.POSITIVE_INFINITY
  // What the bed is now it also was when the grace ended, unless it has changed since.
  if (bed === 'clear') return bedChangedAt > start ? Math.max(soonest, bedChangedAt) : soonest
  return bedChangedAt < wouldEnd ? Number.POSITIVE_INFINITY : soonest
}

/** How a print that runs stands to the booking that comes next on its printer. */
export type Light = 'green' | 'amber' | 'red'

/** `clear`: when its bed will be clear, once in ten times, half of the times, nine times in ten. */
export const lightOf = (clear: { readonly p50: number; readonly p90: number }, nextStart: number): Light =>
  clear.p90 <= nextStart ? 'green' : clear.p50 <= nextStart ? 'amber' : 'red'

/** So much of a booking must be left for its rest to be worth offering to others. */
export const LEAST_REST_SECONDS = 1800
/** So long after his last print a member is asked whether he is done. */
export const IDLE_SECONDS = 600

/** Whether one who is there should be asked to give the rest back. `idleSince`: null while something prints or lies there. */
export const shouldAskForRest = (end: number, idleSince: number | null, now: number): boolean =>
  idleSince !== null && now - idleSince >= IDLE_SECONDS && end - now >= LEAST_REST_SECONDS

/** A printer to which a booking may move. */
export interface OtherPrinter {
  readonly id: number
  /** Like the one that is booked: same model, nozzle, marks and filament. */
  readonly equal: boolean
  /** When it can be used, nine times in ten. */
  readonly freeFrom: number
  /** When it is needed again after that; Infinity: not in sight. */
  readonly neededAt: number
}

/** The equal printer with the least time lost between what it does before and after; null where none is free. */
export const moveTo = (start: number, blockedUntil: number, others: readonly OtherPrinter[]): number | null => {
  const fits = others.filter(({ equal, freeFrom, neededAt }) => equal && freeFrom <= start && neededAt >= blockedUntil)
  const waste = ({ neededAt }: OtherPrinter): number => Math.min(neededAt, blockedUntil + 86_400) - blockedUntil
  fits.sort((one, other) => waste(one) - waste(other) || one.id - other.id)
  return fits[0]?.id ?? null
}
