import { describe, expect, it } from 'vitest'
import { type BookingRules, usualRules } from '../../server/contract/booking-rules.ts'
import { usualSettings } from '../../server/contract/scheduling.ts'
import { type Asked, brokenRules, type RuleFacts, rulesFor } from '../../server/domain/booking/rules.ts'
import { calendarOf } from '../../server/domain/scheduling/calendar.ts'
import { attendedFrom, HOUR, noon } from '../support/fleet.ts'

const DAY = 24 * HOUR
const none: Partial<BookingRules> = { queueShare: 0, mostOpen: null, hoursPerWeek: null, printersAtOnce: null }

const codes = (asked: Partial<Asked>, facts: Partial<RuleFacts> & { set?: Partial<BookingRules> } = {}): string[] => {
  const { set, ...rest } = facts
  const settings = usualSettings
  const found = brokenRules(
    { from: noon + DAY, to: noon + DAY + HOUR, printerId: 7, printerName: 'P7', instead: null, ...asked },
    {
      now: noon,
      timeZone: 'UTC',
      rules: { ...usualRules, ...none, ...set },
      settings,
      calendar: calendarOf(settings, 'UTC', noon - 9 * DAY, 80),
      own: [],
      booked: [],
      missing: [],
      outOfService: null,
      busyUntil: null,
      kept: [],
      ...rest,
    },
  )
  for (const { message, allowed } of found) {
    expect(message, message).toMatch(/^[^{}]+[.:]/)
    expect(`${message} ${allowed}`).not.toMatch(/undefined|NaN|Infinity|[{}]/)
  }
  return found.map(({ code }) => code)
}

const own = (from: number, hours: number, printerId = 7, open = true) => ({
  id: 1,
  printerId,
  from,
  to: from + hours * HOUR,
  open,
})
const tomorrow = noon + DAY
const closedAtNight = {
  ...usualSettings,
  hours: { ...usualSettings.hours, open: attendedFrom('10:00', '20:00').hours.attended },
}
const opening = { settings: closedAtNight, calendar: calendarOf(closedAtNight, 'UTC', noon - 9 * DAY, 80) }

describe('a rule', () => {
  const cases: [string, string[], Partial<Asked>, Parameters<typeof codes>[1]][] = [
    ['lets through what breaks none', [], {}, {}],
    ['is that it does not begin in the past', ['past'], { from: noon - HOUR, to: noon }, {}],
    ['lets begin at once who is there, wherever the clock stands', [], { from: noon + 61, to: noon + 61 + HOUR }, {}],
    ['is that it comes in steps', ['step'], { from: tomorrow + 60, to: tomorrow + 60 + HOUR }, {}],
    ['is the shortest', ['short'], { to: tomorrow + 900 }, {}],
    ['is the longest', ['long'], { to: tomorrow + 9 * HOUR }, { set: { longestMinutes: 480 } }],
    ['is how far ahead', ['advance'], { from: noon + 15 * DAY, to: noon + 15 * DAY + HOUR }, {}],
    ['is how soon', ['notice'], { from: noon + HOUR, to: noon + 2 * HOUR }, { set: { noticeMinutes: 120 } }],
    ['is how many to come', ['open'], {}, { set: { mostOpen: 1 }, own: [own(noon + 2 * DAY, 1)] }],
    ['does not count what is over', [], {}, { set: { mostOpen: 1 }, own: [own(noon - DAY, 1, 7, false)] }],
    [
      'is the hours of a week, also those that are over',
      ['week'],
      {},
      { set: { hoursPerWeek: 2 }, own: [own(noon - DAY, 1.5, 8, false)] },
    ],
    [
      'counts each week by itself',
      [],
      { from: noon + 6 * DAY, to: noon + 6 * DAY + HOUR },
      { set: { hoursPerWeek: 2 }, own: [own(noon - DAY, 1.5, 8, false)] },
    ],
    ['is how many at once', ['at-once'], {}, { set: { printersAtOnce: 1 }, own: [own(tomorrow, 1, 8)] }],
    ['is the gap between two', ['gap'], {}, { set: { gapMinutes: 60 }, own: [own(tomorrow + 1.5 * HOUR, 1)] }],
    [
      'is the share of the queue',
      ['share'],
      {},
      { set: { queueShare: 0.5 }, booked: [{ from: noon - 2 * DAY, to: noon + 1.5 * DAY }] },
    ],
    ['is that the printer is in service', ['service'], {}, { outOfService: 'the fan is broken.' }],
    ['is that the print on it is done', ['busy'], { from: noon + 900, to: noon + HOUR }, { busyUntil: noon + HOUR }],
    [
      'is what was promised to a job that waited long',
      ['kept'],
      {},
      { kept: [{ from: tomorrow - HOUR, to: tomorrow + 60 }] },
    ],
    [
      'is that somebody can come in at its start',
      ['closed'],
      { from: tomorrow + 9 * HOUR, to: tomorrow + 23 * HOUR },
      opening,
    ],
    [
      'is that somebody can fetch the part at its end',
      ['closed'],
      { from: tomorrow, to: tomorrow + 9 * HOUR },
      opening,
    ],
    [
      'lets print through the night between opening hours',
      [],
      { from: tomorrow + 7 * HOUR, to: tomorrow + 22 * HOUR },
      opening,
    ],
    [
      'is none of these where a printer is not for booking',
      ['not-bookable'],
      { to: tomorrow + 60 },
      { set: { bookable: false } },
    ],
    [
      'comes with all others that are broken',
      ['step', 'short', 'open'],
      { from: tomorrow + 60, to: tomorrow + 960 },
      { set: { mostOpen: 0 } },
    ],
  ]
  it.each(cases)('%s', (_, expected, asked, facts) => {
    expect(codes(asked, facts)).toEqual(expected)
  })

  it('leaves the booking itself out where it is moved', () => {
    expect(codes({ instead: 1 }, { set: { mostOpen: 1, hoursPerWeek: 1 }, own: [own(tomorrow, 1)] })).toEqual([])
  })

  it('of a printer comes before that of a role, and that before the workshop', () => {
    const sets = [
      { role: null, printerId: null, rules: { mostOpen: 1, longestMinutes: 60 } },
      { role: 'member' as const, printerId: null, rules: { mostOpen: 2 } },
      { role: null, printerId: 7, rules: { mostOpen: 3 } },
      { role: 'member' as const, printerId: 7, rules: { mostOpen: 4 } },
    ]
    expect(rulesFor(sets, 'member', 7)).toMatchObject({ mostOpen: 4, longestMinutes: 60, stepMinutes: 15 })
    expect(rulesFor(sets, 'operator', 7)).toMatchObject({ mostOpen: 3 })
    expect(rulesFor(sets, 'member', 8)).toMatchObject({ mostOpen: 2 })
    expect(rulesFor(sets, 'operator', 8)).toMatchObject({ mostOpen: 1 })
  })
})
