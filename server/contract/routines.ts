// What a workshop has taught one printer: G-code around pausing and the like, named macros, how filament is changed.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { plainLine, whyNotInScript } from './forbidden-commands.ts'
import { IdParams, Name, oneOf } from './values.ts'

export const scriptMoments = [
  'beforePause',
  'afterPause',
  'beforeResume',
  'afterResume',
  'beforeCancel',
  'afterCancel',
  'beforeFilament',
  'afterFilament',
] as const
export type ScriptMoment = (typeof scriptMoments)[number]

const LONGEST_SCRIPT = 4000
const Script = Type.String({ maxLength: LONGEST_SCRIPT })

/** What may stand in braces; lengths in mm, feedrate in mm/min, temperatures in °C. */
export const placeholders = [
  'x',
  'y',
  'z',
  'e',
  'feedrate',
  'tool',
  'nozzle',
  'bed',
  'width',
  'depth',
  'height',
] as const
export type Placeholder = (typeof placeholders)[number]

export const Macro = Type.Object({
  name: Name,
  gcode: Script,
  /** `members`: every member may press it. `operators`: those who run printers. */
  pressedBy: oneOf('members', 'operators'),
  /** Whether it may be pressed while a print runs. */
  whilePrinting: Type.Boolean(),
})
export type Macro = Type.Static<typeof Macro>

export const Routines = Type.Object({
  scripts: Type.Object({
    beforePause: Script,
    afterPause: Script,
    beforeResume: Script,
    afterResume: Script,
    beforeCancel: Script,
    afterCancel: Script,
    beforeFilament: Script,
    afterFilament: Script,
  }),
  /** Minutes of a pause after which the nozzle goes cold; 0: never. The bed stays warm and holds the part. */
  nozzleOffMinutes: Type.Integer({ minimum: 0, maximum: 1440 }),
  /** Who leads a change of filament: `bridge`, the `firmware` by its own M600, or as the firmware says it can. */
  filamentBy: oneOf('auto', 'bridge', 'firmware'),
  /** mm of filament. */
  unloadLength: Type.Number({ minimum: 0, maximum: 1500 }),
  loadLength: Type.Number({ minimum: 0, maximum: 1500 }),
  primeLength: Type.Number({ minimum: 0, maximum: 200 }),
  macros: Type.Array(Macro, { maxItems: 40 }),
})
export type Routines = Type.Static<typeof Routines>

export const usualRoutines: Routines = {
  scripts: {
    beforePause: '',
    afterPause: '',
    beforeResume: '',
    afterResume: '',
    beforeCancel: '',
    afterCancel: '',
    beforeFilament: '',
    afterFilament: '',
  },
  nozzleOffMinutes: 0,
  filamentBy: 'auto',
  unloadLength: 100,
  loadLength: 80,
  primeLength: 30,
  macros: [],
}

/** The lines of a script as they stand, without comments and empty ones. */
export const scriptLines = (script: string): string[] =>
  script
    .split(/\r?\n/)
    .map(plainLine)
    .filter((line) => line !== '')

/** A line may grow when its places are filled; the longest that every firmware takes is 82. */
const LONGEST_LINE = 70

const lineFault = (line: string): string | null => {
  const why = whyNotInScript(line)
  if (why !== null) return why
  if (line.length > LONGEST_LINE) return `it is longer than ${LONGEST_LINE} characters`
  for (const [, name] of line.matchAll(/\{([^}]*)\}?/g)) {
    if (!placeholders.some((known) => known === name)) return `{${name}} is not known here`
  }
  return null
}

/** The first line of a script that cannot be taken, and why; null where all can. */
export const scriptFault = (script: string): { line: string; reason: string } | null => {
  for (const line of scriptLines(script)) {
    const reason = lineFault(line)
    if (reason !== null) return { line, reason }
  }
  return null
}

export const showRoutines = endpoint({
  method: 'GET',
  url: '/api/printers/:id/routines',
  summary: 'The scripts and macros of a printer',
  access: 'look',
  params: IdParams,
  reply: Routines,
})

export const changeRoutines = endpoint({
  method: 'PUT',
  url: '/api/printers/:id/routines',
  summary: 'Sets the scripts and macros of a printer; what would take it out of the hands of its bridge is refused',
  access: 'set-up-printers',
  params: IdParams,
  body: Routines,
  reply: Routines,
})
