// What a person has chosen to see of a toolpath: plain data, from the page to the scene.
import type { Colouring } from './colours.ts'
import type { Place } from './toolpath-store.ts'

export interface Cut {
  readonly axis: 'x' | 'y'
  /** mm; what lies beyond is cut away. */
  readonly at: number
}

export interface Look {
  readonly colouring: Colouring
  /** Kinds of moves that are not shown; and tools. */
  readonly hiddenKinds: ReadonlySet<number>
  readonly hiddenTools: ReadonlySet<number>
  readonly travels: boolean
  readonly retractions: boolean
  readonly seams: boolean
  readonly cut: Cut | null
  /** What is not yet printed is shown pale, where a print is followed. */
  readonly pale: boolean
  /** Objects by number: the chosen one, and those given up. */
  readonly chosen: number | null
  readonly excluded: ReadonlySet<number>
}

export const firstLook: Look = {
  colouring: 'role',
  hiddenKinds: new Set(),
  hiddenTools: new Set(),
  travels: false,
  retractions: false,
  seams: false,
  cut: null,
  pale: true,
  chosen: null,
  excluded: new Set(),
}

/** Which layers, counted from 0, and up to which place of the last one. */
export interface Reach {
  readonly fromLayer: number
  readonly to: Place
}

export const viewpoints = ['iso', 'top', 'front', 'side'] as const
export type Viewpoint = (typeof viewpoints)[number]
