// What shows only when a file is read to its end: whether it is whole, and whether it fits what is in the printer.
import type { Findings } from './findings.ts'
import type { PrinterProfile } from './profile.ts'
import type { WarningFacts } from './warning.ts'

/** What the check has seen of the file. */
export interface SeenFile {
  readonly commands: number
  readonly hasExtruded: boolean
  /** Line of the last extrusion. */
  readonly lastLaid: number
  /** Whether heaters or motors were switched off behind it, or a macro may have done so. */
  readonly isEnded: boolean
  /** Whether any command stands behind it. */
  readonly hasCommandsAfter: boolean
  readonly nozzleTarget: number
  /** Tools that fed filament, as bits. */
  readonly toolsUsed: number
}

export const checkEnding = (profile: PrinterProfile, facts: WarningFacts, seen: SeenFile, findings: Findings): void => {
  if (facts.overlongLines > 0) findings.add('overlong-line', 'warn', 0, { lines: facts.overlongLines })
  if (seen.commands === 0) return findings.add('empty-file', 'refuse', 0)
  if (!seen.hasExtruded) findings.add('no-extrusion', 'warn', 0)
  else checkCut(facts, seen, findings)
  for (let tool = 0; tool < Math.min(profile.tools, 31); tool++) {
    if ((seen.toolsUsed & (1 << tool)) === 0) continue
    checkNozzle(profile, facts, tool, findings)
    checkMaterial(profile, facts, tool, findings)
  }
}

/** An upload that broke off ends in the middle of a print: nothing is switched off, and the slicer's last block is missing. */
const checkCut = (facts: WarningFacts, seen: SeenFile, findings: Findings): void => {
  if (seen.isEnded) return
  const footer = facts.footer
  const isMissing = footer?.expected === true && !footer.seen
  const isUnknown = footer?.expected !== true
  if (isMissing) findings.add('file-cut-off', 'refuse', seen.lastLaid, { lines: facts.lines })
  else if (isUnknown && !seen.hasCommandsAfter)
    findings.add('file-cut-off', 'warn', seen.lastLaid, { lines: facts.lines })
  else if (seen.nozzleTarget > 0) findings.add('heater-left-on', 'warn', seen.lastLaid, { target: seen.nozzleTarget })
}

const checkNozzle = (profile: PrinterProfile, facts: WarningFacts, tool: number, findings: Findings): void => {
  const file = facts.nozzleDiameters?.[tool]
  const printer = profile.nozzleDiameters[tool]
  if (file === undefined || !(file > 0) || printer === undefined || printer === null) return
  if (Math.abs(file - printer) < 0.01) return
  findings.add('nozzle-mismatch', 'refuse', 0, { file, printer, tool }, String(tool))
}

const checkMaterial = (profile: PrinterProfile, facts: WarningFacts, tool: number, findings: Findings): void => {
  const file = facts.filamentTypes?.[tool]?.slice(0, 60)
  const printer = profile.filamentTypes[tool]?.slice(0, 60)
  if (!file || !printer || plain(file) === plain(printer)) return
  // PLA+ and PLA-CF print much as PLA does, but not quite.
  const severity = family(file) === family(printer) ? 'note' : 'refuse'
  findings.add('material-mismatch', severity, 0, { file, printer, tool }, String(tool))
}

const plain = (material: string): string => material.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')

const family = (material: string): string => plain(/^[^-+ ]*/.exec(material.trim())?.[0] ?? '')
