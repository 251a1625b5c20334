// The lines that move a printer out of the way and back: pausing, resuming and giving up a print. Pure.
import type { PrinterProfile } from '../server/contract/printers.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import type { Standing } from './standing.ts'

const LIFT = 10
const RETRACTION = 2
const FAST = 6000
const SLOW = 600
const RETRACT = 2100
/** A heater that has fallen by more than this is waited for, in °C. */
const FALLEN = 4

/** Where the nozzle waits: at the front left, away from the part; on a round bed at its front edge. */
const parkingPlace = (profile: PrinterProfile): { x: number; y: number } =>
  profile.shape === 'round'
    ? { x: profile.originX, y: profile.originY - profile.width * 0.4 }
    : { x: profile.originX, y: profile.originY }

/** A number of mm as G-code: no `-0`, no exponent. */
export const mm = (value: number): string => String(Number(value.toFixed(4)) + 0)

/** How far up there is room. */
const liftOf = (standing: Standing, profile: PrinterProfile): number =>
  Math.max(0, Math.min(LIFT, profile.height - (standing.z + standing.offsetZ)))

/** Whether plastic is pulled back: not through a cold nozzle, and not twice. */
export const retracts = (standing: Standing, hot: boolean): boolean => hot && !standing.firmwareRetracted

const awayLines = (standing: Standing, profile: PrinterProfile): string[] => {
  const place = parkingPlace(profile)
  const lift = liftOf(standing, profile)
  return [
    ...(standing.knowsZ && lift > 0 ? ['G91', `G1 Z${mm(lift)} F${SLOW}`] : []),
    'G90',
    ...(standing.knowsXY ? [`G1 X${mm(place.x - standing.offsetX)} Y${mm(place.y - standing.offsetY)} F${FAST}`] : []),
  ]
}

/** Lifts and parks. Axes that were never homed are not moved: nobody knows where they are. */
export const pauseLines = (standing: Standing, profile: PrinterProfile, hot: boolean): string[] => [
  ...(standing.inches ? ['G21'] : []),
  ...(retracts(standing, hot) ? ['M83', `G1 E-${RETRACTION} F${RETRACT}`] : []),
  ...awayLines(standing, profile),
]

/** Takes the nozzle back to where it was, from above, wherever people have moved it; `retracted` as when it paused. */
export const returnLines = (standing: Standing, profile: PrinterProfile, retracted: boolean): string[] => [
  'G21',
  'G90',
  ...(standing.knowsZ ? [`G1 Z${mm(standing.z + liftOf(standing, profile))} F${SLOW}`] : []),
  ...(standing.knowsXY ? [`G1 X${mm(standing.x)} Y${mm(standing.y)} F${FAST}`] : []),
  ...(standing.knowsZ ? [`G1 Z${mm(standing.z)} F${SLOW}`] : []),
  ...(retracted ? ['M83', `G1 E${RETRACTION} F${RETRACT}`] : []),
]

/** Restores every mode that pausing, scripts or people may have touched. The last lines before the file goes on. */
export const modeLines = (standing: Standing): string[] => [
  `G92 E${mm(standing.e)}`,
  ...(standing.feedratePerMinute > 0 ? [`G1 F${mm(standing.feedratePerMinute)}`] : []),
  ...standing.modes,
  ...(standing.inches ? ['G20'] : []),
]

/**
 * Brings the heaters back to where they were and waits for those that have fallen, the bed first.
 * `chosen` are targets that people have set during the pause: these count more than what was before.
 */
export const reheatLines = (
  standing: Standing,
  now: Temperatures,
  chosen: Readonly<Record<string, number>>,
): string[] => {
  const lines: string[] = []
  const targets: Record<string, number> = { ...standing.targets, ...chosen }
  const heaters = Object.keys(targets).sort((one, other) => rankOf(one) - rankOf(other))
  for (const heater of heaters) {
    const target = targets[heater] ?? 0
    const { actual = 0, target: set } = now[heater] ?? {}
    const fallen = actual < target - FALLEN
    if (target <= 0 || (set === target && !fallen)) continue
    lines.push(heatLine(heater, target, fallen, standing.tool))
  }
  return lines
}

const rankOf = (heater: string): number => (heater === 'B' ? 0 : heater === 'C' ? 1 : 2 + Number(heater.slice(1)))

/** `waits`: the firmware says ok when it is reached. A nozzle is named only where it is not the one in use. */
export const heatLine = (heater: string, target: number, waits: boolean, tool: number): string => {
  if (heater === 'B') return `${waits ? 'M190' : 'M140'} S${target}`
  if (heater === 'C') return `${waits ? 'M191' : 'M141'} S${target}`
  return `${waits ? 'M109' : 'M104'}${heater === `T${tool}` ? '' : ` ${heater}`} S${target}`
}

/** Heaters first, whatever else happens. */
export const offLines = (standing: Standing): string[] => [
  ...coolDownLines,
  ...Object.keys(standing.targets)
    .filter((heater) => heater === 'C' || (heater !== 'B' && heater !== `T${standing.tool}`))
    .map((heater) => (heater === 'C' ? 'M141 S0' : `M104 ${heater} S0`)),
]

/** Out of the way after a print that is given up. */
export const leaveLines = (standing: Standing, profile: PrinterProfile, hot: boolean): string[] =>
  standing.knowsXY || standing.knowsZ ? pauseLines(standing, profile, hot) : []

/** After a print that nobody watches any more: everything off. */
export const coolDownLines: readonly string[] = ['M104 S0', 'M140 S0', 'M107']
