// Series of bookings: look before, book, and see what became of each date.
import type { FastifyInstance } from 'fastify'
import { checkSeries, createSeries, listSeries, type Series, showSeries } from '../contract/booking-series.ts'
import type { Me } from '../contract/members.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { candidates, openDesk, startOf } from '../desk/booking-desk.ts'
import { checkWanted } from '../desk/make-booking.ts'
import { bookSeries, datesOf } from '../desk/series.ts'
import { claimsSeen } from '../plugins/claims-seen.ts'
import { mount } from '../plugins/mount.ts'
import { claimsOfSeries } from '../store/bookings.ts'
import * as series from '../store/claim-series.ts'
import type { Database } from '../store/database.ts'
import type { House } from './house.ts'

const isoOf = (instant: number): string => new Date(instant * 1000).toISOString()

export const mountBookingSeries = (app: FastifyInstance, { db }: House): void => {
  mount(app, checkSeries, async ({ body, me }) => {
    const desk = await openDesk(db, me.id)
    const from = startOf(desk, body.start)
    const dates = []
    for (const { date, start } of datesOf(desk, { rule: body.rule, from, wish: body.wish })) {
      if (start === null) {
        dates.push({ date, start: null, end: null, printerId: null, taken: false, broken: [] })
        continue
      }
      const to = start + body.minutes * 60
      const { proposal } = await checkWanted(db, desk, { wish: body.wish, from: start, to, instead: null })
      const printerId = proposal?.printerId ?? null
      const broken = proposal?.broken ?? []
      dates.push({ date, start: isoOf(start), end: isoOf(to), printerId, taken: proposal === null, broken })
    }
    return { dates }
  })

  mount(app, createSeries, async ({ body, me }) => {
    const desk = await openDesk(db, me.id)
    if (candidates(desk, body.wish).length === 0) throw new Refused(refuse('printer.missing'))
    const from = startOf(desk, body.start)
    const to = from + body.minutes * 60
    const purpose = body.purpose?.trim() ?? ''
    const id = await bookSeries(db, desk, { wish: body.wish, from, to, purpose, rule: body.rule, by: me.id })
    return shownSeries(db, await wantedSeries(db, id, me), me)
  })

  mount(app, listSeries, async ({ me }) => {
    const rows = await series.seriesOf(db, me.id)
    return Promise.all(rows.map((row) => shownSeries(db, row, me)))
  })
  mount(app, showSeries, async ({ params, me }) => shownSeries(db, await wantedSeries(db, params.id, me), me))
}

const wantedSeries = async (db: Database, id: number, me: Me): Promise<series.SeriesRow> => {
  const row = await series.readSeries(db, id)
  if (row === null || row.memberId !== me.id) throw new Refused(refuse('series.missing'))
  return row
}

const shownSeries = async (db: Database, row: series.SeriesRow, me: Me): Promise<Series> => ({
  id: row.id,
  memberId: row.memberId,
  rule: row.rule,
  localStart: row.localStart,
  timeZone: row.timeZone,
  minutes: Math.round(row.seconds / 60),
  wish: row.wish,
  purpose: row.purpose,
  bookedTo: row.bookedTo,
  bookings: await claimsSeen(db, me, await claimsOfSeries(db, row.id)),
  skipped: [...row.skipped],
  endedAt: row.endedAt,
})
