import { describe, expect, it } from 'vitest'
import {
  axisOf,
  cellAt,
  endOfCell,
  fractionAt,
  gapsIn,
  hourMarks,
  instantAt,
  placeOf,
} from '../../dashboard/components/calendar/axis.ts'
import { repeatOf, ruleOf } from '../../dashboard/components/calendar/booking-draft.ts'
import { type GridState, pressKey } from '../../dashboard/components/calendar/keys.ts'
import { addDays, mondayOf, placeInMonth } from '../../dashboard/components/calendar/local-date.ts'
import { minutesAhead, siteTimes, wallOf } from '../../dashboard/components/calendar/site-time.ts'
import { wrongRule } from '../../server/domain/booking/recurrence.ts'
import { instantOfLocal, startOfDate } from '../../server/domain/wall-time.ts'

const HOUR = 3_600_000

const axisFrom = (first: string, timeZone: string, days = 1, cellMinutes = 30) => {
  const starts = Array.from({ length: days + 1 }, (_, place) => addDays(first, place)).map((date) => ({
    date,
    start: new Date(startOfDate(date, timeZone) * 1000).toISOString(),
  }))
  const axis = axisOf(starts, timeZone, { first, days, cellMinutes })
  if (axis === null) throw new Error('It has no days.')
  return axis
}

const clocks = (first: string, timeZone: string): string[] =>
  hourMarks(axisFrom(first, timeZone)).map(({ wall }) => wall.slice(11, 13))

describe('the line of time', () => {
  it('has 23 columns on the day that loses an hour, and 25 on the one that gains it', () => {
    expect(axisFrom('2026-03-29', 'Europe/Madrid').cells).toHaveLength(46)
    expect(clocks('2026-03-29', 'Europe/Madrid')).toHaveLength(23)
    expect(clocks('2026-03-29', 'Europe/Madrid').slice(0, 4)).toEqual(['00', '01', '03', '04'])
    expect(axisFrom('2026-10-25', 'Europe/Madrid').cells).toHaveLength(50)
    expect(clocks('2026-10-25', 'Europe/Madrid')).toHaveLength(25)
    expect(clocks('2026-10-25', 'Europe/Madrid').slice(0, 5)).toEqual(['00', '01', '02', '02', '03'])
  })

  it('takes clocks that are changed by half an hour, with a shorter last cell where cells are hours', () => {
    const axis = axisFrom('2026-04-05', 'Australia/Lord_Howe', 1, 60)
    expect(axis.to - axis.from).toBe(24.5 * HOUR)
    expect(axis.cells).toHaveLength(25)
    expect(endOfCell(axis, 24) - (axis.cells[24] ?? 0)).toBe(HOUR / 2)
  })

  it('lays a booking over the change as long as it lasts', () => {
    const axis = axisFrom('2026-10-25', 'Europe/Madrid')
    const from = instantOfLocal('2026-10-25T01:00', 'Europe/Madrid') * 1000
    expect(placeOf(axis, from, from + 5 * HOUR)).toEqual({ left: '4%', width: '20%' })
    expect(wallOf(from + 5 * HOUR, 'Europe/Madrid')).toBe('2026-10-25T05:00')
  })

  it('gives the step under the pointer, counted from midnight, also in the hour that comes twice', () => {
    const axis = axisFrom('2026-10-25', 'Europe/Madrid')
    const second = axis.from + 3 * HOUR + 20 * 60_000
    expect(instantAt(axis, fractionAt(axis, second), 15)).toBe(axis.from + 3 * HOUR + 15 * 60_000)
    expect(wallOf(instantAt(axis, fractionAt(axis, second), 15), 'Europe/Madrid')).toBe('2026-10-25T02:15')
    expect(instantAt(axis, -1, 15)).toBe(axis.from)
  })

  it('shows a week over the change with all of its hours', () => {
    const axis = axisFrom('2026-10-19', 'Europe/Madrid', 7, 60)
    expect(axis.cells).toHaveLength(169)
    expect(cellAt(axis, axis.to + HOUR)).toBe(168)
    expect(cellAt(axis, axis.from - HOUR)).toBe(0)
  })

  it('cuts off what lies outside, and leaves out what lies nowhere on it', () => {
    const axis = axisFrom('2026-11-21', 'UTC')
    expect(placeOf(axis, axis.from - 10 * HOUR, axis.from + 6 * HOUR)).toEqual({ left: '0%', width: '25%' })
    expect(placeOf(axis, axis.to, axis.to + HOUR)).toBeNull()
    const open = [{ from: axis.from + 8 * HOUR, to: axis.from + 20 * HOUR }]
    expect(gapsIn(axis, open).map(({ from, to }) => (to - from) / HOUR)).toEqual([8, 4])
    expect(gapsIn(axis, [])).toEqual([{ from: axis.from, to: axis.to }])
  })

  it('is nothing while the server has not told where the days begin', () => {
    expect(axisOf([], 'UTC', { first: '2026-11-21', days: 1, cellMinutes: 30 })).toBeNull()
  })
})

describe('the keys', () => {
  const axis = axisFrom('2026-11-21', 'UTC')
  const start: GridState = { row: 0, cell: 0, anchor: null, sketch: null }
  const play = (keys: readonly string[], from = start): GridState =>
    keys.reduce((state, name) => {
      const key = name.replace(/^Shift\+/, '')
      return pressKey(state, { key, shift: key !== name, ctrl: false }, axis, [7, 8])?.state ?? state
    }, from)

  it('walk the cells and stop at the edges', () => {
    expect(play(['ArrowUp', 'ArrowLeft'])).toEqual(start)
    expect(play(['ArrowDown', 'ArrowDown', 'End', 'ArrowRight'])).toMatchObject({ row: 1, cell: 47 })
  })

  it('select a time, shrink it again past where it began, and let go of it', () => {
    const selected = play(['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight'])
    expect(selected.sketch).toEqual({ printerId: 7, from: axis.from + HOUR, to: axis.from + 2.5 * HOUR, claimId: null })
    const back = play(['Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft'], selected)
    expect(back.sketch).toMatchObject({ from: axis.from + HOUR / 2, to: axis.from + 1.5 * HOUR })
    expect(play(['Escape'], back).sketch).toBeNull()
  })

  it('carry a booking with its length, and never make it shorter than a cell', () => {
    const sketch = { printerId: 7, from: axis.from + 2 * HOUR, to: axis.from + 3 * HOUR, claimId: 4 }
    const moved = play(['ArrowRight', 'ArrowDown'], { ...start, sketch })
    expect(moved.sketch).toEqual({ printerId: 8, from: axis.from + 2.5 * HOUR, to: axis.from + 3.5 * HOUR, claimId: 4 })
    const short = play(['Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowLeft'], moved)
    expect(short.sketch).toMatchObject({ from: axis.from + 2.5 * HOUR, to: axis.from + 3 * HOUR })
  })

  it('leave all others to the browser', () => {
    expect(pressKey(start, { key: 'Tab', shift: false, ctrl: false }, axis, [7])).toBeNull()
    expect(pressKey(start, { key: 'Escape', shift: false, ctrl: false }, axis, [7])).toBeNull()
  })
})

describe('dates, times and series', () => {
  it('are told in the zone of the workshop and the way of the reader', () => {
    const from = instantOfLocal('2026-11-21T22:00', 'Europe/Madrid') * 1000
    const times = siteTimes('Europe/Madrid', 'en-GB')
    expect(times.span(from, from + HOUR)).toBe('Sat 21 Nov, 22:00–23:00')
    expect(times.span(from, from + 2 * HOUR)).toBe('Sat 21 Nov, 22:00–00:00')
    expect(times.span(from, from + 4 * HOUR)).toBe('Sat 21 Nov, 22:00 – Sun 22 Nov, 02:00')
    expect(siteTimes('Europe/Madrid', 'eu').clock(from)).toBe('22:00')
  })

  it('say by how much the own clock is another', () => {
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
    expect(minutesAhead(own, Date.now())).toBe(0)
  })

  it('count dates without a zone', () => {
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(mondayOf('2026-11-22')).toBe('2026-11-16')
    expect(['2026-11-01', '2026-11-21', '2026-11-30'].map(placeInMonth)).toEqual([1, 3, -1])
  })

  it('make rules that the server reads, and know them again', () => {
    for (const repeat of ['day', 'week', 'fortnight', 'month'] as const) {
      const rule = ruleOf({ repeat, date: '2026-11-21', times: 8 }) ?? ''
      expect(wrongRule(rule, '2026-11-21T14:00', 'Europe/Madrid')).toBeNull()
      expect(repeatOf(rule)).toBe(repeat)
    }
    expect(ruleOf({ repeat: 'month', date: '2026-11-21', times: null })).toBe('FREQ=MONTHLY;BYDAY=3SA')
    expect(ruleOf({ repeat: 'once', date: '2026-11-21', times: 8 })).toBeNull()
  })
})
