// What is found wrong with a file, for one printer.

/** `refuse`: the print would fail or do harm. `warn`: it may. `note`: worth to know. */
export type Severity = 'refuse' | 'warn' | 'note'

export const warningCodes = [
  'extrusion-outside',
  'travel-outside',
  'extrusion-too-high',
  'travel-too-high',
  'below-bed',
  'extrusion-in-zone',
  'travel-through-zone',
  'nozzle-too-hot',
  'bed-too-hot',
  'chamber-too-hot',
  'no-heated-bed',
  'cold-extrusion',
  'nozzle-never-heated',
  'heater-left-on',
  'not-homed',
  'lift-before-homing',
  'nozzle-mismatch',
  'material-mismatch',
  'no-such-tool',
  'klipper-command',
  'reprapfirmware-command',
  'bambu-command',
  'flavour-mismatch',
  'volumetric-extrusion',
  'arcs',
  'firmware-retraction',
  'placeholder',
  'bad-number',
  'absurd-number',
  'zero-feedrate',
  'no-feedrate',
  'overlong-line',
  'command-too-long',
  'waits-for-person',
  'filament-change',
  'ends-wait',
  'sd-card',
  'logging',
  'eeprom',
  'firmware-restart',
  'emergency-stop',
  'quick-stop',
  'switches-pin',
  'reserved-pin',
  'power-off',
  'autotune',
  'lasting-change',
  'configuration',
  'network',
  'cutting-tool',
  'file-cut-off',
  'no-extrusion',
  'empty-file',
] as const

export type WarningCode = (typeof warningCodes)[number]

export type WarningValues = Readonly<Record<string, number | string>>

export interface Warning {
  readonly code: WarningCode
  readonly severity: Severity
  /** The first line of the file where it happens, from 1; 0 where it is about the file as a whole. */
  readonly line: number
  /** How often. */
  readonly count: number
  /** What fills the message, of the worst case, for a translation of it. */
  readonly values: WarningValues
  /** What would happen and what to do, in English. */
  readonly message: string
}

/** What is known of a file only at its end; lists go by tool. */
export interface WarningFacts {
  readonly filamentTypes?: readonly string[] | undefined
  readonly nozzleDiameters?: readonly number[] | undefined
  readonly printerModel?: string | undefined
  /** The firmware that the slicer wrote for, in its own word. */
  readonly flavour?: string | undefined
  /** Whether the slicer ends its files with a block of its own, and whether it is there. */
  readonly footer?: { readonly expected: boolean; readonly seen: boolean }
  readonly overlongLines: number
  readonly lines: number
}
