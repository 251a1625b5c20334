// Can this printer print this file?
import type { Findings } from '../contract/files.ts'
import type { PrinterProfile } from '../contract/printers.ts'
import { found, inWords } from '../contract/reasons.ts'
import { refusalsOf } from './check-file.ts'
import { boxAndHeat } from './scheduling/need.ts'

/** Why it cannot, each a plain sentence without its end; empty where it can. */
export const obstacles = (findings: Findings, profile: PrinterProfile): string[] => {
  const why = boxAndHeat(findings, profile)
  const { nozzleDiameter } = findings
  if (nozzleDiameter !== null && Math.abs(nozzleDiameter - profile.nozzleDiameter) > 0.01) {
    why.push(found('match.nozzle', { wanted: nozzleDiameter, has: profile.nozzleDiameter }))
  }
  if (why.length > 0) return why.map((one) => inWords(one, String).message)
  // What the boxes and temperatures tell already is not told twice.
  return refusalsOf(findings, profile).map(({ message }) => message.replace(/\.$/, ''))
}
