// How fast a corner may be passed, after Marlin's two models. Velocities by axis (x, y, z, e) in mm/s.
import type { Axes, MachineLimits } from '../machine.ts'

/** How fast a move may begin from rest or end in it: no axis jumps by more than its jerk. */
export const safeSpeed = (cruise: number, velocity: Float64Array, jerk: Axes): number => {
  let safe = cruise
  if (Math.abs(velocity[0] as number) > jerk.x) safe = Math.min(safe, jerk.x)
  if (Math.abs(velocity[1] as number) > jerk.y) safe = Math.min(safe, jerk.y)
  if (Math.abs(velocity[2] as number) > jerk.z) safe = Math.min(safe, jerk.z)
  if (Math.abs(velocity[3] as number) > jerk.e) safe = Math.min(safe, jerk.e)
  return safe
}

/** By how much an axis changes its speed; where it turns round, the larger of both counts, not their sum. */
const jump = (exit: number, entry: number): number => {
  if (exit > entry) return entry > 0 || exit < 0 ? exit - entry : Math.max(exit, -entry)
  return entry < 0 || exit > 0 ? entry - exit : Math.max(-exit, entry)
}

/** Classic jerk: so fast that no axis changes its speed by more than its jerk. */
export const junctionByJerk = (
  before: Float64Array,
  now: Float64Array,
  cruiseBefore: number,
  cruise: number,
  safeBefore: number,
  safe: number,
  jerk: Axes,
): number => {
  const junction = Math.min(cruise, cruiseBefore)
  // Only the faster move before is scaled down to the slower one after it, as Marlin does.
  const scaleBefore = cruiseBefore > cruise ? cruise / cruiseBefore : 1
  let factor = 1
  const x = jump((before[0] as number) * scaleBefore, now[0] as number)
  if (x > jerk.x) factor = jerk.x / x
  const y = jump((before[1] as number) * scaleBefore, now[1] as number) * factor
  if (y > jerk.y) factor *= jerk.y / y
  const z = jump((before[2] as number) * scaleBefore, now[2] as number) * factor
  if (z > jerk.z) factor *= jerk.z / z
  const e = jump((before[3] as number) * scaleBefore, now[3] as number) * factor
  if (e > jerk.e) factor *= jerk.e / e
  const speed = junction * factor
  const almost = speed * 0.99
  return safeBefore > almost && safe > almost ? safe : speed
}

/** mm: on shorter moves that bend little, a curve was cut into pieces. */
const PIECE = 1
const ALMOST_BACK = 0.999999
const BENDS_LITTLE = -Math.SQRT1_2

/**
 * Junction deviation: so fast as a circle may be passed that leaves the corner by at most that much.
 * The acceleration is cut so that no axis exceeds its own in the direction in which the speed changes.
 */
export const junctionByDeviation = (
  before: Float64Array,
  now: Float64Array,
  cruiseBefore: number,
  cruise: number,
  distance: number,
  acceleration: number,
  limits: MachineLimits,
): number => {
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
  if (!(scale > 0)) return 0
  const cosine = Math.max(-ALMOST_BACK, -dot / scale)
  if (cosine > ALMOST_BACK) return 0
  const turning = turnAcceleration(before, now, Math.sqrt(lengthBefore), Math.sqrt(lengthNow), acceleration, limits)
  const sine = Math.sqrt((1 - cosine) / 2)
  let squared = (turning * limits.junctionDeviation * sine) / (1 - sine)
  if (distance < PIECE && cosine < BENDS_LITTLE) {
    squared = Math.min(squared, (distance * turning) / Math.acos(-cosine))
  }
  return Math.min(Math.sqrt(squared), cruise, cruiseBefore)
}

const turnAcceleration = (
  before: Float64Array,
  now: Float64Array,
  lengthBefore: number,
  lengthNow: number,
  acceleration: number,
  { maxAcceleration: most }: MachineLimits,
): number => {
  const x = Math.abs((now[0] as number) / lengthNow - (before[0] as number) / lengthBefore)
  const y = Math.abs((now[1] as number) / lengthNow - (before[1] as number) / lengthBefore)
  const z = Math.abs((now[2] as number) / lengthNow - (before[2] as number) / lengthBefore)
  const e = Math.abs((now[3] as number) / lengthNow - (before[3] as number) / lengthBefore)
  const length = Math.sqrt(x * x + y * y + z * z + e * e)
  // Straight on: there is no direction in which the speed changes.
  if (!(length > 0)) return acceleration
  let turning = acceleration
  if (turning * x > most.x * length) turning = (most.x * length) / x
  if (turning * y > most.y * length) turning = (most.y * length) / y
  if (turning * z > most.z * length) turning = (most.z * length) / z
  if (turning * e > most.e * length) turning = (most.e * length) / e
  return turning
}
