// How long moves take on Marlin: look-ahead over a window of moves, junction speeds by jerk or by deviation, trapezoids.
// (Marlin src/module/planner.cpp; RepRapFirmware and the slicers that state a time use the model with jerk.)
import type { MachineLimits } from '../machine.ts'
import { accelerationOf, speedFactor } from './axis-limits.ts'
import { junctionByDeviation, junctionByJerk, safeSpeed } from './junction.ts'
import type { MoveTimed, Planner } from './planner.ts'
import { trapezoidTime } from './trapezoid.ts'

/** Moves that wait for their exit speed; the last ones stay when the window is full, for what follows may slow them. */
const WINDOW = 256
const STAY = 64

/** mm/s: nothing is planned slower than this (Marlin's MINIMUM_PLANNER_SPEED). */
const SLOWEST = 0.05

/** The planner of Marlin. Speeds are kept squared, for look-ahead then needs no roots. */
export class LookAhead implements Planner {
  limits: MachineLimits
  readonly #timed: MoveTimed
  #count = 0
  readonly #distance = new Float64Array(WINDOW)
  readonly #cruise = new Float64Array(WINDOW)
  readonly #acceleration = new Float64Array(WINDOW)
  /** How much the squared speed may change over the move. */
  readonly #change = new Float64Array(WINDOW)
  readonly #entry = new Float64Array(WINDOW)
  readonly #maxEntry = new Float64Array(WINDOW)
  readonly #filament = new Float64Array(WINDOW)
  readonly #place = new Float64Array(WINDOW)
  readonly #kind = new Float64Array(WINDOW)
  readonly #columns: readonly Float64Array[]
  // Velocities by axis of the move before and of this one: the arrays swap their parts.
  #before = new Float64Array(4)
  #now = new Float64Array(4)
  #cruiseBefore = 0
  #safeBefore = 0
  #stopped = true

  constructor(limits: MachineLimits, timed: MoveTimed) {
    this.limits = limits
    this.#timed = timed
    this.#columns = [
      this.#distance,
      this.#cruise,
      this.#acceleration,
      this.#change,
      this.#entry,
      this.#maxEntry,
      this.#filament,
      this.#place,
      this.#kind,
    ]
  }

  move(dx: number, dy: number, dz: number, de: number, feedrate: number, place: number, kind: number): void {
    const limits = this.limits
    const travelled = Math.sqrt(dx * dx + dy * dy + dz * dz)
    const distance = travelled > 0 ? travelled : Math.abs(de)
    if (!(distance > 0)) return
    const asked = Math.max(feedrate, de === 0 ? limits.minTravelFeedrate : limits.minExtrudeFeedrate, SLOWEST)
    const unit = 1 / distance
    const ux = dx * unit
    const uy = dy * unit
    const uz = dz * unit
    const ue = de * unit
    const cruise = asked * speedFactor(asked, ux, uy, uz, ue, limits)
    const acceleration = accelerationOf(ux, uy, uz, ue, travelled, limits)
    const now = this.#now
    now[0] = ux * cruise
    now[1] = uy * cruise
    now[2] = uz * cruise
    now[3] = ue * cruise
    if (this.#count === WINDOW) this.#plan(STAY)
    const at = this.#count++
    const jerky = limits.model === 'jerk'
    const safe = jerky ? safeSpeed(cruise, now, limits.jerk) : Math.min(SLOWEST, cruise)
    let junction = safe
    if (!this.#stopped) {
      junction = jerky
        ? junctionByJerk(this.#before, now, this.#cruiseBefore, cruise, this.#safeBefore, safe, limits.jerk)
        : Math.max(
            safe,
            junctionByDeviation(this.#before, now, this.#cruiseBefore, cruise, distance, acceleration, limits),
          )
    }
    this.#distance[at] = distance
    this.#cruise[at] = cruise
    this.#acceleration[at] = acceleration
    this.#change[at] = 2 * acceleration * distance
    this.#maxEntry[at] = junction * junction
    this.#filament[at] = de
    this.#place[at] = place
    this.#kind[at] = kind
    this.#now = this.#before
    this.#before = now
    this.#cruiseBefore = cruise
    this.#safeBefore = safe
    this.#stopped = false
  }

  flush(): void {
    if (this.#count > 0) this.#plan(0)
    this.#stopped = true
  }

  /** Times all but the last `stay` moves. The first one's entry is the exit of what was timed before, and stands. */
  #plan(stay: number): void {
    const count = this.#count
    const entry = this.#entry
    const maxEntry = this.#maxEntry
    const change = this.#change
    const last = this.#safeBefore * this.#safeBefore
    let next = last
    for (let at = count - 1; at > 0; at--) {
      const reachable = next + (change[at] as number)
      const most = maxEntry[at] as number
      next = reachable < most ? reachable : most
      entry[at] = next
    }
    const first = Math.min(maxEntry[0] as number, next + (change[0] as number))
    let now = this.#stays > 0 ? Math.min(this.#entered, maxEntry[0] as number) : first
    const done = count - stay
    for (let at = 0; at < done; at++) {
      let exit = at + 1 < count ? (entry[at + 1] as number) : last
      const reachable = now + (change[at] as number)
      if (exit > reachable) exit = reachable
      this.#time(at, now, exit)
      now = exit
    }
    this.#entered = now
    this.#stays = stay
    for (const column of this.#columns) column.copyWithin(0, done, count)
    this.#count = stay
  }

  /** Squared speed at which the first move that stayed is entered, and whether any stayed. */
  #entered = 0
  #stays = 0

  #time(at: number, entry: number, exit: number): void {
    const seconds = trapezoidTime(
      this.#distance[at] as number,
      Math.sqrt(entry),
      this.#cruise[at] as number,
      Math.sqrt(exit),
      this.#acceleration[at] as number,
    )
    this.#timed(seconds, this.#filament[at] as number, this.#place[at] as number, this.#kind[at] as number)
  }
}
