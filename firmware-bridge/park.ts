// The lines that move a printer out of the way and back: pausing, resuming and giving up a print. Pure.
import type { ModalState } from '../gcode/index.ts'
import type { PrinterProfile } from '../server/contract/printers.ts'

const LIFT = 10
const RETRACTION = 2
const FAST = 6000
const SLOW = 600
const RETRACT = 2100

/** Where the nozzle waits: at the front left, away from the part; on a round bed at its front edge. */
const parkingPlace = (profile: PrinterProfile): { x: number; y: number } =>
  profile.shape === 'round'
    ? { x: profile.originX, y: profile.originY - profile.width * 0.4 }
    : { x: profile.originX, y: profile.originY }

const mm = (value: number): string => String(Number(value.toFixed(3)))

/** How far up there is room. */
const liftOf = (state: Readonly<ModalState>, profile: PrinterProfile): number =>
  Math.max(0, Math.min(LIFT, profile.height - state.z))

/** Lifts and parks; `state` is what the last accepted line left. Before homing nothing is moved: nobody knows where it is. */
export const pauseLines = (state: Readonly<ModalState>, profile: PrinterProfile): string[] => {
  if (!state.homed) return []
  const place = parkingPlace(profile)
  return [
    'M83',
    `G1 E-${RETRACTION} F${RETRACT}`,
    'G91',
    `G1 Z${mm(liftOf(state, profile))} F${SLOW}`,
    'G90',
    `G1 X${mm(place.x - state.offsetX)} Y${mm(place.y - state.offsetY)} F${FAST}`,
  ]
}

/** Takes the nozzle back to where `state` was and restores every mode that pausing touched. */
export const resumeLines = (state: Readonly<ModalState>, profile: PrinterProfile): string[] => {
  if (!state.homed) return []
  return [
    'G90',
    `G1 X${mm(state.x - state.offsetX)} Y${mm(state.y - state.offsetY)} F${FAST}`,
    'G91',
    `G1 Z${mm(-liftOf(state, profile))} F${SLOW}`,
    `G1 E${RETRACTION} F${RETRACT}`,
    state.relative ? 'G91' : 'G90',
    state.relativeE ? 'M83' : 'M82',
    ...(state.feedrate > 0 ? [`G1 F${mm((state.feedrate * 60) / state.unit)}`] : []),
  ]
}

/** Heaters first, then out of the way. `hot` says whether plastic can be pulled back. */
export const cancelLines = (state: Readonly<ModalState>, profile: PrinterProfile, hot: boolean): string[] => [
  'M104 S0',
  'M140 S0',
  'M107',
  ...(state.homed
    ? [
        'M83',
        ...(hot ? [`G1 E-${RETRACTION} F${RETRACT}`] : []),
        'G91',
        `G1 Z${mm(liftOf(state, profile))} F${SLOW}`,
        'G90',
        `G1 X${mm(parkingPlace(profile).x - state.offsetX)} Y${mm(parkingPlace(profile).y - state.offsetY)} F${FAST}`,
      ]
    : []),
  'M84',
]

/** After a print that nobody watches any more: everything off. */
export const coolDownLines: readonly string[] = ['M104 S0', 'M140 S0', 'M107']
