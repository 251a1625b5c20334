import { describe, expect, it } from 'vitest'
import { schedule } from '../../server/domain/schedule.ts'
import { calendarOf } from '../../server/domain/scheduling/calendar.ts'
import { linesOf } from '../../server/domain/scheduling/explain.ts'
import { learnRatios, ratioKey, remainingOf } from '../../server/domain/scheduling/runtime.ts'
import type { Snapshot } from '../../server/domain/scheduling/snapshot.ts'
import { isIn } from '../../server/domain/scheduling/windows.ts'
import { attendedFrom, findings, HOUR, job, noon, printer, running, snapshotOf, week } from '../support/fleet.ts'

const dispatched = (changes: Partial<Snapshot>, now = noon) => schedule(snapshotOf(changes), now).dispatches
const lines = (changes: Partial<Snapshot>, now = noon) => linesOf(schedule(snapshotOf(changes), now))

describe('the time', () => {
  const booking = (from: number, to: number, memberId: number | null = null) => ({
    printerId: 7,
    from: noon + from * HOUR,
    to: noon + to * HOUR,
    memberId,
    kind: 'booking' as const,
  })

  it('says until when a printer is booked, and what would not be done before', () => {
    const printers = [printer(7)]
    expect(lines({ jobs: [job(1)], printers, claims: [booking(-1, 2)] }).get(1)).toBe('P7: booked until 14:00.')
    expect(lines({ jobs: [job(1)], printers, claims: [booking(1.2, 2)] }).get(1)).toBe(
      'P7: would not be done and cleared before 13:12, when it is booked.',
    )
    expect(dispatched({ jobs: [job(1)], printers, claims: [booking(2, 3)] })).toHaveLength(1)
  })

  it("lets a member's own jobs print in their own booking", () => {
    expect(
      dispatched({ jobs: [job(1, { memberId: 4 })], printers: [printer(7)], claims: [booking(-1, 5, 4)] }),
    ).toHaveLength(1)
  })

  it('counts in that nobody clears a bed at night', () => {
    const settings = attendedFrom('10:00', '20:00')
    const changes = { settings, printers: [printer(7)], jobs: [job(1, { findings: findings({}, 3) })] }
    const evening = noon + 7 * HOUR
    // Done at 22:00, cleared at 10:05: a booking at 10:00 is in the way although the print is long over.
    expect(dispatched({ ...changes, claims: [booking(22, 24)] }, evening)).toEqual([])
    expect(dispatched({ ...changes, claims: [booking(22.5, 24)] }, evening)).toHaveLength(1)
    expect(
      dispatched({ ...changes, printers: [printer(7, { ejects: true })], claims: [booking(22, 24)] }, evening),
    ).toHaveLength(1)
  })

  it('starts nothing when nobody is there, unless the workshop allows it', () => {
    const night = noon + 10 * HOUR
    const changes = { jobs: [job(1)], printers: [printer(7)] }
    expect(lines({ ...changes, settings: attendedFrom('10:00', '20:00') }, night).get(1)).toBe(
      'P7: nobody is there to start it before Thu 10:00.',
    )
    expect(
      dispatched({ ...changes, settings: attendedFrom('10:00', '20:00', { startUnattended: true }) }, night),
    ).toHaveLength(1)
    const watched = [job(1, { attendStart: true })]
    const settings = attendedFrom('10:00', '20:00', { startUnattended: true })
    expect(dispatched({ jobs: watched, printers: [printer(7)], settings }, night)).toEqual([])
  })

  it('keeps quiet hours', () => {
    const settings = attendedFrom('00:00', '24:00')
    const quiet = { ...settings, hours: { ...settings.hours, quiet: week('22:00', '07:00') } }
    const changes = { jobs: [job(1)], printers: [printer(7)] }
    expect(lines({ ...changes, settings: quiet }, noon + 11 * HOUR).get(1)).toBe('P7: quiet hours until Thu 07:00.')
    const silent = { ...quiet, quietStopsPrints: true }
    expect(lines({ ...changes, settings: silent }, noon + 9.5 * HOUR).get(1)).toBe(
      'P7: would still be printing at 22:00, when printing must stop.',
    )
  })

  it('follows the clocks of the place, also in the nights in which they change', () => {
    const settings = attendedFrom('10:00', '20:00')
    const opens = (day: string, zone: string): string => {
      const { attended } = calendarOf(settings, zone, Date.parse(`${day}T00:00:00Z`) / 1000)
      const window = attended.find(({ from }) => from * 1000 >= Date.parse(`${day}T00:00:00Z`))
      return new Date((window?.from ?? 0) * 1000).toISOString()
    }
    expect(opens('2026-03-28', 'Europe/Madrid')).toBe('2026-03-28T09:00:00.000Z')
    expect(opens('2026-03-29', 'Europe/Madrid')).toBe('2026-03-29T08:00:00.000Z')
    expect(opens('2026-10-25', 'Europe/Madrid')).toBe('2026-10-25T09:00:00.000Z')
    expect(opens('2026-07-01', 'Asia/Kathmandu')).toBe('2026-07-01T04:15:00.000Z')
    const short = calendarOf(
      { ...settings, hours: { ...settings.hours, attended: week('02:15', '03:00') } },
      'Europe/Madrid',
      Date.UTC(2026, 2, 28) / 1000,
    )
    // 02:15 does not exist on that Sunday: there is no such window, and no window of negative length.
    expect(short.attended.every(({ from, to }) => from < to)).toBe(true)
  })

  it('knows dates that are not like others', () => {
    const settings = attendedFrom('10:00', '20:00')
    const exceptions = [{ date: '2026-01-14', note: 'Assembly', open: [], attended: [{ from: '17:00', to: '19:00' }] }]
    const calendar = calendarOf({ ...settings, hours: { ...settings.hours, exceptions } }, 'UTC', noon)
    expect([
      isIn(calendar.attended, noon),
      isIn(calendar.attended, noon + 6 * HOUR),
      isIn(calendar.attended, noon + 24 * HOUR),
    ]).toEqual([false, true, true])
  })

  it('learns how long printers of a model really take', () => {
    const prints = Array.from({ length: 30 }, (_, place) => ({
      model: 'one',
      material: 'PLA',
      estimate: 1000,
      actual: 1300 + place * 10,
    }))
    const ratio = learnRatios([...prints, { model: 'one', material: 'PLA', estimate: 1000, actual: 90_000 }]).get(
      ratioKey('one', 'PLA'),
    )
    expect(ratio?.p50).toBeCloseTo(1.32, 1)
    expect(ratio?.p90).toBeGreaterThan(1.45)
    const few = learnRatios(prints.slice(0, 1)).get(ratioKey('one', 'PLA'))
    expect(few?.p50).toBeLessThan(1.05)
  })

  it('corrects a prediction as it fails, and never calls a print over that still runs', () => {
    const left = remainingOf({ p10: 900, p50: 1000, p90: 1200 }, { elapsed: 4000, remaining: null, done: 0 })
    expect(left.p90).toBe(400)
    expect(
      remainingOf({ p10: 900, p50: 1000, p90: 1200 }, { elapsed: 500, remaining: 800, done: 0.9 }).p50,
    ).toBeGreaterThan(700)
  })

  it('foresees when a job will start and be done, as ranges', () => {
    const printers = [printer(7, { state: 'printing', bed: 'occupied', running: running(2) })]
    const foreseen = schedule(snapshotOf({ jobs: [job(1)], printers }), noon).predictions.get(1)
    expect(foreseen?.start.p10).toBeLessThan(foreseen?.start.p50 ?? 0)
    expect(foreseen?.start.p50).toBeCloseTo(noon + 2 * HOUR + 300, -2)
    expect(foreseen?.start.p90).toBeCloseTo(noon + 2.5 * HOUR + 300, -2)
    expect(foreseen?.finish.p50).toBeCloseTo(noon + 3 * HOUR + 300 + 180, -2)
  })
})

describe('a circuit', () => {
  it('has its printers heat up one after the other', () => {
    const draws = { circuitId: 1, heatingWatts: 400, holdingWatts: 100 }
    const circuits = [{ id: 1, name: 'East wall', limitWatts: 700 }]
    const jobs = [job(1), job(2)]
    const both = { jobs, circuits, printers: [printer(1, draws), printer(2, draws)] }
    expect(dispatched(both)).toEqual([{ jobId: 1, printerId: 1 }])
    const warm = printer(1, { ...draws, state: 'printing', bed: 'occupied', running: running(3), heating: 'holding' })
    expect(dispatched({ jobs: [job(2)], circuits, printers: [warm, printer(2, draws)] })).toHaveLength(1)
    const warming = { ...warm, heating: 'warming' as const }
    expect(lines({ jobs: [job(2)], circuits, printers: [warming, printer(2, draws)] }).get(2)).toContain(
      'P2: the circuit East wall is in use; heat-ups take turns',
    )
  })
})
