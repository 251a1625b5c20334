import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Analyser, type Analysis, overhang, type PrintVolume, secondsAt } from '../../gcode/index.ts'

const analyse = (text: string): Analysis => {
  const analyser = new Analyser()
  analyser.feed(Buffer.from(text, 'latin1'))
  return analyser.result()
}

const cube = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)), 'latin1')

describe('the analysis', () => {
  it('finds in a real file what its slicer says of it', () => {
    const found = analyse(cube)
    expect(found.metadata).toMatchObject({
      slicer: { name: 'PrusaSlicer', version: '2.5.0' },
      seconds: 273,
      filaments: [{ type: 'PLA' }],
      layerHeight: 0.3,
      nozzleDiameters: [0.4],
    })
    expect(found.layers).toBe(27)
    expect(found.filament[0]).toBeCloseTo(found.metadata.filamentLength as number, 0)
    expect(found.nozzleTemperature).toBe(215)
    expect(found.bedTemperature).toBe(60)
    expect(found.thumbnails).toMatchObject([{ format: 'png', width: 48, height: 48 }])
  })

  it('reckons the time as the slicer does', () => {
    const found = analyse(cube)
    expect(Math.abs(found.motionSeconds / 273 - 1)).toBeLessThan(0.02)
  })

  it('measures the box in which plastic is laid, not the way there', () => {
    const { extruded, moved } = analyse('G28\nG1 X50 Y50 Z0.2 F3000\nG1 X60 Y80 E1\nG1 X200 Y200\n')
    expect(extruded).toEqual({ minX: 50, minY: 50, minZ: 0.2, maxX: 60, maxY: 80, maxZ: 0.2 })
    expect(moved).toMatchObject({ maxX: 200, maxY: 200 })
  })

  it.each([
    ['relative moves', 'G1 X10 Y10 Z1\nG91\nG1 X5 Y0 E1\nG1 X5 E1\nG90\n', { maxX: 20 }],
    ['inches', 'G20\nG1 X1 Y1 Z0.01\nG1 X2 E1\n', { maxX: 50.8 }],
    ['a shifted origin', 'G1 X10 Y10 Z1\nG92 X0\nG1 X5 E1\n', { minX: 10, maxX: 15 }],
  ])('follows %s', (_, text, box) => {
    expect(analyse(text).extruded).toMatchObject(box)
  })

  it('adds up filament in absolute, relative and reset counting alike', () => {
    const absolute = analyse('M82\nG1 X1 E1\nG1 X2 E2\nG92 E0\nG1 X3 E1\n')
    const relative = analyse('M83\nG1 X1 E1\nG1 X2 E1\nG92 E0\nG1 X3 E1\n')
    expect(absolute.filament).toEqual([3])
    expect(relative.filament).toEqual([3])
  })

  it('follows an arc out to where it bulges', () => {
    const { extruded } = analyse('G1 X10 Y0 Z1 F3000\nG3 X-10 Y0 I-10 J0 E5\n')
    expect(extruded?.maxY).toBeCloseTo(10, 1)
    const byRadius = analyse('G1 X10 Y0 Z1 F3000\nG3 X-10 Y0 R10 E5\n')
    expect(byRadius.extruded?.maxY).toBeCloseTo(10, 1)
    expect(byRadius.motionSeconds).toBeCloseTo(analyse('G1 X10 Y0 Z1 F3000\nG3 X-10 Y0 I-10 J0 E5\n').motionSeconds, 3)
  })

  it('reckons trapezoids: a long move is as long as its speed says, and its ramps', () => {
    // 100 mm at 50 mm/s and 1500 mm/s², from and to a stop at the jerk speed of 10 mm/s.
    const { motionSeconds } = analyse('G1 X100 F3000\n')
    expect(motionSeconds).toBeCloseTo(2 + (2 * (50 - 10) ** 2) / (2 * 1500 * 50), 2)
  })

  it('counts a dwell apart from motion, and cannot be made to count without end', () => {
    expect(analyse('G4 P1500\nG4 S2\n').overheads.dwellSeconds).toBeCloseTo(3.5, 6)
    for (const text of [
      'G1 X1e400 F1e99\n',
      'G1 F0\nG1 X10\n',
      'G2 I0 J0 X5\n',
      'G2 R0 X5 Y5\n',
      'G1 F-5\nG1 X1\n',
      `G1 X${'9'.repeat(400)}\n`,
    ]) {
      expect(Number.isNaN(analyse(text).motionSeconds), text).toBe(false)
    }
  })

  it('tells how time runs through the file', () => {
    const { course, motionSeconds } = analyse(cube)
    expect(course.bytes.length).toBeLessThanOrEqual(1001)
    expect(secondsAt(course, 0)).toBe(0)
    expect(secondsAt(course, cube.length)).toBeCloseTo(motionSeconds, 6)
    let before = 0
    for (let at = 0; at <= cube.length; at += 500) {
      const now = secondsAt(course, at)
      expect(now).toBeGreaterThanOrEqual(before)
      before = now
    }
  })

  it('gives the same whatever the chunks are', () => {
    const whole = analyse(cube)
    const analyser = new Analyser()
    const bytes = Buffer.from(cube, 'latin1')
    for (let at = 0; at < bytes.length; at += 777) analyser.feed(bytes.subarray(at, at + 777))
    expect(analyser.result()).toEqual(whole)
  })

  it('gives up a thumbnail that lies about its size', () => {
    const lying =
      '; thumbnail begin 16x16 9999\n; AAAA\n; thumbnail end\nG28\n; thumbnail begin 16x16 4\n; AAAAAAAA\n; thumbnail end\n'
    expect(analyse(lying).thumbnails).toEqual([])
  })
})

describe('a volume', () => {
  const bed: PrintVolume = { shape: 'rectangular', width: 220, depth: 200, height: 250, originX: 0, originY: 0 }
  const round: PrintVolume = { shape: 'round', width: 180, depth: 180, height: 300, originX: 0, originY: 0 }

  it('tells by how much a part sticks out', () => {
    const box = { minX: -3, minY: 0, minZ: 0, maxX: 100, maxY: 212, maxZ: 262 }
    expect(overhang(box, bed)).toEqual({ x: 3, y: 12, z: 12 })
  })

  it('has negative coordinates on a round bed', () => {
    const box = { minX: -80, minY: -20, minZ: 0, maxX: 80, maxY: 20, maxZ: 10 }
    expect(overhang(box, round)).toEqual({ x: 0, y: 0, z: 0 })
    expect(overhang({ ...box, maxX: 95 }, round).x).toBeCloseTo(5, 6)
  })
})
