// A heater as a function of time: it climbs evenly to its target, holds it, and cools towards the room.

export interface HeaterModel {
  /** °C a second at full power. */
  readonly heating: number
  /** Seconds in which the difference to the room falls to a third. */
  readonly coolingTime: number
}

export const ROOM = 21.87

export interface Heater {
  readonly model: HeaterModel
  /** Temperature at `since`, milliseconds of the printer's own time. */
  readonly start: number
  readonly since: number
  readonly target: number
}

export const coldHeater = (model: HeaterModel, now: number): Heater => ({ model, start: ROOM, since: now, target: 0 })

export const temperatureOf = (heater: Heater, now: number): number => {
  const seconds = (now - heater.since) / 1000
  if (heater.target > heater.start && heater.model.heating > 0) {
    return Math.min(heater.target, heater.start + heater.model.heating * seconds)
  }
  const rest = heater.model.heating > 0 ? Math.max(ROOM, heater.target) : ROOM
  return Math.max(rest, ROOM + (heater.start - ROOM) * Math.exp(-seconds / heater.model.coolingTime))
}

export const setTarget = (heater: Heater, target: number, now: number): Heater => ({
  ...heater,
  start: temperatureOf(heater, now),
  since: now,
  target,
})

/** Its wire has come off: from now on it only cools. */
export const breakHeater = (heater: Heater, now: number): Heater => ({
  ...setTarget(heater, heater.target, now),
  model: { ...heater.model, heating: 0 },
})

/** When it will stand at its target within a degree; `now` where it does already; never, for a broken one. */
export const reachesTargetAt = (heater: Heater, now: number): number => {
  const actual = temperatureOf(heater, now)
  if (heater.target > actual) {
    return heater.model.heating > 0
      ? now + Math.max(0, ((heater.target - 1 - actual) / heater.model.heating) * 1000)
      : Number.POSITIVE_INFINITY
  }
  const rest = Math.max(heater.target, ROOM) + 1
  if (actual <= rest) return now
  return now + Math.log((actual - ROOM) / Math.max(0.5, rest - ROOM)) * heater.model.coolingTime * 1000
}

/** How hard it works, 0 to 127, as `@:` tells it. */
export const powerOf = (heater: Heater, now: number): number => {
  if (heater.target === 0) return 0
  const actual = temperatureOf(heater, now)
  if (actual < heater.target - 0.5) return 127
  return actual > heater.target + 0.5 ? 0 : Math.round(Math.min(127, (heater.target - ROOM) * 0.35))
}
