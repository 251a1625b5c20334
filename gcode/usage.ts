// What a print takes of each filament: length, volume, mass, cost.

import { densityOf } from './slicer/filaments.ts'
import type { FilamentMetadata } from './slicer/metadata.ts'
import { areaOf } from './volume.ts'

const USUAL_DIAMETER = 1.75

/** Of one tool. */
export interface FilamentUsage {
  /** mm */
  readonly length: number
  readonly volumeCm3: number
  /** Absent where neither the slicer says the density nor the kind of filament has a usual one. */
  readonly massGrams?: number
  /** In the slicer's currency; absent where it says no price. */
  readonly cost?: number
}

/** By tool, from lengths in mm and what the slicer says of the filaments. */
export const usageOf = (lengths: readonly number[], filaments: readonly FilamentMetadata[]): FilamentUsage[] =>
  lengths.map((length, tool) => {
    const said = filaments[tool] ?? {}
    const volumeCm3 = (areaOf(said.diameter ?? USUAL_DIAMETER) * length) / 1000
    const density = said.density ?? (said.type === undefined ? undefined : densityOf(said.type))
    if (density === undefined) return { length, volumeCm3 }
    const massGrams = volumeCm3 * density
    const { costPerKilogram } = said
    return costPerKilogram === undefined
      ? { length, volumeCm3, massGrams }
      : { length, volumeCm3, massGrams, cost: (massGrams / 1000) * costPerKilogram }
  })
