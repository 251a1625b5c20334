// What a print takes and fills: its boxes, its layers, its filament.
import type { ModalState } from './interpret.ts'
import type { Box } from './machine.ts'

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

/** Moves closer in height than this lie in one layer. */
const SAME_HEIGHT = 0.005

/** Collects while moves go by. */
export class Measure {
  readonly extruded = new GrowingBox()
  readonly moved = new GrowingBox()
  /** Filament used by tool, in mm: what was fed, and not only pulled back and fed again. */
  readonly filament: number[] = []
  readonly #fed: number[] = []
  layers = 0
  /** The first tool height at which something was extruded, and the step to the second. */
  firstLayerHeight = 0
  layerHeight = 0
  #layerZ = Number.NEGATIVE_INFINITY
  #marked = false

  move(dx: number, dy: number, dz: number, de: number, state: ModalState): void {
    const { x, y, z } = state
    this.moved.include(x, y, z)
    if (de === 0) return
    const fed = (this.#fed[state.tool] ?? 0) + de
    this.#fed[state.tool] = fed
    if (fed > (this.filament[state.tool] ?? 0)) this.filament[state.tool] = fed
    if (de < 0 || (dx === 0 && dy === 0)) return
    this.extruded.include(x - dx, y - dy, z - dz)
    this.extruded.include(x, y, z)
    if (z > this.#layerZ + SAME_HEIGHT) this.#rise(z)
  }

  /** A comment says that a layer begins: from now on comments count the layers, not heights. */
  markLayer(): void {
    if (!this.#marked) {
      this.#marked = true
      this.layers = 0
    }
    this.layers++
  }

  #rise(z: number): void {
    if (this.firstLayerHeight === 0) this.firstLayerHeight = z
    else if (this.layerHeight === 0) this.layerHeight = z - this.#layerZ
    this.#layerZ = z
    if (!this.#marked) this.layers++
  }
}
