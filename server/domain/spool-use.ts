// What a print took since it was last written down, and from which spools.
import type { Course } from '../../gcode/index.ts'
import { gramsOfLength, type LoadedSpool, lengthsTaken, usualFilament } from './filament.ts'

/** Less than a millimetre is not worth a line. */
const LEAST_LENGTH = 1

export interface TakenUse {
  readonly tool: number
  readonly spoolId: number | null
  /** mm */
  readonly length: number
  readonly grams: number
}

export interface Run {
  readonly fromByte: number
  readonly acceptedBytes: number
  readonly completed: boolean
  readonly sizeBytes: number
  readonly filament: readonly number[]
  readonly course: Course | null
}

/** `saved`: mm by tool that were taken off spools before. What comes from no known spool is counted as usual filament. */
export const usesSince = (run: Run, saved: ReadonlyMap<number, number>, loaded: readonly LoadedSpool[]): TakenUse[] =>
  lengthsTaken(run, run).flatMap((taken, tool) => {
    const length = taken - (saved.get(tool) ?? 0)
    if (length < LEAST_LENGTH) return []
    const spool = loaded.find((one) => one.tool === tool)
    return [{ tool, spoolId: spool?.spoolId ?? null, length, grams: gramsOfLength(length, spool ?? usualFilament) }]
  })
