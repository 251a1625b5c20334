// What happens on a printer, one after another, with the free time between.
import type { Claim } from '../../../server/contract/bookings.ts'
import type { BookingCalendar } from '../../../server/contract/calendar.ts'
import { type Axis, gapsIn } from './axis.ts'
import { claimsOn, holds } from './taken.ts'

export type DayEntry = { readonly from: number; readonly to: number } & (
  | { readonly kind: 'claim'; readonly claim: Claim }
  | { readonly kind: 'print' | 'promise' | 'free' }
)

/** When the doors are closed; nothing where they never open, because then nobody keeps hours. */
const closedIn = ({ open }: BookingCalendar, axis: Axis): { from: number; to: number }[] =>
  open.length === 0
    ? []
    : gapsIn(
        axis,
        open.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) })),
      )

export const dayEntries = (calendar: BookingCalendar, axis: Axis, printerId: number): DayEntry[] => {
  const onAxis = ({ from, to }: { from: number; to: number }): boolean => from < axis.to && to > axis.from
  const claims = claimsOn(calendar.claims, printerId).map((claim) => ({
    kind: 'claim' as const,
    claim,
    from: Date.parse(claim.start),
    to: Date.parse(claim.end),
  }))
  const prints = calendar.prints
    .filter((print) => print.printerId === printerId)
    .map(({ startedAt, finish }) => ({
      kind: 'print' as const,
      from: Date.parse(startedAt ?? finish.p10),
      to: Date.parse(finish.p90),
    }))
  const promises = calendar.promises
    .filter((promise) => promise.printerId === printerId)
    .map(({ start, finish }) => ({
      kind: 'promise' as const,
      from: Date.parse(start.p50),
      to: Date.parse(finish.p50),
    }))
  const taken = [
    ...claims.filter(({ claim }) => holds(claim)).map(({ from, claim }) => ({ from, to: Date.parse(claim.clearBy) })),
    ...prints,
  ]
  const free = gapsIn(axis, [...taken, ...closedIn(calendar, axis)]).map((gap) => ({ kind: 'free' as const, ...gap }))
  return [...claims, ...prints, ...promises, ...free].filter(onAxis).sort((one, other) => one.from - other.from)
}
