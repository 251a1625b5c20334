// How much filament prints take: lengths into grams, parts of files, and what is left on spools.
import { type Course, secondsAt } from '../../gcode/index.ts'
import type { Findings } from '../contract/files.ts'

/** What most filament is, where nobody says it: 1.75 mm PLA (density in g/cm³). */
export const usualFilament = { diameter: 1.75, density: 1.24 } as const

export interface FilamentBody {
  /** mm */
  readonly diameter: number
  /** g/cm³ */
  readonly density: number
}

/** Mass of so many mm of filament: the cylinder's volume times its density. */
export const gramsOfLength = (length: number, { diameter, density }: FilamentBody): number =>
  (((Math.PI / 4) * diameter ** 2 * length) / 1000) * density

/**
 * How much of a file's filament was pushed out between two places of it, from 0 to 1. Filament is spread over the file as
 * its motion is in time: far closer than by bytes, because thumbnails and settings are bytes without motion.
 */
export const partOfFile = (file: { course: Course | null; sizeBytes: number }, from: number, to: number): number => {
  const total = file.course?.seconds.at(-1) ?? 0
  const at = (bytes: number): number =>
    file.course !== null && total > 0
      ? secondsAt(file.course, bytes) / total
      : file.sizeBytes > 0
        ? bytes / file.sizeBytes
        : 0
  return Math.min(1, Math.max(0, at(to) - at(from)))
}

/** Lengths in mm by tool that a print has taken when the firmware has accepted `acceptedBytes`. */
export const lengthsTaken = (
  file: { filament: readonly number[]; course: Course | null; sizeBytes: number },
  print: { fromByte: number; acceptedBytes: number; completed: boolean },
): number[] => {
  const until = print.completed ? Math.max(file.sizeBytes, print.acceptedBytes) : print.acceptedBytes
  const part = partOfFile(file, print.fromByte, until)
  return file.filament.map((length) => length * part)
}

/** What one print of a file takes by tool, in grams, as far as the file tells; empty where it does not. */
export const gramsByTool = (findings: Pick<Findings, 'filament' | 'filamentGrams'>): number[] => {
  const { filament, filamentGrams } = findings
  const total = filament.reduce((sum, length) => sum + length, 0)
  if (total <= 0) return []
  const perLength =
    filamentGrams !== null && filamentGrams > 0 ? filamentGrams / total : gramsOfLength(1, usualFilament)
  return filament.map((length) => length * perLength)
}

/** A spool as it is loaded. */
export interface LoadedSpool extends FilamentBody {
  readonly spoolId: number
  readonly tool: number
  readonly gramsLeft: number
}

export interface Shortage {
  readonly tool: number
  readonly spoolId: number
  readonly neededGrams: number
  readonly leftGrams: number
}

/**
 * Where less is left on the loaded spools than a print of the file takes, counted by the density of what is loaded.
 * Tools without a known spool say nothing: nobody knows what hangs there.
 */
export const spoolShortage = (lengths: readonly number[], loaded: readonly LoadedSpool[]): Shortage[] =>
  loaded.flatMap((spool) => {
    const neededGrams = gramsOfLength(lengths[spool.tool] ?? 0, spool)
    return neededGrams > spool.gramsLeft
      ? [{ tool: spool.tool, spoolId: spool.spoolId, neededGrams, leftGrams: spool.gramsLeft }]
      : []
  })
