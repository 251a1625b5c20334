import { describe, expect, it } from 'vitest'
import { shownState } from '../../server/contract/printers.ts'
import { mayBecome } from '../../server/domain/job-lifecycle.ts'
import { obstacles } from '../../server/domain/match.ts'
import { schedule } from '../../server/domain/schedule.ts'
import { explain, linesOf } from '../../server/domain/scheduling/explain.ts'
import type { SchedulePrinter, Snapshot } from '../../server/domain/scheduling/snapshot.ts'
import {
  attendedFrom,
  box,
  findings,
  HOUR,
  job,
  noon,
  printer,
  profile,
  running,
  snapshotOf,
} from '../support/fleet.ts'

const dispatched = (changes: Partial<Snapshot>, now = noon) => schedule(snapshotOf(changes), now).dispatches
const lines = (changes: Partial<Snapshot>, now = noon) => linesOf(schedule(snapshotOf(changes), now))

describe('a match', () => {
  it('is one where nothing stands against it', () => {
    expect(obstacles(findings(), profile)).toEqual([])
  })

  it.each([
    [{ extruded: box(100, 100, 262) }, 'too tall by 12 mm'],
    [{ extruded: box(240, 100, 50) }, 'too wide by 20 mm'],
    [{ nozzleTemperature: 280 }, 'needs a nozzle of 280 °C, this one reaches 260 °C'],
    [{ bedTemperature: 110 }, 'needs a bed of 110 °C, this one reaches 100 °C'],
    [{ nozzleDiameter: 0.6 }, 'is sliced for a 0.6 mm nozzle, this one has 0.4 mm'],
  ])('is none where the printer cannot: %j', (changes, reason) => {
    expect(obstacles(findings(changes), profile)).toEqual([reason])
    expect(lines({ jobs: [job(1, { findings: findings(changes) })], printers: [printer(7)] }).get(1)).toBe(
      `P7: ${reason}.`,
    )
  })

  it('allows the priming line just beyond the edge', () => {
    expect(obstacles(findings({ extruded: { ...box(100, 100, 50), minY: -3 } }), profile)).toEqual([])
  })

  it.each([
    [{ printerTags: ['quiet'] }, {}, 'wants a printer marked quiet'],
    [{ materialWanted: 'ASA' }, { enclosed: false }, 'ASA wants an enclosed printer'],
    [
      { materialWanted: 'PETG' },
      { loaded: [{ tool: 0, material: 'PLA', colour: null, gramsLeft: null }] },
      'PETG wanted, PLA loaded: a swap needs someone here',
    ],
    [
      { gramsByTool: [31.2] },
      { loaded: [{ tool: 0, material: 'PLA+', colour: null, gramsLeft: 20 }] },
      '32 g needed, 20 g left on the spool',
    ],
  ])('asks for what the job wants: %j', (wish, has, reason) => {
    const changes = { jobs: [job(1, wish)], printers: [printer(7, has)] }
    expect(dispatched(changes)).toEqual([])
    expect(lines(changes).get(1)).toBe(`P7: ${reason}.`)
  })
})

describe('a start', () => {
  it('is given to the first job on a printer that can', () => {
    const printers = [printer(7, { bed: 'occupied' }), printer(8), printer(9)]
    expect(dispatched({ jobs: [job(1), job(2)], printers })).toEqual([
      { jobId: 1, printerId: 8 },
      { jobId: 2, printerId: 9 },
    ])
  })

  it('is not held up by a job that cannot start', () => {
    const tall = job(1, { findings: findings({ extruded: box(100, 100, 900) }) })
    const changes = { jobs: [tall, job(2)], printers: [printer(7)] }
    expect(dispatched(changes)).toEqual([{ jobId: 2, printerId: 7 }])
    expect(lines(changes).get(1)).toBe('P7: too tall by 650 mm.')
  })

  it('goes only where it was wanted', () => {
    const changes = {
      jobs: [job(1, { printerId: 9 })],
      printers: [printer(8), printer(9, { state: 'printing', bed: 'occupied', running: running(2) })],
    }
    expect(dispatched(changes)).toEqual([])
    expect(lines(changes).get(1)).toBe('P9: it is printing, probably until 14:00.')
  })

  it.each([
    [{ bed: 'unknown' }, 'its bed waits to be cleared'],
    [{ bed: 'occupied' }, 'its bed waits to be cleared'],
    [{ state: 'offline' }, 'it is not connected'],
    [{ state: 'halted' }, 'it has halted and needs a person'],
    [{ state: 'paused' }, 'it is busy'],
    [{ takesJobs: false }, 'it takes no jobs at present'],
    [{ refusal: 'the cable is out' }, 'its bridge refused: the cable is out'],
    [{ failedInRow: 2 }, 'its last 2 prints failed; it waits until somebody has looked after it'],
  ] satisfies [Partial<SchedulePrinter>, string][])(
    'is not made on a printer that is not ready: %j',
    (changes, why) => {
      const fleet = { jobs: [job(1)], printers: [printer(7, changes)] }
      expect(dispatched(fleet)).toEqual([])
      expect(lines(fleet).get(1)).toBe(`P7: ${why}.`)
    },
  )

  it.each([
    [{ findings: null }, 'The file is still being read.'],
    [{ findings: null, failure: 'no end' }, 'The file could not be read: no end.'],
    [{ held: true }, 'It is held.'],
    [{ approval: 'asked' as const }, 'It waits for an operator to say yes.'],
    [{ earliestStart: noon + HOUR }, 'It is not to start before 13:00.'],
    [{ printerId: 12 }, 'The printer it was queued for is gone.'],
  ])('is not made of a job that is not ready: %j', (changes, why) => {
    const fleet = { jobs: [job(1, changes)], printers: [printer(7)] }
    expect(dispatched(fleet)).toEqual([])
    expect(lines(fleet).get(1)).toBe(why)
  })

  it('is given to each copy of a job on whichever printers are free', () => {
    const jobs = [job(1, { copies: 4, copiesDone: 1 })]
    expect(dispatched({ jobs, printers: [printer(7), printer(8)] })).toEqual([
      { jobId: 1, printerId: 7 },
      { jobId: 1, printerId: 8 },
    ])
  })
})

describe('a printer that is still warm', () => {
  const pla = findings({ bedTemperature: 60, nozzleTemperature: 210 })

  it.each([
    ['begins at once where it is cool enough to touch', { bedNow: 45, nozzleNow: 48 }, true],
    ['begins at once where it is as warm as wanted', { bedNow: 63, nozzleNow: 215 }, true],
    ['cools first where its bed is warmer than wanted', { bedNow: 100, nozzleNow: 40 }, false],
    ['cools first where its nozzle is warmer than wanted', { bedNow: 20, nozzleNow: 250 }, false],
  ])('%s', (_, heat, starts) => {
    const changes = { jobs: [job(1, { findings: pla })], printers: [printer(7, heat)] }
    expect(dispatched(changes)).toHaveLength(starts ? 1 : 0)
    if (!starts) expect(lines(changes).get(1)).toMatch(/must cool to/)
  })
})

describe('the order', () => {
  it('lets members take turns, however many jobs one of them has', () => {
    const many = Array.from({ length: 6 }, (_, place) => job(place + 1, { memberId: 1 }))
    const other = job(20, { memberId: 2, queuedAt: noon - 60 })
    const plan = schedule(snapshotOf({ jobs: [...many, other], printers: [printer(7)] }), noon)
    expect(plan.dispatches).toEqual([{ jobId: 1, printerId: 7 }])
    expect(plan.places.get(20)).toBe(1)
  })

  it('puts those first who have held less machine time, and says so', () => {
    const use = [
      { memberId: 1, heldSeconds: 60 * HOUR },
      { memberId: 2, heldSeconds: 0 },
      { memberId: 3, heldSeconds: 0 },
    ]
    const jobs = [job(1, { memberId: 1 }), job(2, { memberId: 2 }), job(3, { memberId: 3 })]
    const plan = schedule(snapshotOf({ jobs, use, printers: [printer(7, { bed: 'occupied' })] }), noon)
    const told = explain(plan, 1)
    expect(told?.turn).toBe(3)
    expect(told?.reasons.map(({ message }) => message)).toEqual(['2 jobs of people who printed less lately come first'])
    expect(told?.score?.fairShare).toBeLessThan(explain(plan, 2)?.score?.fairShare ?? 0)
  })

  it('puts high priority before normal, and normal before low', () => {
    const jobs = [job(1, { priority: 'low' }), job(2), job(3, { priority: 'high' })]
    const { places } = schedule(snapshotOf({ jobs, printers: [printer(7, { bed: 'occupied' })] }), noon)
    expect([...places.keys()]).toEqual([3, 2, 1])
  })

  it("keeps a member's own jobs in the order they gave them", () => {
    const jobs = [
      job(5, { memberId: 1 }),
      job(1, { memberId: 1 }),
      job(3, { memberId: 1, findings: findings({}, 0.2) }),
    ]
    const { places } = schedule(snapshotOf({ jobs, printers: [printer(7, { bed: 'occupied' })] }), noon)
    expect([...places.keys()]).toEqual([5, 1, 3])
  })

  it('sends the long job into the night and the short one into the morning', () => {
    const evening = noon + 7.5 * HOUR
    const changes = {
      settings: attendedFrom('10:00', '20:00'),
      // Just queued: who waited longer for what he gets is another question.
      jobs: [1.5, 11].map((hours, n) => job(n + 1, { queuedAt: evening, findings: findings({}, hours) })),
      printers: [printer(7)],
    }
    expect(dispatched(changes, evening)).toEqual([{ jobId: 2, printerId: 7 }])
    expect(dispatched(changes, noon)).toEqual([{ jobId: 1, printerId: 7 }])
  })

  it('lets nobody take the printer that the head of the queue was promised beyond that time', () => {
    const tall = { ...profile, height: 400 }
    const printers = [
      printer(1, { profile: tall, model: 'tall', state: 'printing', bed: 'occupied', running: running(1) }),
      printer(2, { profile: tall, model: 'tall', state: 'printing', bed: 'occupied', running: running(9) }),
    ]
    const head = job(1, { memberId: 2, findings: findings({ extruded: box(50, 50, 390) }, 3) })
    const plan = schedule(snapshotOf({ jobs: [head, job(2, { priority: 'low' })], printers }), noon)
    expect(plan.promises).toMatchObject([{ jobId: 1, printerId: 1, hard: false }])
    const later = noon + 1.6 * HOUR
    const freed = [printer(1, { profile: tall, model: 'tall' }), printers[1] as SchedulePrinter]
    const after = schedule(snapshotOf({ jobs: [job(2), head], printers: freed, promises: plan.promises }), later)
    expect(after.dispatches).toEqual([{ jobId: 1, printerId: 1 }])
  })

  it('keeps a printer for a job that has waited for 72 hours', () => {
    const old = job(1, {
      queuedAt: noon - 80 * HOUR,
      memberId: 1,
      priority: 'low',
      printerId: 7,
      findings: findings({}, 20),
    })
    const claims = [
      { printerId: 7, from: noon + 5 * HOUR, to: noon + 6 * HOUR, memberId: null, kind: 'booking' as const },
    ]
    const changes = {
      jobs: [old, job(2, { printerId: 7, priority: 'high', findings: findings({}, 6) })],
      printers: [printer(7)],
      claims,
    }
    const plan = schedule(snapshotOf(changes), noon)
    expect(plan.dispatches).toEqual([])
    expect(plan.promises).toMatchObject([{ jobId: 1, printerId: 7, startsAt: noon + 6 * HOUR, hard: true }])
  })
})

describe('a job', () => {
  it('goes no way that makes no sense', () => {
    expect(mayBecome('queued', 'printing')).toBe(true)
    expect(mayBecome('done', 'queued')).toBe(false)
    expect(mayBecome('cancelled', 'printing')).toBe(false)
  })
})

describe('a printer', () => {
  it('waits for a person as long as its bed is not clear', () => {
    expect(shownState('idle', 'unknown')).toBe('awaiting-clear')
    expect(shownState('idle', 'occupied')).toBe('awaiting-clear')
    expect(shownState('idle', 'clear')).toBe('idle')
    expect(shownState('printing', 'occupied')).toBe('printing')
  })
})
