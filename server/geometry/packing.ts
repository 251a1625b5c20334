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

interface Span {
  readonly y: number
  readonly first: number
  readonly last: number
}

/** Fills a bed, one outline after another. Nothing is ever taken away again: a place that was too narrow stays so. */
export class Packing {
  readonly #bed: Bed
  readonly #cell: number
  readonly #columns: number
  readonly #rows: number
  readonly #clearance: number
  /** 1 for each cell that a part covers, row by row. */
  readonly #taken: Uint8Array
  /** How many cells of the row are taken before this one: a run is free where its ends have the same number. */
  readonly #before: Uint16Array
  /** Cells, the best place first; and how far in there each outline has found no room. */
  readonly #order: Uint32Array
  readonly #costs: Float64Array
  readonly #tried = new Map<Outline, number>()

  constructor(bed: Bed, clearance: number, from: 'middle' | 'corner') {
    this.#bed = bed
    this.#cell = Math.max(bed.width, bed.depth) / CELLS
    this.#columns = Math.ceil(bed.width / this.#cell)
    this.#rows = Math.ceil(bed.depth / this.#cell)
    this.#clearance = clearance
    const cells = this.#columns * this.#rows
    this.#taken = new Uint8Array(cells)
    this.#before = new Uint16Array((this.#columns + 1) * this.#rows)
    this.#costs = Float64Array.from({ length: cells }, (_, at) => {
      const [x, y] = this.#middleOf(at)
      return from === 'middle' ? Math.hypot(x - bed.width / 2, y - bed.depth / 2) : y * 2 + x * 0.01
    })
    const costs = this.#costs
    this.#order = Uint32Array.from({ length: cells }, (_, at) => at).sort(
      (one, other) => (costs[one] as number) - (costs[other] as number),
    )
  }

  /** The best free place; null where there is none. */
  find(outline: Outline): Place | null {
    const spans = this.#spans(outline, this.#clearance)
    for (let at = this.#tried.get(outline) ?? 0; at < this.#order.length; at++) {
      const cell = this.#order[at] as number
      const position = this.#middleOf(cell)
      if (!this.#isOnBed(outline, position)) continue
      if (!this.#isFree(spans, cell % this.#columns, Math.floor(cell / this.#columns))) continue
      this.#tried.set(outline, at)
      return { position, cost: this.#costs[cell] as number }
    }
    this.#tried.set(outline, this.#order.length)
    return null
  }

  /** This very place; null where it is taken or beside the bed. */
  at(outline: Outline, position: readonly [number, number]): Place | null {
    const [column, row] = this.#cellAt(position)
    const free = this.#isFree(this.#spans(outline, this.#clearance), column, row)
    return free && this.#isOnBed(outline, position, 0) ? { position, cost: 0 } : null
  }

  take(outline: Outline, { position }: Place): void {
    const [column, row] = this.#cellAt(position)
    for (const { y, first, last } of this.#spans(outline, 0)) {
      const line = row + y
      if (line < 0 || line >= this.#rows) continue
      const from = line * this.#columns
      this.#taken.fill(1, from + Math.max(0, column + first), from + Math.min(this.#columns, column + last + 1))
      for (let at = 0; at < this.#columns; at++)
        this.#before[from + line + at + 1] =
          (this.#before[from + line + at] as number) + (this.#taken[from + at] as number)
    }
  }

  #middleOf(cell: number): readonly [number, number] {
    return [((cell % this.#columns) + 0.5) * this.#cell, (Math.floor(cell / this.#columns) + 0.5) * this.#cell]
  }

  #cellAt([x, y]: readonly [number, number]): [number, number] {
    return [Math.floor(x / this.#cell), Math.floor(y / this.#cell)]
  }

  /** Runs of cells that the outline covers or comes nearer to than `around`, row by row, from its middle. */
  #spans(outline: Outline, around: number): Span[] {
    const cell = this.#cell
    // Half a cell for where the middle lies in its own, half for where an edge lies.
    const wide = around + cell
    const lowest = Math.floor((Math.min(...outline.map(([, y]) => y)) - wide) / cell)
    const highest = Math.ceil((Math.max(...outline.map(([, y]) => y)) + wide) / cell)
    const spans: Span[] = []
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

  #isFree(spans: readonly Span[], column: number, row: number): boolean {
    for (const { y, first, last } of spans) {
      const line = row + y
      if (line < 0 || line >= this.#rows) continue
      const from = line * (this.#columns + 1)
      const start = Math.min(this.#columns, Math.max(0, column + first))
      const end = Math.max(start, Math.min(this.#columns, column + last + 1))
      if (this.#before[from + start] !== this.#before[from + end]) return false
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
