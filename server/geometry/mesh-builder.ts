// Triangles in, a mesh out: corners at the same place become one, and parts keep their names and colours.
import type { MeshPart, WireMesh } from '../contract/mesh-wire.ts'

const FIRST_ROOM = 1 << 12

/** Grows by doubling, so that nobody has to say beforehand how much comes. */
class Floats {
  values = new Float32Array(FIRST_ROOM * 3)
  size = 0

  push(x: number, y: number, z: number): void {
    if (this.size + 3 > this.values.length) {
      const wider = new Float32Array(this.values.length * 2)
      wider.set(this.values)
      this.values = wider
    }
    this.values[this.size++] = x
    this.values[this.size++] = y
    this.values[this.size++] = z
  }
}

const bits = new Float32Array(3)
const words = new Uint32Array(bits.buffer)

/**
 * Give it parts one after another, and each part's triangles. Corners are joined where they are the very same, and only
 * within a part: bodies that touch stay apart.
 */
export class MeshBuilder {
  readonly #positions = new Floats()
  #indices = new Uint32Array(FIRST_ROOM * 3)
  #corners = 0
  readonly #parts: MeshPart[] = []
  readonly #painted: { first: number; count: number; colour: string }[] = []
  /** Places of corners by their hash; 0 is an empty place, so vertices count from 1. */
  #places = new Uint32Array(FIRST_ROOM * 4)
  #held = 0
  #firstVertex = 0
  /** Triangles that came without area: two of their corners are at the same place. */
  dropped = 0

  get triangles(): number {
    return this.#corners / 3
  }

  beginPart(name: string, colour: string | null): void {
    this.endPart()
    this.#parts.push({ name: name.slice(0, 200), firstTriangle: this.triangles, triangles: 0, colour })
    this.#firstVertex = this.#positions.size / 3
    this.#places = new Uint32Array(FIRST_ROOM)
    this.#held = 0
  }

  endPart(): void {
    const last = this.#parts.at(-1)
    if (last === undefined) return
    last.triangles = this.triangles - last.firstTriangle
    if (last.triangles === 0) this.#parts.pop()
  }

  /** A corner's number, the same for the same place. */
  vertex(x: number, y: number, z: number): number {
    // Minus zero is the same place as zero.
    bits[0] = x + 0
    bits[1] = y + 0
    bits[2] = z + 0
    if (this.#held * 2 > this.#places.length) this.#rehash()
    const place = this.#find()
    const known = this.#places[place] as number
    if (known !== 0) return known - 1
    const { size } = this.#positions
    this.#positions.push(bits[0] as number, bits[1] as number, bits[2] as number)
    this.#places[place] = size / 3 + 1
    this.#held += 1
    return size / 3
  }

  /** By numbers that `vertex` gave. `colour`: of this triangle alone. */
  triangle(a: number, b: number, c: number, colour: string | null = null): void {
    if (this.#parts.length === 0) this.beginPart('', null)
    if (a === b || b === c || c === a) {
      this.dropped += 1
      return
    }
    if (this.#corners + 3 > this.#indices.length) {
      const wider = new Uint32Array(this.#indices.length * 2)
      wider.set(this.#indices)
      this.#indices = wider
    }
    if (colour !== null) this.#paint(colour)
    this.#indices[this.#corners++] = a
    this.#indices[this.#corners++] = b
    this.#indices[this.#corners++] = c
  }

  build(): WireMesh {
    this.endPart()
    const positions = this.#positions.values.slice(0, this.#positions.size)
    const indices = this.#indices.slice(0, this.#corners)
    const head = {
      vertices: positions.length / 3,
      triangles: this.triangles,
      parts: this.#parts,
      painted: this.#painted,
    }
    return { head, positions, indices }
  }

  #paint(colour: string): void {
    const last = this.#painted.at(-1)
    if (last !== undefined && last.colour === colour && last.first + last.count === this.triangles) last.count += 1
    else this.#painted.push({ first: this.triangles, count: 1, colour })
  }

  /** Where the corner in `bits` is, or where it would be. */
  #find(): number {
    const mask = this.#places.length - 1
    const [x = 0, y = 0, z = 0] = words
    let place = Math.imul(x, 0x9e3779b1) ^ Math.imul(y, 0x85ebca77) ^ Math.imul(z, 0xc2b2ae3d)
    place = (place ^ (place >>> 15)) & mask
    for (;;) {
      const vertex = this.#places[place] as number
      if (vertex === 0 || this.#isAt(vertex - 1)) return place
      place = (place + 1) & mask
    }
  }

  #isAt(vertex: number): boolean {
    const { values } = this.#positions
    return values[vertex * 3] === bits[0] && values[vertex * 3 + 1] === bits[1] && values[vertex * 3 + 2] === bits[2]
  }

  #rehash(): void {
    const wanted = bits.slice()
    this.#places = new Uint32Array(this.#places.length * 2)
    const { values, size } = this.#positions
    for (let vertex = this.#firstVertex; vertex < size / 3; vertex++) {
      bits.set(values.subarray(vertex * 3, vertex * 3 + 3))
      this.#places[this.#find()] = vertex + 1
    }
    bits.set(wanted)
  }
}
