// The toolpath of one file as it grows: columns in chunks of the size of a texture, and what lies where in them.
import { pointAt, type toolpath } from '../../gcode/index.ts'
import { laysPlastic } from './kinds.ts'
import type { TemperatureMark, ToolpathFacts } from './messages.ts'

/** Points of a chunk, as rows of a texture; no part of a layer has more. */
export const CHUNK_WIDTH = 1024
export const CHUNK_POINTS = 1 << 18
/** Of objects and of temperatures, so many are told apart; the first place of the objects means none. */
export const MOST_MARKED = 255
const MOST_LAYER = 65535

/** Columns of up to CHUNK_POINTS points. */
export interface Chunk {
  readonly index: number
  readonly positions: Uint32Array
  readonly measures: Uint16Array
  /** 2 words a point: its layer; its object (low 8 bits, 0: none) and the place of its temperature (high 8). */
  readonly marks: Uint16Array
  count: number
  /** Rises whenever something in it changes that was there before. */
  version: number
}

/** A part of a layer; its columns are views into a chunk. */
export interface Part {
  readonly layer: toolpath.ToolpathLayer
  readonly chunk: Chunk
  /** Where its first point lies in the chunk. */
  readonly from: number
}

/** A place in the toolpath: the number of a part, and a point in it. */
export interface Place {
  readonly part: number
  readonly point: number
}

/** Points of a chunk, from (included) to (excluded). */
export interface Span {
  readonly chunk: Chunk
  readonly from: number
  readonly to: number
}

export interface Ranges {
  speed: Extent
  flow: Extent
  width: Extent
  height: Extent
}
export interface Extent {
  least: number
  most: number
}

const nothing = (): Extent => ({ least: Number.POSITIVE_INFINITY, most: 0 })

export class ToolpathStore {
  readonly chunks: Chunk[] = []
  readonly parts: Part[] = []
  readonly layers: toolpath.ToolpathLayer[] = []
  /** The first part of each layer. */
  readonly layerParts: number[] = []
  readonly ranges: Ranges = { speed: nothing(), flow: nothing(), width: nothing(), height: nothing() }
  /** Temperatures that are asked for, in °C, in the order of their marks. */
  readonly temperatures: number[] = [0]
  readonly kinds = new Set<number>()
  readonly tools = new Set<number>()
  points = 0
  box: NonNullable<toolpath.ToolpathLayer['box']> | null = null
  facts: ToolpathFacts | null = null
  readonly #marks: TemperatureMark[] = [{ offset: 0, target: 0 }]

  get layerCount(): number {
    return this.layerParts.length
  }

  /** Temperatures first: those up to the parts that follow. */
  addTemperatures(marks: readonly TemperatureMark[]): void {
    for (const mark of marks) {
      this.#marks.push(mark)
      if (!this.temperatures.includes(mark.target) && this.temperatures.length < MOST_MARKED) {
        this.temperatures.push(mark.target)
      }
    }
  }

  add(layer: toolpath.ToolpathLayer): void {
    let chunk = this.chunks.at(-1)
    if (chunk === undefined || chunk.count + layer.points > CHUNK_POINTS) {
      chunk = newChunk(this.chunks.length)
      this.chunks.push(chunk)
    }
    const from = chunk.count
    const to = from + layer.points
    chunk.positions.set(layer.positions, from * 2)
    chunk.measures.set(layer.measures, from * 4)
    const positions = chunk.positions.subarray(from * 2, to * 2)
    const measures = chunk.measures.subarray(from * 4, to * 4)
    chunk.count = to
    // The offsets alone are kept: the columns now lie in the chunk.
    const buffer = new ArrayBuffer(0)
    const offsets = layer.offsets.slice()
    const offsetFrom = layer.offsetFrom.slice()
    const offsetBase = layer.offsetBase.slice()
    const kept = { ...layer, buffer, positions, measures, offsets, offsetFrom, offsetBase }
    const part = { layer: kept, chunk, from }
    while (this.layerParts.length <= layer.index) this.layerParts.push(this.parts.length)
    this.parts.push(part)
    this.layers.push(kept)
    this.points += layer.points
    this.#markPoints(part)
    this.#widen(kept)
  }

  /** The end of the file has been read: which object each point belongs to is known now. */
  end(facts: ToolpathFacts): void {
    this.facts = facts
    const order = facts.objects.slice(0, MOST_MARKED - 1).flatMap(({ ranges }, object) => {
      const found: [number, number, number][] = []
      for (let n = 0; n < ranges.length; n += 2) found.push([ranges[n] as number, ranges[n + 1] as number, object + 1])
      return found
    })
    if (order.length === 0) return
    order.sort((one, other) => one[0] - other[0])
    let at = 0
    for (const { layer, chunk, from } of this.parts) {
      eachOffset(layer, (n, offset) => {
        // A line that ends where a range ends is the last one of it.
        while (at < order.length && ((order[at] as readonly number[])[1] as number) < offset) at++
        const range = order[at]
        const inside = range !== undefined && offset > range[0]
        const place = (from + n) * 2 + 1
        chunk.marks[place] = ((chunk.marks[place] as number) & 0xff00) | (inside ? range[2] : 0)
      })
      chunk.version++
    }
  }

  /** Where the machine has been told to go once it has taken so many bytes. */
  placeAt(bytes: number): Place | null {
    const found = pointAt(this.layers, bytes)
    return found === null ? null : { part: found.layer, point: found.point }
  }

  /** The last place of a layer. */
  endOf(layer: number): Place {
    const part = this.lastPartOf(layer)
    return { part, point: (this.layers[part]?.points ?? 1) - 1 }
  }

  lastPartOf(layer: number): number {
    return (this.layerParts[layer + 1] ?? this.parts.length) - 1
  }

  /** What lies from a layer up to a place, chunk by chunk. */
  spans(fromLayer: number, to: Place): Span[] {
    const first = this.parts[this.layerParts[fromLayer] ?? 0]
    const last = this.parts[to.part]
    if (first === undefined || last === undefined) return []
    const spans: Span[] = []
    for (let n = first.chunk.index; n <= last.chunk.index; n++) {
      const chunk = this.chunks[n] as Chunk
      const from = chunk === first.chunk ? first.from : 0
      const end = chunk === last.chunk ? last.from + to.point + 1 : chunk.count
      if (end > from) spans.push({ chunk, from, to: end })
    }
    return spans
  }

  #markPoints({ layer, chunk, from }: Part): void {
    const index = Math.min(layer.index, MOST_LAYER)
    let mark = lastBefore(this.#marks, layer.fromByte)
    let place = this.#temperaturePlace(mark)
    eachOffset(layer, (n, offset) => {
      while ((this.#marks[mark + 1]?.offset ?? Number.POSITIVE_INFINITY) < offset)
        place = this.#temperaturePlace(++mark)
      chunk.marks[(from + n) * 2] = index
      chunk.marks[(from + n) * 2 + 1] = place << 8
      const kind = (layer.measures[n * 4] as number) >>> 11
      this.kinds.add(kind)
      if (laysPlastic(kind)) this.tools.add((layer.measures[n * 4 + 1] as number) >>> 10)
    })
  }

  #temperaturePlace(mark: number): number {
    return Math.max(0, this.temperatures.indexOf(this.#marks[mark]?.target ?? 0))
  }

  #widen({ ranges, box }: toolpath.ToolpathLayer): void {
    if (box === null) return
    for (const name of ['speed', 'flow', 'width', 'height'] as const) {
      this.ranges[name].least = Math.min(this.ranges[name].least, ranges[name].least)
      this.ranges[name].most = Math.max(this.ranges[name].most, ranges[name].most)
    }
    const before = this.box ?? box
    this.box = {
      minX: Math.min(before.minX, box.minX),
      minY: Math.min(before.minY, box.minY),
      minZ: Math.min(before.minZ, box.minZ),
      maxX: Math.max(before.maxX, box.maxX),
      maxY: Math.max(before.maxY, box.maxY),
      maxZ: Math.max(before.maxZ, box.maxZ),
    }
  }
}

const newChunk = (index: number): Chunk => ({
  index,
  positions: new Uint32Array(CHUNK_POINTS * 2),
  measures: new Uint16Array(CHUNK_POINTS * 4),
  marks: new Uint16Array(CHUNK_POINTS * 2),
  count: 0,
  version: 0,
})

/** The last mark that does not lie behind an offset. */
const lastBefore = (marks: readonly TemperatureMark[], offset: number): number => {
  let found = marks.length - 1
  while (found > 0 && (marks[found] as TemperatureMark).offset > offset) found--
  return found
}

/** Goes through the offsets of a layer in order: quicker than asking for each. */
const eachOffset = (layer: toolpath.ToolpathLayer, take: (n: number, offset: number) => void): void => {
  const { offsetFrom, offsetBase, offsets, points } = layer
  for (let block = 0; block < offsetFrom.length; block++) {
    const base = offsetBase[block] as number
    const end = block + 1 < offsetFrom.length ? (offsetFrom[block + 1] as number) : points
    for (let n = offsetFrom[block] as number; n < end; n++) take(n, base + (offsets[n] as number))
  }
}
