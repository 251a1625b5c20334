// What is known of a filament by its kind, where the slicer says nothing of it.
import type { FilamentMetadata } from './metadata.ts'

/** Densities in g/cm³, as the data sheets of common makers have them. Longer names first: PETG is no PET. */
const densities: readonly (readonly [string, number])[] = [
  ['PCTG', 1.23],
  ['PETG', 1.27],
  ['PCABS', 1.1],
  ['HIPS', 1.04],
  ['PEEK', 1.3],
  ['PEKK', 1.29],
  ['PVDF', 1.78],
  ['PVB', 1.1],
  ['PVA', 1.23],
  ['BVOH', 1.14],
  ['PLA', 1.24],
  ['PHA', 1.25],
  ['ABS', 1.04],
  ['ASA', 1.07],
  ['TPU', 1.21],
  ['TPE', 1.2],
  ['TPC', 1.16],
  ['FLEX', 1.21],
  ['PEI', 1.27],
  ['PPS', 1.35],
  ['PSU', 1.24],
  ['PET', 1.34],
  ['POM', 1.41],
  ['NYLON', 1.12],
  ['PPA', 1.15],
  ['SAN', 1.08],
  ['PA', 1.12],
  ['PC', 1.2],
  ['PP', 0.9],
  ['PE', 0.95],
]

/** A kind that stands by itself in a name: `PA6-CF` and `Generic PLA+`, but not the PA in `PANTONE`. */
const named = (kind: string): RegExp => new RegExp(`(?<![A-Z])${kind}(?![A-Z])`)

const patterns = densities.map(([kind, density]) => ({ pattern: named(kind), density }))

/** Density in g/cm³ of a filament by what it is called (`PETG`, `PLA+`, `PA6-CF`, `Silk PLA`), if that is known. */
export const densityOf = (type: string): number | undefined => {
  const name = type.slice(0, 100).toUpperCase().replace('/', '')
  return patterns.find(({ pattern }) => pattern.test(name))?.density
}

const USUAL_DIAMETER = 1.75

/** Volume of a length of filament, both in mm, in cm³. */
export const volumeOf = (length: number, diameter = USUAL_DIAMETER): number =>
  (length * Math.PI * (diameter / 2) ** 2) / 1000

/**
 * What a tool's filament weighs, in g: as stated, else by volume or length and density, stated or usual for its kind.
 * Undefined where neither says enough.
 */
export const massOf = (filament: FilamentMetadata): number | undefined => {
  if (filament.massGrams !== undefined) return filament.massGrams
  const density = filament.density ?? (filament.type === undefined ? undefined : densityOf(filament.type))
  if (density === undefined) return undefined
  const volume =
    filament.volumeCm3 ?? (filament.length === undefined ? undefined : volumeOf(filament.length, filament.diameter))
  return volume === undefined ? undefined : volume * density
}
