// One look at how things stand for bookings of one member: what routes and timed work decide by.
import type { Broken } from '../contract/booking-rules.ts'
import type { PrinterWish, Proposal } from '../contract/bookings.ts'
import { type Holder, may, reaches } from '../contract/permissions.ts'
import type { Missing, Use } from '../contract/qualifications.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import type { ScheduleSettings } from '../contract/scheduling.ts'
import {
  type BookablePrinter,
  candidatesFor,
  isFree,
  nearestPlaces,
  type Place,
  type Room,
  unfitFor,
} from '../domain/booking/free-time.ts'
import { brokenRules, rulesFor } from '../domain/booking/rules.ts'
import { profileKey } from '../domain/check-file.ts'
import { type Attended, missingFor } from '../domain/qualifications.ts'
import { assemble } from '../domain/scheduling/assemble.ts'
import { type Calendar, calendarOf } from '../domain/scheduling/calendar.ts'
import { floorOf } from '../domain/scheduling/slots.ts'
import { endOf, isIn } from '../domain/scheduling/windows.ts'
import { instantOfStart, NoSuchTime, weekOf } from '../domain/wall-time.ts'
import { type BookingFacts, type BookingHouse, readBookingFacts, readBookingHouse } from '../store/booking-facts.ts'
import type { Database } from '../store/database.ts'
import { readSettings } from '../store/schedule-settings.ts'
import { databaseNow, readStanding } from '../store/scheduling.ts'

const DAY = 86_400
/** So far around what is asked for other times are looked for. */
const LOOK_BACK = 2 * DAY
const LOOK_AHEAD = 8 * DAY
/** Beyond, a print that runs now says nothing. */
const BUSY_AHEAD = 3 * DAY

export interface BookedPrinter extends BookablePrinter {
  readonly outOfService: string | null
  readonly takesJobs: boolean
  readonly printing: boolean
  readonly model: string
}

export interface Desk {
  readonly house: BookingHouse
  readonly settings: ScheduleSettings
  /** All printers; which of them the member may book, `bookable` says. */
  readonly printers: readonly BookedPrinter[]
  /** When prints that run will be off, at their 90 %. */
  readonly busy: ReadonlyMap<number, number>
}

/** `memberId`: for whom it is. Throws Refused where his account does not work. */
export const openDesk = async (db: Database, memberId: number): Promise<Desk> => {
  const house = await readBookingHouse(db, memberId)
  const settings = await readSettings(db)
  const printers = house.printers.map((printer) => ({ ...printer, model: profileKey(printer.profile) }))
  const busy = printers.some(({ printing }) => printing) ? await busyUntil(db) : new Map<number, number>()
  return { house, settings, printers, busy }
}

const busyUntil = async (db: Database): Promise<Map<number, number>> => {
  const now = await databaseNow(db)
  const standing = await readStanding(db)
  const snapshot = assemble({ ...standing, jobs: [], files: [], claims: [], promises: [] }, now)
  const floor = floorOf(snapshot, calendarOf(snapshot.settings, snapshot.timeZone, now), now)
  const running = floor.slots.filter(({ printer, free }) => printer.running !== null && Number.isFinite(free.p90))
  return new Map(running.map(({ printer, free }) => [printer.id, free.p90]))
}

/** Seconds since 1970. Throws Refused. */
export const startOf = ({ house }: Desk, start: string): number => {
  try {
    return instantOfStart(start, house.timeZone)
  } catch (error) {
    if (error instanceof NoSuchTime) throw new Refused(refuse('booking.time', { time: start }))
    throw error
  }
}

/** Printers that the member may book and that can do what is wished for, the best first. Throws Refused where there is none. */
export const candidates = ({ house, printers }: Desk, wish: PrinterWish): BookedPrinter[] => {
  const { member } = house
  const mine = member === null ? [] : printers.filter((printer) => may(member, 'book', printer))
  const able = candidatesFor(wish, mine)
  if (able.length > 0) return able
  const asked = wish.printerId == null ? mine : mine.filter(({ id }) => id === wish.printerId)
  if (wish.printerId != null && asked.length === 0) {
    const seen = printers.some((one) => one.id === wish.printerId && member !== null && reaches(member, 'look', one))
    throw new Refused(refuse(seen ? 'permission.missing' : 'printer.missing'))
  }
  const reasons = [...new Set(asked.map((printer) => unfitFor(wish, printer) ?? ''))].slice(0, 3).join('; ')
  throw new Refused(refuse('booking.no-printer', { reasons: reasons === '' ? 'there is none' : reasons }))
}

/** The time around what is asked for, in which claims matter: whole weeks, and where to look for other times. */
export const reachOf = ({ house }: Desk, from: number, to: number): { from: number; to: number } => ({
  from: Math.min(weekOf(from, house.timeZone).from, from - LOOK_BACK),
  to: Math.max(weekOf(to, house.timeZone).to, to + LOOK_AHEAD),
})

export const factsFor = (
  db: Database,
  desk: Desk,
  printerIds: readonly number[],
  time: { readonly from: number; readonly to: number },
): Promise<BookingFacts> =>
  readBookingFacts(db, desk.house.member?.id ?? null, printerIds, reachOf(desk, time.from, time.to))

const calendars = new WeakMap<Desk, Map<string, Calendar>>()

/** The hours around a time; worked out once for a desk. */
export const calendarFor = (desk: Desk, from: number, to: number): Calendar => {
  const { house, settings } = desk
  const base = Math.min(from, house.now) - 9 * DAY
  const days = Math.ceil((to - base) / DAY) + 9
  const known = calendars.get(desk) ?? new Map<string, Calendar>()
  calendars.set(desk, known)
  const key = `${Math.floor(base / DAY)} ${Math.ceil(days / 7)}`
  const calendar = known.get(key) ?? calendarOf(settings, house.timeZone, base, Math.ceil(days / 7) * 7)
  known.set(key, calendar)
  return calendar
}

export const attendedIn = ({ attended }: Calendar, from: number, to: number): Attended => {
  if (!isIn(attended, from)) return 'no'
  if (endOf(attended, from) >= to) return 'whole'
  return isIn(attended, to - 1) ? 'ends' : 'start'
}

export interface Wanted {
  readonly wish: PrinterWish
  readonly from: number
  readonly to: number
  /** The claim that is moved. */
  readonly instead: number | null
}

/** What the member lacks for a use of the printer. */
export const lacking = (
  { house, printers }: Desk,
  printer: Pick<BookedPrinter, 'id' | 'tags' | 'model'>,
  asked: { readonly use: Use; readonly material: string | null; readonly attended: Attended },
): Missing[] =>
  missingFor(
    { ...asked, printer },
    { required: house.required, granted: house.granted, uses: house.uses, printers },
    house.now,
  )

/** Every rule that stands against it on this printer. */
export const brokenAt = (desk: Desk, facts: BookingFacts, printer: BookedPrinter, wanted: Wanted): Broken[] => {
  const { house, settings, busy } = desk
  const { from, to, instead, wish } = wanted
  const calendar = calendarFor(desk, from, to)
  const attended = attendedIn(calendar, from, to)
  const booked = facts.claims.filter((one) => one.booking && one.printerId === printer.id && one.id !== instead)
  return brokenRules(
    { from, to, instead, printerId: printer.id, printerName: printer.name },
    {
      now: house.now,
      timeZone: house.timeZone,
      rules: rulesOf(desk, printer.id),
      settings,
      calendar,
      own: facts.own,
      booked,
      missing: lacking(desk, printer, { use: 'book', material: wish.material ?? null, attended }),
      outOfService: printer.outOfService,
      busyUntil: from < house.now + BUSY_AHEAD ? (busy.get(printer.id) ?? null) : null,
      kept: house.kept.filter(({ printerId }) => printerId === printer.id),
    },
  )
}

export const rulesOf = ({ house }: Desk, printerId: number | null) =>
  rulesFor(house.ruleSets, house.member?.role ?? 'visitor', printerId)

/** The time of each printer, as the facts tell it. */
export const roomsOf = (
  desk: Desk,
  facts: BookingFacts,
  printers: readonly BookedPrinter[],
  instead: number | null = null,
): Room<BookedPrinter>[] =>
  printers.map((printer) => ({
    printer,
    clearSeconds: rulesOf(desk, printer.id).clearMinutes * 60,
    taken: facts.claims
      .filter((claim) => claim.open && claim.printerId === printer.id && claim.id !== instead)
      .map(({ from, clearBy }) => ({ from, to: clearBy })),
  }))

export interface Choice {
  readonly printer: BookedPrinter
  readonly broken: readonly Broken[]
}

/** The best printer that is free and breaks no rule; else the best that is free; null where none is free. */
export const choosePrinter = (
  desk: Desk,
  facts: BookingFacts,
  able: readonly BookedPrinter[],
  wanted: Wanted,
): Choice | null => {
  let first: Choice | null = null
  for (const room of roomsOf(desk, facts, able, wanted.instead)) {
    if (!isFree(room, wanted.from, wanted.to)) continue
    const choice = { printer: room.printer, broken: brokenAt(desk, facts, room.printer, wanted) }
    if (choice.broken.length === 0) return choice
    first ??= choice
  }
  return first
}

/** Times near the one that is wanted, which could be booked as they are. */
export const alternativesTo = (
  desk: Desk,
  facts: BookingFacts,
  able: readonly BookedPrinter[],
  wanted: Wanted,
  most = 3,
): Proposal[] => {
  const { house } = desk
  const seconds = wanted.to - wanted.from
  const rules = rulesOf(desk, able[0]?.id ?? null)
  const reach = reachOf(desk, wanted.from, wanted.to)
  const places = nearestPlaces(
    roomsOf(desk, facts, able, wanted.instead),
    {
      seconds,
      stepSeconds: rules.stepMinutes * 60,
      timeZone: house.timeZone,
      from: Math.max(house.now, reach.from),
      to: reach.to - seconds,
      near: wanted.from,
    },
    (printerId, from, to) => {
      const printer = able.find(({ id }) => id === printerId)
      return printer !== undefined && brokenAt(desk, facts, printer, { ...wanted, from, to }).length === 0
    },
    { most, apart: seconds },
  )
  return places.map((place) => proposalOf(desk, place))
}

export const proposalOf = (
  { printers }: Desk,
  { printerId, from, to }: Place,
  broken: readonly Broken[] = [],
): Proposal => ({
  printerId,
  printerName: printers.find(({ id }) => id === printerId)?.name ?? '',
  start: new Date(from * 1000).toISOString(),
  end: new Date(to * 1000).toISOString(),
  broken: [...broken],
})

/** Who may set rules aside at a printer: who runs it. */
export const mayOverrule = (me: Holder, printer: BookedPrinter): boolean => may(me, 'run-printers', printer)
