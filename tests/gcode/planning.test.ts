import { describe, expect, it } from 'vitest'
import { defaultLimits, type MachineLimits } from '../../gcode/machine.ts'
import { openPlanner } from '../../gcode/planning/open-planner.ts'
import type { Planner } from '../../gcode/planning/planner.ts'

type Way = readonly [dx: number, dy: number, feedrate: number, de?: number, dz?: number]

const timesOf = (limits: Partial<MachineLimits>, ways: readonly Way[], stops: readonly number[] = []): number[] => {
  const times: number[] = []
  const planner: Planner = openPlanner({ ...defaultLimits, ...limits }, (seconds) => times.push(seconds))
  ways.forEach(([dx, dy, feedrate, de = 0, dz = 0], n) => {
    planner.move(dx, dy, dz, de, feedrate, n, 0)
    if (stops.includes(n)) planner.flush()
  })
  planner.flush()
  return times
}

const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0)

/** Seconds to go from `entry` to `cruise` to `exit` over a way that is long enough for it. */
const trapezoid = (distance: number, entry: number, cruise: number, exit: number, acceleration: number): number => {
  const ramps = (cruise ** 2 - entry ** 2) / (2 * acceleration) + (cruise ** 2 - exit ** 2) / (2 * acceleration)
  return (2 * cruise - entry - exit) / acceleration + (distance - ramps) / cruise
}

const circle = (pieces: number, radius: number, feedrate: number): Way[] =>
  Array.from({ length: pieces }, (_, n) => {
    const at = (k: number): [number, number] => [
      radius * Math.cos((2 * Math.PI * k) / pieces),
      radius * Math.sin((2 * Math.PI * k) / pieces),
    ]
    const [x, y] = at(n)
    const [nextX, nextY] = at(n + 1)
    return [nextX - x, nextY - y, feedrate, 0.05]
  })

describe('a planner with jerk', () => {
  const jerk = { x: 10, y: 10, z: 0.4, e: 5 }
  const limits = { model: 'jerk', printAcceleration: 1000, travelAcceleration: 1000, jerk } as const

  it('begins and ends a move at the jerk, and ramps between', () => {
    expect(sum(timesOf(limits, [[100, 0, 50]]))).toBeCloseTo(trapezoid(100, 10, 50, 10, 1000), 9)
  })

  it('does not reach the speed on a short way', () => {
    const peak = Math.sqrt(10 ** 2 + 1000 * 2)
    expect(sum(timesOf(limits, [[2, 0, 100]]))).toBeCloseTo((2 * (peak - 10)) / 1000, 9)
  })

  it('goes straight on without slowing, and slows for a corner', () => {
    const straight = sum(
      timesOf(limits, [
        [50, 0, 50],
        [50, 0, 50],
      ]),
    )
    expect(straight).toBeCloseTo(trapezoid(100, 10, 50, 10, 1000), 9)
    const corner = sum(
      timesOf(limits, [
        [50, 0, 50],
        [0, 50, 50],
      ]),
    )
    // X falls from the corner speed to 0 and Y rises from 0: neither by more than 10 mm/s.
    expect(corner).toBeCloseTo(2 * trapezoid(50, 10, 50, 10, 1000), 9)
  })

  it('stops where it is told to', () => {
    const ways: Way[] = [
      [50, 0, 50],
      [50, 0, 50],
    ]
    expect(sum(timesOf(limits, ways, [0]))).toBeCloseTo(2 * trapezoid(50, 10, 50, 10, 1000), 9)
  })

  it('is no faster than the slowest axis, in speed and acceleration', () => {
    const lift = sum(timesOf(limits, [[0, 0, 100, 0, 10]]))
    expect(lift).toBeCloseTo(trapezoid(10, 0.4, 12, 0.4, 500), 9)
  })

  it('tells each move once and in order, however many there are', () => {
    const seen: number[] = []
    const planner = openPlanner(defaultLimits, (_, __, place) => seen.push(place))
    for (let n = 0; n < 3000; n++) planner.move(n % 7, 1, 0, 0, 100, n, 0)
    planner.flush()
    expect(seen).toEqual(Array.from({ length: 3000 }, (_, n) => n))
  })

  it('reckons a long curve the same whatever moves it is cut into groups of', () => {
    const ways = circle(2000, 60, 80)
    const whole = sum(timesOf(limits, ways))
    const cut = sum(timesOf(limits, [...ways, ...ways]))
    // Once round again costs no stop in between.
    expect(cut).toBeLessThan(2 * whole)
    expect(cut).toBeGreaterThan(2 * whole - 0.3)
  })
})

describe('a planner with junction deviation', () => {
  const limits = {
    model: 'deviation',
    printAcceleration: 1000,
    travelAcceleration: 1000,
    junctionDeviation: 0.02,
  } as const

  it('passes a corner as fast as a circle that cuts it by the deviation', () => {
    const half = Math.SQRT1_2
    const corner = Math.sqrt((1000 * 0.02 * half) / (1 - half))
    const expected = trapezoid(50, 0.05, 50, corner, 1000) + trapezoid(50, corner, 50, 0.05, 1000)
    expect(
      sum(
        timesOf(limits, [
          [50, 0, 50],
          [0, 50, 50],
        ]),
      ),
    ).toBeCloseTo(expected, 6)
  })

  it('turns back only from a stop, and goes straight on at full speed', () => {
    const back = sum(
      timesOf(limits, [
        [50, 0, 50],
        [-50, 0, 50],
      ]),
    )
    expect(back).toBeCloseTo(2 * trapezoid(50, 0.05, 50, 0.05, 1000), 6)
    const on = sum(
      timesOf(limits, [
        [50, 0, 50],
        [50, 0, 50],
      ]),
    )
    expect(on).toBeCloseTo(trapezoid(100, 0.05, 50, 0.05, 1000), 6)
  })

  it('takes a fine circle no faster than the acceleration allows on it', () => {
    const radius = 5
    const seconds = sum(timesOf(limits, circle(400, radius, 500)))
    // v² = a·r on the circle; ramps at both ends make it a little longer.
    const least = (2 * Math.PI * radius) / Math.sqrt(1000 * radius)
    expect(seconds).toBeGreaterThan(least)
    expect(seconds).toBeLessThan(least * 1.5)
  })
})

describe('a planner as in Klipper', () => {
  const limits = {
    model: 'klipper',
    printAcceleration: 3000,
    squareCornerVelocity: 5,
    minimumCruiseRatio: 0.5,
    maxFeedrate: { x: 300, y: 300, z: 10, e: 50 },
    maxAcceleration: { x: 3000, y: 3000, z: 100, e: 2000 },
  } as const

  it('starts and ends at rest', () => {
    expect(sum(timesOf(limits, [[100, 0, 100]]))).toBeCloseTo(trapezoid(100, 0, 100, 0, 3000), 6)
  })

  it('keeps a short move slower, so that half of it is cruised', () => {
    const cruise = Math.sqrt(5 * 1500)
    expect(sum(timesOf(limits, [[5, 0, 300]]))).toBeCloseTo(trapezoid(5, 0, cruise, 0, 3000), 6)
    const free = Math.sqrt(5 * 3000)
    const all = { ...limits, minimumCruiseRatio: 0 }
    expect(sum(timesOf(all, [[5, 0, 300]]))).toBeCloseTo((2 * free) / 3000, 6)
  })

  it('passes a corner of 90° at the square corner velocity', () => {
    const expected = trapezoid(50, 0, 100, 5, 3000) + trapezoid(50, 5, 100, 0, 3000)
    expect(
      sum(
        timesOf(limits, [
          [50, 0, 100],
          [0, 50, 100],
        ]),
      ),
    ).toBeCloseTo(expected, 6)
  })

  it('stops before filament is pulled back, and Z obeys its own limits', () => {
    const times = timesOf(limits, [
      [50, 0, 100],
      [0, 0, 30, -1],
      [50, 0, 100],
    ])
    expect(times[0]).toBeCloseTo(trapezoid(50, 0, 100, 0, 3000), 6)
    expect(times[2]).toBeCloseTo(times[0] as number, 9)
    expect(sum(timesOf(limits, [[0, 0, 100, 0, 10]]))).toBeCloseTo(trapezoid(10, 0, 10, 0, 100), 6)
  })

  it('slows where the extruder would jump', () => {
    const even = sum(
      timesOf(limits, [
        [50, 0, 100, 2],
        [50, 0, 100, 2],
      ]),
    )
    const uneven = sum(
      timesOf(limits, [
        [50, 0, 100, 2],
        [50, 0, 100, 6],
      ]),
    )
    expect(uneven).toBeGreaterThan(even)
  })

  it('is steady over more moves than it looks ahead', () => {
    const ways = circle(4000, 50, 100)
    const seconds = sum(timesOf(limits, ways))
    expect(seconds).toBeGreaterThan((2 * Math.PI * 50) / 100)
    expect(seconds).toBeLessThan(((2 * Math.PI * 50) / 100) * 1.1)
  })

  it('takes a zigzag of short moves gently: faster with a smaller cruise ratio', () => {
    const zigzag: Way[] = Array.from({ length: 600 }, (_, n) => [n % 2 ? 0.4 : 3, n % 2 ? 3 : 0.4, 200, 0.1])
    const gentle = sum(timesOf(limits, zigzag))
    const hasty = sum(timesOf({ ...limits, minimumCruiseRatio: 0 }, zigzag))
    expect(hasty).toBeLessThan(gentle)
  })
})

describe('any planner', () => {
  it.each(['jerk', 'deviation', 'klipper'] as const)('gives finite times to hostile moves (%s)', (model) => {
    const odd = [0, 1e-300, 1e-9, 1, 1e15, -1e15, 3]
    const ways: Way[] = odd.flatMap((dx) => odd.map((dy): Way => [dx, dy, dx === 1 ? 1e15 : 1e-20, dy, dx]))
    for (const seconds of timesOf({ model }, ways)) {
      expect(Number.isFinite(seconds)).toBe(true)
      expect(seconds).toBeGreaterThanOrEqual(0)
    }
  })
})
