// Kinds of moves in the words of the page: which of them lay plastic, and which show the shape of a part from outside.
import { roles, toolpath } from '../../gcode/index.ts'

export const { RETRACT, UNRETRACT, WIPE, TRAVEL, START, laysPlastic } = toolpath

const bit = (kind: number): number => (1 << kind) >>> 0

export const maskOf = (kinds: Iterable<number>): number => {
  let mask = 0
  for (const kind of kinds) mask |= bit(kind)
  return mask >>> 0
}

export const ALL_PLASTIC = maskOf(Array.from({ length: RETRACT }, (_, kind) => kind))
export const ALL_TRAVEL = maskOf([TRAVEL, WIPE])

/** What is seen of a part from outside; `unknown` where a slicer does not tell roles. */
export const OUTSIDE = maskOf(
  [
    'unknown',
    'external-perimeter',
    'overhang',
    'thin-wall',
    'top-infill',
    'ironing',
    'support',
    'wipe-tower',
    'brim',
    'skirt',
  ].map((role) => (roles as readonly string[]).indexOf(role)),
)
export const OUTER_WALLS = maskOf(
  ['external-perimeter', 'overhang', 'thin-wall'].map((role) => (roles as readonly string[]).indexOf(role)),
)
