// What a machine can do: the space it reaches, and how fast it may move there.

/** Four numbers, one for each axis. */
export interface Axes {
  readonly x: number
  readonly y: number
  readonly z: number
  readonly e: number
}

/** How a firmware decides how fast a corner may be passed. */
export const plannerModels = ['jerk', 'deviation', 'klipper'] as const
export type PlannerModel = (typeof plannerModels)[number]

/** Speeds in mm/s, accelerations in mm/s², jerk in mm/s. */
export interface MachineLimits {
  readonly model: PlannerModel
  readonly maxFeedrate: Axes
  readonly maxAcceleration: Axes
  readonly printAcceleration: number
  readonly retractAcceleration: number
  readonly travelAcceleration: number
  /** How much an axis may change its speed at a corner, at once (`jerk`). */
  readonly jerk: Axes
  /** mm; how far a circle may cut a corner (`deviation`). */
  readonly junctionDeviation: number
  /** mm/s at a corner of 90° (`klipper`). */
  readonly squareCornerVelocity: number
  /** The part of a move that is at least cruised (`klipper`), 0 to 1. */
  readonly minimumCruiseRatio: number
  /** How much the extruder may change its speed at a corner (`klipper`). */
  readonly instantaneousCornerVelocity: number
  readonly minExtrudeFeedrate: number
  readonly minTravelFeedrate: number
}

/** What slicers assume of a machine of which they know nothing, and close to what most bed-slingers do. */
export const defaultLimits: MachineLimits = {
  model: 'jerk',
  maxFeedrate: { x: 500, y: 500, z: 12, e: 120 },
  maxAcceleration: { x: 9000, y: 9000, z: 500, e: 10000 },
  printAcceleration: 1500,
  retractAcceleration: 1500,
  travelAcceleration: 1250,
  jerk: { x: 10, y: 10, z: 0.4, e: 2.5 },
  // Marlin's and Klipper's own defaults.
  junctionDeviation: 0.013,
  squareCornerVelocity: 5,
  minimumCruiseRatio: 0.5,
  instantaneousCornerVelocity: 1,
  minExtrudeFeedrate: 0,
  minTravelFeedrate: 0,
}

/**
 * Where the nozzle can go, in mm, in the coordinates of G-code. A `round` bed is centred on its origin (delta);
 * a rectangular one reaches from its origin.
 */
export interface PrintVolume {
  readonly shape: 'rectangular' | 'round'
  readonly width: number
  readonly depth: number
  readonly height: number
  /** Where the front left corner (rectangular) or the centre (round) lies. */
  readonly originX: number
  readonly originY: number
}

/** A box that is empty as long as `minX > maxX`. */
export interface Box {
  readonly minX: number
  readonly minY: number
  readonly minZ: number
  readonly maxX: number
  readonly maxY: number
  readonly maxZ: number
}

/** By how many mm a box sticks out of a volume, by direction; all 0 where it fits. */
export const overhang = (box: Box, volume: PrintVolume): { x: number; y: number; z: number } => {
  const above = Math.max(0, box.maxZ - volume.height)
  if (volume.shape === 'round') {
    const radius = volume.width / 2
    const reach = Math.hypot(
      Math.max(Math.abs(box.minX - volume.originX), Math.abs(box.maxX - volume.originX)),
      Math.max(Math.abs(box.minY - volume.originY), Math.abs(box.maxY - volume.originY)),
    )
    // A round part fits a round bed although its box's corners do not: only the axes decide here.
    const across = Math.max(
      Math.abs(box.minX - volume.originX),
      Math.abs(box.maxX - volume.originX),
      Math.abs(box.minY - volume.originY),
      Math.abs(box.maxY - volume.originY),
    )
    const out = Math.max(0, Math.min(reach, across) - radius)
    return { x: out, y: out, z: above }
  }
  return {
    x: Math.max(0, volume.originX - box.minX, box.maxX - volume.originX - volume.width),
    y: Math.max(0, volume.originY - box.minY, box.maxY - volume.originY - volume.depth),
    z: above,
  }
}
