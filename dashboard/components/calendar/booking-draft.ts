// What is in the form of a booking, and what is asked of the server by it.
import type { BookingWish, Claim, PrinterWish, Proposal } from '../../../server/contract/bookings.ts'
import { placeInMonth, weekdayOf } from './local-date.ts'
import { wallOf } from './site-time.ts'
import type { Sketch } from './taken.ts'

export const repeats = ['once', 'day', 'week', 'fortnight', 'month'] as const
export type Repeat = (typeof repeats)[number]

export interface BookingDraft {
  /** Null: any that can. */
  readonly printerId: number | null
  readonly material: string | null
  readonly nozzle: number | null
  readonly width: number | null
  readonly depth: number | null
  readonly height: number | null
  readonly tag: string | null
  /** Wall time of the workshop, `2026-11-21` and `14:00`. */
  readonly date: string
  readonly time: string
  /** Where the time was drawn or chosen: wall time says less where clocks are put back. Typing drops it. */
  readonly instant: string | null
  readonly minutes: number
  readonly fileId: number | null
  readonly purpose: string
  readonly repeat: Repeat
  /** Null: it goes on. */
  readonly times: number | null
}

const nothing = {
  printerId: null,
  material: null,
  nozzle: null,
  width: null,
  depth: null,
  height: null,
  tag: null,
  fileId: null,
  purpose: '',
  repeat: 'once',
  times: 8,
} as const

export const startingAt = (instant: number, timeZone: string): Pick<BookingDraft, 'date' | 'time' | 'instant'> => {
  const wall = wallOf(instant, timeZone)
  return { date: wall.slice(0, 10), time: wall.slice(11), instant: new Date(instant).toISOString() }
}

export const emptyDraft = (instant: number, timeZone: string): BookingDraft => ({
  ...nothing,
  ...startingAt(instant, timeZone),
  minutes: 60,
})

export const draftOfSketch = ({ printerId, from, to }: Sketch, timeZone: string): BookingDraft => ({
  ...emptyDraft(from, timeZone),
  printerId,
  minutes: Math.round((to - from) / 60_000),
})

export const draftOfProposal = ({ start, end }: Proposal, timeZone: string): BookingDraft => ({
  ...emptyDraft(Date.parse(start), timeZone),
  minutes: Math.round((Date.parse(end) - Date.parse(start)) / 60_000),
})

export const draftOfClaim = (claim: Claim, timeZone: string): BookingDraft => ({
  ...emptyDraft(Date.parse(claim.start), timeZone),
  printerId: claim.anyPrinter ? null : claim.printerId,
  material: claim.wish.material ?? null,
  nozzle: claim.wish.nozzle ?? null,
  width: claim.wish.width ?? null,
  depth: claim.wish.depth ?? null,
  height: claim.wish.height ?? null,
  tag: claim.wish.tags?.[0] ?? null,
  minutes: Math.round((Date.parse(claim.end) - Date.parse(claim.start)) / 60_000),
  fileId: claim.fileId,
  purpose: claim.purpose,
})

export const wishOf = (draft: BookingDraft): PrinterWish => {
  const { printerId, material, nozzle, width, depth, height, tag } = draft
  if (printerId !== null) return { printerId, material }
  return { printerId: null, material, nozzle, width, depth, height, tags: tag === null ? [] : [tag] }
}

export const startOf = ({ instant, date, time }: BookingDraft): string => instant ?? `${date}T${time}`

/** Null while something is missing in the form. */
export const wantedOf = (draft: BookingDraft): BookingWish | null => {
  const { date, time, minutes, fileId, purpose } = draft
  if (date === '' || time === '' || minutes < 1) return null
  return { wish: wishOf(draft), start: startOf(draft), minutes, fileId, purpose: purpose.trim() }
}

const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** The rule of RFC 5545 for it; null where it is not repeated. */
export const ruleOf = ({ repeat, date, times }: Pick<BookingDraft, 'repeat' | 'date' | 'times'>): string | null => {
  const weekday = weekdays[weekdayOf(date)] ?? 'MO'
  const count = times === null ? '' : `;COUNT=${times}`
  if (repeat === 'day') return `FREQ=DAILY${count}`
  if (repeat === 'week') return `FREQ=WEEKLY;BYDAY=${weekday}${count}`
  if (repeat === 'fortnight') return `FREQ=WEEKLY;INTERVAL=2;BYDAY=${weekday}${count}`
  if (repeat === 'month') return `FREQ=MONTHLY;BYDAY=${placeInMonth(date)}${weekday}${count}`
  return null
}

/** Which of ours a rule is; null where it is another. */
export const repeatOf = (rule: string): Repeat | null => {
  const kept = rule
    .split(';')
    .filter((part) => !/^(COUNT|UNTIL|WKST)=/.test(part))
    .join(';')
  if (kept === 'FREQ=DAILY') return 'day'
  if (/^FREQ=WEEKLY;BYDAY=[A-Z]{2}$/.test(kept)) return 'week'
  if (/^FREQ=WEEKLY;INTERVAL=2;BYDAY=[A-Z]{2}$/.test(kept)) return 'fortnight'
  return /^FREQ=MONTHLY;BYDAY=-?\d[A-Z]{2}$/.test(kept) ? 'month' : null
}
