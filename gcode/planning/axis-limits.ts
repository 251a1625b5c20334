// What the slowest axis allows the whole move.
import type { MachineLimits } from '../machine.ts'

/** By how much a speed (mm/s) along the direction (ux, uy, uz, ue) is cut so that no axis exceeds its own; 0 to 1. */
export const speedFactor = (
  speed: number,
  ux: number,
  uy: number,
  uz: number,
  ue: number,
  limits: MachineLimits,
): number => {
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

/**
 * The acceleration of a move in mm/s²: that of its kind, cut so that no axis exceeds its own. `travelled` is the way in
 * space, 0 where only filament moves. A move that pulls filament back, or only lifts, counts as travel.
 */
export const accelerationOf = (
  ux: number,
  uy: number,
  uz: number,
  ue: number,
  travelled: number,
  limits: MachineLimits,
): number => {
  let acceleration = limits.printAcceleration
  if (travelled === 0) acceleration = limits.retractAcceleration
  else if (ue <= 0 || (ux === 0 && uy === 0 && uz !== 0)) acceleration = limits.travelAcceleration
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
