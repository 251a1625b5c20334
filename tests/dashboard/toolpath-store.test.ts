import { describe, expect, it } from 'vitest'
import { TRAVEL } from '../../dashboard/toolpath/kinds.ts'
import { bytesForLine, lineIn } from '../../dashboard/toolpath/line-at.ts'
import type { FromWorker, ToolpathFacts } from '../../dashboard/toolpath/messages.ts'
import { objectAt } from '../../dashboard/toolpath/object-at.ts'
import { isGrown, planAdded, planFull, planThinned, slotOf, takeSlice } from '../../dashboard/toolpath/plan-frame.ts'
import { playFrom, pointAtPlace, stepFrom } from '../../dashboard/toolpath/playback.ts'
import { FileReading } from '../../dashboard/toolpath/read-file.ts'
import { scaleOf } from '../../dashboard/toolpath/scale.ts'
import { CHUNK_POINTS, ToolpathStore } from '../../dashboard/toolpath/toolpath-store.ts'
import { roles } from '../../gcode/roles.ts'
import { slicedGcode } from '../support/sliced-gcode.ts'

/** As the page has it: what the worker tells, put into a store. */
const readStore = (gcode: string | readonly Uint8Array[], pointBudget = 5_000_000): ToolpathStore => {
  const chunks = typeof gcode === 'string' ? [Buffer.from(gcode)] : gcode
  const sizeBytes = chunks.reduce((sum, { length }) => sum + length, 0)
  const store = new ToolpathStore()
  const tell = (message: FromWorker): void => {
    if (message.kind === 'parts') {
      store.addTemperatures(message.temperatures)
      for (const part of message.parts) store.add(part)
    } else if (message.kind === 'end') store.end(message.facts)
  }
  const reading = new FileReading({ sizeBytes, pointBudget, tell })
  for (const chunk of chunks) reading.feed(chunk)
  reading.end()
  return store
}

const factsOf = (store: ToolpathStore): ToolpathFacts => {
  if (store.facts === null) throw new Error('The file was not read to its end.')
  return store.facts
}

const square = (x: number, z: number): string =>
  `G1 X${x} Y10 F6000\n;TYPE:External perimeter\n;WIDTH:0.4\nG1 F1200\nG1 X${x + 10} Y10 E.4\nG1 X${x + 10} Y20 E.4\nG1 X${x} Y20 E.4\nG1 X${x} Y10 E.4\n;TYPE:Internal infill\nG1 X${x + 5} Y15 E.3 F${z > 0.3 ? 2400 : 1800}\n`

const twoObjects = `M104 S215\nG28\nM109 S215\nG90\nM83\n${[0.2, 0.4, 0.6]
  .map(
    (z) =>
      `;LAYER_CHANGE\n;Z:${z}\n;HEIGHT:0.2\nG1 Z${z} F600\n; printing object cup id:0 copy 0\n${square(10, z)}; stop printing object cup id:0 copy 0\n${z > 0.5 ? 'M104 S200\n' : ''}; printing object cup id:0 copy 1\nT1\n${square(60, z)}T0\n; stop printing object cup id:0 copy 1\n`,
  )
  .join('')}; filament used [g] = 1\n; filament_type = PLA;PLA\n`

describe('the toolpath that a page holds', () => {
  const store = readStore(twoObjects)
  const everything = { fromLayer: 0, to: store.endOf(2), done: null, travels: true, dots: false }

  it('knows layers, roles, tools and temperatures of the file', () => {
    expect(store.layerCount).toBe(3)
    expect([...store.tools].sort()).toEqual([0, 1])
    expect(store.kinds.has(roles.indexOf('external-perimeter'))).toBe(true)
    expect(store.temperatures).toEqual([0, 215, 200])
    expect(scaleOf(store, 'temperature')).toEqual({ least: 200, most: 215 })
    expect(scaleOf(store, 'speed')).toEqual({ least: 20, most: 40 })
    expect(scaleOf(store, 'role')).toBeNull()
  })

  it('marks each move with its layer, and with the temperature that holds there', () => {
    const place = store.endOf(2)
    const part = store.parts[place.part]
    const marks = part?.chunk.marks ?? new Uint16Array()
    const at = ((part?.from ?? 0) + place.point) * 2
    expect(marks[at]).toBe(2)
    expect(store.temperatures[(marks[at + 1] as number) >> 8]).toBe(200)
    expect(store.temperatures[(marks[5] as number) >> 8]).toBe(215)
  })

  it('tells copies of an object apart under the names that a printer knows', () => {
    expect(factsOf(store).objects.map(({ name }) => name)).toEqual(['cup', 'cup (2)'])
    const place = store.placeAt(twoObjects.indexOf('G1 X20 Y20 E.4') + 15)
    expect(place).not.toBeNull()
    expect(objectAt(store, place ?? { part: 0, point: 0 })).toBe(0)
    const other = store.placeAt(twoObjects.indexOf('G1 X70 Y20 E.4') + 15)
    expect(objectAt(store, other ?? { part: 0, point: 0 })).toBe(1)
    expect(objectAt(store, { part: 0, point: 1 })).toBeNull()
  })

  it('shares length, time and grams out among roles and tools', () => {
    const facts = factsOf(store)
    const wall = facts.byKind.get(roles.indexOf('external-perimeter'))
    expect(wall?.length).toBeCloseTo(6 * 40, 3)
    expect(facts.byTool.get(0)?.length).toBeCloseTo(facts.byTool.get(1)?.length ?? 0, 3)
    expect(facts.byKind.get(TRAVEL)?.length).toBeGreaterThan(100)
    const seconds = [...facts.byKind.values()].reduce((sum, one) => sum + one.seconds, 0)
    expect(seconds / facts.totalSeconds).toBeCloseTo(1, 1)
    const grams = [...facts.byKind.values()].reduce((sum, one) => sum + one.grams, 0)
    expect(facts.totalGrams).toBeGreaterThan(0)
    expect(grams).toBeCloseTo(facts.totalGrams, 6)
  })

  it('finds the place that a printer has come to by the bytes that it has taken', () => {
    const line = 'G1 X70 Y20 E.4\n'
    const place = store.placeAt(twoObjects.indexOf(line) + line.length)
    expect(pointAtPlace(store, place ?? { part: 0, point: 0 })).toMatchObject({ x: 70, y: 20, z: 0.2 })
  })

  it('steps through moves over the ends of layers, and stops at both ends', () => {
    const end = store.endOf(0)
    const next = stepFrom(store, end, 1)
    expect(store.layers[next.part]?.index).toBe(1)
    expect(stepFrom(store, next, -1).part).toBeLessThanOrEqual(next.part)
    expect(stepFrom(store, store.endOf(2), 5)).toEqual(store.endOf(2))
    expect(stepFrom(store, { part: 0, point: 2 }, -50)).toEqual({ part: 0, point: 0 })
  })

  it('plays moves as long as they take', () => {
    const line = 'G1 X20 Y10 E.4\n'
    const from = store.placeAt(twoObjects.indexOf(line) + line.length) ?? { part: 0, point: 0 }
    // The next wall is 10 mm at 20 mm/s.
    expect(playFrom(store, from, 0.49)).toEqual(stepFrom(store, from, 1))
    expect(playFrom(store, from, 0.51)).toEqual(stepFrom(store, from, 2))
    expect(playFrom(store, store.endOf(2), 1)).toBeNull()
  })

  it('finds the line of a move and its number', () => {
    const line = 'G1 X70 Y20 E.4\n'
    const offset = twoObjects.indexOf(line) + line.length
    const { from, to } = bytesForLine(offset)
    const found = lineIn(Buffer.from(twoObjects).subarray(from, to), offset, factsOf(store).linesBefore)
    expect(found).toEqual({ number: twoObjects.slice(0, offset).split('\n').length - 1, text: 'G1 X70 Y20 E.4' })
  })

  it('paints only what was added where only the end has moved on', () => {
    const before = { ...everything, to: store.endOf(0) }
    const added = planAdded(store, before, { ...everything, to: store.endOf(1) }, 'bead')
    const beads = (added ?? []).filter(({ shape }) => shape === 'bead')
    expect(beads).toHaveLength(1)
    expect(beads[0]).toMatchObject({ from: slotOf(store, store.endOf(0)), to: slotOf(store, store.endOf(1)) + 1 })
    expect(planAdded(store, everything, before, 'bead')).toBeNull()
    expect(isGrown(store, before, { ...everything, fromLayer: 1 })).toBe(false)
  })

  it('paints over what has become printed where all of it is shown', () => {
    const before = { ...everything, done: store.endOf(0) }
    const added = planAdded(store, before, { ...everything, done: store.endOf(1) }, 'bead') ?? []
    expect(Math.max(...added.map(({ to }) => to))).toBe(slotOf(store, store.endOf(1)) + 1)
  })
})

describe('a large file', () => {
  const chunks = [...slicedGcode(12_000_000)]
  const store = readStore(chunks)
  const everything = { fromLayer: 0, to: store.endOf(store.layerCount - 1), done: null, travels: false, dots: false }

  it('lies in several chunks, without a gap between them', () => {
    expect(store.chunks.length).toBeGreaterThan(1)
    expect(store.points).toBe(store.chunks.reduce((sum, { count }) => sum + count, 0))
    for (const { count } of store.chunks) expect(count).toBeLessThanOrEqual(CHUNK_POINTS)
    expect(planFull(store, everything, 'bead').reduce((sum, { from, to }) => sum + to - from, 0)).toBe(store.points)
  })

  it('is thinned to what can be drawn in time, with the topmost layer whole, and shows the same height', () => {
    const { draws, stride } = planThinned(store, everything, 40_000, 'bead')
    const moves = draws.reduce((sum, { from, to }) => sum + to - from, 0)
    expect(moves).toBeLessThanOrEqual(45_000)
    expect(moves).toBeGreaterThan(15_000)
    expect(stride).toBeGreaterThan(2)
    const top = draws.filter(({ coarse }) => !coarse)
    expect(top.reduce((sum, { from, to }) => sum + to - from, 0)).toBe(store.layers.at(-1)?.points)
  })

  it('is painted in slices that leave nothing out', () => {
    let rest = planFull(store, everything, 'bead')
    let moves = 0
    let slices = 0
    while (rest.length > 0) {
      const taken = takeSlice(rest, 30_000)
      for (const { from, to } of taken.slice) moves += to - from
      rest = taken.rest
      slices++
    }
    expect(moves).toBe(store.points)
    expect(slices).toBe(Math.ceil(store.points / 30_000))
  })

  it('knows the number of a line far into the file', () => {
    const text = Buffer.concat(chunks)
    const offset = text.lastIndexOf('\n', text.length - 100_000) + 1
    const { from, to } = bytesForLine(offset)
    const found = lineIn(text.subarray(from, to), offset, factsOf(store).linesBefore)
    let lines = 0
    for (let at = text.indexOf(10); at >= 0 && at < offset; at = text.indexOf(10, at + 1)) lines++
    expect(found.number).toBe(lines)
    expect(found.text).toBe(text.subarray(text.lastIndexOf(10, offset - 2) + 1, offset - 1).toString())
  })

  it('keeps to a budget of points', () => {
    const thinned = readStore(chunks, 100_000)
    expect(thinned.points).toBeLessThan(store.points)
    expect(factsOf(thinned).summary.droppedPoints).toBeGreaterThan(0)
    expect(factsOf(thinned).summary.deviation).toBeLessThanOrEqual(0.05)
  })
})
