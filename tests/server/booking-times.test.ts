import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { cancelBooking } from '../../server/contract/bookings.ts'
import * as during from '../../server/contract/during.ts'
import { handOver } from '../../server/contract/handovers.ts'
import { listNotices } from '../../server/contract/notices.ts'
import { TimeOrder, timesQueue } from '../../server/contract/work.ts'
import { keepTimes } from '../../server/work/keep-times.ts'
import { setAlarms } from '../../server/work/set-alarms.ts'
import { type BookingWorkshop, HOUR, openBookingWorkshop } from '../support/booking-workshop.ts'
import { refusalOf } from '../support/workshop.ts'

interface Ended {
  state: string
  start: number
  end: number
  ended: number | null
}

const claimsOf = ({
  db,
  start,
}: BookingWorkshop): Promise<(Ended & { how: string | null; fixed: boolean; printer: string })[]> =>
  db.rows(sql`
    SELECT claim.state, printer.name AS printer, extract(epoch FROM lower(during))::float8 - ${start}::float8 AS start,
      extract(epoch FROM upper(during))::float8 - ${start}::float8 AS "end",
      extract(epoch FROM ended_at)::float8 - ${start}::float8 AS ended, checked_in_how AS how, fixed_at IS NOT NULL AS fixed
    FROM claim JOIN printer ON printer.id = printer_id ORDER BY claim.id`)

/** Without what was foreseen: that is told only while somebody can still act on it. */
const newsOf = ({ db }: BookingWorkshop): Promise<{ name: string; event: string; printer: string }[]> =>
  db.rows(sql`
    SELECT member.name, event, facts->>'printer' AS printer FROM notice JOIN member ON member.id = member_id
    WHERE event NOT IN ('booking.late', 'print.overruns') ORDER BY member.name, event, printer, key`)

/** An afternoon with everything in it that the clock does. */
const afternoon = async (): Promise<BookingWorkshop> => {
  const workshop = await openBookingWorkshop(['Ane', 'Bo'])
  const { start } = workshop
  const [one, two, three] = [
    await workshop.addPrinter('one'),
    await workshop.addPrinter('two'),
    await workshop.addPrinter('three'),
  ]
  const at = (hours: number): number => start + hours * HOUR
  // Nobody comes; then somebody prints.
  await workshop.book({ printerId: one, member: 'Ane', from: at(0.5), to: at(1.5) })
  await workshop.book({ printerId: one, member: 'Ane', from: at(2), to: at(2.8) })
  await workshop.print({ member: 'Ane', printerId: one, started: at(2.1), ended: at(2.7) })
  // One who is there; a hold that nobody used; a print of another that is in the way until the end.
  await workshop.book({ printerId: two, member: 'Bo', from: at(0.25), to: at(1), state: 'checked_in' })
  await workshop.book({
    printerId: two,
    member: 'Ane',
    from: at(1.5),
    to: at(1.75),
    state: 'held',
    kind: 'hold',
    expiresAt: at(0.3),
  })
  await workshop.print({ member: 'Bo', printerId: two, started: at(1.9), ended: at(2.6) })
  await workshop.book({ printerId: two, member: 'Ane', from: at(2), to: at(2.7) })
  // Any printer, that nobody comes to; one that is still to come.
  await workshop.book({ printerId: three, member: 'Bo', from: at(1.25), to: at(2.25), any: true })
  await workshop.book({ printerId: three, member: 'Bo', from: at(4.5), to: at(5) })
  return workshop
}

describe('the clock', () => {
  it('comes to the same after three hours of silence as if it had looked every five minutes', async () => {
    const [live, late] = [await afternoon(), await afternoon()]
    for (let minute = -60; minute <= 180; minute += 5) await keepTimes(live.db, live.start + minute * 60)
    await keepTimes(late.db, late.start - 3600)
    await keepTimes(late.db, late.start + 180 * 60)
    const claims = await claimsOf(late)
    expect(claims).toEqual(await claimsOf(live))
    expect(await newsOf(late)).toEqual(await newsOf(live))
    expect(claims.map(({ state, end, ended }) => [state, end / HOUR, ended === null ? null : ended / HOUR])).toEqual([
      ['no_show', 0.75, 0.75],
      ['completed', 2.8, 2.8],
      ['completed', 1, 1],
      ['expired', 1.75, 0.3],
      ['displaced', 2.7, 2.7],
      ['no_show', 1.5, 1.5],
      ['booked', 5, null],
    ])
    expect(claims[1]?.how).toBe('print')
    // Nothing was in anybody's way: no alarm was false.
    expect(await live.db.rows(sql`SELECT FROM notice WHERE event IN ('booking.late', 'print.overruns')`)).toEqual([])
    // Once more changes nothing.
    const before = await newsOf(late)
    await keepTimes(late.db, late.start + 180 * 60)
    expect(await claimsOf(late)).toEqual(claims)
    expect(await newsOf(late)).toEqual(before)
  })

  it('does nothing twice when two servers look at once', async () => {
    const workshop = await afternoon()
    await Promise.all(Array.from({ length: 6 }, () => keepTimes(workshop.db, workshop.start + 3 * HOUR)))
    const events = await workshop.db.rows<{ kind: string; count: number }>(sql`
      SELECT kind, count(*) FROM claim_event GROUP BY claim_id, kind HAVING count(*) > 1`)
    expect(events).toEqual([])
  })

  it('is woken by a delayed order at the second at which something is due', async () => {
    const workshop = await openBookingWorkshop(['Ane'])
    const { db, house } = workshop
    const printerId = await workshop.addPrinter('one')
    const now = Math.floor(Date.now() / 1000)
    await workshop.book({
      printerId,
      member: 'Ane',
      from: now + 5 * HOUR,
      to: now + 6 * HOUR,
      state: 'held',
      kind: 'hold',
      expiresAt: now + 2,
    })
    const woken = new Promise<number>((resolve) => {
      house.orders
        .work(
          timesQueue,
          TimeOrder,
          1,
          async ({ at }) => resolve(at),
          (error) => console.error(error),
        )
        .catch(() => {})
    })
    await setAlarms(db, house.orders, now)
    await setAlarms(db, house.orders, now)
    expect(await woken).toBe(now + 2)
    await keepTimes(db, Date.now() / 1000)
    expect((await claimsOf(workshop)).map(({ state }) => state)).toEqual(['expired'])
  })
})

describe('freed time', () => {
  let workshop: BookingWorkshop
  let printerId = 0
  const at = (hours: number): number => workshop.start + hours * HOUR
  const waits = (member: string, since: number) =>
    workshop.db.run(sql`
      INSERT INTO waiting_entry (member_id, wish, within, seconds, least_seconds, created_at)
      VALUES (${workshop.memberId(member)}, '{}', tstzrange(to_timestamp(${at(1)}), to_timestamp(${at(4)})), ${2 * HOUR},
        ${HOUR}, to_timestamp(${since}))`)
  const offersOf = async (member: string) => (await workshop.people.get(member)?.call(during.listOffers, {})) ?? []

  beforeAll(async () => {
    workshop = await openBookingWorkshop(['Ane', 'Bo', 'Cy'])
    printerId = await workshop.addPrinter('one')
    await workshop.book({ printerId, member: 'Ane', from: at(1), to: at(5) })
    await waits('Cy', at(-1))
    await waits('Bo', at(-2))
  })

  it('goes to who waits longest, who is told and has ten minutes to answer', async () => {
    await keepTimes(workshop.db, at(1.2))
    expect([await offersOf('Bo'), await offersOf('Cy')]).toEqual([[], []])
    // Nobody has come to Ane's: from 1:15 on it is free.
    await keepTimes(workshop.db, at(1.3))
    expect(await offersOf('Cy')).toEqual([])
    const [offer] = await offersOf('Bo')
    expect([Date.parse(offer?.start ?? '') / 1000, Date.parse(offer?.end ?? '') / 1000]).toEqual([
      Math.ceil(at(1.3) / 300) * 300,
      Math.ceil(at(1.3) / 300) * 300 + 2 * HOUR,
    ])
    const told = await workshop.people.get('Bo')?.call(listNotices, {})
    expect(told?.notices[0]).toMatchObject({ event: 'waiting.offer', claimId: offer?.claimId })
  })

  it('goes to the next when it is not answered, and not to the first again', async () => {
    await keepTimes(workshop.db, at(1.3) + 601)
    expect(await offersOf('Bo')).toEqual([])
    const [offer] = await offersOf('Cy')
    const stranger = await refusalOf(
      (workshop.people.get('Ane') as NonNullable<ReturnType<typeof workshop.people.get>>).call(
        during.answerWaitingOffer,
        {
          params: { id: offer?.id ?? 0 },
          body: { take: true },
        },
      ),
    )
    expect(stranger.code).toBe('waiting.offer-over')
    const reply = await workshop.people.get('Cy')?.call(during.answerWaitingOffer, {
      params: { id: offer?.id ?? 0 },
      body: { take: true },
    })
    expect(reply?.booking).toMatchObject({ state: 'booked', kind: 'booking', mine: true })
    const line = await workshop.db.rows<{ state: string }>(sql`SELECT state FROM waiting_entry ORDER BY id`)
    expect(line.map(({ state }) => state)).toEqual(['taken', 'waiting'])
  })

  it('is over when its time has gone by, which its member is told', async () => {
    await keepTimes(workshop.db, at(6))
    const told = await workshop.people.get('Bo')?.call(listNotices, {})
    expect(told?.notices[0]?.event).toBe('waiting.over')
  })
})

describe('a print that runs long', () => {
  it('is told of to both, moves who takes any printer, and is stopped by nobody', async () => {
    const workshop = await openBookingWorkshop(['Ane', 'Bo', 'Cy'])
    const { db } = workshop
    const [one, two] = [await workshop.addPrinter('one'), await workshop.addPrinter('two')]
    const now = Date.now() / 1000
    const running = await workshop.print({ member: 'Bo', printerId: one, started: now - HOUR, hours: 5 })
    await db.run(sql`UPDATE printer SET bed = 'occupied' WHERE id = ${one}`)
    const claim = await workshop.book({ printerId: one, member: 'Ane', from: now + HOUR, to: now + 2 * HOUR })
    await keepTimes(db, now)
    const [ane, bo] = [workshop.people.get('Ane'), workshop.people.get('Bo')]
    expect((await ane?.call(listNotices, {}))?.notices.map(({ event }) => event)).toContain('booking.late')
    expect((await bo?.call(listNotices, {}))?.notices.map(({ event }) => event)).toEqual(['print.overruns'])
    expect(JSON.stringify(await bo?.call(listNotices, {}))).not.toContain('Ane')
    expect(await ane?.call(during.listOutlooks, {})).toMatchObject([
      {
        bookingId: claim,
        light: 'red',
        printing: true,
        printIsMine: false,
        mine: true,
        instead: { printerId: two, name: 'two' },
      },
    ])
    // One tap for who has chosen his printer; by itself for who takes any.
    const moved = await ane?.call(during.takeOtherPrinter, { params: { id: claim } })
    expect(moved).toMatchObject({ printerId: two, state: 'booked' })
    await workshop.book({ printerId: one, member: 'Cy', from: now + 3 * HOUR, to: now + 3.4 * HOUR, any: true })
    await keepTimes(db, now)
    const told = await workshop.people.get('Cy')?.call(listNotices, {})
    expect(told?.notices[0]).toMatchObject({
      event: 'booking.changed',
      facts: { change: 'other-printer', printer: 'two' },
    })
    const print = await db.row<{ state: string }>(sql`SELECT state FROM print WHERE id = ${running}`)
    expect(print?.state).toBe('printing')
    expect(await db.rows(sql`SELECT FROM printer_command`)).toEqual([])
  })

  it('is stopped for a booking only by who runs the printer, with a reason on record', async () => {
    const workshop = await openBookingWorkshop(['Ane', 'Bo'])
    const { db, steward } = workshop
    const printerId = await workshop.addPrinter('one')
    const now = Date.now() / 1000
    await workshop.print({ member: 'Bo', printerId, started: now - HOUR, hours: 5 })
    const id = await workshop.book({ printerId, member: 'Ane', from: now + HOUR, to: now + 2 * HOUR })
    const ask = { params: { id }, body: { reason: 'The class begins at six.' } }
    const ane = workshop.people.get('Ane')
    if (ane === undefined) throw new Error('Ane is not here.')
    expect((await refusalOf(ane.call(during.stopForBooking, ask))).code).toBe('permission.missing')
    await steward.call(during.stopForBooking, ask)
    const commands = await db.rows<{ kind: string }>(sql`SELECT body->>'kind' AS kind FROM printer_command`)
    expect(commands).toEqual([{ kind: 'cancel' }])
    const events = await db.rows<{ kind: string; reason: string }>(
      sql`SELECT kind, facts->>'reason' AS reason FROM claim_event WHERE claim_id = ${id}`,
    )
    expect(events).toContainEqual({ kind: 'print-stopped', reason: 'The class begins at six.' })
  })
})

describe('at the printer', () => {
  it('one checks in by the code on it, gives the rest back, and is told what is wrong', async () => {
    const workshop = await openBookingWorkshop(['Ane', 'Bo'])
    const { steward } = workshop
    const [ane, bo] = [workshop.people.get('Ane'), workshop.people.get('Bo')]
    if (ane === undefined || bo === undefined) throw new Error('They are not here.')
    const printerId = await workshop.addPrinter('one')
    const now = Date.now() / 1000
    const early = await workshop.book({ printerId, member: 'Bo', from: now + 3 * HOUR, to: now + 4 * HOUR })
    const mine = await workshop.book({ printerId, member: 'Ane', from: now + 600, to: now + 2 * HOUR })
    expect((await refusalOf(ane.call(during.showPrinterCode, { params: { id: printerId } }))).code).toBe(
      'permission.missing',
    )
    const { code } = await steward.call(during.showPrinterCode, { params: { id: printerId } })
    expect((await steward.call(during.showPrinterCode, { params: { id: printerId } })).code).toBe(code)
    expect(await ane.call(during.showCheckIn, { params: { code } })).toMatchObject({
      printerName: 'one',
      booking: { id: mine },
    })
    expect((await bo.call(during.showCheckIn, { params: { code } })).next?.id).toBe(early)
    expect((await refusalOf(bo.call(during.checkInByCode, { params: { code } }))).code).toBe('booking.none-here')
    expect((await refusalOf(bo.call(during.checkInBooking, { params: { id: early } }))).code).toBe('booking.too-early')
    expect((await refusalOf(bo.call(during.checkInBooking, { params: { id: mine } }))).code).toBe('permission.missing')
    expect(await ane.call(during.checkInByCode, { params: { code } })).toMatchObject({ state: 'checked_in' })
    expect((await refusalOf(ane.call(during.releaseRest, { params: { id: mine } }))).code).toBe('booking.not-begun')
    await workshop.db.run(sql`
      UPDATE claim SET during = tstzrange(now() - interval '1 hour', upper(during)) WHERE id = ${mine}`)
    const released = await ane.call(during.releaseRest, { params: { id: mine } })
    expect(released.state).toBe('released_early')
    expect(Date.parse(released.end) / 1000).toBeLessThan(now + 60)
    expect((await refusalOf(ane.call(during.releaseRest, { params: { id: mine } }))).code).toBe('booking.state')
    const renewed = await steward.call(during.renewPrinterCode, { params: { id: printerId } })
    expect(renewed.code).not.toBe(code)
    expect((await refusalOf(ane.call(during.showCheckIn, { params: { code } }))).code).toBe('check-in.code')
  })
})

describe('what others do with a booking', () => {
  it('is told to its member once, with the reason; what he does himself is not', async () => {
    const workshop = await openBookingWorkshop(['Ane', 'Bo'])
    const { db, start } = workshop
    const printerId = await workshop.addPrinter('one')
    const [ane, bo] = [workshop.people.get('Ane'), workshop.people.get('Bo')]
    const first = await workshop.book({ printerId, member: 'Ane', from: start + 5 * HOUR, to: start + 6 * HOUR })
    const other = await workshop.book({ printerId, member: 'Ane', from: start + 8 * HOUR, to: start + 9 * HOUR })
    await workshop.steward.call(cancelBooking, { params: { id: first }, body: { reason: 'The power is off.' } })
    await ane?.call(cancelBooking, { params: { id: other }, body: {} })
    const third = await workshop.book({ printerId, member: 'Ane', from: start + 10 * HOUR, to: start + 11 * HOUR })
    await ane?.call(handOver, { params: { id: third }, body: { name: 'Bo' } })
    const now = Date.now() / 1000 + 1
    await keepTimes(db, now)
    await keepTimes(db, now)
    const { notices } = (await ane?.call(listNotices, {})) ?? { notices: [] }
    expect(notices.map(({ event, facts }) => [event, facts['change'], facts['reason']])).toEqual([
      ['booking.changed', 'cancelled', 'The power is off.'],
    ])
    const asked = (await bo?.call(listNotices, {}))?.notices ?? []
    expect(asked).toMatchObject([{ event: 'booking.asked', facts: { other: 'Ane', change: 'hand-over' } }])
  })
})
