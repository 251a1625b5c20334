import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { Denied } from '../../launch/demo/client.ts'
import { checkBlock, createBlock, removeBlock } from '../../server/contract/blocks.ts'
import { setBookingRules } from '../../server/contract/booking-rules.ts'
import { createSeries, showSeries } from '../../server/contract/booking-series.ts'
import {
  cancelBooking,
  changeBooking,
  checkBooking,
  createBooking,
  extendBooking,
  findTime,
  holdPrinter,
  listBookings,
  showBooking,
} from '../../server/contract/bookings.ts'
import { showCalendar } from '../../server/contract/calendar.ts'
import {
  addWaiting,
  answerHandover,
  handOver,
  listHandovers,
  listWaiting,
  removeWaiting,
  swapBookings,
} from '../../server/contract/handovers.ts'
import type { Refusal } from '../../server/contract/refusals.ts'
import { changePrivacy } from '../../server/contract/site.ts'
import { instantOfLocal } from '../../server/domain/wall-time.ts'
import { settleBookings } from '../../server/store/booked-time.ts'
import { bookable, daysAhead, HOUR, overlaps, quickJoin } from '../support/bookings.ts'
import { openWorkshop, type Person, refusalOf, type Workshop } from '../support/workshop.ts'

type Someone = Person & { id: number; name: string }

let workshop: Workshop
let ane: Someone
let beñat: Someone
let count = 0

const printer = (changes = {}, tags: string[] = []): Promise<number> =>
  bookable(workshop.db, `P${++count}`, changes, tags)
const book = (who: Person, printerId: number, start: string, minutes = 60) =>
  who.call(createBooking, { body: { wish: { printerId }, start, minutes } })
const refused = async (work: Promise<unknown>): Promise<Refusal> => {
  try {
    await work
  } catch (error) {
    if (error instanceof Denied) return error.refusal
    throw error
  }
  throw new Error('It was not refused.')
}
const rules = (changes: object) =>
  workshop.steward.call(setBookingRules, {
    body: { role: null, printerId: null, rules: { mostOpen: null, hoursPerWeek: null, advanceDays: 60, ...changes } },
  })

beforeAll(async () => {
  workshop = await openWorkshop({ showsNames: false })
  ane = await quickJoin(workshop, 'Ane')
  beñat = await quickJoin(workshop, 'Beñat')
  await rules({})
})

describe('a booking', () => {
  it('is made over midnight by start and length, and others see it without a name', async () => {
    const id = await printer()
    const made = await book(ane, id, daysAhead(3, '22:00'), 600)
    expect(Date.parse(made.end) - Date.parse(made.start)).toBe(600 * 60_000)
    expect(made.localStart).toBe(daysAhead(3, '22:00'))
    expect(made).toMatchObject({ mine: true, memberName: 'Ane', state: 'booked' })
    const seen = await beñat.call(showBooking, { params: { id: made.id } })
    expect(seen).toMatchObject({
      mine: false,
      memberId: null,
      memberName: null,
      purpose: '',
      mayChange: false,
      wish: {},
    })
    expect(await workshop.steward.call(showBooking, { params: { id: made.id } })).toMatchObject({ memberName: 'Ane' })
    await workshop.steward.call(changePrivacy, { body: { showsNames: true } })
    expect(await beñat.call(showBooking, { params: { id: made.id } })).toMatchObject({ memberName: 'Ane' })
    await workshop.steward.call(changePrivacy, { body: { showsNames: false } })
    expect((await ane.call(listBookings, { query: {} })).map((one) => one.id)).toContain(made.id)
    expect((await beñat.call(listBookings, { query: {} })).map((one) => one.id)).not.toContain(made.id)
  })

  it('is refused with the nearest free times where somebody has the printer, its clearing included', async () => {
    const id = await printer()
    await book(ane, id, daysAhead(4, '10:00'), 120)
    const why = await refused(book(beñat, id, daysAhead(4, '12:00')))
    expect(why.code).toBe('booking.taken')
    expect(why.message).not.toContain('Ane')
    expect(why.alternatives).toHaveLength(3)
    expect(why.alternatives?.map(({ start }) => start)).toContain(
      new Date(instantOfLocal(daysAhead(4, '12:15'), 'Europe/Madrid') * 1000).toISOString(),
    )
    const [first] = why.alternatives ?? []
    expect(await book(beñat, id, first?.start ?? '')).toMatchObject({ state: 'booked' })
  })

  it('names all rules that it breaks at once, and nothing is written', async () => {
    const id = await printer()
    const before = await ane.call(listBookings, { query: {} })
    const why = await refused(book(ane, id, daysAhead(300, '10:07'), 20))
    expect(why.broken?.map(({ code }) => code).sort()).toEqual(['advance', 'short', 'step'])
    for (const one of why.broken ?? []) expect(`${one.message} ${one.allowed}`).not.toMatch(/undefined|NaN|[{}]/)
    expect(await ane.call(listBookings, { query: {} })).toEqual(before)
  })

  it('of any printer that can goes to a free one, and makes room for one who wants just that', async () => {
    const [small, large] = [await printer({ width: 180 }, ['pair']), await printer({ width: 300 }, ['pair'])]
    const start = daysAhead(5, '09:00')
    const any = await ane.call(createBooking, { body: { wish: { tags: ['pair'] }, start, minutes: 60 } })
    expect(any).toMatchObject({ printerId: small, anyPrinter: true, fixed: false })
    expect(await book(beñat, small, start)).toMatchObject({ printerId: small })
    expect(await ane.call(showBooking, { params: { id: any.id } })).toMatchObject({ printerId: large, state: 'booked' })
    const wide = { wish: { tags: ['pair'], width: 290, depth: 100 }, start: daysAhead(5, '13:00'), minutes: 60 }
    expect(await ane.call(createBooking, { body: wide })).toMatchObject({ printerId: large })
    expect(await overlaps(workshop.db)).toBe(0)
  })

  it('as a draft keeps its place for five minutes, and no longer', async () => {
    const id = await printer()
    const body = { wish: { printerId: id }, start: daysAhead(6), minutes: 60 }
    const draft = await ane.call(createBooking, { body: { ...body, draft: true } })
    expect(draft.state).toBe('held')
    expect((await refused(book(beñat, id, daysAhead(6)))).code).toBe('booking.taken')
    const confirmed = await ane.call(changeBooking, {
      params: { id: draft.id },
      body: { confirm: true, purpose: 'bolts' },
    })
    expect(confirmed).toMatchObject({ state: 'booked', expiresAt: null, purpose: 'bolts' })
    const other = await ane.call(createBooking, { body: { ...body, start: daysAhead(7), draft: true } })
    await workshop.db.run(sql`UPDATE claim SET expires_at = now() - interval '1 second' WHERE id = ${other.id}`)
    expect(await book(beñat, id, daysAhead(7))).toMatchObject({ state: 'booked' })
    expect((await refusalOf(ane.call(changeBooking, { params: { id: other.id }, body: { confirm: true } }))).code).toBe(
      'booking.state',
    )
  })

  it('is moved and made longer as far as nothing follows; nobody moves what is not his', async () => {
    const id = await printer()
    const made = await book(ane, id, daysAhead(8, '10:00'))
    await book(beñat, id, daysAhead(8, '13:00'))
    expect((await refusalOf(beñat.call(changeBooking, { params: { id: made.id }, body: { minutes: 30 } }))).code).toBe(
      'permission.missing',
    )
    const moved = await ane.call(changeBooking, { params: { id: made.id }, body: { start: daysAhead(8, '11:00') } })
    expect(moved.localStart).toBe(daysAhead(8, '11:00'))
    const { addedMinutes, booking } = await ane.call(extendBooking, { params: { id: made.id }, body: { minutes: 240 } })
    expect(addedMinutes).toBe(45)
    expect(booking.end).toBe(new Date(instantOfLocal(daysAhead(8, '12:45'), 'Europe/Madrid') * 1000).toISOString())
    expect((await refusalOf(ane.call(extendBooking, { params: { id: made.id }, body: { minutes: 15 } }))).code).toBe(
      'booking.extend',
    )
    expect((await refused(ane.call(changeBooking, { params: { id: made.id }, body: { minutes: 180 } }))).code).toBe(
      'booking.taken',
    )
    expect((await ane.call(showBooking, { params: { id: made.id } })).end).toBe(booking.end)
  })

  it('cancelled too late counts as held, once, unless it is said so nothing happens', async () => {
    const id = await printer()
    const start = new Date(Math.ceil((Date.now() + HOUR * 1000) / 900_000) * 900_000).toISOString()
    const made = await book(ane, id, start)
    expect((await refusalOf(ane.call(cancelBooking, { params: { id: made.id }, body: {} }))).code).toBe('booking.late')
    await ane.call(cancelBooking, { params: { id: made.id }, body: { late: true } })
    expect(await book(beñat, id, start, 30)).toMatchObject({ state: 'booked' })
    await workshop.db.run(sql`
      UPDATE claim SET during = tstzrange(lower(during) - interval '1 day', upper(during) - interval '1 day'),
        booked_during = tstzrange(lower(during) - interval '1 day', upper(during) - interval '1 day')
      WHERE printer_id = ${id}`)
    await settleBookings(workshop.db)
    await settleBookings(workshop.db)
    const held = await workshop.db.rows<{ seconds: number }>(sql`
      SELECT seconds FROM held_time WHERE source = 'booking' AND source_id = ${made.id}`)
    // Half an hour of it is another's now.
    expect(held).toEqual([{ seconds: 1800 }])
  })
})

describe('around bookings', () => {
  it('a printer is held for who is on the way, and nobody else books it then', async () => {
    const id = await printer()
    const held = await ane.call(holdPrinter, { body: { printerId: id, minutes: 30 } })
    expect(held).toMatchObject({ kind: 'hold', state: 'held' })
    const soon = new Date(Math.ceil(Date.now() / 900_000) * 900_000).toISOString()
    expect((await refused(book(beñat, id, soon, 30))).code).toBe('booking.taken')
    await ane.call(cancelBooking, { params: { id: held.id }, body: {} })
    expect(await book(beñat, id, soon, 30)).toMatchObject({ state: 'booked' })
  })

  it('three times are found that can be booked as they are', async () => {
    const id = await printer({}, ['find'])
    await book(beñat, id, daysAhead(9, '09:00'), 600)
    const found = await ane.call(findTime, {
      body: { wish: { tags: ['find'] }, minutes: 120, from: daysAhead(9, '08:00'), to: daysAhead(11, '08:00') },
    })
    expect(found).toHaveLength(3)
    for (const { start, printerId } of found) {
      expect(await book(ane, printerId, start, 120)).toMatchObject({ state: 'booked' })
    }
    const check = await ane.call(checkBooking, {
      body: { wish: { printerId: id }, start: found[0]?.start ?? '', minutes: 60 },
    })
    expect(check.proposal).toBeNull()
    expect(check.alternatives.length).toBeGreaterThan(0)
  })

  it('one is handed over once the other accepts, and not before', async () => {
    const id = await printer()
    const made = await book(ane, id, daysAhead(10))
    const offer = await ane.call(handOver, { params: { id: made.id }, body: { name: 'beñat' } })
    expect((await ane.call(showBooking, { params: { id: made.id } })).mine).toBe(true)
    const stranger = await quickJoin(workshop, 'Nerea')
    expect(
      (await refusalOf(stranger.call(answerHandover, { params: { id: offer.id }, body: { answer: 'accepted' } }))).code,
    ).toBe('handover.missing')
    expect(await beñat.call(listHandovers, {})).toHaveLength(1)
    await beñat.call(answerHandover, { params: { id: offer.id }, body: { answer: 'accepted' } })
    expect(await beñat.call(showBooking, { params: { id: made.id } })).toMatchObject({ mine: true, version: 1 })
    expect(
      (await refusalOf(beñat.call(answerHandover, { params: { id: offer.id }, body: { answer: 'accepted' } }))).code,
    ).toBe('handover.answered')
  })

  it('two change places once the other accepts', async () => {
    const id = await printer()
    const [one, other] = [await book(ane, id, daysAhead(11, '08:00')), await book(beñat, id, daysAhead(11, '12:00'))]
    const offer = await ane.call(swapBookings, { params: { id: one.id }, body: { withId: other.id } })
    await beñat.call(answerHandover, { params: { id: offer.id }, body: { answer: 'accepted' } })
    expect(await ane.call(showBooking, { params: { id: other.id } })).toMatchObject({ mine: true, start: other.start })
    expect(await beñat.call(showBooking, { params: { id: one.id } })).toMatchObject({ mine: true, start: one.start })
  })

  it('who waits is on the list until he waits no more', async () => {
    const id = await printer()
    const wish = { wish: { printerId: id }, from: daysAhead(2), to: daysAhead(3), minutes: 60 }
    await beñat.call(addWaiting, { body: wish })
    const mine = await ane.call(addWaiting, { body: wish })
    expect(mine).toMatchObject({ ahead: 1, minutes: 60, state: 'waiting' })
    await ane.call(removeWaiting, { params: { id: mine.id } })
    expect(await ane.call(listWaiting, {})).toEqual([])
    const short = { ...wish, to: daysAhead(2, '10:30') }
    expect((await refusalOf(ane.call(addWaiting, { body: short }))).code).toBe('waiting.range')
  })

  it('a series is booked as far as one may, dates that are taken are listed, and all of it can be given up', async () => {
    const id = await printer()
    await book(beñat, id, daysAhead(19))
    const made = await ane.call(createSeries, {
      body: { wish: { printerId: id }, start: daysAhead(12), minutes: 60, rule: 'FREQ=WEEKLY;COUNT=4' },
    })
    expect(made.bookings.map(({ localStart }) => localStart)).toEqual([daysAhead(12), daysAhead(26), daysAhead(33)])
    expect(made.skipped).toMatchObject([{ date: daysAhead(19).slice(0, 10), code: 'taken' }])
    const [, second] = made.bookings
    await ane.call(changeBooking, {
      params: { id: second?.id ?? 0 },
      body: { start: daysAhead(26, '14:00'), scope: 'following' },
    })
    const starts = (await ane.call(listBookings, { query: {} })).filter((one) => one.printerId === id)
    expect(starts.map(({ localStart }) => localStart)).toEqual([
      daysAhead(12),
      daysAhead(26, '14:00'),
      daysAhead(33, '14:00'),
    ])
    await ane.call(cancelBooking, { params: { id: second?.id ?? 0 }, body: { scope: 'following' } })
    const left = await ane.call(showSeries, { params: { id: made.id } })
    expect(left.bookings.map(({ localStart }) => localStart)).toEqual([daysAhead(12)])
  })

  it('maintenance lists what it displaces, moves who takes any printer, and tells the others what they could have', async () => {
    const [one, other] = [await printer({}, ['twin']), await printer({}, ['twin'])]
    const start = daysAhead(13)
    const any = await ane.call(createBooking, { body: { wish: { tags: ['twin'] }, start, minutes: 60 } })
    const fixed = await book(beñat, one, daysAhead(13, '14:00'))
    const block = {
      kind: 'maintenance' as const,
      printerIds: [one],
      start: daysAhead(13, '08:00'),
      minutes: 600,
      purpose: 'new nozzle',
    }
    expect((await refusalOf(ane.call(checkBlock, { body: block }))).code).toBe('permission.missing')
    const { displaces } = await workshop.steward.call(checkBlock, { body: block })
    expect(displaces).toMatchObject([
      { booking: { id: any.id }, movesTo: other },
      { booking: { id: fixed.id }, movesTo: null },
    ])
    expect(displaces[1]?.alternatives.length).toBeGreaterThan(0)
    const unseen = workshop.steward.call(createBlock, { body: { ...block, displaces: [fixed.id] } })
    expect((await refusalOf(unseen)).code).toBe('block.changed')
    const made = await workshop.steward.call(createBlock, { body: { ...block, displaces: [any.id, fixed.id] } })
    expect(made.blocks).toMatchObject([{ kind: 'maintenance', printerId: one, purpose: 'new nozzle' }])
    expect(await ane.call(showBooking, { params: { id: any.id } })).toMatchObject({ printerId: other, state: 'booked' })
    expect(await beñat.call(showBooking, { params: { id: fixed.id } })).toMatchObject({
      state: 'displaced',
      endReason: 'new nozzle',
    })
    expect((await refused(book(ane, one, daysAhead(13, '09:00')))).code).toBe('booking.taken')
    const range = {
      from: new Date(Date.now()).toISOString(),
      to: new Date(Date.now() + 15 * 24 * HOUR * 1000).toISOString(),
    }
    const calendar = await beñat.call(showCalendar, { query: range })
    expect(calendar.claims.find(({ id }) => id === made.blocks[0]?.id)).toMatchObject({ purpose: 'new nozzle' })
    expect(calendar.claims.every(({ mine, memberName }) => mine || memberName === null)).toBe(true)
    expect(calendar.days.length).toBeGreaterThanOrEqual(15)
    expect(calendar.printers.find(({ id }) => id === one)).toMatchObject({ bookable: true, missing: [] })
    await workshop.steward.call(removeBlock, { params: { id: made.blocks[0]?.id ?? 0 } })
    expect(await book(ane, one, daysAhead(13, '09:00'))).toMatchObject({ state: 'booked' })
    expect(await overlaps(workshop.db)).toBe(0)
  })
})
