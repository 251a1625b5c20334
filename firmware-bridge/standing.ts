// Where and how a print stands when it is interrupted by a pause: all that is needed to go on exactly there. Pure.
import type { ModalState } from '../gcode/index.ts'
import type { Temperatures } from './protocol/temperatures.ts'

const AXES = { x: 1, y: 2, z: 4 }
/** Firmware rounds its position to hundredths of a millimetre: what differs by less is the same place. */
const ROUNDING = 0.02

/** Lengths in mm, in the coordinates that an absolute line would be read in now; temperatures in °C. */
export interface Standing {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly e: number
  /** What is added to these to get the machine's coordinates. */
  readonly offsetX: number
  readonly offsetY: number
  readonly offsetZ: number
  readonly knowsXY: boolean
  readonly knowsZ: boolean
  /** G90, G91, M82, M83 that bring the modes back, in the order in which they came. */
  readonly modes: readonly string[]
  readonly inches: boolean
  /** mm/min; 0 where no line has said one. */
  readonly feedratePerMinute: number
  readonly tool: number
  /** Pulled back by G10 already. */
  readonly firmwareRetracted: boolean
  /** Targets above 0, by heater. */
  readonly targets: Readonly<Record<string, number>>
}

/** The last G90 or G91 and the last M82 or M83, and which came later: on some firmware G90 and G91 speak of E too. */
export interface ModeTrail {
  readonly axes: string | null
  readonly extruder: string | null
  readonly last: 'axes' | 'extruder' | null
}

export const noModes: ModeTrail = { axes: null, extruder: null, last: null }

/** The trail after one more line. Called for every line of a print, so it looks at as little as it can. */
export const followModes = (trail: ModeTrail, line: string): ModeTrail => {
  const second = line.charCodeAt(1)
  if (second !== 57 && second !== 56) return trail
  if (/^G9[01]\b/.test(line)) return { ...trail, axes: line.slice(0, 3), last: 'axes' }
  if (/^M8[23]\b/.test(line)) return { ...trail, extruder: line.slice(0, 3), last: 'extruder' }
  return trail
}

/** Lines that bring the modes back, whatever the firmware takes G90 to mean for E. */
const modeLines = (state: Readonly<ModalState>, trail: ModeTrail): string[] => {
  const axes = trail.axes ?? (state.relative ? 'G91' : 'G90')
  const extruder = trail.extruder ?? (state.relativeE ? 'M83' : 'M82')
  return trail.last === 'axes' && trail.extruder !== null ? [extruder, axes] : [axes, extruder]
}

export type Place = Readonly<Record<'x' | 'y' | 'z' | 'e', number>>

/**
 * `state` is what the last accepted line left; `told` is what M114 answered, or null. Where both differ, as after homing
 * or with a limit of the firmware in between, the printer knows better.
 */
export const standingOf = (
  state: Readonly<ModalState>,
  trail: ModeTrail,
  told: Place | null,
  temperatures: Temperatures,
): Standing => {
  const pick = (counted: number, heard: number | undefined): number =>
    heard === undefined || Math.abs(heard - counted) < ROUNDING ? counted : heard
  return {
    x: pick(state.x - state.offsetX, told?.x),
    y: pick(state.y - state.offsetY, told?.y),
    z: pick(state.z - state.offsetZ, told?.z),
    e: pick(state.e - state.offsetE, told?.e),
    offsetX: state.offsetX,
    offsetY: state.offsetY,
    offsetZ: state.offsetZ,
    knowsXY: (state.homedAxes & (AXES.x | AXES.y)) === (AXES.x | AXES.y),
    knowsZ: (state.homedAxes & AXES.z) !== 0,
    modes: modeLines(state, trail),
    inches: state.unit !== 1,
    feedratePerMinute: state.feedrate * 60,
    tool: state.tool,
    firmwareRetracted: state.firmwareRetracted,
    targets: targetsOf(state, temperatures),
  }
}

/** What the printer tells, which includes what people have changed; else what the file asked for. */
const targetsOf = (state: Readonly<ModalState>, temperatures: Temperatures): Record<string, number> => {
  const targets: Record<string, number> = {}
  for (const [heater, { target }] of Object.entries(temperatures)) {
    if (/^(T\d+|B|C)$/.test(heater) && target !== undefined && target > 0) targets[heater] = target
  }
  const asked: [string, number][] = [
    ['B', state.bedTarget],
    ['C', state.chamberTarget],
    ...[...state.nozzleTargets].map((target, tool): [string, number] => [`T${tool}`, target]),
  ]
  for (const [heater, target] of asked) {
    if (target > 0 && temperatures[heater]?.target === undefined) targets[heater] = target
  }
  return targets
}
