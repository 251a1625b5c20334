// How the printers stand to the bookings that come next on them: will each be ready, and where else could it go?
import { type Light, lightOf, moveTo, type OtherPrinter } from './booking-course.ts'
import type { Floor, Slot } from './scheduling/slots.ts'
import type { Window } from './scheduling/windows.ts'

export interface ComingBooking {
  readonly id: number
  readonly memberId: number
  readonly printerId: number
  readonly start: number
  readonly end: number
  readonly clearSeconds: number
}

export interface Outlook<B extends ComingBooking = ComingBooking> {
  readonly booking: B
  readonly light: Light
  /** When its printer will be ready, half of the times and nine times in ten; Infinity: nobody knows. */
  readonly ready: { readonly p50: number; readonly p90: number }
  /** Whose print is in the way; null where none is. */
  readonly printingMember: number | null
  readonly isPrinting: boolean
  /** The equal printer to which it could move; null where none is free. */
  readonly instead: number | null
}

/** A printer that is off is no trouble before somebody wants to use it. */
const TROUBLE_SECONDS = 3600
const troubles: readonly string[] = ['printer.offline', 'printer.halted', 'printer.failed-twice']

/** `free`: the time that no claim holds, by printer. Of each printer the next booking; its owner's own print is in nobody's way. */
export const outlooksOf = <B extends ComingBooking>(
  bookings: readonly B[],
  floor: Floor,
  free: ReadonlyMap<number, readonly Window[]>,
): Outlook<B>[] => {
  const slots = new Map(floor.slots.map((slot) => [slot.printer.id, slot]))
  const next = new Map<number, B>()
  for (const booking of bookings) {
    const known = next.get(booking.printerId)
    if (known === undefined || booking.start < known.start) next.set(booking.printerId, booking)
  }
  return [...next.values()].flatMap((booking) => {
    const slot = slots.get(booking.printerId)
    return slot === undefined ? [] : [outlookOf(booking, slot, floor, free)]
  })
}

const outlookOf = <B extends ComingBooking>(
  booking: B,
  slot: Slot,
  floor: Floor,
  free: ReadonlyMap<number, readonly Window[]>,
): Outlook<B> => {
  const { running } = slot.printer
  const foreign = running !== null && running.memberId !== booking.memberId
  const broken = running === null && troubles.includes(slot.blocked?.code ?? '')
  const near = booking.start - floor.now <= TROUBLE_SECONDS
  const inTheWay = foreign || (broken && near)
  const atOnce = Math.min(floor.now, booking.start)
  const ready = inTheWay ? slot.free : { p50: atOnce, p90: atOnce }
  const light = lightOf(ready, booking.start)
  const others = floor.slots
    .filter((other) => other !== slot)
    .map((other): OtherPrinter => otherPrinter(other, slot, booking, free.get(other.printer.id) ?? []))
  return {
    booking,
    light,
    ready,
    printingMember: foreign ? running.memberId : null,
    isPrinting: foreign,
    instead: light === 'green' ? null : moveTo(booking.start, booking.end + booking.clearSeconds, others),
  }
}

const otherPrinter = (other: Slot, slot: Slot, booking: ComingBooking, free: readonly Window[]): OtherPrinter => {
  const gap = free.find(({ from, to }) => from <= booking.start && to >= booking.end + booking.clearSeconds)
  return {
    id: other.printer.id,
    equal: other.kind === slot.kind,
    freeFrom: gap === undefined ? Number.POSITIVE_INFINITY : Math.max(gap.from, other.free.p90),
    neededAt: gap?.to ?? 0,
  }
}
