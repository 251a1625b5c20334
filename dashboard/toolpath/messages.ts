// What the page asks of the worker that reads a file, and what the worker tells.
import type { ToolpathSummary, toolpath } from '../../gcode/index.ts'

export interface ReadRequest {
  readonly url: string
  readonly sizeBytes: number
  /** How many points are wanted at most. */
  readonly pointBudget: number
}

/** How much of something is in a file: mm of path, s of motion, mm³ of plastic, g (0 where the density is not known). */
export interface Amount {
  readonly length: number
  readonly seconds: number
  readonly volume: number
  readonly grams: number
}

/** An object of the plate, and the bytes of the file that print it: from, to, from, to, ... */
export interface ToolpathObject {
  readonly name: string
  readonly ranges: Float64Array
}

/** What is known of a file once all of it has been read. */
export interface ToolpathFacts {
  readonly summary: ToolpathSummary
  /** By kind of move (roles, then TRAVEL and WIPE), and by tool; those that do not occur left out. */
  readonly byKind: ReadonlyMap<number, Amount>
  readonly byTool: ReadonlyMap<number, Amount>
  readonly retractions: number
  readonly totalSeconds: number
  readonly totalGrams: number
  readonly layerSeconds: Float32Array
  readonly objects: readonly ToolpathObject[]
  /** Lines that end before each 64 KiB of the file. */
  readonly linesBefore: Uint32Array
}

export const LINE_BLOCK = 1 << 16

export interface TemperatureMark {
  readonly offset: number
  readonly target: number
}

export type FromWorker =
  | {
      readonly kind: 'parts'
      readonly parts: readonly toolpath.ToolpathLayer[]
      readonly temperatures: readonly TemperatureMark[]
      readonly readBytes: number
    }
  | { readonly kind: 'end'; readonly facts: ToolpathFacts }
  /** `status` 0: the connection broke. */
  | { readonly kind: 'failed'; readonly status: number; readonly message: string }
