// Which places of a bed are taken: the bed as a grid, and convex outlines laid on it.

/** Corners counter-clockwise around the origin, in mm. */
export type Outline = readonly (readonly [number, number])[]

export interface Bed {
  readonly width: number
  readonly depth: number
  readonly round: boolean
}

export interface Place {
  readonly position: readonly [number, number]
  /** The smaller, the better. */
  readonly cost: number
}

/** About so many cells along the longer side: one of 250 mm is tried each millimetre. */
const CELLS = 250

/** Fills a bed, one outline after another. */
export class Packing {
  readonly #bed: Bed
  readonly #cell: number
  readonly #columns: number
  readonly #rows: number
  readonly #clearance: number
  readonly #from: 'middle' | 'corner'
  /** 1 for each cell that a part covers, row by row. */
  readonly #taken: Uint8Array

  constructor(bed: Bed, clearance: number, from: 'middle' | 'corner') {
    this.#bed = bed
    this.#cell = Math.max(bed.width, bed.depth) / CELLS
    this.#columns = Math.ceil(bed.width / this.#cell)
    this.#rows = Math.ceil(bed.depth / this.#cell)
    this.#clearance = clearance
    this.#from = from
    this.#taken = new Uint8Array(this.#columns * this.#rows)
  }

  /** The best free place; null where there is none. */
  find(outline: Outline): Place | null {
    const spans = this.#spans(outline, this.#clearance)
    const { width, depth } = this.#bed
    let best: Place | null = null
    for (let row = 0; row < this.#rows; row++) {
      for (let column = 0; column < this.#columns; column++) {
        const position = [(column + 0.5) * this.#cell, (row + 0.5) * this.#cell] as const
        const cost =
          this.#from === 'middle'
            ? Math.hypot(position[0] - width / 2, position[1] - depth / 2)
            : position[1] * 2 + position[0] * 0.01
        if (best !== null && cost >= best.cost) continue
        if (this.#isFree(spans, column, row) && this.#isOnBed(outline, position)) best = { position, cost }
      }
    }
    return best
  }

  /** This very place; null where it is taken or beside the bed. */
  at(outline: Outline, position: readonly [number, number]): Place | null {
    const [column, row] = position.map((value) => Math.floor(value / this.#cell)) as [number, number]
    const free = this.#isFree(this.#spans(outline, this.#clearance), column, row)
    return free && this.#isOnBed(outline, position, 0) ? { position, cost: 0 } : null
  }

  take(outline: Outline, { position }: Place): void {
    const [column, row] = position.map((value) => Math.floor(value / this.#cell)) as [number, number]
    for (const { y, first, last } of this.#spans(outline, 0)) {
      const line = row + y
      if (line < 0 || line >= this.#rows) continue
      const from = line * this.#columns
      this.#taken.fill(1, from + Math.max(0, column + first), from + Math.min(this.#columns, column + last + 1))
    }
  }

  /** Runs of cells that the outline covers or comes nearer to than `around`, row by row, from its middle. */
  #spans(outline: Outline, around: number): { y: number; first: number; last: number }[] {
    const cell = this.#cell
    // Half a cell for where the middle lies in its own, half for where an edge lies.
    const wide = around + cell
    const lowest = Math.floor((Math.min(...outline.map(([, y]) => y)) - wide) / cell)
    const highest = Math.ceil((Math.max(...outline.map(([, y]) => y)) + wide) / cell)
    const spans: { y: number; first: number; last: number }[] = []
    for (let y = lowest; y <= highest; y++) {
      const [low, high] = [y * cell - wide, y * cell + wide]
      const xs = crossings(outline, low, high)
      if (xs.length === 0) continue
      spans.push({
        y,
        first: Math.floor((Math.min(...xs) - wide) / cell),
        last: Math.ceil((Math.max(...xs) + wide) / cell),
      })
    }
    return spans
  }

  #isFree(spans: readonly { y: number; first: number; last: number }[], column: number, row: number): boolean {
    for (const { y, first, last } of spans) {
      const line = row + y
      if (line < 0 || line >= this.#rows) continue
      const from = line * this.#columns
      const end = Math.min(this.#columns - 1, column + last)
      for (let at = Math.max(0, column + first); at <= end; at++) if (this.#taken[from + at] === 1) return false
    }
    return true
  }

  #isOnBed(outline: Outline, [x, y]: readonly [number, number], margin = this.#clearance): boolean {
    const { width, depth, round } = this.#bed
    return outline.every(([ox, oy]) => {
      const [px, py] = [x + ox, y + oy]
      if (round)
        return ((px - width / 2) / (width / 2 - margin)) ** 2 + ((py - depth / 2) / (depth / 2 - margin)) ** 2 <= 1
      return px >= margin && py >= margin && px <= width - margin && py <= depth - margin
    })
  }
}

/** Where a convex outline lies between two heights: the x of its corners there, and of its edges' crossings. */
const crossings = (outline: Outline, low: number, high: number): number[] => {
  const xs: number[] = []
  outline.forEach(([ax, ay], at) => {
    if (ay >= low && ay <= high) xs.push(ax)
    const [bx, by] = outline[(at + 1) % outline.length] as readonly [number, number]
    for (const y of [low, high]) {
      if (ay === by || (ay - y) * (by - y) > 0) continue
      xs.push(ax + ((bx - ax) * (y - ay)) / (by - ay))
    }
  })
  return xs
}
