// How the triangles of a mesh hang together: edges, holes, shells.
import type { WireMesh } from '../contract/mesh-wire.ts'

export interface Topology {
  /**
   * For each triangle's side, that from corner n to the next: the side on the other triangle; -1 where it is
   * open, -2 where more than two meet. */
  readonly partner: Int32Array
  readonly openEdges: number
  readonly crowdedEdges: number
  readonly flippedEdges: number
  /** The shell of each triangle, from 0. */
  readonly shellOf: Uint32Array
  readonly shells: number
  /** As many ways in as out along each edge: it has an inside. */
  readonly closed: boolean
}

/** Sides by their edge: an open hash table of the first side, and a chain from each side to the next of its edge. */
const sidesByEdge = (indices: Uint32Array): { heads: Int32Array; next: Int32Array } => {
  const sides = indices.length
  let room = 16
  while (room < sides * 2) room *= 2
  const heads = new Int32Array(room).fill(-1)
  const next = new Int32Array(sides).fill(-1)
  for (let side = 0; side < sides; side++) {
    const from = indices[side] as number
    const to = indices[after(side)] as number
    const [low, high] = from < to ? [from, to] : [to, from]
    let place = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)) >>> 0
    place = (place ^ (place >>> 13)) & (room - 1)
    for (;;) {
      const head = heads[place] as number
      if (head === -1) {
        heads[place] = side
        break
      }
      const a = indices[head] as number
      const b = indices[after(head)] as number
      if ((a === low && b === high) || (a === high && b === low)) {
        next[side] = head
        heads[place] = side
        break
      }
      place = (place + 1) & (room - 1)
    }
  }
  return { heads, next }
}

/** The side that follows in the same triangle. */
export const after = (side: number): number => (side % 3 === 2 ? side - 2 : side + 1)

/** Counts over all edges, joins the triangles beside each, and names the shells. */
export const topologyOf = ({ indices }: WireMesh): Topology => {
  const { heads, next } = sidesByEdge(indices)
  const partner = new Int32Array(indices.length).fill(-1)
  const shells = new Joined(indices.length / 3)
  const counted = { open: 0, crowded: 0, flipped: 0, unbalanced: 0 }
  for (const head of heads) {
    if (head === -1) continue
    const low = Math.min(indices[head] as number, indices[after(head)] as number)
    let [sides, up] = [0, 0]
    for (let side = head; side !== -1; side = next[side] as number) {
      sides += 1
      if (indices[side] === low) up += 1
      shells.join(Math.floor(head / 3), Math.floor(side / 3))
    }
    if (sides === 1) counted.open += 1
    else if (sides === 2 && up !== 1) counted.flipped += 1
    else if (sides > 2) counted.crowded += 1
    if (up * 2 !== sides) counted.unbalanced += 1
    if (sides === 2) {
      partner[head] = next[head] as number
      partner[next[head] as number] = head
    } else if (sides > 2) {
      for (let side = head; side !== -1; side = next[side] as number) partner[side] = -2
    }
  }
  const { shellOf, count } = shells.named()
  return {
    partner,
    openEdges: counted.open,
    crowdedEdges: counted.crowded,
    flippedEdges: counted.flipped,
    shellOf,
    shells: count,
    closed: counted.unbalanced === 0,
  }
}

/** Which of many hang together. */
class Joined {
  readonly #parents: Uint32Array

  constructor(size: number) {
    this.#parents = Uint32Array.from({ length: size }, (_, at) => at)
  }

  join(one: number, other: number): void {
    const [a, b] = [this.#root(one), this.#root(other)]
    if (a !== b) this.#parents[Math.max(a, b)] = Math.min(a, b)
  }

  named(): { shellOf: Uint32Array; count: number } {
    const shellOf = new Uint32Array(this.#parents.length)
    let count = 0
    for (let one = 0; one < shellOf.length; one++) {
      const root = this.#root(one)
      shellOf[one] = root === one ? count++ : (shellOf[root] as number)
    }
    return { shellOf, count }
  }

  #root(one: number): number {
    const parents = this.#parents
    let root = one
    while (parents[root] !== root) {
      parents[root] = parents[parents[root] as number] as number
      root = parents[root] as number
    }
    return root
  }
}
