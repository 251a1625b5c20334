// Hands out the parts of a toolpath, thinned to a budget where one is set, and counts what went out.
import type { Box } from '../machine.ts'
import { writePart } from './part-writer.ts'
import type { StagedPoints } from './staged-points.ts'
import { Thinning } from './thinning.ts'
import type { ToolpathLayer } from './toolpath-layer.ts'

export interface ToolpathOptions {
  /** Takes each part as soon as it is complete. It belongs to the taker: nothing here keeps or changes it. */
  layer(layer: ToolpathLayer): void
  /** Hears what is asked of the nozzle in use, in °C, when that changes, and the byte where the line ends that says so. */
  temperature?(target: number, offset: number): void
  /** How many points the viewer wants at most; all, where it does not say. */
  readonly pointBudget?: number
  /** Bytes of the file, so that a budget is spread evenly over it; without, it is taken to be large. */
  readonly sizeBytes?: number
  /** mm; a file says it only at its end, if at all. */
  readonly filamentDiameter?: number
}

export interface ToolpathSummary {
  readonly lines: number
  readonly sizeBytes: number
  readonly layers: number
  readonly parts: number
  /** Points handed out; those left out to meet the budget; and whether it was met (true where none was set). */
  readonly points: number
  readonly droppedPoints: number
  readonly budgetMet: boolean
  /** mm; how far outlines may have moved, never more than 0.05. */
  readonly deviation: number
  /** Travels and retractions were left out of some layers. */
  readonly travelsDropped: boolean
  /** The file makes more points than can be shown: what comes after is not in the toolpath. */
  readonly cutShort: boolean
  /** Where the middle of the plastic lies; null where none is laid. */
  readonly box: Box | null
}

/** The part of a budget that layers may take before their turn, for they are not alike. */
const AHEAD = 1 / 8
/** Bytes of a file that does not say its size; or twice of what has come already. */
const LARGE_FILE = 128e6

export class HandOut {
  parts = 0
  points = 0
  #droppedPoints = 0
  #deviation = 0
  #travelsDropped = false
  #box: Box | null = null
  #index = -1
  #part = 0
  readonly #options: ToolpathOptions
  readonly #thinning: Thinning | null

  constructor(options: ToolpathOptions) {
    this.#options = options
    this.#thinning = options.pointBudget === undefined ? null : new Thinning()
  }

  /** Hands out the points before `to` as a part of the layer `index`, which lies at `z` and is `height` high (mm). */
  give(points: StagedPoints, to: number, index: number, z: number, height: number): void {
    const thinned = this.#thinning?.thin(points, to, this.#allowed(points.offset[to - 1] as number))
    const kept = thinned?.kept ?? to
    if (index !== this.#index) this.#part = 0
    const place = { index, part: this.#part, z, height, firstPoint: this.points }
    const part = writePart(points, to, this.#thinning?.keep ?? null, kept, place)
    this.#index = index
    this.#part++
    this.parts++
    this.points += kept
    this.#droppedPoints += to - kept
    this.#deviation = Math.max(this.#deviation, thinned?.deviation ?? 0)
    this.#travelsDropped ||= thinned?.travelsDropped ?? false
    this.#box = union(this.#box, part.box)
    this.#options.layer(part)
  }

  summary(lines: number, sizeBytes: number, cutShort: boolean): ToolpathSummary {
    return {
      lines,
      sizeBytes,
      layers: this.#index + 1,
      parts: this.parts,
      points: this.points,
      droppedPoints: this.#droppedPoints,
      budgetMet: this.points <= (this.#options.pointBudget ?? this.points),
      deviation: this.#deviation,
      travelsDropped: this.#travelsDropped,
      cutShort,
      box: this.#box,
    }
  }

  /** How many points a part may have that ends at this byte of the file. */
  #allowed(toByte: number): number {
    const { pointBudget = 0, sizeBytes = 0 } = this.#options
    const left = pointBudget - this.points
    const size = sizeBytes > 0 ? sizeBytes : Math.max(LARGE_FILE, 2 * toByte)
    const due = pointBudget * Math.min(1, toByte / size)
    return Math.min(left, due - this.points + (pointBudget - due) * AHEAD)
  }
}

const union = (a: Box | null, b: Box | null): Box | null => {
  if (a === null || b === null) return a ?? b
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    minZ: Math.min(a.minZ, b.minZ),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
    maxZ: Math.max(a.maxZ, b.maxZ),
  }
}
