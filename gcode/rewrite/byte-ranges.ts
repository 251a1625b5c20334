// Stretches of a file, asked for line by line in the order of the file.

/** From the first byte up to but not with the last, as whole lines. */
export type ByteRange = readonly [from: number, to: number]

export class ByteRanges {
  #ranges: ByteRange[] = []
  #at = 0
  /** Where the next stretch begins, or this one ends: no range changes before it. */
  #next = Number.POSITIVE_INFINITY
  #inside = false

  get isEmpty(): boolean {
    return this.#ranges.length === 0
  }

  /** Adds stretches, in any order and overlapping or not. */
  add(more: readonly ByteRange[]): void {
    const sorted = [...this.#ranges, ...more.filter(([from, to]) => from < to)].sort((one, other) => one[0] - other[0])
    const merged: ByteRange[] = []
    for (const range of sorted) {
      const last = merged[merged.length - 1]
      if (last !== undefined && range[0] <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], range[1])]
      else merged.push(range)
    }
    this.#ranges = merged
    this.#at = 0
    this.#inside = false
    this.#next = Number.NEGATIVE_INFINITY
  }

  /** Whether a line that begins at `offset` lies in a stretch. Offsets never go back. */
  hold(offset: number): boolean {
    if (offset < this.#next) return this.#inside
    let range = this.#ranges[this.#at]
    while (range !== undefined && range[1] <= offset) range = this.#ranges[++this.#at]
    this.#inside = range !== undefined && range[0] <= offset
    this.#next = range === undefined ? Number.POSITIVE_INFINITY : this.#inside ? range[1] : range[0]
    return this.#inside
  }
}
