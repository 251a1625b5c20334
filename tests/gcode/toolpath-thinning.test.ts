import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { pointAt } from '../../gcode/toolpath/point-at.ts'
import { MOST_DEVIATION } from '../../gcode/toolpath/thinning.ts'
import {
  laysPlastic,
  START,
  type ToolpathLayer,
  type ToolpathPoint,
  TRAVEL,
} from '../../gcode/toolpath/toolpath-layer.ts'
import { sharedData } from '../support/left-out.ts'
import { pointsOf, readToolpath } from '../support/toolpath.ts'

/** Layers of a wavy outline in fine pieces, and zigzag inside of it. */
const wavy = (layers: number): string => {
  const random = randomFrom(5)
  let text = 'G28\nG90\nM83\n'
  for (let n = 0; n < layers; n++) {
    text += `;LAYER_CHANGE\n;HEIGHT:0.2\nG1 E-.8 F2100\nG1 Z${(n * 0.2 + 0.2).toFixed(1)}\nG1 X60 Y40 F9000\nG1 E.8 F2100\n`
    text += ';TYPE:External perimeter\n;WIDTH:0.45\nG1 F1800\n'
    for (let step = 1; step <= 600; step++) {
      const angle = (step / 600) * 2 * Math.PI
      const radius = 20 + 0.4 * Math.sin(angle * 30) + 0.01 * random()
      const place = `X${(40 + radius * Math.cos(angle)).toFixed(3)} Y${(40 + radius * Math.sin(angle)).toFixed(3)}`
      text += `G1 ${place} E.007\n`
    }
    text += 'G1 X30 Y30 F9000\n;TYPE:Internal infill\nG1 F4800\n'
    for (let line = 0; line < 40; line++) {
      text += `G1 X${30 + line * 0.4} Y${line % 2 ? 30 : 50} E.7\nG1 X${(30.2 + line * 0.4).toFixed(2)} E.007\n`
    }
  }
  return text
}

type Segment = readonly [ToolpathPoint, ToolpathPoint]

const laidBy = (layer: ToolpathLayer): Segment[] => {
  const points = pointsOf(layer)
  return points.flatMap((point, n) => (laysPlastic(point.kind) ? [[points[n - 1] ?? point, point] as const] : []))
}

const distance = (x: number, y: number, z: number, [a, b]: Segment): number => {
  const [vx, vy, vz] = [b.x - a.x, b.y - a.y, b.z - a.z]
  const squared = vx * vx + vy * vy + vz * vz
  const along = squared > 0 ? ((x - a.x) * vx + (y - a.y) * vy + (z - a.z) * vz) / squared : 0
  const part = Math.min(1, Math.max(0, along))
  return Math.hypot(a.x + part * vx - x, a.y + part * vy - y, a.z + part * vz - z)
}

/** How far the places of these segments, every 0.05 mm, lie from the others at most. */
const farthest = (from: readonly Segment[], to: readonly Segment[]): number => {
  let most = 0
  for (const [a, b] of from) {
    const pieces = Math.min(20, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / 0.05) || 1)
    for (let n = 0; n <= pieces; n++) {
      const [x, y, z] = [
        a.x + ((b.x - a.x) * n) / pieces,
        a.y + ((b.y - a.y) * n) / pieces,
        a.z + ((b.z - a.z) * n) / pieces,
      ]
      let nearest = Number.POSITIVE_INFINITY
      for (const segment of to) {
        if (nearest <= most) break
        nearest = Math.min(nearest, distance(x, y, z, segment))
      }
      most = Math.max(most, nearest)
    }
  }
  return most
}

const hausdorff = (a: ToolpathLayer, b: ToolpathLayer): number =>
  Math.max(farthest(laidBy(a), laidBy(b)), farthest(laidBy(b), laidBy(a)))

const size = (text: string | Uint8Array): { sizeBytes: number } => ({ sizeBytes: text.length })

describe('a toolpath with a point budget', () => {
  const text = wavy(12)
  const whole = readToolpath(text)

  it('is left whole where it has no more points than that', () => {
    const found = readToolpath(text, { pointBudget: 20_000, ...size(text) })
    expect(found.summary).toEqual({ ...whole.summary, budgetMet: true, droppedPoints: 0 })
    expect(found.layers).toEqual(whole.layers)
  })

  it('meets it by leaving out points that hardly matter, and says how many', () => {
    const { summary } = readToolpath(text, { pointBudget: 5000, ...size(text) })
    expect(summary.budgetMet).toBe(true)
    expect(summary.points).toBeLessThanOrEqual(5000)
    expect(summary.points).toBeGreaterThan(3500)
    expect(summary.points + summary.droppedPoints).toBe(whole.summary.points)
    expect(summary.deviation).toBeGreaterThan(0)
    expect(summary.deviation).toBeLessThan(0.03)
    expect(summary.travelsDropped).toBe(false)
  })

  it('moves no outline by more than it says, and never by more than 0.05 mm', () => {
    for (const pointBudget of [6000, 4000, 100]) {
      const { layers, summary } = readToolpath(text, { pointBudget, ...size(text) })
      expect(layers).toHaveLength(12)
      for (const n of [0, 7, 11]) {
        const moved = hausdorff(whole.layers[n] as ToolpathLayer, layers[n] as ToolpathLayer)
        expect(moved).toBeLessThanOrEqual(summary.deviation + 0.002)
        expect(moved).toBeLessThanOrEqual(MOST_DEVIATION)
      }
    }
  })

  it('gives up travels before it gives up outlines, and says where the budget could not be met', () => {
    const { layers, summary } = readToolpath(text, { pointBudget: 100, ...size(text) })
    expect(summary).toMatchObject({ budgetMet: false, travelsDropped: true, layers: 12 })
    expect(summary.deviation).toBeLessThanOrEqual(MOST_DEVIATION)
    for (const layer of layers) {
      const kinds = pointsOf(layer).map(({ kind }) => kind)
      expect(kinds.every((kind) => laysPlastic(kind) || kind === START)).toBe(true)
      // Outline and infill: each begins where the travel to it ended.
      expect(kinds.filter((kind) => kind === START).length).toBeGreaterThanOrEqual(2)
    }
    expect(pointsOf(layers[0])[1]).toMatchObject({ x: 60, y: 40, kind: START })
  })

  it('keeps every change of role, tool, width and height in its place', () => {
    let mixed = 'G90\nM83\nG1 X0 Y0 Z.2 F3000\n'
    const changes = [
      ';TYPE:Perimeter',
      ';WIDTH:0.6',
      'T1',
      ';TYPE:Support material',
      ';HEIGHT:0.3',
      'T0',
      ';WIDTH:0.45',
    ]
    for (let n = 1; n <= 700; n++)
      mixed += `${n % 100 === 0 ? `${changes[n / 100 - 1]}\n` : ''}G1 X${(n * 0.1).toFixed(1)} E.003\n`
    const points = pointsOf(readToolpath(mixed, { pointBudget: 12 }).layers[0])
    const places = points.map(({ x }) => x)
    for (let n = 1; n <= 7; n++) expect(places.some((x) => Math.abs(x - (n * 10 - 0.1)) < 1e-9)).toBe(true)
    expect(points.length).toBeLessThan(20)
    expect(points.map(({ tool }) => tool)).toContain(1)
    expect(points.at(-1)).toMatchObject({ x: 70, width: 0.45, height: 0.3 })
  })

  it('keeps travels of their shape too, while it has them', () => {
    const around = 'G1 X50 F9000\nG1 X50 Y50\nG1 X0 Y50\n'
    const points = pointsOf(
      readToolpath(`G90\nM83\nG1 X10 E1 F600\n${around}G1 X0 Y90 E1\n`, { pointBudget: 6 }).layers[0],
    )
    expect(points.filter(({ kind }) => kind === TRAVEL)).toHaveLength(0)
    const roomy = pointsOf(
      readToolpath(`G90\nM83\nG1 X10 E1 F600\n${around}G1 X0 Y90 E1\n`, { pointBudget: 600 }).layers[0],
    )
    expect(roomy.filter(({ kind }) => kind === TRAVEL)).toHaveLength(3)
  })

  it('tells how far a print has come by the next point that is left', () => {
    const { layers } = readToolpath(text, { pointBudget: 4000, ...size(text) })
    let last = -1
    for (let byte = 0; byte <= text.length; byte += 997) {
      const place = pointAt(layers, byte)
      const point = place ? (layers[place.layer]?.firstPoint ?? 0) + place.point : -1
      expect(point).toBeGreaterThanOrEqual(last)
      last = point
    }
    expect(pointAt(layers, text.length)).toEqual({ layer: 11, point: (layers[11]?.points ?? 0) - 1 })
  })

  it('needs no size of the file, though then the beginning gets less', () => {
    expect(readToolpath(text, { pointBudget: 100_000 }).layers).toEqual(whole.layers)
    const { summary } = readToolpath(text, { pointBudget: 5000 })
    expect(summary.points).toBeLessThanOrEqual(5000)
    expect(summary.budgetMet).toBe(true)
  })

  it('takes no long time over a path made to be hard to thin', () => {
    let turn = 'G90\nM83\nG1 Z.2 F3000\n'
    for (let n = 0; n < 60_000; n++) {
      const radius = 0.0005 * n
      turn += `G1 X${(100 + radius * Math.cos(n)).toFixed(3)} Y${(100 + radius * Math.sin(n)).toFixed(3)} E.01\n`
    }
    const start = performance.now()
    readToolpath(turn, { pointBudget: 1000 })
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

const samples = sharedData('gcode')

describe.skipIf(samples === null)('real files with a point budget', () => {
  it.each(['buddy_box.gcode', 'pc_m486.gcode', 'pc_cura.gcode', 'libbgcode_mini_cube_b_ref.gcode'])(
    'have in %s outlines within 0.05 mm of what they were',
    (file) => {
      const bytes = readFileSync(join(samples ?? '', file))
      const whole = readToolpath(bytes)
      const { layers, summary } = readToolpath(bytes, { pointBudget: whole.summary.points / 4, ...size(bytes) })
      expect(layers).toHaveLength(whole.layers.length)
      for (let n = 0; n < layers.length; n += 8) {
        const moved = hausdorff(whole.layers[n] as ToolpathLayer, layers[n] as ToolpathLayer)
        expect(moved).toBeLessThanOrEqual(summary.deviation + 0.002)
      }
      expect(summary.deviation).toBeLessThanOrEqual(MOST_DEVIATION)
    },
  )
})
