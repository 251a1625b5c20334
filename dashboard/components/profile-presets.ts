// Printers that are met often, with what their makers state.
import type { PrinterProfile } from '../../server/contract/printers.ts'

const rectangular = (
  width: number,
  depth: number,
  height: number,
  hottestNozzle = 260,
  hottestBed = 100,
): PrinterProfile => ({
  shape: 'rectangular',
  width,
  depth,
  height,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: hottestNozzle,
  maxBedTemperature: hottestBed,
})

/** A delta's coordinates begin in the middle of its bed. */
const round = (diameter: number, height: number): PrinterProfile => ({
  ...rectangular(diameter, diameter, height),
  shape: 'round',
})

export const profilePresets: readonly { readonly name: string; readonly profile: PrinterProfile }[] = [
  { name: 'Bed-slinger 220 × 220 × 250 (Ender-3 and kin)', profile: rectangular(220, 220, 250) },
  { name: 'Bed-slinger 235 × 235 × 250 (Ender-3 V2, S1)', profile: rectangular(235, 235, 250) },
  { name: 'Bed-slinger 300 × 300 × 400 (CR-10)', profile: rectangular(300, 300, 400) },
  { name: 'Prusa MK3S, MK3.5', profile: rectangular(250, 210, 210, 300, 120) },
  { name: 'Prusa MK4', profile: rectangular(250, 210, 220, 300, 120) },
  { name: 'Prusa MINI', profile: rectangular(180, 180, 180, 280, 100) },
  { name: 'CoreXY 250 × 250 × 250 (Voron and kin)', profile: rectangular(250, 250, 250, 300, 120) },
  { name: 'CoreXY 350 × 350 × 350', profile: rectangular(350, 350, 350, 300, 120) },
  { name: 'Delta 180 × 300 (Kossel Mini)', profile: round(180, 300) },
  { name: 'Delta 260 × 370', profile: round(260, 370) },
]
