// How long moves take on Klipper: look-ahead over squared speeds, with a second, gentler track that keeps short moves
// from speeding up and down (minimum cruise ratio). (Klipper docs/Kinematics.md, klippy/toolhead.py.)
import type { MachineLimits } from '../machine.ts'
import type { MoveTimed, Planner } from './planner.ts'
import { trapezoidTime } from './trapezoid.ts'

/** Klipper waits until it is sure; so many moves are always enough, or the last of them are taken as they are. */
const WINDOW = 512
const STAY = 128
const SLOWEST = 0.05

export class KlipperLookAhead implements Planner {
  limits: MachineLimits
  readonly #timed: MoveTimed
  #count = 0
  readonly #distance = new Float64Array(WINDOW)
  readonly #acceleration = new Float64Array(WINDOW)
  // Squared speeds: the fastest cruise, the fastest start, how much it may change over the move; and the gentle track.
  readonly #cruise = new Float64Array(WINDOW)
  readonly #maxStart = new Float64Array(WINDOW)
  readonly #change = new Float64Array(WINDOW)
  readonly #maxGentle = new Float64Array(WINDOW)
  readonly #gentleChange = new Float64Array(WINDOW)
  readonly #start = new Float64Array(WINDOW)
  readonly #peak = new Float64Array(WINDOW)
  readonly #filament = new Float64Array(WINDOW)
  readonly #place = new Float64Array(WINDOW)
  readonly #kind = new Float64Array(WINDOW)
  readonly #columns: readonly Float64Array[]
  #before = new Float64Array(4)
  #now = new Float64Array(4)
  #stopped = true
  #travelledBefore = false
  /** Squared speed at which the first move that stayed is entered; below 0 where none stayed. */
  #entered = -1

  constructor(limits: MachineLimits, timed: MoveTimed) {
    this.limits = limits
    this.#timed = timed
    this.#columns = [
      this.#distance,
      this.#acceleration,
      this.#cruise,
      this.#maxStart,
      this.#change,
      this.#maxGentle,
      this.#gentleChange,
      this.#filament,
      this.#place,
      this.#kind,
    ]
  }

  move(dx: number, dy: number, dz: number, de: number, feedrate: number, place: number, kind: number): void {
    const travelled = Math.sqrt(dx * dx + dy * dy + dz * dz)
    const distance = travelled > 0 ? travelled : Math.abs(de)
    if (!(distance > 0)) return
    const now = this.#now
    now[0] = dx / distance
    now[1] = dy / distance
    now[2] = dz / distance
    now[3] = de / distance
    if (this.#count === WINDOW) this.#plan(STAY)
    const at = this.#count++
    const { limits } = this
    const acceleration = klipperAcceleration(now, travelled > 0, limits)
    const speed = klipperSpeed(now, Math.max(feedrate, SLOWEST), travelled > 0, limits)
    this.#distance[at] = distance
    this.#acceleration[at] = acceleration
    this.#cruise[at] = speed * speed
    this.#change[at] = 2 * distance * acceleration
    const gentle = limits.printAcceleration * (1 - limits.minimumCruiseRatio)
    this.#gentleChange[at] = Math.min(2 * distance * gentle, this.#change[at] as number)
    this.#filament[at] = de
    this.#place[at] = place
    this.#kind[at] = kind
    this.#join(at, travelled > 0)
    this.#now = this.#before
    this.#before = now
    this.#travelledBefore = travelled > 0
    this.#stopped = false
  }

  flush(): void {
    if (this.#count > 0) this.#plan(0)
    this.#stopped = true
  }

  /** How fast the corner before move `at` may be passed. Where only filament moves, there is a full stop. */
  #join(at: number, travels: boolean): void {
    this.#maxStart[at] = 0
    this.#maxGentle[at] = 0
    if (this.#stopped || !travels || !this.#travelledBefore || at === 0) return
    const { limits } = this
    const before = at - 1
    const now = this.#now
    const last = this.#before
    let most = Math.min(
      this.#cruise[at] as number,
      this.#cruise[before] as number,
      (this.#maxStart[before] as number) + (this.#change[before] as number),
    )
    const feed = Math.abs((now[3] as number) - (last[3] as number))
    if (feed > 0) most = Math.min(most, (limits.instantaneousCornerVelocity / feed) ** 2)
    const dot =
      (now[0] as number) * (last[0] as number) +
      (now[1] as number) * (last[1] as number) +
      (now[2] as number) * (last[2] as number)
    const sine = Math.sqrt(Math.max(0, (1 + dot) / 2))
    const cosine = Math.sqrt(Math.max(0, (1 - dot) / 2))
    if (sine < 1 && cosine > 0) {
      const deviation = (limits.squareCornerVelocity ** 2 * (Math.SQRT2 - 1)) / limits.printAcceleration
      const round = (sine / (1 - sine)) * deviation
      const middle = (0.25 * sine) / cosine
      most = Math.min(
        most,
        round * (this.#acceleration[at] as number),
        round * (this.#acceleration[before] as number),
        middle * (this.#change[at] as number),
        middle * (this.#change[before] as number),
      )
    }
    this.#maxStart[at] = most
    this.#maxGentle[at] = Math.min(most, (this.#maxGentle[before] as number) + (this.#gentleChange[before] as number))
  }

  /** Backward: the start speeds, and where the gentle track allows it, the peaks. Forward: times. */
  #plan(stay: number): void {
    const count = this.#count
    this.#reach(count)
    const done = count - stay
    const start = this.#start
    let now = this.#entered >= 0 ? Math.min(this.#entered, this.#maxStart[0] as number) : (start[0] as number)
    for (let at = 0; at < done; at++) {
      let end = at + 1 < count ? (start[at + 1] as number) : 0
      end = Math.min(end, now + (this.#change[at] as number))
      const cruise = Math.max(now, end, this.#peak[at] as number)
      const seconds = trapezoidTime(
        this.#distance[at] as number,
        Math.sqrt(now),
        Math.sqrt(Math.max(cruise, SLOWEST * SLOWEST)),
        Math.sqrt(end),
        this.#acceleration[at] as number,
      )
      this.#timed(seconds, this.#filament[at] as number, this.#place[at] as number, this.#kind[at] as number)
      now = end
    }
    this.#entered = stay > 0 ? now : -1
    for (const column of this.#columns) column.copyWithin(0, done, count)
    this.#count = stay
  }

  /** From the last move to the first, as if the machine stopped after it: start speeds and cruise speeds. */
  #reach(count: number): void {
    let next = 0
    let nextGentle = 0
    let peak = 0
    let slowing = 0
    for (let at = count - 1; at >= 0; at--) {
      const reachable = next + (this.#change[at] as number)
      const start = Math.min(this.#maxStart[at] as number, reachable)
      const gentleChange = this.#gentleChange[at] as number
      const reachableGentle = nextGentle + gentleChange
      const gentle = Math.min(this.#maxGentle[at] as number, reachableGentle)
      this.#start[at] = start
      if (gentle < reachableGentle) {
        // It may speed up here, and that decides the peak of the moves after it that only slow down.
        if (slowing > 0 || gentle + gentleChange > nextGentle) {
          peak = Math.min(this.#cruise[at] as number, (gentle + reachableGentle) / 2)
          this.#capSlowing(at + 1, slowing, peak)
          slowing = 0
        }
        const fastest = Math.min((start + reachable) / 2, this.#cruise[at] as number, peak)
        this.#peak[at] = fastest
        this.#start[at] = Math.min(start, fastest)
      } else slowing++
      next = start
      nextGentle = gentle
    }
    this.#capSlowing(0, slowing, Number.POSITIVE_INFINITY)
  }

  /** So many moves from `at` on never speed up: each cruises as it is entered, and none above the peak. */
  #capSlowing(at: number, count: number, peak: number): void {
    let most = peak
    for (let n = at; n < at + count; n++) {
      most = Math.min(most, this.#start[n] as number)
      this.#start[n] = most
      this.#peak[n] = most
    }
  }
}

/** mm/s²: one for printing and travel; extruding alone knows only the extruder's own. */
const klipperAcceleration = (direction: Float64Array, travels: boolean, limits: MachineLimits): number => {
  const e = Math.abs(direction[3] as number)
  const z = Math.abs(direction[2] as number)
  if (!travels) return limits.maxAcceleration.e
  let acceleration = limits.printAcceleration
  if (z > 0) acceleration = Math.min(acceleration, limits.maxAcceleration.z / z)
  if (e > 0 && (direction[3] as number) < 0) acceleration = Math.min(acceleration, limits.maxAcceleration.e / e)
  return acceleration
}

const klipperSpeed = (direction: Float64Array, asked: number, travels: boolean, limits: MachineLimits): number => {
  const e = Math.abs(direction[3] as number)
  const z = Math.abs(direction[2] as number)
  if (!travels) return Math.min(asked, limits.maxFeedrate.e)
  let speed = Math.min(asked, Math.max(limits.maxFeedrate.x, limits.maxFeedrate.y))
  if (z > 0) speed = Math.min(speed, limits.maxFeedrate.z / z)
  if (e > 0 && (direction[3] as number) < 0) speed = Math.min(speed, limits.maxFeedrate.e / e)
  return speed
}
