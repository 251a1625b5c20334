// How fast the slicer believes the machine to be -> the limits of the planner, where nobody knows the machine better.
import type { ArcCutting } from '../arc.ts'
import { type Axes, defaultLimits, type MachineLimits } from '../machine.ts'
import type { Flavour, SlicerMetadata } from '../slicer/metadata.ts'
import { type LimitRules, noRules } from './limit-commands.ts'

/** For other firmware, slicers leave the machine's limits out of their estimate, though the settings hold some. */
const limited: readonly (Flavour | undefined)[] = ['marlin', 'marlin2', 'reprapfirmware', 'klipper', 'bambu']

/** Firmware that knows an acceleration for travel of its own. */
const ownTravel: readonly (Flavour | undefined)[] = ['marlin2', 'reprapfirmware', 'repetier', 'bambu']

const usual = { print: 1500, retract: 1500, travel: 1250 }

/** What `slicedBy` names is one family: PrusaSlicer's model with the travel acceleration always its own. */
const isOrca = ({ slicer }: SlicerMetadata): boolean => slicer?.name === 'OrcaSlicer' || slicer?.name === 'BambuStudio'

const above = (value: number | undefined, otherwise: number): number =>
  value !== undefined && value > 0 ? value : otherwise

const axes = (said: Partial<Axes> | undefined, otherwise: Axes): Axes => ({
  x: above(said?.x, otherwise.x),
  y: above(said?.y, otherwise.y),
  z: above(said?.z, otherwise.z),
  e: above(said?.e, otherwise.e),
})

/** How the slicer cuts arcs when it reckons their time. */
export const arcsOfSlicer = ({ flavour }: SlicerMetadata): ArcCutting =>
  flavour === undefined || flavour === 'marlin2' || flavour === 'bambu' ? 'by-length' : 'by-chord'

/** The limits with which a file begins, and how commands in it change them. */
export const limitsOfSlicer = (metadata: SlicerMetadata): { limits: MachineLimits; rules: LimitRules } => {
  const { config, flavour } = metadata
  const perMinute = flavour === 'reprapfirmware' || flavour === 'klipper'
  const known = flavour === undefined || limited.includes(flavour)
  const said = known ? config : {}
  const print = above(said.maxExtrudingAcceleration, usual.print)
  const retract = above(said.maxRetractingAcceleration, usual.retract)
  const travelCap = ownTravel.includes(flavour) || isOrca(metadata) ? above(said.maxTravelAcceleration, 0) : 0
  return {
    limits: {
      ...defaultLimits,
      maxFeedrate: axes(said.maxFeedrate, defaultLimits.maxFeedrate),
      maxAcceleration: axes(said.maxAcceleration, defaultLimits.maxAcceleration),
      jerk: axes(said.jerk, defaultLimits.jerk),
      printAcceleration: print,
      retractAcceleration: retract,
      travelAcceleration: above(travelCap, usual.travel),
      minExtrudeFeedrate: said.minExtrudeFeedrate ?? 0,
      minTravelFeedrate: said.minTravelFeedrate ?? 0,
    },
    rules: { ...noRules, perMinute, most: { print, retract, travel: travelCap } },
  }
}
