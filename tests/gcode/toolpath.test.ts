import { describe, expect, it } from 'vitest'
import { MOST_TOOLS } from '../../gcode/modal-state.ts'
import { roles } from '../../gcode/roles.ts'
import { laysPlastic, RETRACT, START, TRAVEL, UNRETRACT, WIPE } from '../../gcode/toolpath/toolpath-layer.ts'
import { pointsOf, readToolpath } from '../support/toolpath.ts'

describe('the points of a toolpath', () => {
  it('has the place, the role and the measures of each move', () => {
    const { layers } = readToolpath(
      'G28\nG90\nM83\nT1\n;LAYER_CHANGE\n;Z:0.2\n;HEIGHT:0.2\nG1 X10 Y20 Z.2 F6000\n' +
        ';TYPE:External perimeter\n;WIDTH:0.45\nG1 X30.125 Y20.001 E.8 F1500\n',
    )
    const [start, travel, wall] = pointsOf(layers[0])
    expect(start).toMatchObject({ x: 0, y: 0, z: 0, kind: START })
    expect(travel).toMatchObject({ x: 10, y: 20, z: 0.2, kind: TRAVEL, speed: 100, width: 0, flow: 0, tool: 1 })
    expect(wall).toMatchObject({ x: 30.125, y: 20.001, z: 0.2, kind: roles.indexOf('external-perimeter') })
    expect(wall).toMatchObject({ tool: 1, width: 0.45, height: 0.2, speed: 25 })
    expect(wall?.flow).toBeCloseTo((0.8 / 20.125) * 25 * (Math.PI / 4) * 1.75 ** 2, 2)
  })

  it('tells travel, wipe, retraction and extrusion apart', () => {
    const { layers } = readToolpath(
      'G90\nM83\nG1 X1 Y1 Z.2 F3000\nG1 E.8\nG1 X9 E.3\n;WIPE_START\nG1 X5 E-.5\nG1 X4\n;WIPE_END\nG1 E-.3\nG1 Z.6\n' +
        'G1 X20\nG1 Z.2 E.8\nG10\nG11\nG10 P0 S200\n',
    )
    const kinds = pointsOf(layers[0]).map(({ kind }) => kind)
    const ends = [RETRACT, TRAVEL, TRAVEL, TRAVEL, RETRACT, UNRETRACT]
    expect(kinds).toEqual([START, TRAVEL, UNRETRACT, 0, WIPE, WIPE, ...ends])
  })

  it('takes a move whose E word only repeats the last one for a travel', () => {
    const { layers } = readToolpath('G90\nM82\nG92 E0\nG1 X1.1 E1.2345 F600\nG92 E0.3333333\nG1 X5 E0.3333333\n')
    expect(pointsOf(layers[0]).map(({ kind }) => kind)).toEqual([START, 0, TRAVEL])
  })

  it('draws no line from where the machine was to where it is homed', () => {
    const { layers } = readToolpath('G90\nM83\nG1 X50 Y50 F3000\nG28\nG1 X10 Y0 E1\n')
    expect(pointsOf(layers[0]).map(({ x, kind }) => [x, kind])).toEqual([
      [0, START],
      [50, TRAVEL],
      [0, START],
      [10, 0],
    ])
  })

  it('cuts arcs into pieces that all end with their line', () => {
    const text = 'G90\nM83\nG1 X20 Y10 F1800\nG3 X20 Y10 I-10 J0 E2\n'
    const points = pointsOf(readToolpath(text).layers[0]).filter(({ kind }) => laysPlastic(kind))
    expect(points.length).toBeGreaterThan(40)
    for (const { x, y, offset } of points) {
      expect(Math.hypot(x - 10, y - 10)).toBeCloseTo(10, 2)
      expect(offset).toBe(text.length)
    }
  })

  it('works out the width of a bead from its filament where the slicer does not say it', () => {
    // PrusaSlicer feeds this much for a bead of 0.45 mm in a layer of 0.2 mm.
    const section = 0.2 * (0.45 - 0.2 * (1 - Math.PI / 4))
    const fed = (20 * section) / ((Math.PI / 4) * 1.75 ** 2)
    const { layers } = readToolpath(`G90\nM83\nG1 X0 Y0 Z.2 F3000\nG1 X20 E${fed.toFixed(5)}\n`)
    expect(pointsOf(layers[0]).at(-1)).toMatchObject({ width: 0.45, height: 0.2 })
    const thick = readToolpath(`G90\nM83\nG1 X0 Y0 Z.2 F3000\nG1 X20 E${(fed * (1.75 / 2.85) ** 2).toFixed(5)}\n`, {
      filamentDiameter: 2.85,
    })
    expect(pointsOf(thick.layers[0]).at(-1)).toMatchObject({ width: 0.45 })
  })

  it('draws a bridge as a round thread, and a purge on one spot no wider than 2 mm', () => {
    const bead = (role: string, fed: number): number =>
      pointsOf(readToolpath(`G90\nM83\nG1 Z.2 F3000\n;TYPE:${role}\nG1 X10 E${fed}\n`).layers[0]).at(-1)?.width ?? 0
    expect(bead('Bridge infill', 0.4)).toBeCloseTo(1.75 * Math.sqrt(0.4 / 10), 2)
    expect(bead('Custom', 30)).toBe(2)
  })

  it('measures volumetric extrusion by what M200 says', () => {
    const { layers } = readToolpath('M200 D1.75\nG90\nM83\nG1 Z.2 F600\nG1 X10 E2\n')
    expect(pointsOf(layers[0]).at(-1)?.flow).toBeCloseTo((2 / 10) * 10, 2)
  })

  it('has room for every role beside the kinds that lay no plastic, and for every tool', () => {
    expect(MOST_TOOLS).toBeLessThanOrEqual(64)
    expect(roles.length).toBeLessThanOrEqual(RETRACT)
  })

  it('draws what is asked far beyond any bed at the edge of what can be drawn', () => {
    const { layers } = readToolpath(
      `G90\nM83\nG1 X1${'0'.repeat(400)} Y-99999999 Z${'9'.repeat(30)} F1e9 E1\nG91\nG1 X-1 E1\n`,
    )
    for (const { x, y, z, flow } of pointsOf(layers[0]).slice(1)) {
      expect([x, y, z]).toEqual([3145.727, -1048.576, 2521.4375])
      expect(Number.isFinite(flow)).toBe(true)
    }
  })
})
