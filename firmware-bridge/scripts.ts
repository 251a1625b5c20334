// The scripts that a workshop has written for a printer -> the lines to send, with the places filled in. Pure.
import type { PrinterProfile } from '../server/contract/printers.ts'
import { type Placeholder, placeholders, scriptLines } from '../server/contract/routines.ts'
import { mm } from './park.ts'
import type { Standing } from './standing.ts'

export const scriptValues = (standing: Standing | null, profile: PrinterProfile): Record<Placeholder, number> => ({
  x: standing?.x ?? 0,
  y: standing?.y ?? 0,
  z: standing?.z ?? 0,
  e: standing?.e ?? 0,
  feedrate: standing?.feedratePerMinute ?? 0,
  tool: standing?.tool ?? 0,
  nozzle: standing?.targets[`T${standing.tool}`] ?? 0,
  bed: standing?.targets['B'] ?? 0,
  width: profile.width,
  depth: profile.depth,
  height: profile.height,
})

/** `G1 X{x} F3000` -> `G1 X12.5 F3000`. What is in braces and not known stays out: the set-up refuses it before. */
export const fillScript = (script: string, values: Readonly<Record<Placeholder, number>>): string[] =>
  scriptLines(script).map((line) =>
    line.replace(/\{([^}]*)\}?/g, (_, name: string) => {
      const known = placeholders.find((one) => one === name)
      return known === undefined ? '' : mm(values[known])
    }),
  )
