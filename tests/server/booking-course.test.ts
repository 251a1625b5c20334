import { describe, expect, it } from 'vitest'
import { type AwaitedBooking, courseOf, lightOf, moveTo, shouldAskForRest } from '../../server/domain/booking-course.ts'
import { offersFor, type WaitingMember } from '../../server/domain/waiting-line.ts'

const HOUR = 3600
const start = 1_800_000_000
const booking = (changes: Partial<AwaitedBooking> = {}): AwaitedBooking => ({
  start,
  end: start + 2 * HOUR,
  graceSeconds: 900,
  ownPrintAt: null,
  othersUntil: null,
  bed: 'clear',
  bedChangedAt: start - HOUR,
  outSince: null,
  down: false,
  unreadyAt: null,
  ...changes,
})

describe('a booking for which nobody has checked in', () => {
  it('waits for its grace, and is then given up at the instant when that was over, however late one looks', () => {
    expect(courseOf(booking(), start + 60)).toEqual({ kind: 'waits', until: start + 900, ready: true })
    for (const late of [900, 901, 3 * HOUR, 100 * HOUR]) {
      expect(courseOf(booking(), start + late)).toEqual({ kind: 'no-show', at: start + 900 })
    }
  })

  it('counts as taken when its member prints, as long as that began before it was given up', () => {
    const printed = courseOf(booking({ ownPrintAt: start + 890 }), start + 5 * HOUR)
    expect(printed).toEqual({ kind: 'checked-in', at: start + 890 })
    expect(courseOf(booking({ ownPrintAt: start - 300 }), start - 200)).toMatchObject({ kind: 'checked-in' })
    expect(courseOf(booking({ ownPrintAt: start + 1000 }), start + 5 * HOUR)).toMatchObject({ kind: 'no-show' })
  })

  it('is not given up while the print of another runs, nor before its grace after that', () => {
    const late = { othersUntil: start + 1200, bedChangedAt: start + 1500 }
    expect(courseOf(booking({ othersUntil: Number.POSITIVE_INFINITY }), start + HOUR)).toMatchObject({
      kind: 'waits',
      ready: false,
    })
    expect(courseOf(booking({ ...late, bed: 'occupied' }), start + 1600)).toMatchObject({ kind: 'waits', ready: false })
    expect(courseOf(booking(late), start + 2399)).toMatchObject({ kind: 'waits', until: start + 2400 })
    expect(courseOf(booking(late), start + 9 * HOUR)).toEqual({ kind: 'no-show', at: start + 2400 })
  })

  it.each([
    ['out of service', { outSince: start - HOUR }],
    ['offline', { down: true }],
    ['occupied by a part', { bed: 'occupied' as const }],
    ['of an unknown bed', { bed: 'unknown' as const }],
  ])('is nobody’s fault where the printer was %s until its end', (_, changes) => {
    expect(courseOf(booking(changes), start + HOUR)).toEqual({ kind: 'waits', until: start + 2 * HOUR, ready: false })
    expect(courseOf(booking(changes), start + 9 * HOUR)).toEqual({ kind: 'excused', at: start + 2 * HOUR })
  })

  it('is given up although the bed was occupied or the printer taken out only later', () => {
    const later = { bed: 'occupied' as const, bedChangedAt: start + 1000, outSince: start + 2000 }
    expect(courseOf(booking(later), start + 3 * HOUR)).toEqual({ kind: 'no-show', at: start + 900 })
  })

  it('has its grace again after the printer was seen to be down', () => {
    expect(courseOf(booking({ unreadyAt: start + 700 }), start + 1000)).toMatchObject({
      kind: 'waits',
      until: start + 1600,
    })
  })
})

describe('a print before a booking', () => {
  it('is green, amber or red by when its bed will be clear', () => {
    expect(lightOf({ p50: 100, p90: 200 }, 200)).toBe('green')
    expect(lightOf({ p50: 100, p90: 201 }, 200)).toBe('amber')
    expect(lightOf({ p50: 201, p90: 300 }, 200)).toBe('red')
  })

  it('sends the booking to the equal printer whose gap it fills best', () => {
    const other = { equal: true, freeFrom: 0, neededAt: 1e9 }
    const others = [
      { ...other, id: 1, equal: false },
      { ...other, id: 2 },
      { ...other, id: 3, neededAt: 5000 },
      { ...other, id: 4, freeFrom: 1001 },
      { ...other, id: 5, neededAt: 3999 },
    ]
    expect(moveTo(1000, 4000, others)).toBe(3)
    expect(moveTo(1000, 6000, others)).toBe(2)
    expect(moveTo(1000, 6000, [])).toBeNull()
  })
})

it('asks for the rest only after a while, and where enough is left to be of use', () => {
  expect(shouldAskForRest(10_000, 1000, 1600)).toBe(true)
  expect(shouldAskForRest(10_000, 1000, 1599)).toBe(false)
  expect(shouldAskForRest(10_000, 1000, 8201)).toBe(false)
  expect(shouldAskForRest(10_000, null, 1600)).toBe(false)
})

describe('the line of those who wait', () => {
  const waits = (id: number, changes: Partial<WaitingMember> = {}): WaitingMember => ({
    id,
    memberId: id * 10,
    since: id,
    from: 0,
    to: 100_000,
    seconds: 2 * HOUR,
    leastSeconds: HOUR,
    printerIds: [1],
    declined: [],
    ...changes,
  })
  const gap = (from: number, to: number, printerId = 1) => ({ printerId, clearSeconds: 600, free: [{ from, to }] })
  const given = (line: WaitingMember[], times: ReturnType<typeof gap>[], now = 0) =>
    offersFor(line, times, now, () => true).map(({ entryId, printerId, from, to }) => [entryId, printerId, from, to])

  it('is served in the order in which they came, and no two get the same time', () => {
    const times = [gap(0, 4 * HOUR + 1200)]
    expect(given([waits(2), waits(1)], times)).toEqual([[1, 1, 0, 2 * HOUR]])
    expect(given([waits(1), waits(2, { printerIds: [2] })], [...times, gap(0, 3 * HOUR, 2)])).toEqual([
      [1, 1, 0, 2 * HOUR],
      [2, 2, 0, 2 * HOUR],
    ])
  })

  it('gets less than wished for only where no printer has it all, and never less than the least', () => {
    const short = gap(0, HOUR + 900)
    expect(given([waits(1, { printerIds: [1, 2] })], [short, gap(0, 3 * HOUR, 2)])).toEqual([[1, 2, 0, 2 * HOUR]])
    expect(given([waits(1)], [short])).toEqual([[1, 1, 0, HOUR + 300]])
    expect(given([waits(1)], [gap(0, HOUR)])).toEqual([])
  })

  it('passes over who let this time go by, and serves the next', () => {
    const declined = [{ printerId: 1, from: 0, to: 2 * HOUR }]
    expect(given([waits(1, { declined }), waits(2)], [gap(0, 3 * HOUR)])).toEqual([[2, 1, 0, 2 * HOUR]])
  })

  it('gets no time that lies in the past, nor what the rules do not allow', () => {
    expect(given([waits(1)], [gap(0, 4 * HOUR)], 1000)).toEqual([[1, 1, 1200, 1200 + 2 * HOUR]])
    expect(offersFor([waits(1)], [gap(0, 4 * HOUR)], 0, () => false)).toEqual([])
  })
})
