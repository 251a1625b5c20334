// What a slicing engine is asked, whichever it is, and what it gives.
import type { PrintVolume } from '../../../gcode/index.ts'
import type { FirmwareDialect } from '../../contract/printers.ts'
import type { SlicerName } from '../../contract/slicing.ts'
import type { FormulaValue } from '../cura/expression-tree.ts'

export interface SliceJob {
  /** Closed meshes as binary STL, each where it stands on the bed, in the bed's own coordinates. Made by us. */
  readonly parts: readonly { readonly name: string; readonly stl: Uint8Array }[]
  /** A Cura machine whose settings it starts from. */
  readonly machine: string
  /** Settings by Cura's keys; they go before the machine's. */
  readonly wishes: ReadonlyMap<string, FormulaValue>
  readonly volume: PrintVolume
  readonly dialect: FirmwareDialect
  /** Without any place to fill in. */
  readonly start: string
  readonly end: string
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((fraction: number) => void) | undefined
}

export interface Sliced {
  readonly gcode: Buffer
  /** What the engine counts; null where it does not tell. */
  readonly seconds: number | null
  readonly peakMegabytes: number
}

export interface FoundSlicer {
  readonly version: string
  /** Full path of a program; null: it is embedded. */
  readonly program: string | null
}

export interface Slicer {
  readonly name: SlicerName
  readonly title: string
  readonly tree: boolean
  /** Null where it is not installed. */
  find(): Promise<FoundSlicer | null>
  /** Throws EngineFailed. */
  slice(found: FoundSlicer, job: SliceJob): Promise<Sliced>
}

/** Bounds of one slice. A million triangles take about a minute and 400 MB on a small computer. */
export const SLICE_SECONDS = 1800
export const SLICE_MEGABYTES = 2500
