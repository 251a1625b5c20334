// What is known of each layer of a print, gathered as plastic is laid.
import { LayerFinder } from './layer-finder.ts'
import { roles } from './roles.ts'
import type { SlicerMarks } from './slicer/marks.ts'

/** A column each. Lengths in mm, times in seconds, `from` in bytes of the file. */
export interface LayerTable {
  readonly z: number[]
  readonly height: number[]
  readonly from: number[]
  readonly seconds: number[]
  readonly filament: number[]
}

const custom = roles.indexOf('custom')

export class Layers {
  readonly table: LayerTable = { z: [], height: [], from: [], seconds: [], filament: [] }
  readonly #finder = new LayerFinder()

  /** The layer that is being printed, counted from 0; -1 before the first. */
  get now(): number {
    return this.#finder.now
  }

  /** A move that lays plastic ends at `z` and rose by `dz`; its line begins at the byte `offset`. */
  lay(z: number, dz: number, marks: SlicerMarks, offset: number): void {
    const finder = this.#finder
    const before = finder.now
    // Priming lines of the start G-code are often higher than the first layer.
    if (marks.role === custom && before >= 0 && marks.layers === 0) return
    const begins = finder.lay(z, dz, marks.layers, marks.height)
    const { table } = this
    if (begins || before < 0) {
      table.z.push(finder.z)
      table.height.push(finder.height)
      table.from.push(offset)
      table.seconds.push(0)
      table.filament.push(0)
    } else if (finder.now === 0) {
      // What was primed was not the first layer yet.
      table.z[0] = finder.z
      table.height[0] = finder.height
    }
  }
}
