// The bytes of a file -> parts of its toolpath as they come, and what is known of it at its end.
import { Analyser, type LabelledObjects, ToolpathReader, type toolpath } from '../../gcode/index.ts'
import { AmountCount } from './amounts.ts'
import {
  type FromWorker,
  LINE_BLOCK,
  type TemperatureMark,
  type ToolpathFacts,
  type ToolpathObject,
} from './messages.ts'

/** Parts are told together: after so many points, and the very first ones at once. */
const FIRST_POINTS = 5_000
const TOLD_POINTS = 60_000
const LF = 10

export interface ReadOptions {
  readonly sizeBytes: number
  readonly pointBudget: number
  tell(message: FromWorker): void
}

/** Feed it chunks, then call `end`. What it tells by `tell` belongs to whoever hears it. */
export class FileReading {
  readonly #options: ReadOptions
  readonly #toolpath: ToolpathReader
  readonly #analyser = new Analyser()
  readonly #amounts = new AmountCount()
  #parts: toolpath.ToolpathLayer[] = []
  #temperatures: TemperatureMark[] = []
  #points = 0
  #told = 0
  #readBytes = 0
  #lines = 0
  readonly #linesBefore: number[] = [0]

  constructor(options: ReadOptions) {
    this.#options = options
    this.#toolpath = new ToolpathReader({
      pointBudget: options.pointBudget,
      sizeBytes: options.sizeBytes,
      layer: (part) => this.#take(part),
      temperature: (target, offset) => this.#temperatures.push({ target, offset }),
    })
  }

  feed(chunk: Uint8Array): void {
    this.#toolpath.feed(chunk)
    this.#analyser.feed(chunk)
    this.#countLines(chunk)
    this.#readBytes += chunk.length
    if (this.#points >= (this.#told === 0 ? FIRST_POINTS : TOLD_POINTS)) this.#tell()
  }

  end(): void {
    const summary = this.#toolpath.end()
    this.#tell()
    const analysis = this.#analyser.result()
    const facts: ToolpathFacts = {
      summary,
      ...this.#amounts.result(analysis),
      retractions: this.#amounts.retractions,
      totalSeconds: analysis.motionSeconds,
      totalGrams: analysis.usage.reduce((sum, { massGrams = 0 }) => sum + massGrams, 0),
      layerSeconds: Float32Array.from(analysis.layerTable.seconds),
      objects: namedObjects(analysis.objects),
      linesBefore: Uint32Array.from(this.#linesBefore),
    }
    this.#options.tell({ kind: 'end', facts })
  }

  #take(part: toolpath.ToolpathLayer): void {
    this.#amounts.take(part)
    this.#parts.push(part)
    this.#points += part.points
  }

  #tell(): void {
    const { tell } = this.#options
    tell({ kind: 'parts', parts: this.#parts, temperatures: this.#temperatures, readBytes: this.#readBytes })
    this.#told += this.#points
    this.#parts = []
    this.#temperatures = []
    this.#points = 0
  }

  #countLines(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      const boundary = this.#linesBefore.length * LINE_BLOCK - this.#readBytes
      const to = Math.min(chunk.length, boundary)
      for (let next = chunk.indexOf(LF, at); next >= 0 && next < to; next = chunk.indexOf(LF, next + 1)) this.#lines++
      if (to === boundary) this.#linesBefore.push(this.#lines)
      at = to
    }
  }
}

/** Under the names that a printer knows them by: copies of one object are counted. */
export const namedObjects = ({ objects, complete }: LabelledObjects): ToolpathObject[] => {
  if (!complete) return []
  const counts = new Map<string, number>()
  return objects.map(({ name, ranges }) => {
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return { name: count === 1 ? name : `${name} (${count})`, ranges: Float64Array.from(ranges.flat()) }
  })
}
