// A print was cut off and its printer has forgotten everything: the lines that lead back to where it stood. Pure.
import type { ModalRecord } from '../contract/print-record.ts'
import type { Printer, PrinterProfile } from '../contract/printers.ts'
import type { ResumeChoices } from '../contract/resume.ts'
import type { FilePlace } from './place.ts'

export type ResumePlan =
  | {
      readonly lines: readonly string[]
      /** Sentences that a person should have read before. */
      readonly warnings: readonly string[]
    }
  | { readonly refused: string }

/** What the printer speaks: Klipper moves nothing that is not homed unless its place is set outright. */
export type ResumeDialect = 'marlin' | 'klipper'

const FEEDRATE = { travel: 6000, z: 600, prime: 180, retract: 2100 }
/** Below, no plastic flows, in °C. */
const COLDEST_EXTRUSION = 170
const ALL_AXES = 7
/** mm above which a bed's unevenness is no longer corrected. */
const FADED = 10
/** mm that the nozzle must be clear of the part to pass over it. */
const LEAST_LIFT = 2

const mm = (value: number): string => String(Number(value.toFixed(4)))
const whole = (value: number): string => String(Math.round(value))

/** `place` is what the file had made of the printer up to the line to go on from. */
export const resumePlan = (
  place: FilePlace,
  profile: PrinterProfile,
  choices: ResumeChoices,
  dialect: ResumeDialect = 'marlin',
): ResumePlan => {
  const { modal } = place
  const refused = refusalOf(place, profile, choices)
  if (refused !== null) return { refused }
  const lift = Math.max(0, Math.min(choices.lift, profile.height - modal.z))
  const lines = [
    // The modes first, for the lines that follow here; the file's own come at the end.
    'G21',
    'G90',
    'M83',
    ...heatLines(modal),
    ...homeLines(modal, profile, choices, dialect, lift),
    ...(levels(place, choices) && dialect === 'marlin' ? ['M420 S1'] : []),
    ...place.settings,
    ...(modal.tool > 0 ? [`T${modal.tool}`] : []),
    ...primeLines(modal, profile, choices, lift),
    ...backLines(modal),
    ...modeLines(modal),
  ]
  return { lines, warnings: warningsOf(place, choices) }
}

/**
 * Marlin fades the correction of the bed out over the first millimetres by the height above its own zero, which G92 does
 * not move: with a height that was only named it would come back where the part was printed without it.
 */
const levels = ({ modal, measuresBed }: FilePlace, { homing }: ResumeChoices): boolean =>
  measuresBed && (homing !== 'keep' || modal.z < FADED)

const refusalOf = ({ modal, bytes }: FilePlace, profile: PrinterProfile, choices: ResumeChoices): string | null => {
  const nozzle = targetOf(modal)
  if (bytes === 0 || (modal.homedAxes & ALL_AXES) !== ALL_AXES) {
    return 'The print had not begun to lay plastic there. Clear the bed and print it from its beginning.'
  }
  if (nozzle < COLDEST_EXTRUSION) {
    return `The nozzle is not hot at that line (${whole(nozzle)} °C). Choose one further on or further back.`
  }
  if (Math.max(nozzle, ...modal.nozzleTargets) > profile.maxNozzleTemperature) {
    return `The file wants ${whole(nozzle)} °C, more than the ${profile.maxNozzleTemperature} °C that this printer's profile allows.`
  }
  if (modal.bedTarget > profile.maxBedTemperature) {
    return `The file wants a bed of ${whole(modal.bedTarget)} °C, more than the ${profile.maxBedTemperature} °C that this printer's profile allows.`
  }
  if (!isWithin(modal, profile)) return 'That line lies outside of the bed of this printer. Choose another.'
  if (choices.homing === 'edge' && !profile.homeZAt) {
    return 'The set-up of this printer names no place beside parts where Z can be homed. Add it there, or keep the height.'
  }
  if (choices.homing === 'top' && profile.shape !== 'round') {
    return 'Only a delta homes at its top. On this printer, homing all axes would press the nozzle into the part.'
  }
  if (choices.homing === 'keep' && profile.shape === 'round') {
    return 'A delta moves all its axes at once: let it home at its top.'
  }
  if (profile.height - modal.z < LEAST_LIFT && choices.homing !== 'top') {
    return 'There is no room to lift the nozzle off the part. It has to be given up.'
  }
  return null
}

const targetOf = (modal: ModalRecord): number => modal.nozzleTargets[modal.tool] ?? 0

const isWithin = ({ x, y, z }: ModalRecord, profile: PrinterProfile): boolean => {
  if (z < 0 || z > profile.height) return false
  if (profile.shape === 'round') return Math.hypot(x - profile.originX, y - profile.originY) <= profile.width / 2 + 1
  const [left, front] = [profile.originX, profile.originY]
  return x >= left - 5 && x <= left + profile.width + 5 && y >= front - 5 && y <= front + profile.depth + 5
}

/**
 * The bed first, so that the part holds; then the nozzle, before anything moves: it may be frozen into the part and
 * would tear it off.
 */
const heatLines = (modal: ModalRecord): string[] => [
  ...(modal.chamberTarget > 0 ? [`M141 S${whole(modal.chamberTarget)}`] : []),
  ...(modal.bedTarget > 0 ? [`M140 S${whole(modal.bedTarget)}`, `M190 S${whole(modal.bedTarget)}`] : []),
  ...modal.nozzleTargets.flatMap((target, tool) =>
    tool !== modal.tool && target > 0 ? [`M104 T${tool} S${whole(target)}`] : [],
  ),
  `M109 ${modal.tool > 0 ? `T${modal.tool} ` : ''}S${whole(targetOf(modal))}`,
]

const homeLines = (
  modal: ModalRecord,
  profile: PrinterProfile,
  choices: ResumeChoices,
  dialect: ResumeDialect,
  lift: number,
): string[] => {
  // Homing would lower it onto the bed: the height is what it was when the power went, and is only named again.
  const named = dialect === 'klipper' ? `SET_KINEMATIC_POSITION X=0 Y=0 Z=${mm(modal.z)}` : `G92 Z${mm(modal.z)}`
  const rise = ['G91', `G1 Z${mm(lift)} F${FEEDRATE.z}`, 'G90']
  if (choices.homing === 'top') return ['G28']
  if (choices.homing === 'keep') return [named, ...rise, 'G28 X Y']
  const { x, y } = profile.homeZAt ?? { x: profile.originX, y: profile.originY }
  return [
    named,
    ...rise,
    'G28 X Y',
    `G1 X${mm(x)} Y${mm(y)} F${FEEDRATE.travel}`,
    'G28 Z',
    `G1 Z${mm(modal.z + lift)} F${FEEDRATE.z}`,
  ]
}

/** At the edge of the bed, above the height of the part, so that what comes out falls beside it. */
const primeLines = (modal: ModalRecord, profile: PrinterProfile, choices: ResumeChoices, lift: number): string[] => {
  const edge =
    profile.shape === 'round'
      ? { x: profile.originX, y: profile.originY - profile.width * 0.4 }
      : { x: profile.originX, y: profile.originY }
  const z = Math.min(profile.height, modal.z + lift)
  return [
    ...(choices.homing === 'top' ? [`G1 Z${mm(z)} F${FEEDRATE.z}`] : []),
    `G1 X${mm(edge.x)} Y${mm(edge.y)} F${FEEDRATE.travel}`,
    ...(modal.volumetricArea > 0 ? ['M200 D0'] : []),
    ...(choices.prime > 0 ? [`G1 E${mm(choices.prime)} F${FEEDRATE.prime}`, 'G4 S2'] : []),
    // As the file left it: what its next lines feed again is pulled back here.
    ...(modal.retracted > 0 ? [`G1 E${mm(-modal.retracted)} F${FEEDRATE.retract}`] : []),
    ...(modal.firmwareRetracted ? ['G10'] : []),
  ]
}

/** Over the part, then down on it. */
const backLines = (modal: ModalRecord): string[] => [
  modal.fan > 0 ? `M106 S${whole(modal.fan * 255)}` : 'M107',
  `G1 X${mm(modal.x)} Y${mm(modal.y)} F${FEEDRATE.travel}`,
  `G1 Z${mm(modal.z)} F${FEEDRATE.z}`,
]

/** Everything that the lines of the file rely on. */
const modeLines = (modal: ModalRecord): string[] => {
  const { unit } = modal
  const shifted = [
    ...(modal.offsetX !== 0 ? [`X${mm((modal.x - modal.offsetX) / unit)}`] : []),
    ...(modal.offsetY !== 0 ? [`Y${mm((modal.y - modal.offsetY) / unit)}`] : []),
    ...(modal.offsetZ !== 0 ? [`Z${mm((modal.z - modal.offsetZ) / unit)}`] : []),
  ]
  const diameter = 2 * Math.sqrt(modal.volumetricArea / Math.PI)
  return [
    ...(modal.volumetricArea > 0 ? [`M200 D${mm(diameter)}`] : []),
    ...(unit === 1 ? [] : ['G20']),
    `G92 ${[...shifted, `E${mm((modal.e - modal.offsetE) / unit)}`].join(' ')}`,
    ...(modal.plane === 17 ? [] : [`G${modal.plane}`]),
    ...(modal.feedrateFactor === 1 ? [] : [`M220 S${mm(modal.feedrateFactor * 100)}`]),
    ...(modal.flowFactor === 1 ? [] : [`M221 S${mm(modal.flowFactor * 100)}`]),
    // G90 and G91 switch E as well in Marlin: so its own mode comes after.
    modal.relative ? 'G91' : 'G90',
    modal.relativeE ? 'M83' : 'M82',
    ...(modal.feedrate > 0 ? [`G1 F${mm((modal.feedrate * 60) / unit)}`] : []),
  ]
}

const warningsOf = ({ modal, measuresBed, layer }: FilePlace, choices: ResumeChoices): string[] => [
  ...(choices.homing === 'keep'
    ? [
        'The height is taken to be what it was. If the nozzle or the bed has been moved by hand since, do not go on like this.',
      ]
    : []),
  ...(measuresBed
    ? [
        'The file measured the bed at its start. That cannot be done again over a part: what the firmware has stored is used.',
      ]
    : []),
  ...(modal.tool > 0 ? ['The print had changed its tool. Look that the right filament is loaded.'] : []),
  ...(layer === 1 ? ['It was still in its first layer: printing it anew is mostly the better choice.'] : []),
]

/** Why a print cannot be gone on with on this printer as it stands; null where it can. */
export const hindranceToResume = ({ name, print, telemetry, bridgeAlive, bridge }: Printer): string | null => {
  if (!bridgeAlive) return `The bridge ${bridge} does not answer. Is its computer on?`
  if (print !== null) return `${name} is printing something else.`
  switch (telemetry?.state) {
    case 'idle':
      return null
    case 'halted':
      return `${name} has halted. Look at it, then connect it anew.`
    case 'offline':
    case 'connecting':
    case undefined:
      return `${name} is not connected. Switch it on and plug it in.`
    default:
      return `${name} is ${telemetry?.state}: this cannot be done now.`
  }
}
