// What stands before and after every slice: our own texts by firmware, the words filled in there, and their check.
import { type Box, type Command, CommandScanner, Interpreter, textOf, WarningCheck } from '../../gcode/index.ts'
import { whyNotInScript } from '../contract/forbidden-commands.ts'
import type { FirmwareDialect, PrinterProfile } from '../contract/printers.ts'
import { type Refusal, refuse } from '../contract/refusals.ts'
import { checkedPrinter } from './check-file.ts'
import { isAllowedInSlice } from './slice-commands.ts'

export interface Scripts {
  readonly start: string
  readonly end: string
}

/** Words in braces, and what they stand for. Lengths in mm, temperatures in °C. */
export const scriptWords = {
  nozzle_first: 'temperature of the nozzle for the first layer',
  nozzle: 'temperature of the nozzle afterwards',
  nozzle_waiting: 'temperature at which the nozzle does not drip yet, while the bed heats',
  bed_first: 'temperature of the bed for the first layer',
  bed: 'temperature of the bed afterwards',
  prime_line: 'lines that lay a line of plastic in front of the part, or none where there is no room',
  park_x: 'where the nozzle goes at the end',
  park_y: 'where the nozzle goes at the end',
  park_z: 'a little above the part',
  width: 'of the bed that the slice is for',
  depth: 'of the bed that the slice is for',
  height: 'that the slice may have',
} as const
export type ScriptWord = keyof typeof scriptWords
export type ScriptValues = Readonly<Record<ScriptWord, string | number>>

const start = (levelling: string): string => `; Units in mm, places absolute, filament absolute
G21
G90
M82
M107
; The bed takes longest; the nozzle waits below the temperature at which it drips
M140 S{bed_first}
M104 S{nozzle_waiting}
M190 S{bed_first}
G28
${levelling}M109 S{nozzle_first}
G92 E0
{prime_line}
G92 E0
`

const end = `M83
G1 E-2 F1800
G90
G1 Z{park_z} F600
G1 X{park_x} Y{park_y} F6000
M82
M104 S0
M140 S0
M107
M84
`

/**
 * Prusa's printers with an 8-bit board level their bed by themselves after G28, unless it says W; those of the later
 * kind do it by G29. Other firmware levels if its owner says so: not every printer has a probe.
 */
const levelling: Partial<Record<FirmwareDialect, string>> = { 'prusa-buddy': 'G29\n' }

export const ownScripts = (dialect: FirmwareDialect): Scripts => ({ start: start(levelling[dialect] ?? ''), end })

const WORD = /\{([^{}\n]*)\}/g

const isWord = (word: string): word is ScriptWord => Object.hasOwn(scriptWords, word)

/** The text with its words filled in. Where there is no heated bed, lines that heat one are left out. */
export const fillScript = (text: string, values: ScriptValues, hasHeatedBed: boolean): string =>
  text
    .split(/\r?\n/)
    .filter((line) => hasHeatedBed || !/^\s*M1[49]0\b/i.test(line))
    .map((line) => line.replace(WORD, (all, word: string) => (isWord(word) ? String(values[word]) : all)))
    .filter((line) => line.trim() !== '')
    .join('\n')

/** mm; what the nozzle keeps from the edge of the bed, and from the part. */
const EDGE = 5
const BESIDE_PART = 8
const LINE = { length: 60, height: 0.3, width: 0.6, feedratePerMinute: 1200 }

interface Bed extends Pick<PrinterProfile, 'shape' | 'width' | 'depth' | 'originX' | 'originY'> {}

/** Where a line can be laid beside the part: in front of it or behind it; null where there is no room. */
const lineBeside = (bed: Bed, part: Box): { x: number; y: number; length: number } | null => {
  const round = bed.shape === 'round'
  const [minY, maxY] = round
    ? [bed.originY - bed.width / 2, bed.originY + bed.width / 2]
    : [bed.originY, bed.originY + bed.depth]
  const middle = round ? bed.originX : bed.originX + bed.width / 2
  // Lower on a round bed, where it is wide enough for the line.
  const inset = round ? bed.width * 0.06 + EDGE : EDGE
  const half = round
    ? Math.sqrt(Math.max(0, (bed.width / 2) ** 2 - (bed.width / 2 - inset) ** 2)) - EDGE
    : bed.width / 2 - EDGE
  const length = Math.min(LINE.length, half * 2)
  if (length < 15) return null
  const x = round ? middle - length / 2 : bed.originX + EDGE
  if (minY + inset + BESIDE_PART <= part.minY) return { x, y: minY + inset, length }
  if (maxY - inset - BESIDE_PART >= part.maxY) return { x, y: maxY - inset, length }
  return null
}

/** `part`: where plastic will lie, brim included. `filamentArea` in mm². */
export const primeLine = (bed: Bed, part: Box, filamentArea: number): string => {
  const line = lineBeside(bed, part)
  if (line === null) return '; No room beside the part for a line'
  const feed = (LINE.length * LINE.height * LINE.width) / filamentArea
  const fixed = (value: number): string => value.toFixed(3)
  return [
    'G1 Z2 F600',
    `G1 X${fixed(line.x)} Y${fixed(line.y)} F6000`,
    `G1 Z${LINE.height} F600`,
    `G1 X${fixed(line.x + line.length)} E${(feed * (line.length / LINE.length)).toFixed(4)} F${LINE.feedratePerMinute}`,
    'G1 Z2 F600',
  ].join('\n')
}

/** In the middle at the back: a bed that moves then brings the part to the front. */
export const parkPlace = ({ shape, width, depth, originX, originY }: Bed): { x: number; y: number } =>
  shape === 'round' ? { x: originX, y: originY + width * 0.4 } : { x: originX + width / 2, y: originY + depth - EDGE }

/** A usual slice on this printer: what a script is tried with. */
const triedWith = (bed: PrinterProfile): ScriptValues => {
  const [x, y] =
    bed.shape === 'round' ? [bed.originX, bed.originY] : [bed.originX + bed.width / 2, bed.originY + bed.depth / 2]
  const part: Box = { minX: x - 5, maxX: x + 5, minY: y - 5, maxY: y + 5, minZ: 0, maxZ: 5 }
  const park = parkPlace(bed)
  return {
    nozzle_first: Math.min(210, bed.maxNozzleTemperature),
    nozzle: Math.min(205, bed.maxNozzleTemperature),
    nozzle_waiting: 150,
    bed_first: Math.min(60, bed.maxBedTemperature),
    bed: Math.min(60, bed.maxBedTemperature),
    prime_line: primeLine(bed, part, 2.405),
    park_x: park.x,
    park_y: park.y,
    park_z: Math.min(15, bed.height),
    width: bed.width,
    depth: bed.depth,
    height: bed.height,
  }
}

interface ScriptFacts {
  readonly homes: boolean
  readonly waitsForNozzle: boolean
  readonly wrong: Refusal | null
}

const readScript = (text: string, dialect: FirmwareDialect, place: string): ScriptFacts => {
  let homes = false
  let waitsForNozzle = false
  let wrong: Refusal | null = null
  const command = (one: Command): void => {
    const line = textOf(one)
    // A macro of Klipper may home and heat; only its owner knows.
    if (one.letter === 0) homes = waitsForNozzle = dialect === 'klipper'
    if (/^G28\b/i.test(line)) homes = true
    if (/^M109\b/i.test(line)) waitsForNozzle = true
    const reason = whyNotInScript(line) ?? (isAllowedInSlice(one, dialect) ? null : 'it has no place in a print')
    if (reason !== null) wrong ??= refuse('slicing.script-line', { line: line.slice(0, 80), place, reason })
  }
  const scanner = new CommandScanner({ command })
  scanner.feed(new TextEncoder().encode(`${text}\n`))
  scanner.end()
  return { homes, waitsForNozzle, wrong }
}

/** Why these scripts cannot be used on this printer, or null. They are filled in and read as the printer would. */
export const refuseScripts = (scripts: Scripts, profile: PrinterProfile): Refusal | null => {
  const dialect = profile.dialect ?? 'marlin-2'
  for (const [place, text] of Object.entries(scripts)) {
    if (/[^\t\n\r\x20-\x7e]/.test(text)) return refuse('slicing.script-letters', { place })
    const unknown = [...text.matchAll(WORD)].map(([, word = '']) => word).find((word) => !isWord(word))
    if (unknown !== undefined) return refuse('slicing.script-word', { word: unknown, place })
  }
  const values = triedWith(profile)
  const hasHeatedBed = profile.maxBedTemperature > 0
  const filled = {
    start: fillScript(scripts.start, values, hasHeatedBed),
    end: fillScript(scripts.end, values, hasHeatedBed),
  }
  const first = readScript(filled.start, dialect, 'the start')
  const last = readScript(filled.end, dialect, 'the end')
  const wrong = first.wrong ?? last.wrong
  if (wrong !== null) return wrong
  if (!first.homes) return refuse('slicing.script-homing')
  if (!first.waitsForNozzle) return refuse('slicing.script-heating')
  const warning = firstRefusal(
    `${filled.start}\nG1 X${values.park_x} Y${values.park_y} Z0.2 E1 F600\n${filled.end}`,
    profile,
  )
  return warning === null ? null : refuse('slicing.script-harm', { reason: warning })
}

const firstRefusal = (gcode: string, profile: PrinterProfile): string | null => {
  const check = new WarningCheck(checkedPrinter(profile))
  const interpreter = new Interpreter({
    move: (dx, dy, dz, de, feedrate, state, command) => check.move(dx, dy, dz, de, feedrate, state, command),
    wait: () => {},
  })
  let lines = 0
  const scanner = new CommandScanner({
    command: (command) => {
      lines++
      check.command(command, interpreter.state)
      interpreter.command(command)
    },
  })
  scanner.feed(new TextEncoder().encode(`${gcode}\n`))
  scanner.end()
  check.end({ lines, overlongLines: 0 })
  return check.result().find(({ severity }) => severity === 'refuse')?.message ?? null
}
