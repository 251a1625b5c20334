// Will the printers be ready for the bookings that come? Tells both people in time, moves what may move, settles what was
// open. No print is ever stopped here.
import { type Coming, movedUnlessTaken, readOutlooks } from '../desk/booking-outlooks.ts'
import type { Outlook } from '../domain/booking-outlook.ts'
import * as times from '../store/booking-times.ts'
import type { Database } from '../store/database.ts'
import { type News, tell } from '../store/notices.ts'

/** "Any printer" becomes one printer so long before the start. */
export const FIX_SECONDS = 3600

export const keepPrinters = async (db: Database, now: number): Promise<void> => {
  for (const outlook of await readOutlooks(db, now)) {
    const moved = outlook.light === 'red' && outlook.booking.anyPrinter && (await move(db, outlook, now))
    if (!moved && outlook.light !== 'green') await tell(db, warnings(outlook), now)
  }
}

/** It asked for any printer that can: an equal one that is free is as good. */
const move = async (db: Database, { booking, instead }: Outlook<Coming>, now: number): Promise<boolean> => {
  if (instead === null) return false
  return db.transaction(async (inside) => {
    if (!(await movedUnlessTaken(inside, booking.id, { printerId: instead, by: null, now }))) return false
    const printer = await times.nameOfPrinter(inside, instead)
    await tell(inside, [movedNews(booking, printer, 'other-printer', now)], now)
    return true
  })
}

const iso = (seconds: number): string | null =>
  Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null

const movedNews = (booking: times.FixedRow, printer: string, change: string, now: number): News => ({
  memberId: booking.memberId,
  event: 'booking.changed',
  facts: { printer, change, from: iso(booking.start), to: iso(booking.end) },
  key: `${change}-${booking.id}-${Math.floor(now)}`,
  endsAt: booking.end,
  claimId: booking.id,
})

/** Both are told, each once for each colour: the one who waits, and the one whose print is in the way. */
const warnings = ({ booking, light, ready, printingMember }: Outlook<Coming>): News[] => {
  const { id, memberId, printerName, start, end } = booking
  const facts = { printer: printerName, light, from: iso(start), to: iso(end), until: iso(ready.p90) }
  const key = `late-${id}-${booking.printerId}-${start}-${light}`
  const waiting: News = { memberId, event: 'booking.late', facts, key, endsAt: end, claimId: id }
  // The other one learns when the printer is needed, not who needs it.
  const printing: News[] =
    printingMember === null
      ? []
      : [{ memberId: printingMember, event: 'print.overruns', facts, key, endsAt: end, claimId: null }]
  return [waiting, ...printing]
}

/** Soon before its start, a booking of any printer gets the one that it will have, and its member is told which. */
export const settlePrinters = (db: Database, now: number): Promise<void> =>
  db.transaction(async (inside) => {
    const fixed = await times.fixPrinters(inside, now, FIX_SECONDS)
    const news = fixed.map((booking) => ({
      ...movedNews(booking, booking.printerName, 'bound', now),
      key: `bound-${booking.id}-${booking.start}`,
    }))
    await tell(inside, news, now)
  })
