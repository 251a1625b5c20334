// Can this printer print this file?
import { overhang } from '../../gcode/index.ts'
import type { Findings } from '../contract/files.ts'
import type { PrinterProfile } from '../contract/printers.ts'
import { refusalsOf } from './check-file.ts'

/** Slicers lay their priming line just beyond the edge; printers reach a little further than their bed. */
const BEYOND_EDGE = 5

/** Why it cannot, each a plain sentence without its end; empty where it can. */
export const obstacles = (findings: Findings, profile: PrinterProfile): string[] => {
  const found: string[] = []
  if (findings.extruded) {
    const out = overhang(findings.extruded, profile)
    if (out.z > 0) found.push(`too tall by ${millimetres(out.z)}`)
    if (out.x > BEYOND_EDGE) found.push(`too wide by ${millimetres(out.x)}`)
    if (out.y > BEYOND_EDGE) found.push(`too deep by ${millimetres(out.y)}`)
  }
  if (findings.nozzleTemperature > profile.maxNozzleTemperature) {
    found.push(
      `needs a nozzle of ${findings.nozzleTemperature} °C, this one reaches ${profile.maxNozzleTemperature} °C`,
    )
  }
  if (findings.bedTemperature > profile.maxBedTemperature) {
    found.push(`needs a bed of ${findings.bedTemperature} °C, this one reaches ${profile.maxBedTemperature} °C`)
  }
  if (findings.nozzleDiameter !== null && Math.abs(findings.nozzleDiameter - profile.nozzleDiameter) > 0.01) {
    found.push(`is sliced for a ${findings.nozzleDiameter} mm nozzle, this one has ${profile.nozzleDiameter} mm`)
  }
  // What the boxes and temperatures tell already is not told twice.
  const besides = found.length > 0 ? [] : refusalsOf(findings, profile)
  return [...found, ...besides.map(({ message }) => message.replace(/\.$/, ''))]
}

const millimetres = (length: number): string => `${Math.max(1, Math.round(length))} mm`
