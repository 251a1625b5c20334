// How long moves take: look-ahead over a window of moves, junction speeds, trapezoids, after Marlin's planner.
// (Marlin src/module/planner.cpp; slicers that state a time use the same model.)
import type { MachineLimits } from './machine.ts'

/** Moves that wait for their exit speed; the last ones stay when the window is full, for what follows may slow them. */
const WINDOW = 256
const STAY = 64

/** Told once per move, in order, with its time in seconds and the `tag` it was added with. */
export type MoveTimed = (seconds: number, tag: number) => void

/**
 * Feed it moves; it calls back with the time of each, some moves later; `flush` is a full stop.
 * All values in mm, mm/s, mm/s². Limits may change between two moves.
 */
export class Planner {
  limits: MachineLimits
  readonly #timed: MoveTimed
  #count = 0
  readonly #distance = new Float64Array(WINDOW)
  readonly #cruise = new Float64Array(WINDOW)
  readonly #acceleration = new Float64Array(WINDOW)
  readonly #entry = new Float64Array(WINDOW)
  readonly #maxEntry = new Float64Array(WINDOW)
  readonly #safe = new Float64Array(WINDOW)
  readonly #tag = new Float64Array(WINDOW)
  // The move before: its velocity by axis (jerk) and its direction (junction deviation).
  readonly #before = new Float64Array(4)
  readonly #now = new Float64Array(4)
  #beforeCruise = 0
  #beforeSafe = 0
  #stopped = true

  constructor(limits: MachineLimits, timed: MoveTimed) {
    this.limits = limits
    this.#timed = timed
  }

  move(dx: number, dy: number, dz: number, de: number, feedrate: number, tag: number): void {
    const limits = this.limits
    const travelled = Math.sqrt(dx * dx + dy * dy + dz * dz)
    const distance = travelled > 0 ? travelled : Math.abs(de)
    if (!(distance > 0)) return
    const floor = de === 0 ? limits.minTravelFeedrate : limits.minExtrudeFeedrate
    const asked = Math.max(feedrate, floor, 0.05)
    const unit = 1 / distance
    const ux = dx * unit
    const uy = dy * unit
    const uz = dz * unit
    const ue = de * unit
    const cruise = asked * speedFactor(asked, ux, uy, uz, ue, limits)
    const acceleration = accelerationOf(ux, uy, uz, ue, travelled, de, dz, limits)
    const now = this.#now
    now[0] = ux * cruise
    now[1] = uy * cruise
    now[2] = uz * cruise
    now[3] = ue * cruise
    if (this.#count === WINDOW) this.#plan(STAY)
    const at = this.#count++
    const safe = safeSpeed(cruise, now, limits)
    const junction = this.#stopped
      ? safe
      : limits.junctionDeviation > 0
        ? this.#junctionByDeviation(cruise, distance, acceleration)
        : this.#junctionByJerk(cruise, safe)
    this.#distance[at] = distance
    this.#cruise[at] = cruise
    this.#acceleration[at] = acceleration
    this.#maxEntry[at] = junction
    this.#entry[at] = Math.min(junction, Math.sqrt(safe * safe + 2 * acceleration * distance))
    this.#safe[at] = safe
    this.#tag[at] = tag
    this.#before.set(now)
    this.#beforeCruise = cruise
    this.#beforeSafe = safe
    this.#stopped = false
  }

  /** The machine comes to a stop: everything that waits is timed. */
  flush(): void {
    if (this.#count > 0) this.#plan(0)
    this.#stopped = true
  }

  /** Times all but the last `stay` moves. */
  #plan(stay: number): void {
    const count = this.#count
    const entry = this.#entry
    const maxEntry = this.#maxEntry
    const acceleration = this.#acceleration
    const distance = this.#distance
    let next = this.#safe[count - 1] as number
    for (let at = count - 1; at >= 0; at--) {
      const most = maxEntry[at] as number
      const reachable = Math.sqrt(next * next + 2 * (acceleration[at] as number) * (distance[at] as number))
      next = reachable < most ? reachable : most
      if (at > 0) entry[at] = next
      else if ((entry[0] as number) > next) entry[0] = next
    }
    for (let at = 0; at + 1 < count; at++) {
      const speed = entry[at] as number
      const reachable = Math.sqrt(speed * speed + 2 * (acceleration[at] as number) * (distance[at] as number))
      if ((entry[at + 1] as number) > reachable) entry[at + 1] = reachable
    }
    const done = count - stay
    for (let at = 0; at < done; at++) {
      const exit = at + 1 < count ? (entry[at + 1] as number) : (this.#safe[at] as number)
      const seconds = trapezoidTime(
        distance[at] as number,
        entry[at] as number,
        this.#cruise[at] as number,
        exit,
        acceleration[at] as number,
      )
      this.#timed(seconds, this.#tag[at] as number)
    }
    for (const column of [distance, this.#cruise, acceleration, entry, maxEntry, this.#safe, this.#tag]) {
      column.copyWithin(0, done, count)
    }
    this.#count = stay
  }

  /** Classic jerk: how fast the corner may be passed so that no axis changes its speed by more than its jerk. */
  #junctionByJerk(cruise: number, safe: number): number {
    const beforeCruise = this.#beforeCruise
    const junction = Math.min(cruise, beforeCruise)
    const scaleBefore = beforeCruise > cruise ? cruise / beforeCruise : 1
    const scaleNow = cruise > beforeCruise ? beforeCruise / cruise : 1
    const { jerk } = this.limits
    let factor = 1
    for (let axis = 0; axis < 4; axis++) {
      const most = axis === 0 ? jerk.x : axis === 1 ? jerk.y : axis === 2 ? jerk.z : jerk.e
      const exit = (this.#before[axis] as number) * scaleBefore * factor
      const entry = (this.#now[axis] as number) * scaleNow * factor
      const change =
        exit > entry
          ? entry > 0 || exit < 0
            ? exit - entry
            : Math.max(exit, -entry)
          : entry < 0 || exit > 0
            ? entry - exit
            : Math.max(-exit, entry)
      if (change > most) factor *= most / change
    }
    const speed = junction * factor
    const almost = speed * 0.99
    return this.#beforeSafe > almost && safe > almost ? safe : speed
  }

  /** Junction deviation: how fast a circle may be passed that cuts the corner by at most that much. */
  #junctionByDeviation(cruise: number, distance: number, acceleration: number): number {
    const before = this.#before
    const now = this.#now
    let lengthBefore = 0
    let lengthNow = 0
    let dot = 0
    for (let axis = 0; axis < 4; axis++) {
      const b = before[axis] as number
      const n = now[axis] as number
      lengthBefore += b * b
      lengthNow += n * n
      dot += b * n
    }
    const scale = Math.sqrt(lengthBefore * lengthNow)
    if (scale === 0) return 0
    const cosine = Math.max(-0.999999, -dot / scale)
    if (cosine > 0.999999) return 0.05
    const sine = Math.sqrt((1 - cosine) / 2)
    let squared = (acceleration * this.limits.junctionDeviation * sine) / (1 - sine)
    // Small segments of a curve: no faster than the circle through them allows.
    if (distance < 1 && cosine < -Math.SQRT1_2) {
      squared = Math.min(squared, (distance * acceleration) / Math.acos(-cosine))
    }
    return Math.min(Math.sqrt(squared), cruise, this.#beforeCruise)
  }
}

/** Seconds for a move that enters, cruises and leaves at these speeds, or peaks below the cruise speed. */
export const trapezoidTime = (
  distance: number,
  entry: number,
  cruise: number,
  exit: number,
  acceleration: number,
): number => {
  const speedUp = (cruise * cruise - entry * entry) / (2 * acceleration)
  const slowDown = (cruise * cruise - exit * exit) / (2 * acceleration)
  if (speedUp + slowDown <= distance) {
    return (2 * cruise - entry - exit) / acceleration + (distance - speedUp - slowDown) / cruise
  }
  const rising = (2 * acceleration * distance - entry * entry + exit * exit) / (4 * acceleration)
  const climb = Math.min(distance, Math.max(0, rising))
  const peak = Math.sqrt(entry * entry + 2 * acceleration * climb)
  return Math.max(0, peak - entry) / acceleration + Math.max(0, peak - exit) / acceleration
}

/** By how much the asked speed is cut so that no axis exceeds its own. */
const speedFactor = (speed: number, ux: number, uy: number, uz: number, ue: number, limits: MachineLimits): number => {
  const most = limits.maxFeedrate
  let factor = 1
  const sx = Math.abs(ux * speed)
  if (sx > most.x) factor = Math.min(factor, most.x / sx)
  const sy = Math.abs(uy * speed)
  if (sy > most.y) factor = Math.min(factor, most.y / sy)
  const sz = Math.abs(uz * speed)
  if (sz > most.z) factor = Math.min(factor, most.z / sz)
  const se = Math.abs(ue * speed)
  if (se > most.e) factor = Math.min(factor, most.e / se)
  return factor
}

const accelerationOf = (
  ux: number,
  uy: number,
  uz: number,
  ue: number,
  travelled: number,
  de: number,
  dz: number,
  limits: MachineLimits,
): number => {
  let acceleration = limits.printAcceleration
  if (travelled === 0) acceleration = limits.retractAcceleration
  else if (de === 0 || de < 0 || (ux === 0 && uy === 0 && dz !== 0)) acceleration = limits.travelAcceleration
  const most = limits.maxAcceleration
  const ax = Math.abs(ux)
  if (ax * acceleration > most.x) acceleration = most.x / ax
  const ay = Math.abs(uy)
  if (ay * acceleration > most.y) acceleration = most.y / ay
  const az = Math.abs(uz)
  if (az * acceleration > most.z) acceleration = most.z / az
  const ae = Math.abs(ue)
  if (ae * acceleration > most.e) acceleration = most.e / ae
  return acceleration
}

/** How fast a move may begin from rest: no axis jumps by more than its jerk. */
const safeSpeed = (cruise: number, velocity: Float64Array, limits: MachineLimits): number => {
  const { jerk } = limits
  let safe = cruise
  const x = Math.abs(velocity[0] as number)
  if (x > jerk.x) safe = Math.min(safe, jerk.x)
  const y = Math.abs(velocity[1] as number)
  if (y > jerk.y) safe = Math.min(safe, jerk.y)
  const z = Math.abs(velocity[2] as number)
  if (z > jerk.z) safe = Math.min(safe, jerk.z)
  const e = Math.abs(velocity[3] as number)
  if (e > jerk.e) safe = Math.min(safe, jerk.e)
  return safe
}
