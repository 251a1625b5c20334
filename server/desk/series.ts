// Bookings that come again: made as far ahead as one may book, changed and given up together.
import type { SkippedDate } from '../contract/booking-series.ts'
import { MOST_OCCURRENCES } from '../contract/booking-series.ts'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import { continued, endedBefore, type Occurrence, occurrences, wrongRule } from '../domain/booking/recurrence.ts'
import { dateOf, instantOfLocal, localOf, sameTimeOn } from '../domain/wall-time.ts'
import { type ClaimRow, claimsOfSeries, readClaim, relinkClaims } from '../store/bookings.ts'
import * as series from '../store/claim-series.ts'
import type { Database } from '../store/database.ts'
import { type Desk, rulesOf } from './booking-desk.ts'
import { type BookingChange, cancelClaims, changeOne, secondsOf } from './change-booking.ts'
import { type NewBooking, refusalFor, tryToBook } from './make-booking.ts'

const DAY = 86_400
/** However far one may book, a series is made no further ahead. */
const MOST_DAYS = 56

export interface NewSeries extends Pick<NewBooking, 'wish' | 'from' | 'to' | 'purpose' | 'by'> {
  readonly rule: string
}

/** Dates within reach, in turn. Throws Refused where the rule cannot be read. */
export const datesOf = (desk: Desk, asked: Pick<NewSeries, 'rule' | 'from' | 'wish'>): Occurrence[] => {
  const { timeZone, now } = desk.house
  const localStart = localOf(asked.from, timeZone)
  const reason = wrongRule(asked.rule, localStart, timeZone)
  if (reason !== null) throw new Refused(refuse('series.rule', { reason }))
  const until = now + reachDays(desk, asked.wish.printerId ?? null) * DAY
  return occurrences({ rule: asked.rule, localStart, timeZone }, until).slice(0, MOST_OCCURRENCES)
}

const reachDays = (desk: Desk, printerId: number | null): number =>
  Math.min(rulesOf(desk, printerId).advanceDays ?? MOST_DAYS, MOST_DAYS)

/** The new series' id. Throws Refused where not one of its dates can be booked. */
export const bookSeries = async (db: Database, desk: Desk, asked: NewSeries): Promise<number> => {
  const { house } = desk
  const dates = datesOf(desk, asked)
  const id = await series.createSeries(db, {
    memberId: house.member?.id ?? 0,
    rule: asked.rule,
    localStart: localOf(asked.from, house.timeZone),
    timeZone: house.timeZone,
    seconds: asked.to - asked.from,
    wish: asked.wish,
    purpose: asked.purpose,
  })
  const row = await series.readSeries(db, id)
  if (row === null) throw new Refused(refuse('series.missing'))
  const { booked, skipped } = await bookDates(db, desk, { row, dates, by: asked.by })
  await series.saveProgress(db, id, { bookedTo: dates.at(-1)?.date ?? null, skipped })
  if (booked === 0) {
    await series.forgetSeries(db, id)
    const reason = skipped[0]?.message ?? 'the repetition has no date within the time that one may book ahead.'
    throw new Refused(refuse('series.empty', { reason }))
  }
  return id
}

const bookDates = async (
  db: Database,
  desk: Desk,
  { row, dates, by }: { row: series.SeriesRow; dates: readonly Occurrence[]; by: number },
): Promise<{ booked: number; skipped: SkippedDate[] }> => {
  const skipped: SkippedDate[] = []
  let booked = 0
  for (const { date, local, start } of dates) {
    if (row.leftOut.includes(date)) continue
    if (start === null) {
      const message = `The clocks leave out ${local.slice(11)} on that day.`
      skipped.push({ date, code: 'no-such-time', message })
      continue
    }
    const booking = { wish: row.wish, purpose: row.purpose, fileId: null, draft: false, overrule: null, key: null }
    const time = { from: start, to: start + row.seconds }
    const made = await refusable(async () => {
      const asked = { ...booking, ...time, by, seriesId: row.id, seriesDate: date }
      const answer = await tryToBook(db, desk, asked)
      return typeof answer === 'number' ? null : refusalFor(db, desk, { ...asked, instead: null }, answer)
    })
    if (made === null) booked += 1
    else skipped.push({ date, code: made.code === 'booking.rules' ? 'rules' : 'taken', message: made.message })
  }
  return { booked, skipped }
}

const refusable = async (work: () => Promise<Refusal | null>): Promise<Refusal | null> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refused) return error.refusal
    throw error
  }
}

/**
 * Books the dates that have come within reach since. The dates that were skipped, for who tells its member; empty where
 * there was nothing to do. Doing it again does nothing more. `desk` is the member's own.
 */
export const continueSeries = async (db: Database, desk: Desk, row: series.SeriesRow): Promise<SkippedDate[]> => {
  const { timeZone, now } = desk.house
  const until = now + reachDays(desk, row.wish.printerId ?? null) * DAY
  const all = occurrences({ rule: row.rule, localStart: row.localStart, timeZone: row.timeZone }, until)
  const dates = all.filter(({ date, start }) => date > (row.bookedTo ?? '') && (start ?? now) >= now)
  const last = dates.at(-1)
  if (last === undefined) return []
  const { skipped } = await bookDates(db, desk, { row, dates, by: row.memberId })
  await series.saveProgress(db, row.id, { bookedTo: dateOf(instantOfLocal(last.local, timeZone), timeZone), skipped })
  return skipped
}

interface Reached {
  readonly claim: ClaimRow
  readonly scope: 'following' | 'all'
}

/** Those that are meant: from this one on, or all that are to come. */
const reached = async (db: Database, desk: Desk, { claim, scope }: Reached): Promise<ClaimRow[]> => {
  const all = await claimsOfSeries(db, claim.seriesId ?? 0)
  const first = scope === 'all' ? '' : (claim.seriesDate ?? '')
  return all.filter(({ start, seriesDate }) => secondsOf(start) > desk.house.now && (seriesDate ?? '') >= first)
}

/** Dates on which the change cannot be made stay as they were, and are listed with the series. */
export const changeSeries = async (db: Database, desk: Desk, which: Reached, change: BookingChange): Promise<void> => {
  const { claim } = which
  const row = await series.readSeries(db, claim.seriesId ?? 0)
  if (row === null) throw new Refused(refuse('series.missing'))
  const { timeZone } = desk.house
  const clock = change.from === undefined ? null : localOf(change.from, timeZone)
  const skipped: SkippedDate[] = []
  const claims = await reached(db, desk, which)
  for (const one of claims) {
    const date = one.seriesDate ?? dateOf(secondsOf(one.start), timeZone)
    const from = clock === null ? undefined : instantOfLocal(sameTimeOn(clock, date), timeZone)
    const mine = { ...change, ...(from === undefined ? {} : { from }) }
    const failed = await refusable(async () => {
      await changeOne(db, desk, one, mine)
      return null
    })
    if (failed !== null) skipped.push({ date, code: 'unchanged', message: failed.message })
  }
  const pivot = which.scope === 'all' ? row.localStart.slice(0, 10) : (claim.seriesDate ?? row.localStart.slice(0, 10))
  const passed = countBefore(row, pivot, secondsOf(claim.start))
  const next = {
    rule: continued(row.rule, passed),
    localStart: sameTimeOn(clock ?? row.localStart, pivot),
    seconds: change.seconds ?? row.seconds,
    wish: change.wish ?? row.wish,
    purpose: change.purpose ?? row.purpose,
  }
  await db.transaction(async (inside) => {
    if (passed === 0) return series.changeSeries(inside, row.id, next, skipped)
    const following = await series.createSeries(inside, { ...next, memberId: row.memberId, timeZone: row.timeZone })
    await series.saveProgress(inside, following, { bookedTo: row.bookedTo, skipped })
    await relinkClaims(
      inside,
      claims.map(({ id }) => id),
      following,
    )
    await series.endSeries(inside, row.id, endedBefore(row.rule, pivot), true)
  })
}

const countBefore = (row: series.SeriesRow, date: string, until: number): number =>
  occurrences(row, until).filter((one) => one.date < date).length

/** The bookings that were cancelled. */
export const cancelSeries = async (
  db: Database,
  desk: Desk,
  which: Reached,
  asked: { readonly late: boolean; readonly by: number; readonly reason: string | null },
): Promise<number[]> => {
  const { claim, scope } = which
  const claims = await reached(db, desk, which)
  const current = await readClaim(db, claim.id)
  const all = current !== null && !claims.some(({ id }) => id === claim.id) ? [...claims, current] : claims
  const done = await cancelClaims(db, desk, all, asked)
  const row = await series.readSeries(db, claim.seriesId ?? 0)
  if (row === null) return done
  const date = claim.seriesDate ?? ''
  await series.endSeries(db, row.id, scope === 'all' || date === '' ? row.rule : endedBefore(row.rule, date), false)
  return done
}
