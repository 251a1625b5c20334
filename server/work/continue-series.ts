// Series go on: dates that have come within reach are booked, and their members are told which could not be.
import { openDesk } from '../desk/booking-desk.ts'
import { continueSeries } from '../desk/series.ts'
import { openSeries } from '../store/claim-series.ts'
import type { Database } from '../store/database.ts'
import { tell } from '../store/notices.ts'

/** `now` in seconds since 1970. Doing it again books nothing twice. */
export const bookSeriesOn = async (db: Database, now: number): Promise<void> => {
  for (const row of await openSeries(db)) {
    const desk = await openDesk(db, row.memberId)
    if (desk.house.member === null) continue
    const skipped = await continueSeries(db, desk, row)
    if (skipped.length === 0) continue
    const dates = skipped.map(({ date }) => date)
    const news = {
      memberId: row.memberId,
      event: 'series.skipped' as const,
      facts: { dates: dates.join(', '), reason: skipped[0]?.message ?? '' },
      key: `skipped-${row.id}-${dates.join('-')}`,
      endsAt: null,
      claimId: null,
    }
    await tell(db, [news], now)
  }
}
