// How each printer stands to the booking that comes next on it, read and judged; and moving one to another printer.
import { type Outlook, outlooksOf } from '../domain/booking-outlook.ts'
import { assemble } from '../domain/scheduling/assemble.ts'
import { calendarOf } from '../domain/scheduling/calendar.ts'
import { floorOf } from '../domain/scheduling/slots.ts'
import * as times from '../store/booking-times.ts'
import { brokenConstraint, type Database } from '../store/database.ts'
import { readStanding } from '../store/scheduling.ts'

/** So far ahead a print that runs is looked at against the bookings behind it. */
const FORESIGHT = 86_400

export type Coming = times.OpenChoice

/** How each printer stands to the booking that comes next on it. */
export const readOutlooks = async (db: Database, now: number): Promise<Outlook<Coming>[]> => {
  const coming = await times.comingBookings(db, now, FORESIGHT)
  if (coming.length === 0) return []
  const snapshot = assemble(await readStanding(db), now)
  const floor = floorOf(snapshot, calendarOf(snapshot.settings, snapshot.timeZone, now), now)
  const free = await times.freeTimes(db, now, Math.max(...coming.map(({ end }) => end)) + FORESIGHT)
  return outlooksOf(coming, floor, new Map(free.map((one) => [one.printerId, one.free])))
}

/** False where the other printer was taken meanwhile. Within a transaction that goes on, use it last. */
export const movedUnlessTaken = async (
  db: Database,
  id: number,
  to: { readonly printerId: number; readonly by: number | null; readonly now: number },
): Promise<boolean> => {
  try {
    return await times.moveBooking(db, id, to)
  } catch (error) {
    if (brokenConstraint(error) === 'claim_no_overlap') return false
    throw error
  }
}
