// What the clock does with bookings: one round looks at the rows and does all that is due. Rounds may be missed, come
// twice or late: what comes out is the same, because each thing happens at its own instant and not at that of the round.

import { usualChoices } from '../contract/notices.ts'
import { rulesFor } from '../domain/booking/rules.ts'
import { courseOf, EARLY_SECONDS, shouldAskForRest } from '../domain/booking-course.ts'
import { readBookingHouse } from '../store/booking-facts.ts'
import * as times from '../store/booking-times.ts'
import type { Database } from '../store/database.ts'
import { choicesOf, type News, tell } from '../store/notices.ts'
import { keepPrinters, settlePrinters } from './keep-printers.ts'
import { offerFreeTime } from './offer-time.ts'
import { tellChanges } from './tell-changes.ts'

const DAY = 86_400
const LONGEST_REMINDER = 7 * DAY

/** One round. `now` in seconds since 1970. */
export const keepTimes = async (db: Database, now: number): Promise<void> => {
  await times.expireHeld(db, now)
  await settlePrinters(db, now)
  await followBookings(db, now)
  await times.completeBookings(db, now)
  await offerFreeTime(db, now)
  await keepPrinters(db, now)
  await remind(db, now)
  await tellChanges(db, now)
  await askForRests(db, now)
  await times.noteRound(db, now)
}

export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString()

/** Who prints is there; who does not come gives his time back, unless the printer was not ready for him. */
const followBookings = async (db: Database, now: number): Promise<void> => {
  const awaited = await times.awaitedBookings(db, now, EARLY_SECONDS)
  if (awaited.length === 0) return
  const { ruleSets } = await readBookingHouse(db, 0)
  for (const row of awaited) {
    const graceSeconds = rulesFor(ruleSets, row.role, row.printerId).graceMinutes * 60
    const course = courseOf({ ...row, graceSeconds }, now)
    if (course.kind === 'waits') {
      if (!course.ready) await times.noteUnready(db, row.id, now)
    } else {
      await db.transaction((inside) => follow(inside, row, course, now))
    }
  }
}

type Settled = Exclude<ReturnType<typeof courseOf>, { kind: 'waits' }>

const follow = async (db: Database, row: times.AwaitedRow, course: Settled, now: number): Promise<void> => {
  const { id, memberId, printerName } = row
  const { at } = course
  if (course.kind === 'checked-in') {
    await times.checkIn(db, id, { by: memberId, how: 'print', now: at })
    return
  }
  const noShow = course.kind === 'no-show'
  const ended = await times.endBooking(db, id, {
    state: noShow ? 'no_show' : 'displaced',
    at,
    by: null,
    reason: noShow ? 'Nobody had checked in.' : 'The printer was not ready in time.',
  })
  if (!ended) return
  const facts = { printer: printerName, from: iso(row.start), to: iso(row.end), until: iso(at) }
  const event = noShow ? 'booking.released' : 'booking.changed'
  const change = noShow ? {} : { change: 'displaced', reason: 'The printer was not ready in time.' }
  await tell(
    db,
    [{ memberId, event, facts: { ...facts, ...change }, key: `ended-${id}`, endsAt: null, claimId: id }],
    now,
  )
}

const remind = async (db: Database, now: number): Promise<void> => {
  const rows = await times.bookingsToRemind(db, now, LONGEST_REMINDER, now - DAY)
  const choices = await choicesOf(
    db,
    rows.map(({ memberId }) => memberId),
  )
  const due = rows.filter(({ memberId, start, createdAt }) => {
    const dueAt = start - (choices.get(memberId) ?? usualChoices).reminderMinutes * 60
    // Who books at the last moment knows it.
    return dueAt <= now && createdAt <= dueAt
  })
  const news = due.map(
    ({ id, memberId, printerName, start, end }): News => ({
      memberId,
      event: 'booking.reminder',
      facts: { printer: printerName, from: iso(start), to: iso(end) },
      key: `reminder-${id}-${start}`,
      endsAt: start,
      claimId: id,
    }),
  )
  await tell(db, news, now)
}

/** Who is done early is asked once after each print whether the rest is free for others. */
const askForRests = async (db: Database, now: number): Promise<void> => {
  const idle = await times.idleBookings(db, now)
  const asked = idle.filter(({ end, idleSince }) => shouldAskForRest(end, idleSince, now))
  const news = asked.map(
    ({ id, memberId, printerName, start, end, printId }): News => ({
      memberId,
      event: 'booking.rest',
      facts: { printer: printerName, from: iso(start), to: iso(end) },
      key: `rest-${id}-${printId}`,
      endsAt: end,
      claimId: id,
    }),
  )
  await tell(db, news, now)
}
