// In which layer plastic is laid: by the slicer's marks where there are any, else by heights.

/** mm; plastic laid closer in height than this lies in one layer. */
const SAME_HEIGHT = 0.01
/** mm; what is left of adding up heights. */
const ROUNDING = 1e-6
/** mm; of a layer of which nothing is known, and the most that is believed of one. */
const USUAL_HEIGHT = 0.2
const MOST_HEIGHT = 5
/** A slope that falls by so many layers does not belong to a curved layer: another object begins. */
const FALL_OF_LAYERS = 10
/** More layers than any printer is tall; what comes after lies in the last one. */
const MOST_LAYERS = 100_000

/** Ask it on each move that lays plastic. Lifted travel does not mislead it, nor a spiral that rises with every move. */
export class LayerFinder {
  /** The layer that is being printed, counted from 0; -1 before the first. */
  now = -1
  /** Where it lies, and how high it is, in mm. */
  z = 0
  height = USUAL_HEIGHT
  #marks = 0
  /** Between what heights this layer has been laid, for it may slope. */
  #low = 0
  #high = 0

  /**
   * Whether a layer begins with this move: `z` and `dz` of it in mm, how many layers the slicer has marked so far
   * (0: it marks none), and the layer height that it said last (0: none).
   */
  lay(z: number, dz: number, marks: number, saidHeight: number): boolean {
    if (this.now < 0 || (marks > 0 && marks !== this.#marks)) {
      // What is primed before the first mark belongs to the first layer.
      const begins = !(this.now === 0 && this.#marks === 0)
      const from = this.now < 0 ? z - dz : z
      this.#marks = marks
      this.#settle(from, saidHeight, begins ? from - this.z : from)
      return begins && this.#begin()
    }
    if (this.#marks > 0) return false
    return dz === 0 ? this.#layFlat(z, saidHeight) : this.#laySloped(z, dz)
  }

  #layFlat(z: number, saidHeight: number): boolean {
    // Slow spirals have flat moves between those that rise.
    if (z < this.#high + SAME_HEIGHT && z > this.#low - SAME_HEIGHT) return false
    const rise = z - this.z
    // Priming is often done higher than the first layer lies.
    const begins = rise > 0 || this.now > 0
    this.#settle(z, saidHeight, rise > 0 ? rise : z)
    return begins && this.#begin()
  }

  /** A spiral rises by one layer a turn: as high as the flat layers below it. */
  #laySloped(z: number, dz: number): boolean {
    this.#low = Math.min(this.#low, z)
    this.#high = Math.max(this.#high, z)
    // A move belongs to the turn in which it begins.
    const from = z - Math.max(0, dz)
    const rise = from - this.z
    if (rise < -FALL_OF_LAYERS * this.height) {
      this.#settle(from, this.height, 0)
      return this.#begin()
    }
    if (rise < this.height - ROUNDING) return false
    // Counted on from where the turn began, not from where the move ends: else each turn would come a little earlier.
    this.#settle(rise < 2 * this.height ? this.z + this.height : from, this.height, 0)
    this.#high = z
    return this.#begin()
  }

  #settle(z: number, saidHeight: number, rise: number): void {
    this.z = z
    this.#low = z
    this.#high = z
    if (saidHeight > 0) this.height = saidHeight
    else if (rise >= SAME_HEIGHT && rise <= MOST_HEIGHT) this.height = rise
    else if (z >= SAME_HEIGHT && z <= MOST_HEIGHT) this.height = z
  }

  #begin(): boolean {
    if (this.now + 1 >= MOST_LAYERS) return false
    this.now++
    return true
  }
}
