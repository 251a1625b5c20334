import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { pointAt } from '../../gcode/toolpath/point-at.ts'
import { PART_POINTS } from '../../gcode/toolpath/staged-points.ts'
import { kindOf, laysPlastic, offsetOf, START, TRAVEL } from '../../gcode/toolpath/toolpath-layer.ts'
import { ToolpathReader } from '../../gcode/toolpath/toolpath-reader.ts'
import { sharedData } from '../support/left-out.ts'
import { pointsOf, readToolpath, type Toolpath } from '../support/toolpath.ts'

/** A square of 10 mm at each of these heights, with what a slicer says before each. */
const squares = (heights: readonly number[], before: (z: number, n: number) => string = () => ''): string =>
  `G28\nG90\nM83\nG1 F1800\n${heights
    .map(
      (z, n) =>
        `${before(z, n)}G1 Z${z.toFixed(3)}\nG1 X10 Y10\n` +
        'G1 X20 Y10 E.4\nG1 X20 Y20 E.4\nG1 X10 Y20 E.4\nG1 X10 Y10 E.4\n',
    )
    .join('')}`

/** A tube of 10 mm radius whose height rises with every move, 0.2 mm a turn. */
const spiral = (turns: number, mark = '', pieces = 50): string => {
  let text = 'G28\nG90\nM83\nG1 X20 Y10 Z0.2 F1800\n'
  for (let step = 1; step <= turns * pieces; step++) {
    const angle = (step / pieces) * 2 * Math.PI
    if (step % pieces === 1) text += mark
    text += `G1 X${(10 + 10 * Math.cos(angle)).toFixed(3)} Y${(10 + 10 * Math.sin(angle)).toFixed(3)} `
    text += `Z${(0.2 + (step / pieces) * 0.2).toFixed(3)} E.04\n`
  }
  return text
}

const heightsOf = ({ layers }: Toolpath): number[] => layers.map(({ z }) => Math.round(z * 1000) / 1000)

describe('the layers of a toolpath', () => {
  it('are those that the slicer marks', () => {
    const found = readToolpath(squares([0.2, 0.4, 0.6], (z) => `;LAYER_CHANGE\n;Z:${z}\n;HEIGHT:0.2\n`))
    expect(heightsOf(found)).toEqual([0.2, 0.4, 0.6])
    expect(found.layers.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(found.layers.map(({ height }) => height)).toEqual([0.2, 0.2, 0.2])
    expect(found.summary).toMatchObject({ layers: 3, parts: 3, budgetMet: true, droppedPoints: 0, cutShort: false })
  })

  it('are found by height where nothing is marked', () => {
    const found = readToolpath(squares([0.3, 0.5, 0.7, 0.9]))
    expect(heightsOf(found)).toEqual([0.3, 0.5, 0.7, 0.9])
    expect(found.layers.map(({ height }) => Math.round(height * 1000) / 1000)).toEqual([0.3, 0.2, 0.2, 0.2])
  })

  it('do not begin where the nozzle is only lifted to travel', () => {
    const hop = 'G1 Z5 F600\nG1 X30 Y30\nG1 Z0.2\nG1 X40 E.4\n'
    expect(readToolpath(squares([0.2]) + hop + hop).summary.layers).toBe(1)
  })

  it('are the turns of a spiral, however long it is', () => {
    expect(readToolpath(spiral(20)).summary.layers).toBe(20)
    expect(readToolpath(spiral(500)).summary.layers).toBe(500)
    // So slow a rise that most moves are flat.
    expect(readToolpath(spiral(20, '', 1000)).summary.layers).toBe(20)
    expect(readToolpath(spiral(20, ';LAYER_CHANGE\n')).summary.layers).toBe(20)
  })

  it('are as few where the plastic of each goes up and down', () => {
    const wave = (z: number): string =>
      Array.from({ length: 40 }, (_, n) => `G1 X${n} Z${(z + 0.15 * Math.sin(n / 3)).toFixed(3)} E.03\n`).join('')
    expect(readToolpath(squares([0.2, 0.4, 0.6]) + wave(0.6) + wave(0.6)).summary.layers).toBe(3)
  })

  it('go on with the next object where one is printed after the other', () => {
    expect(heightsOf(readToolpath(squares([0.2, 0.4, 0.6, 0.2, 0.4])))).toEqual([0.2, 0.4, 0.6, 0.2, 0.4])
    expect(readToolpath(spiral(20) + spiral(20).replace('G28', 'G1 Z20')).summary.layers).toBe(40)
  })

  it('have the height of their plastic where priming was done higher, marked or not', () => {
    const primed = 'G90\nM83\nG1 X0 Y0 Z.3 F3000\nG1 X60 E9\nG1 Z2\n'
    const found = readToolpath(primed + squares([0.2, 0.4, 0.6]))
    expect(heightsOf(found)).toEqual([0.2, 0.4, 0.6])
    expect(found.layers.map(({ height }) => height.toFixed(2))).toEqual(['0.20', '0.20', '0.20'])
  })

  it('count what is primed before the first mark as part of the first layer', () => {
    const primed = 'G90\nM83\nG1 X0 Y0 Z.3 F3000\nG1 X60 E9\nG1 X100 E12\n'
    const text = `${primed}${squares([0.2, 0.4], () => ';LAYER_CHANGE\n')}`
    const found = readToolpath(text)
    expect(heightsOf(found)).toEqual([0.2, 0.4])
    expect(pointsOf(found.layers[0])).toHaveLength(2 + 2 + 1 + 2 + 4)
  })

  it('are not begun by a start G-code that primes at several heights', () => {
    const primed = ';TYPE:Custom\nG90\nM83\nG1 Z.2 F3000\nG1 X60 E9\nG1 Z.8\nG1 X100 E12\n'
    const text = `${primed}${squares([0.2, 0.4], () => ';LAYER_CHANGE\n;TYPE:Perimeter\n')}`
    expect(heightsOf(readToolpath(text))).toEqual([0.2, 0.4])
  })

  it('begin at the mark, with the travel that leads there', () => {
    const found = readToolpath(squares([0.2, 0.4], () => ';LAYER_CHANGE\nG1 E-.8\n'))
    const second = pointsOf(found.layers[1])
    expect(second[0]).toMatchObject({ x: 10, y: 10, z: 0.2, kind: START })
    expect(second.map(({ kind }) => laysPlastic(kind)).indexOf(true)).toBe(3)
  })

  it('do not begin at marks after which nothing is laid', () => {
    const text = squares([0.2, 0.4], () => ';LAYER_CHANGE\n;LAYER_CHANGE\nG1 X0\n;LAYER_CHANGE\n')
    expect(readToolpath(`${text};LAYER_CHANGE\nG1 X0 Y200\n`).summary.layers).toBe(2)
  })

  it('tell where their plastic lies, not where the nozzle goes', () => {
    const found = readToolpath(`${squares([0.2, 0.4], () => ';LAYER_CHANGE\n')}G1 X200 Y200 Z50\n`)
    const box = { minX: 10, minY: 10, maxX: 20, maxY: 20 }
    expect(found.layers.map(({ box }) => box)).toMatchObject([
      { ...box, minZ: 0.2, maxZ: 0.2 },
      { ...box, minZ: 0.4, maxZ: 0.4 },
    ])
    expect(found.summary.box).toEqual({ ...box, minZ: 0.2, maxZ: 0.4 })
    expect(found.layers[0]?.ranges).toMatchObject({ speed: { least: 30, most: 30 }, height: { least: 0.2, most: 0.2 } })
  })

  it('follow one another without a gap, in points and in bytes', () => {
    const text = squares(
      Array.from({ length: 50 }, (_, n) => 0.2 + n * 0.2),
      (_, n) => (n === 20 ? `;${'x'.repeat(200_000)}\n` : ''),
    )
    const { layers, summary } = readToolpath(text)
    let points = 0
    for (const [n, layer] of layers.entries()) {
      expect(layer.firstPoint).toBe(points)
      points += layer.points
      if (n > 0) expect(layer.fromByte).toBe(layers[n - 1]?.toByte)
      expect(offsetOf(layer, 0)).toBe(layer.fromByte)
      expect(offsetOf(layer, layer.points - 1)).toBe(layer.toByte)
    }
    expect(summary.points).toBe(points)
    expect(layers.at(-1)?.toByte).toBe(text.length)
  })

  it('come as columns of one buffer that can be handed to another thread', () => {
    const [layer] = readToolpath(squares([0.2])).layers
    const sent = structuredClone(layer, { transfer: layer ? [layer.buffer] : [] })
    expect(pointsOf(sent).at(-1)).toMatchObject({ x: 10, y: 10, z: 0.2 })
    expect(sent?.positions.buffer).toBe(sent?.buffer)
    expect(layer?.positions).toHaveLength(0)
  })

  it('are handed out in parts where they are huge, each of which can be drawn alone', () => {
    const text = `G90\nM83\nG1 Z.2 F3000\n${'G91\nG1 X.1 E.01\nG1 X-.1 E.01\n'.repeat(150_000)}`
    const { layers, summary } = readToolpath(text)
    expect(layers.map(({ index, part, points }) => [index, part, points])).toEqual([
      [0, 0, PART_POINTS],
      [0, 1, 300_002 - PART_POINTS + 1],
    ])
    expect(summary).toMatchObject({ layers: 1, parts: 2, points: 300_003 })
    expect(layers.map((layer) => kindOf(layer, 0))).toEqual([START, START])
    expect(summary.points * 20).toBeGreaterThan(layers.reduce((bytes, { buffer }) => bytes + buffer.byteLength, 0))
  })

  it('are none in a file that moves nothing', () => {
    expect(readToolpath('; only words\nM104 S200\n')).toMatchObject({ layers: [], summary: { layers: 0, box: null } })
  })

  it('hold the travels of a file that lays nothing', () => {
    const found = readToolpath('G90\nG0 X10 Y10 F3000\nG0 X20\n')
    expect(found.layers.map(({ box }) => box)).toEqual([null])
    expect(pointsOf(found.layers[0]).map(({ kind }) => kind)).toEqual([START, TRAVEL, TRAVEL])
  })
})

describe('how far a print has come', () => {
  const text = squares([0.2, 0.4, 0.6], (_, n) => (n === 1 ? `;${'-'.repeat(70_000)}\n` : ';LAYER_CHANGE\n'))
  const { layers } = readToolpath(text)

  it('is at the last move whose line has been taken', () => {
    for (const [n, layer] of layers.entries()) {
      for (const [point, { offset }] of pointsOf(layer).entries()) {
        if (point === 0) continue
        expect(pointAt(layers, offset)).toEqual({ layer: n, point })
        const before = point === 1 && n > 0 ? { layer: n - 1, point: (layers[n - 1]?.points ?? 0) - 1 } : null
        expect(pointAt(layers, offset - 1)).toEqual(before ?? { layer: n, point: point - 1 })
      }
    }
  })

  it('is nowhere before the first move, and at the end after the last', () => {
    expect(pointAt(layers, 0)).toBeNull()
    expect(pointAt([], 1000)).toBeNull()
    const last = { layer: layers.length - 1, point: (layers.at(-1)?.points ?? 0) - 1 }
    expect(pointAt(layers, text.length + 1e9)).toEqual(last)
  })
})

const samples = sharedData('gcode')
const layersBySlicer: Readonly<Record<string, number>> = {
  'arcoverhang.gcode': 50,
  'buddy_box.gcode': 125,
  'buddy_test_plain.gcode': 185,
  'dsf_Cura.gcode': 418,
  'dsf_PrusaSlicer.gcode': 49,
  'dsf_Simplify3D.gcode': 49,
  'dsf_Slic3r.gcode': 77,
  'fluidd_test_ps230.gcode': 1,
  'gen_ps250_fwretract_G10G11.gcode': 74,
  'gen_ps250_multitool_rrf.gcode': 50,
  'hs_calicat_calico.gcode': 173,
  'hs_xyz-10mm-calibration-cube.gcode': 50,
  'libbgcode_mini_cube_b_ref.gcode': 120,
  'libbgcode_mini_cube_ps2.8.1_ref.gcode': 31,
  'octoprint_bp_case.gcode': 70,
  'pc_cura.gcode': 25,
  'pc_icesl.gcode': 42,
  'pc_ideamaker.gcode': 54,
  'pc_kirimoto.gcode': 25,
  'pc_kisslicer.2.0.6.gcode': 36,
  'pc_m486.gcode': 25,
  'pc_slic3r.gcode': 16,
  'pc_superslicer.gcode': 25,
  'teacup_swan.gcode': 249,
}

describe.skipIf(samples === null)('the toolpaths of real files', () => {
  it.each(Object.entries(layersBySlicer))('has in %s the %i layers of its slicer', (file, layers) => {
    const path = join(samples ?? '', file)
    expect(existsSync(path)).toBe(true)
    const found = readToolpath(readFileSync(path))
    expect(found.summary.layers).toBe(layers)
    const bytes = found.layers.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    expect(bytes / found.summary.points).toBeLessThan(20)
  })
})

describe('whatever a file holds', () => {
  const cube = readFileSync(new URL('../fixtures/cube.gcode', import.meta.url))
  const random = randomFrom(11)
  const pick = (below: number): number => Math.floor(random() * below)

  const expectSound = ({ layers, summary }: Toolpath): void => {
    let points = 0
    let offset = 0
    for (const layer of layers) {
      expect(layer.firstPoint).toBe(points)
      points += layer.points
      expect(layer.points).toBeLessThanOrEqual(PART_POINTS)
      for (const value of [layer.z, layer.height, ...Object.values(layer.box ?? {})])
        expect(Number.isFinite(value)).toBe(true)
      for (let n = 0; n < layer.points; n += 7) {
        const next = offsetOf(layer, n)
        if (next < offset) throw new Error(`byte ${next} comes after ${offset}`)
        offset = next
      }
    }
    expect(summary.points).toBe(points)
  }

  it('makes the same toolpath of chunks of any size', () => {
    const whole = readToolpath(cube, { pointBudget: 500 }, cube.length)
    for (const chunkBytes of [1, 7, 4096]) expect(readToolpath(cube, { pointBudget: 500 }, chunkBytes)).toEqual(whole)
    expectSound(whole)
  })

  it('stands files that are cut, damaged or no G-code at all', () => {
    for (let round = 0; round < 40; round++) {
      const from = pick(cube.length)
      const bytes = Uint8Array.from(cube.subarray(from, from + 20_000))
      const damage = round % 4 === 0 ? bytes.length : pick(400)
      for (let n = 0; n < damage; n++) bytes[pick(bytes.length)] = round % 4 === 1 ? 48 + pick(10) : pick(256)
      expectSound(
        readToolpath(
          bytes,
          round % 2 === 0 ? { pointBudget: pick(2000), sizeBytes: pick(40_000) } : {},
          1 + pick(5000),
        ),
      )
    }
  })

  it('stands numbers that are too long, too large or missing', () => {
    const words = ['1e9', '9'.repeat(400), `-${'9'.repeat(320)}.5`, '', 'nan', '-', '.', '0', '-0.0001', '12.5', '1e-9']
    const letters = 'XYZEFIJR'
    for (let round = 0; round < 20; round++) {
      let text = round % 2 === 0 ? 'M83\n' : 'G91\n'
      for (let line = 0; line < 100; line++) {
        text += ['G0', 'G1', 'G2', 'G92', 'M200', 'G28', ';HEIGHT:', ';WIDTH:', 'T', ';LAYER:'][pick(10)]
        for (let n = 0; n < 3; n++) text += ` ${letters[pick(8)]}${words[pick(words.length)]}`
        text += '\n'
      }
      expectSound(readToolpath(text.replaceAll(/: [A-Z]/g, ':'), round % 3 === 0 ? { pointBudget: 50 } : {}))
    }
  })

  it('keeps no more than one part, however many moves a layer has', () => {
    let handedOut = 0
    const reader = new ToolpathReader({
      layer: ({ points }) => {
        expect(points).toBeLessThanOrEqual(PART_POINTS)
        handedOut += points
      },
    })
    const flood = Buffer.from('G91\nG1 X1 E1 F600\nG1 X-1 E1\nT1\nT0\n'.repeat(50_000))
    for (let n = 0; n < 6; n++) {
      reader.feed(flood)
      expect((n + 1) * 100_000 - handedOut).toBeLessThanOrEqual(PART_POINTS)
    }
    expect(reader.end().points).toBe(handedOut)
  })
})
