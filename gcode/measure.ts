// What a print takes and fills: its boxes, its filament, how fast plastic flows.
import type { Box } from './machine.ts'
import { MOST_TOOLS, type ModalState } from './modal-state.ts'

/** A box that grows; empty while minX > maxX. */
export class GrowingBox implements Box {
  minX = Number.POSITIVE_INFINITY
  minY = Number.POSITIVE_INFINITY
  minZ = Number.POSITIVE_INFINITY
  maxX = Number.NEGATIVE_INFINITY
  maxY = Number.NEGATIVE_INFINITY
  maxZ = Number.NEGATIVE_INFINITY

  include(x: number, y: number, z: number): void {
    if (x < this.minX) this.minX = x
    if (x > this.maxX) this.maxX = x
    if (y < this.minY) this.minY = y
    if (y > this.maxY) this.maxY = y
    if (z < this.minZ) this.minZ = z
    if (z > this.maxZ) this.maxZ = z
  }

  /** The box as plain numbers, or null while it is empty. */
  value(): Box | null {
    if (this.minX > this.maxX) return null
    const { minX, minY, minZ, maxX, maxY, maxZ } = this
    return { minX, minY, minZ, maxX, maxY, maxZ }
  }
}

/** Filament as the E words say it, before M221 changes it: the way in which most slicers count. In mm, of all tools. */
export class WrittenFeed {
  /** Net, at its most. */
  total = 0
  #net = 0
  /** Of it before the first layer began: all, and what was fed without moving. */
  beforeLayers = 0
  beforeLayersInPlace = 0
  #inPlace = 0

  add(de: number, moves: boolean): void {
    this.#net += de
    if (this.#net > this.total) this.total = this.#net
    if (!moves) this.#inPlace += de
  }

  /** What has been fed up to now was the start of the print, not its first layer. */
  beginLayers(): void {
    this.beforeLayers = this.total
    this.beforeLayersInPlace = this.#inPlace
  }
}

/** Collects while moves go by. Filament in mm. */
export class Measure {
  readonly extruded = new GrowingBox()
  readonly firstLayer = new GrowingBox()
  readonly moved = new GrowingBox()
  readonly written = new WrittenFeed()
  /** By tool: all that was fed, what was pulled back taken off; and the most this has ever been. */
  readonly #fed = new Float64Array(MOST_TOOLS)
  readonly #most = new Float64Array(MOST_TOOLS)
  #tools = 0

  move(dx: number, dy: number, dz: number, de: number, state: ModalState): void {
    const { x, y, z } = state
    this.moved.include(x, y, z)
    if (de === 0) return
    const { tool } = state
    this.written.add(de / state.flowFactor, dx !== 0 || dy !== 0)
    const fed = (this.#fed[tool] as number) + de
    this.#fed[tool] = fed
    if (de < 0) return
    if (fed > (this.#most[tool] as number)) this.#most[tool] = fed
    if (tool >= this.#tools) this.#tools = tool + 1
    if (dx === 0 && dy === 0) return
    this.extruded.include(x - dx, y - dy, z - dz)
    this.extruded.include(x, y, z)
  }

  /** A move of the first layer that lays plastic. */
  lay(dx: number, dy: number, state: ModalState): void {
    this.firstLayer.include(state.x - dx, state.y - dy, state.z)
    this.firstLayer.include(state.x, state.y, state.z)
  }

  /** By tool: what left the nozzle, and not only what was pulled back and fed again. */
  filament(): number[] {
    return Array.from(this.#most.subarray(0, this.#tools))
  }
}

/** Seconds over which a flow must last to count as a peak: rounding makes the flow of single short moves meaningless. */
const PEAK_SECONDS = 0.25

/** Volumetric flow, in mm³/s. */
export class Flow {
  #volume = 0
  #seconds = 0
  #recentVolume = 0
  #recentSeconds = 0
  peak = 0

  /** A move that lays plastic: mm³ and seconds. */
  add(volume: number, seconds: number): void {
    this.#volume += volume
    this.#seconds += seconds
    this.#recentVolume += volume
    this.#recentSeconds += seconds
    if (this.#recentSeconds < PEAK_SECONDS) return
    this.peak = Math.max(this.peak, this.#recentVolume / this.#recentSeconds)
    this.#recentVolume = 0
    this.#recentSeconds = 0
  }

  get mean(): number {
    return this.#seconds > 0 ? this.#volume / this.#seconds : 0
  }
}
