import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { randomOf } from '../../server/domain/simulation/demand.ts'
import { settleBookings } from '../../server/store/booked-time.ts'
import { keepTimes } from '../../server/work/keep-times.ts'
import { type BookingWorkshop, HOUR, openBookingWorkshop } from '../support/booking-workshop.ts'

const DAYS = 10
const STEP = 1800
const names = ['Ane', 'Bo', 'Cy', 'Dae']

interface Row {
  readonly id: number
  readonly printerId: number
  readonly memberId: number
  readonly from: number
  readonly to: number
  readonly bookedTo: number
  readonly state: string
  readonly ended: number | null
  readonly checkedIn: number | null
}

const rowsOf = ({ db }: BookingWorkshop): Promise<Row[]> =>
  db.rows<Row>(sql`
    SELECT id, printer_id AS "printerId", member_id AS "memberId", extract(epoch FROM lower(during))::float8 AS "from",
      extract(epoch FROM upper(during))::float8 AS "to", extract(epoch FROM upper(booked_during))::float8 AS "bookedTo",
      state, extract(epoch FROM ended_at)::float8 AS ended, extract(epoch FROM checked_in_at)::float8 AS "checkedIn"
    FROM claim WHERE kind = 'booking' ORDER BY id`)

/** Weeks in which people book, come late or not at all, print too long, and printers break; with pauses of the server. */
const live = async (workshop: BookingWorkshop, seed: number): Promise<void> => {
  const { db, start } = workshop
  const random = randomOf(seed)
  const printers: number[] = []
  for (const name of ['one', 'two', 'three']) printers.push(await workshop.addPrinter(name))
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const busy = new Map<number, number>()
  for (let now = start; now < start + DAYS * 24 * HOUR; now += STEP) {
    if (random() < 0.5) {
      const from = now + Math.floor(random() * 24) * HOUR
      const to = from + (1 + Math.floor(random() * 6)) * STEP
      // What overlaps is refused by the database, as with two people at once.
      await workshop
        .book({ printerId: pick(printers), member: pick(names), from, to, any: random() < 0.3 })
        .catch(() => 0)
    }
    for (const printerId of printers) {
      if ((busy.get(printerId) ?? 0) > now) continue
      const own = await db.row<{ name: string; to: number }>(sql`
        SELECT member.name, extract(epoch FROM upper(during))::float8 AS to FROM claim JOIN member ON member.id = member_id
        WHERE printer_id = ${printerId} AND during @> to_timestamp(${now}) AND state IN ('booked', 'checked_in')`)
      if (own === null || random() < 0.4) continue
      // One in five prints runs over the end of its booking.
      const ended = random() < 0.2 ? own.to + random() * 2 * HOUR : now + random() * (own.to - now)
      await workshop.print({ member: own.name, printerId, started: now, ended })
      busy.set(printerId, ended)
    }
    if (random() < 0.02) {
      const out = random() < 0.5
      await db.run(sql`
        UPDATE printer SET out_of_service = ${out ? 'broken' : null}, out_since = ${out ? new Date(now * 1000) : null}
        WHERE id = ${pick(printers)}`)
    }
    // The server is away for one look in four.
    if (random() < 0.75) await keepTimes(db, now)
  }
  await db.run(sql`UPDATE printer SET out_of_service = NULL, out_since = NULL`)
  await keepTimes(db, start + (DAYS + 3) * 24 * HOUR)
}

/** What was held is on the account once: printing by the prints, the rest of the time by the bookings. */
const checkAccount = async ({ db }: BookingWorkshop): Promise<void> => {
  // All of it lies behind now, as it would if the weeks had passed.
  const back = sql`interval '60 days'`
  await db.run(sql`
    UPDATE claim SET during = tstzrange(lower(during) - ${back}, upper(during) - ${back}), ended_at = ended_at - ${back},
      booked_during = tstzrange(lower(booked_during) - ${back}, upper(booked_during) - ${back})`)
  await db.run(sql`UPDATE print SET started_at = started_at - ${back}, ended_at = ended_at - ${back}`)
  await settleBookings(db)
  const charged = await db.rows<{ id: number; seconds: number }>(sql`
    SELECT source_id AS id, seconds FROM held_time WHERE source = 'booking' ORDER BY source_id`)
  await settleBookings(db)
  const again = await db.row<{ count: number }>(sql`SELECT count(*) FROM held_time WHERE source = 'booking'`)
  expect(again?.count).toBe(charged.length)
  const completed = await db.rows<{ id: number; idle: number }>(sql`
    SELECT claim.id, extract(epoch FROM upper(during) - lower(during))::float8 - coalesce((
        SELECT sum(extract(epoch FROM least(upper(during), print.ended_at) - greatest(lower(during), print.started_at)))
        FROM print JOIN job ON job.id = print.job_id WHERE print.printer_id = claim.printer_id
          AND job.member_id = claim.member_id AND tstzrange(print.started_at, print.ended_at) && during), 0)::float8 AS idle
    FROM claim WHERE state = 'completed' ORDER BY id`)
  const byClaim = new Map(charged.map(({ id, seconds }) => [id, seconds]))
  for (const { id, idle } of completed) expect(byClaim.get(id) ?? 0).toBeCloseTo(idle, 3)
  const sums = await db.row<{ claims: number; account: number }>(sql`
    SELECT (SELECT sum(charged_seconds) FROM claim)::float8 AS claims,
      (SELECT sum(seconds) FROM held_time WHERE source = 'booking')::float8 AS account`)
  expect(sums?.account).toBeCloseTo(sums?.claims ?? 0, 3)
  const excused = await db.rows(sql`
    SELECT FROM held_time JOIN claim ON claim.id = source_id WHERE source = 'booking' AND claim.state = 'displaced'`)
  expect(excused).toEqual([])
}

describe('weeks of bookings', () => {
  it.each([1, 2])('keep to what was promised, whatever happens (seed %i)', { timeout: 120_000 }, async (seed) => {
    const workshop = await openBookingWorkshop(names)
    const { db } = workshop
    await live(workshop, seed)
    const rows = await rowsOf(workshop)
    expect(rows.length).toBeGreaterThan(60)
    // All have ended, each once, and never before the instant at which they were given up or over.
    expect(rows.filter(({ ended }) => ended === null)).toEqual([])
    const ends = await db.rows<{ id: number }>(sql`
      SELECT claim_id AS id FROM claim_event WHERE kind IN ('no-show', 'completed', 'displaced', 'released-early')
      GROUP BY claim_id HAVING count(*) > 1`)
    expect(ends).toEqual([])
    const told = await db.rows<{ id: number }>(sql`
      SELECT claim_id AS id FROM notice WHERE event = 'booking.released' ORDER BY claim_id`)
    const noShows = rows.filter(({ state }) => state === 'no_show')
    expect(noShows.length).toBeGreaterThan(5)
    expect(told.map(({ id }) => id)).toEqual(noShows.map(({ id }) => id))
    for (const { from, to, bookedTo, ended, state } of rows) {
      expect(ended).toBeGreaterThanOrEqual(state === 'no_show' ? from + 900 : bookedTo)
      expect(to).toBe(state === 'no_show' ? ended : bookedTo)
    }
    // No two hold one printer at the same time.
    const sorted = [...rows].sort((one, other) => one.printerId - other.printerId || one.from - other.from)
    const overlaps = sorted.filter((row, place) => {
      const before = sorted[place - 1]
      return before !== undefined && before.printerId === row.printerId && before.to > row.from
    })
    expect(overlaps).toEqual([])
    // Whoever printed in the time that he had was there.
    const wronged = await db.rows(sql`
      SELECT claim.id FROM claim JOIN print ON print.printer_id = claim.printer_id
        JOIN job ON job.id = print.job_id AND job.member_id = claim.member_id
      WHERE claim.state IN ('no_show', 'displaced') AND print.started_at >= lower(during)
        AND print.started_at < lower(during) + interval '15 minutes'`)
    expect(wronged).toEqual([])
    await checkAccount(workshop)
  })
})
