import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Analyser, type Analysis, readHeadAndTail, TextReader } from '../../gcode/index.ts'
import { sharedData } from '../support/left-out.ts'

const folder = sharedData('gcode')
const END_BYTES = 1 << 20

const textOf = (path: string): Buffer => {
  const parts: Uint8Array[] = []
  const reader = new TextReader({ text: (bytes) => void parts.push(bytes) })
  reader.feed(readFileSync(path))
  reader.end()
  return Buffer.concat(parts)
}

/** As the server does it: what the slicer says first, then the moves. */
const analyse = (path: string): Analysis => {
  const text = textOf(path)
  const tail = text.subarray(Math.max(0, text.length - END_BYTES))
  const analyser = new Analyser({ metadata: readHeadAndTail(text.subarray(0, END_BYTES), tail, text.length) })
  analyser.feed(text)
  return analyser.result()
}

const known = new Map<string, Analysis>()
const analysisOf = (name: string): Analysis => {
  const analysis = known.get(name) ?? analyse(join(folder as string, name))
  known.set(name, analysis)
  return analysis
}

const timeError = ({ slicerSeconds, metadata }: Analysis): number => slicerSeconds / (metadata.seconds as number) - 1

/** As they left the slicer. pc_m486 went through ArcWelder afterwards, which the slicer's time does not know. */
const untouched = [
  'buddy_box.gcode',
  'buddy_test_plain.gcode',
  'buddy_test_binary_heatshrink_meatpack.bgcode',
  'libbgcode_mini_cube_b.bgcode',
  'libbgcode_mini_cube_ps2.8.1.bgcode',
  'dsf_PrusaSlicer.gcode',
  'fdmm_ShapeBox_MK4ISMMU3.bgcode',
  'fluidd_test_ps230.gcode',
  'gen_ps250_fwretract_G10G11.gcode',
  'gen_ps250_multitool_rrf.gcode',
  'gen_ps250_volumetricE.gcode',
  'hs_calicat_calico.gcode',
  'hs_xyz-10mm-calibration-cube.gcode',
  'pc_m486.gcode',
  'pc_superslicer.gcode',
]

/** Their own models know no acceleration, or other limits than the file tells: shown, not held to. */
const cruder = [
  'dsf_Cura.gcode',
  'pc_cura.gcode',
  'pc_ideamaker.gcode',
  'dsf_Simplify3D.gcode',
  'pc_kisslicer.2.0.6.gcode',
  'pc_kirimoto.gcode',
]

describe.skipIf(folder === null)('the time', () => {
  it.each(untouched)('is that of the slicer within 2 %% (%s)', (name) => {
    expect(Math.abs(timeError(analysisOf(name)))).toBeLessThan(0.02)
  })

  it('is that of the slicer within 0.5 % in the median', () => {
    const errors = untouched.map((name) => Math.abs(timeError(analysisOf(name)))).sort((one, other) => one - other)
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.005)
  })

  it('is that of Bambu Studio within 8 %, its fixed additions accounted for', () => {
    expect(Math.abs(timeError(analysisOf('fdmm_bambu.gcode.3mf')))).toBeLessThan(0.08)
  })

  it('is near that of slicers whose own model is cruder', () => {
    const table = cruder.map((name) => `${name}: ${(100 * timeError(analysisOf(name))).toFixed(1)} %`)
    console.info(`Time against what cruder slicers state (not held to):\n  ${table.join('\n  ')}`)
    for (const name of cruder) expect(analysisOf(name).slicerSeconds).toBeGreaterThan(0)
  })

  it.each([...untouched, ...cruder])('adds up over layers, roles and the course of the file (%s)', (name) => {
    const { motionSeconds, overheads, secondsByRole, layerTable, course } = analysisOf(name)
    const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0)
    expect(sum(Object.values(secondsByRole)) / motionSeconds).toBeCloseTo(1, 6)
    expect(course.seconds.at(-1)).toBeCloseTo(motionSeconds + overheads.dwellSeconds, 3)
    // What comes before the first layer lies in none.
    expect(sum(layerTable.seconds)).toBeLessThanOrEqual(motionSeconds * 1.000001)
  })
})

describe.skipIf(folder === null)('the filament', () => {
  it.each([...untouched, 'fdmm_bambu.gcode.3mf', ...cruder.filter((name) => name !== 'pc_kirimoto.gcode')])(
    'is that of the slicer within 1 %% (%s)',
    (name) => {
      const { slicerFilament, metadata } = analysisOf(name)
      expect(Math.abs(slicerFilament / (metadata.filamentLength as number) - 1)).toBeLessThan(0.01)
    },
  )

  it('is that of the slicer for the tool that the file uses (Slic3r)', () => {
    // The file states 34.4 mm for a second extruder too, and never selects it.
    const { filament, metadata } = analysisOf('dsf_Slic3r.gcode')
    expect((filament[0] as number) / (metadata.filaments[0]?.length as number)).toBeCloseTo(1, 3)
  })
})

describe.skipIf(folder === null)('mass and cost', () => {
  it.each(['buddy_box.gcode', 'hs_calicat_calico.gcode', 'fluidd_test_ps230.gcode'])(
    'are those of the slicer, tool by tool (%s)',
    (name) => {
      const { usage, metadata } = analysisOf(name)
      const stated = metadata.filaments.filter(({ massGrams }) => (massGrams ?? 0) > 0)
      expect(stated.length).toBeGreaterThan(0)
      metadata.filaments.forEach(({ massGrams, cost }, tool) => {
        if (massGrams) expect((usage[tool]?.massGrams as number) / massGrams).toBeCloseTo(1, 1)
        // Small sums are stated too roughly to compare.
        if (cost && cost > 0.5) expect((usage[tool]?.cost as number) / cost).toBeCloseTo(1, 1)
      })
    },
  )
})

describe('the time of our own sample', () => {
  it('is that of its slicer within 2 %', () => {
    const found = analyse(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)))
    expect(Math.abs(timeError(found))).toBeLessThan(0.02)
    expect(found.slicerFilament / (found.metadata.filamentLength as number)).toBeCloseTo(1, 2)
  })
})
