// What a file is checked against: one printer, as far as a file can go wrong on it.
import type { PrintVolume } from '../machine.ts'
import type { Dialect } from '../rewrite/dialect.ts'

/** A part of the bed that the nozzle must keep out of: a clip, a probe's dock. Heights in mm; without them, all heights. */
export interface ExclusionZone {
  readonly name: string
  /** Corners in order, in mm; at least three. */
  readonly outline: readonly (readonly [x: number, y: number])[]
  readonly fromZ?: number
  readonly toZ?: number
}

/** Lengths in mm, temperatures in °C; lists go by tool. */
export interface PrinterProfile {
  readonly dialect: Dialect
  readonly volume: PrintVolume
  /** How far beyond the edge of the bed the nozzle may go: some printers prime there. */
  readonly margin: number
  readonly zones: readonly ExclusionZone[]
  readonly tools: number
  /** null where nobody has said. */
  readonly nozzleDiameters: readonly (number | null)[]
  readonly filamentTypes: readonly (string | null)[]
  readonly maxNozzleTemperature: number
  readonly maxBedTemperature: number
  readonly maxChamberTemperature: number
  /** Colder, the firmware feeds no filament. A file may change it by M302. */
  readonly minExtrudeTemperature: number
  readonly hasHeatedBed: boolean
  /** Whether the firmware takes E as a volume (M200), arcs (G2, G3), and retraction by G10 and G11. */
  readonly volumetricExtrusion: boolean
  readonly arcs: boolean
  readonly firmwareRetraction: boolean
  /** Pins that no file may switch. */
  readonly reservedPins: readonly number[]
  /** Nobody stands there to press a button. */
  readonly unattended: boolean
}

/** A usual bed-slinger of which nothing more is known. */
export const usualProfile: PrinterProfile = {
  dialect: 'marlin',
  volume: { shape: 'rectangular', width: 220, depth: 220, height: 250, originX: 0, originY: 0 },
  margin: 0,
  zones: [],
  tools: 1,
  nozzleDiameters: [],
  filamentTypes: [],
  maxNozzleTemperature: 275,
  maxBedTemperature: 120,
  maxChamberTemperature: 0,
  minExtrudeTemperature: 170,
  hasHeatedBed: true,
  volumetricExtrusion: true,
  arcs: true,
  firmwareRetraction: true,
  reservedPins: [],
  unattended: true,
}

/** The corners of a rectangular zone. */
export const rectangle = (minX: number, minY: number, maxX: number, maxY: number): ExclusionZone['outline'] => [
  [minX, minY],
  [maxX, minY],
  [maxX, maxY],
  [minX, maxY],
]
