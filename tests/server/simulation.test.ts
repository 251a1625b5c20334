import { describe, expect, it } from 'vitest'
import { compare, giniOf } from '../../server/domain/simulation/compare.ts'

describe('a simulated workshop', () => {
  it('waits at least 30 % less than first come, first served, as fairly, and delays next to no booking', () => {
    const played = [1, 2, 3, 4, 5, 6].map((seed) => compare({ seed, weeks: 4, printers: 4 }))
    const sum = (value: (one: (typeof played)[number]) => number): number =>
      played.reduce((all, one) => all + value(one), 0)
    for (const { fifo, scheduled } of played) expect(scheduled.medianWait).toBeLessThanOrEqual(0.7 * fifo.medianWait)
    expect(sum(({ scheduled }) => scheduled.gini)).toBeLessThanOrEqual(sum(({ fifo }) => fifo.gini))
    const delayed = sum(({ scheduled }) => scheduled.bookings * scheduled.bookingsDelayedPercent)
    expect(delayed / sum(({ scheduled }) => scheduled.bookings)).toBeLessThanOrEqual(0.5)
    expect(sum(({ scheduled }) => scheduled.nightsUsedPercent)).toBeGreaterThan(0)
  })

  it('comes out the same for the same seed', () => {
    expect(compare({ seed: 3, weeks: 1, printers: 2 })).toEqual(compare({ seed: 3, weeks: 1, printers: 2 }))
  })

  it('measures fairness: nothing where all have the same, much where one has all', () => {
    expect(giniOf([2, 2, 2, 2])).toBe(0)
    expect(giniOf([0, 0, 0, 8])).toBe(0.75)
  })
})
