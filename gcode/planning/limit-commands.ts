// Commands that change how fast a machine may move -> its limits.
import { type Command, E, has, J, P, R, S, T, wordOf, X, Y, Z } from '../command.ts'
import { extendedName, extendedParameters, numberOf } from '../extended.ts'
import type { Axes, MachineLimits } from '../machine.ts'

/** Numbers beyond are mistakes of a file: with them a move would take for ever, or no time. */
const ACCELERATION = { least: 1, most: 1e7 }
const SPEED = { least: 0.01, most: 1e5 }

export interface LimitRules {
  /** M203 and M566 count in mm/min (RepRapFirmware), not in mm/s. */
  readonly perMinute: boolean
  /** What M204 may at most ask for, in mm/s²; 0: no cap. */
  readonly most: { readonly print: number; readonly retract: number; readonly travel: number }
  /** What the printer's profile has settled; commands of the file do not change it. */
  readonly settled: ReadonlySet<keyof MachineLimits>
}

export const noRules: LimitRules = {
  perMinute: false,
  most: { print: 0, retract: 0, travel: 0 },
  settled: new Set(),
}

/**
 * The limits after a command, the same object where it changes none: M201 to M205, M566, SET_VELOCITY_LIMIT.
 * Units are Marlin's (mm, s) but where `rules` say otherwise.
 */
export const limitsAfter = (limits: MachineLimits, command: Command, rules: LimitRules): MachineLimits => {
  const changes = command.letter === 0 ? velocityLimit(limits, command, rules) : byNumber(limits, command, rules)
  if (changes === null) return limits
  const allowed = Object.entries(changes).filter(([key]) => !rules.settled.has(key as keyof MachineLimits))
  return allowed.length === 0 ? limits : { ...limits, ...Object.fromEntries(allowed) }
}

export const changesLimits = (command: Command): boolean =>
  command.letter === 0
    ? extendedName(command) === 'SET_VELOCITY_LIMIT'
    : command.letter === 77 && ((command.number >= 201 && command.number <= 205) || command.number === 566)

type Changes = Partial<MachineLimits> | null

const byNumber = (limits: MachineLimits, command: Command, rules: LimitRules): Changes => {
  const perSecond = rules.perMinute ? 1 / 60 : 1
  switch (command.number) {
    case 201:
      return { maxAcceleration: axesOf(command, limits.maxAcceleration, 1, ACCELERATION) }
    case 203:
      return { maxFeedrate: axesOf(command, limits.maxFeedrate, perSecond, SPEED) }
    case 204:
      return accelerations(limits, command, rules)
    case 205:
      return jerks(limits, command)
    case 566:
      return { jerk: axesOf(command, limits.jerk, 1 / 60, SPEED) }
    default:
      return null
  }
}

const axesOf = (command: Command, now: Axes, factor: number, range: typeof SPEED): Axes => {
  const of = (letter: number, otherwise: number): number =>
    within(wordOf(command, letter, Number.NaN) * factor, range, otherwise)
  return { x: of(X, now.x), y: of(Y, now.y), z: of(Z, now.z), e: of(E, now.e) }
}

/** M204: `S` is the old form for printing and travel (then `T` is for retraction); P, R and T are the new one. */
const accelerations = (limits: MachineLimits, command: Command, { most }: LimitRules): Changes => {
  const of = (letter: number, cap: number, now: number): number => {
    const asked = within(wordOf(command, letter, Number.NaN), ACCELERATION, now)
    return cap > 0 ? Math.min(asked, cap) : asked
  }
  const old = has(command, S)
  return {
    printAcceleration: of(old ? S : P, most.print, limits.printAcceleration),
    travelAcceleration: of(old ? S : T, most.travel, limits.travelAcceleration),
    retractAcceleration: of(old ? T : R, most.retract, limits.retractAcceleration),
  }
}

/** M205: X alone is for Y too. */
const jerks = (limits: MachineLimits, command: Command): Changes => {
  const of = (letter: number, now: number): number => within(wordOf(command, letter, Number.NaN), SPEED, now)
  const { jerk } = limits
  const x = of(X, jerk.x)
  return {
    jerk: { x, y: of(Y, has(command, X) ? x : jerk.y), z: of(Z, jerk.z), e: of(E, jerk.e) },
    junctionDeviation: within(wordOf(command, J, Number.NaN), { least: 1e-4, most: 1 }, limits.junctionDeviation),
    minExtrudeFeedrate: within(
      wordOf(command, S, Number.NaN),
      { least: 0, most: SPEED.most },
      limits.minExtrudeFeedrate,
    ),
    minTravelFeedrate: within(wordOf(command, T, Number.NaN), { least: 0, most: SPEED.most }, limits.minTravelFeedrate),
  }
}

/** Klipper: one acceleration for printing and travel. For a planner by jerk, the corner velocity is its jerk in X and Y. */
const velocityLimit = (limits: MachineLimits, command: Command, { most }: LimitRules): Changes => {
  if (extendedName(command) !== 'SET_VELOCITY_LIMIT') return null
  const parameters = extendedParameters(command)
  const of = (name: string, range: typeof SPEED, now: number): number =>
    within(numberOf(parameters, name) ?? Number.NaN, range, now)
  const capped = (value: number, cap: number): number => (cap > 0 ? Math.min(value, cap) : value)
  const corner = of('SQUARE_CORNER_VELOCITY', SPEED, limits.squareCornerVelocity)
  const hasAcceleration = parameters.has('ACCEL')
  const print = of('ACCEL', ACCELERATION, limits.printAcceleration)
  const ratio = { least: 0, most: 0.99 }
  return {
    ...(hasAcceleration
      ? { printAcceleration: capped(print, most.print), travelAcceleration: capped(print, most.travel) }
      : {}),
    ...(parameters.has('SQUARE_CORNER_VELOCITY') ? { jerk: { ...limits.jerk, x: corner, y: corner } } : {}),
    squareCornerVelocity: corner,
    minimumCruiseRatio: of('MINIMUM_CRUISE_RATIO', ratio, limits.minimumCruiseRatio),
  }
}

const within = (value: number, range: typeof SPEED, otherwise: number): number =>
  value >= range.least && value <= range.most ? value : otherwise
