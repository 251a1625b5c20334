// What an extrusion is for.

/** All roles; a role travels as its place in this list, so that it fits a byte. New ones are added at the end. */
export const roles = [
  'unknown',
  'external-perimeter',
  'perimeter',
  'overhang',
  'infill',
  'solid-infill',
  'top-infill',
  'bottom-infill',
  'bridge',
  'gap-fill',
  'thin-wall',
  'ironing',
  'skirt',
  'brim',
  'raft',
  'support',
  'support-interface',
  'wipe-tower',
  'custom',
] as const

export type Role = (typeof roles)[number]
