import { describe, expect, it } from 'vitest'
import { Analyser, type Analysis } from '../../gcode/index.ts'

const analyse = (text: string): Analysis => {
  const analyser = new Analyser()
  analyser.feed(Buffer.from(text, 'latin1'))
  return analyser.result()
}

const square = (z: number, extra = ''): string =>
  `G1 Z${z} F600\n${extra}G1 X0 Y0 F6000\nG1 X20 Y0 E1 F1800\nG1 X20 Y20 E1\nG1 X0 Y20 E1\nG1 X0 Y0 E1\n`

/** A spiral of so many turns, each of 60 pieces. */
const spiral = (turns: number, height: number, from: number): string =>
  Array.from({ length: turns * 60 }, (_, n) => {
    const angle = (2 * Math.PI * n) / 60
    const z = from + ((n + 1) / 60) * height
    return `G1 X${(50 + 20 * Math.cos(angle)).toFixed(3)} Y${(50 + 20 * Math.sin(angle)).toFixed(3)} Z${z.toFixed(4)} E0.1\n`
  }).join('')

describe('layers', () => {
  it('are counted by height where the slicer sets no marks', () => {
    const { layers, layerTable } = analyse(`M83\nG28\n${[0.3, 0.5, 0.7].map((z) => square(z)).join('')}`)
    expect(layers).toBe(3)
    expect(layerTable.z).toEqual([0.3, 0.5, 0.7])
    expect(layerTable.height.map((height) => Math.round(height * 100) / 100)).toEqual([0.3, 0.2, 0.2])
  })

  it('are not multiplied by lifted travel', () => {
    const hop = 'G1 E-1\nG1 Z9\nG1 X5 Y5\nG1 Z0.3\nG1 E1\n'
    expect(analyse(`M83\n${square(0.3)}${hop}${square(0.3, hop)}${square(0.5)}`).layers).toBe(2)
  })

  it('are turns of a spiral, not one for each of its moves', () => {
    const { layers, layerTable } = analyse(`M83\n${square(0.2)}${square(0.4)}${spiral(10, 0.2, 0.4)}`)
    expect(layers).toBeGreaterThanOrEqual(11)
    expect(layers).toBeLessThanOrEqual(13)
    expect(Math.max(...layerTable.height)).toBeLessThan(0.25)
  })

  it('are those of the slicer where it sets marks', () => {
    const text = `M83\n${square(0.25)}${[0.2, 0.4, 0.4, 0.6].map((z) => `;LAYER_CHANGE\n${square(z)}`).join('')}`
    // The priming line before the first mark belongs to the first layer.
    expect(analyse(text).layers).toBe(4)
  })

  it('have times and filament that add up to the whole', () => {
    const { layerTable, motionSeconds, filament, firstLayerSeconds } = analyse(
      `M83\n${[0.2, 0.4, 0.6, 0.8].map((z) => square(z)).join('')}`,
    )
    const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0)
    expect(sum(layerTable.seconds)).toBeCloseTo(motionSeconds, 6)
    expect(sum(layerTable.filament)).toBeCloseTo(filament[0] as number, 6)
    expect(firstLayerSeconds).toBe(layerTable.seconds[0])
    expect(layerTable.from).toEqual([...layerTable.from].sort((a, b) => a - b))
  })
})

describe('what a print takes', () => {
  it('tells the box of the first layer from that of the whole', () => {
    const { extruded, firstLayer } = analyse('M83\nG1 X10 Y10 Z0.2\nG1 X20 Y10 E1\nG1 Z0.4\nG1 X90 Y80 E5\n')
    expect(firstLayer).toEqual({ minX: 10, minY: 10, minZ: 0.2, maxX: 20, maxY: 10, maxZ: 0.2 })
    expect(extruded).toMatchObject({ maxX: 90, maxY: 80 })
  })

  it('tells how fast plastic flows', () => {
    // 100 mm in about 2 s with 5 mm of filament of 1.75 mm.
    const { meanFlow, peakFlow } = analyse('M83\nG1 X100 E5 F3000\n')
    const volume = 5 * (Math.PI / 4) * 1.75 ** 2
    expect(meanFlow).toBeCloseTo(volume / 2.02, 1)
    expect(peakFlow).toBeCloseTo(meanFlow, 6)
  })

  it('keeps what is not motion apart: heating, homing, levelling, dwelling, tools, people', () => {
    const { overheads, motionSeconds } = analyse(
      'M140 S60\nM104 S200\nM190 S60\nM109 S200\nG28\nG29\nG4 S3\nT1\nM600\nG1 X10 F600\n',
    )
    // The nozzle heats while the bed is waited for: it is no further wait.
    expect(overheads.heatSeconds).toBeCloseTo((200 - 20) / 2.5, 6)
    expect(overheads).toMatchObject({ dwellSeconds: 3, homings: 1, levellings: 1, toolChanges: 1, personWaits: 1 })
    expect(motionSeconds).toBeLessThan(2)
  })

  it('understands what the file says of its own progress', () => {
    const lines = Array.from(
      { length: 400 },
      (_, n) => `M73 P${n / 4} R${400 - n}\nG1 X${n % 100} ${'Y1 '.repeat(20)}\n`,
    )
    const { statedCourse } = analyse(lines.join(''))
    expect(statedCourse?.seconds.at(-1)).toBe(400 * 60)
    expect(analyse('G1 X5\n').statedCourse).toBeNull()
  })

  it('takes the speeds that the file sets', () => {
    const fast = analyse('M204 P3000 T3000\nM205 X20\nG1 X100 F6000\nG1 X0\n').motionSeconds
    const slow = analyse('M204 P300 T300\nM205 X5\nG1 X100 F6000\nG1 X0\n').motionSeconds
    const capped = analyse('M203 X20\nG1 X100 F6000\nG1 X0\n').motionSeconds
    expect(slow).toBeGreaterThan(fast)
    expect(capped).toBeGreaterThan(2 * (100 / 20) * 0.99)
    const klipper = analyse(
      'SET_VELOCITY_LIMIT ACCEL=300 SQUARE_CORNER_VELOCITY=5\nG1 X100 F6000\nG1 X0\n',
    ).motionSeconds
    expect(klipper).toBeCloseTo(slow, 1)
  })
})
