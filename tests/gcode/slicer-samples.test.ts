// Real files of many slicers: what is read of each, so that a reader that forgets something shows.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { CommandScanner } from '../../gcode/scanner.ts'
import { readHeadAndTail } from '../../gcode/slicer/head-and-tail.ts'
import { SlicerMarks } from '../../gcode/slicer/marks.ts'
import { SlicerNotes } from '../../gcode/slicer/notes.ts'
import { ObjectLabels } from '../../gcode/slicer/objects.ts'
import { ThumbnailReader } from '../../gcode/slicer/thumbnails.ts'
import { sharedData } from '../support/left-out.ts'

const folder = sharedData('gcode')

const read = (bytes: Uint8Array) => {
  const notes = new SlicerNotes()
  const marks = new SlicerMarks()
  const labels = new ObjectLabels()
  const thumbnails = new ThumbnailReader()
  const scanner = new CommandScanner({
    command: (command) => labels.command(command),
    comment: (line, from, to, offset, n) => {
      notes.comment(line, from, to, offset, n)
      marks.comment(line, from, to)
      labels.comment(line, from, to, offset, n)
      thumbnails.comment(line, from, to)
    },
  })
  for (let at = 0; at < bytes.length; at += 65_536) scanner.feed(bytes.subarray(at, at + 65_536))
  scanner.end()
  labels.end(bytes.length)
  return { notes: notes.result(), layers: marks.layers, labels: labels.result(), thumbnails: thumbnails.thumbnails }
}

/** The G-code of a plate lies in an archive. */
const bytesOf = (name: string): Uint8Array => {
  const bytes = readFileSync(join(folder ?? '', name))
  return name.endsWith('.3mf') ? (unzipSync(bytes)['Metadata/plate_1.gcode'] as Uint8Array) : bytes
}

/** As marked in the file: layers; as the slicer says: all else. Blank where it says nothing. */
const rows = `
file | slicer | seconds | mm by tool | layer height, first | layers marked, stated | objects | thumbnails
arcoverhang.gcode | PrusaSlicer 2.5.0+win64 | 12246 | 4184.22 | 0.2 0.2 | 50 | prusaslicer arce_example.stl | png 160x120
buddy_box.gcode | PrusaSlicer 2.6.0+linux-x64-GTK3 | 1464 | 2137.83 | 0.2 0.2 | 125 | prusaslicer Shape-Box | png 16x16, png 313x173, png 440x240
buddy_test_plain.gcode | PrusaSlicer 2.6.0+win64 | 2678 | 4068.92 0 0 0 0 | 0.25 0.2 | 185 | prusaslicer bunny.stl | png 16x16, png 313x173, png 440x240
dsf_Circle.gcode | | | | | 0 | |
dsf_Cura.gcode | Cura master | 2738 | 380.645 | 0.1 ? | 418 418 | |
dsf_PrusaSlicer.gcode | PrusaSlicer 2.1.1+win64 | 3941 | 1833.4 | 0.15 0.15 | 49 | prusaslicer C:/Users/Garfield/AppData/Local/Temp/Neutron/3b6c73cf-765f-48e7-95f2-13346dcd1692.stl |
dsf_Simplify3D.gcode | Simplify3D 4.1.2 | 1860 | 4375.5 ? | 0.24 0.48 | 49 | |
dsf_Slic3r.gcode | Slic3r 1.2.9 | | 1482.1 34.4 | 0.3 0.3 | 0 | |
dsf_Thumbnail_JPG.gcode | PrusaSlicer 2.4.1-beta1+n8 | | ? | 0.2 0.2 | 0 | | jpg 160x160
dsf_Thumbnail_QOI.gcode | Cura 4.13.1 | 4199 | 3579.83 | 0.15 0.2 | 0 | | qoi 48x48, qoi 128x128
fdmm_bambu.gcode.3mf | BambuStudio 02.04.00.70 | 1095 | 932.21 | 0.2 0.2 | 90 90 | |
fdmm_testfile.gcode | PrusaSlicer 2.8.1+win64 | 1822 | 3269.4 | 0.2 0.2 | 0 | | qoi 16x16, qoi 313x173, qoi 440x240, qoi 480x240, png 640x480
fluidd_test_ps230.gcode | PrusaSlicer 2.3.0+win64 | 134 | 99.57 | 0.2 0.2 | 1 | | png 48x48, png 300x300
gen_ps250_fwretract_G10G11.gcode | PrusaSlicer 2.5.0 | 1599 | 2267.9 | 0.2 0.35 | 74 | |
gen_ps250_multitool_rrf.gcode | PrusaSlicer 2.5.0 | 1015 | 858.73 1570.81 | 0.3 0.35 | 50 | |
gen_ps250_volumetricE.gcode | PrusaSlicer 2.5.0 | 1651 | 855.09 | 0.2 0.35 | 74 | |
hs_calicat_calico.gcode | OrcaSlicer 2.3.1 | 1323 | 2126.98 0 0 0 | 0.2 0.2 | 173 173 | klipper calicat_calico.stl_id_0_copy_0 | png 48x48, png 300x300
hs_xyz-10mm-calibration-cube.gcode | OrcaSlicer 2.3.1 | 323 | 0 0 229.97 0 | 0.2 0.2 | 50 50 | klipper xyz-10mm-calibration-cube.stl_id_0_copy_0 | png 48x48, png 300x300
libbgcode_mini_cube_b_ref.gcode | PrusaSlicer 2.6.0 | 1926 | 986.61 | 0.15 0.2 | 120 | prusaslicer Shape-Box | png 16x16, png 220x124
libbgcode_mini_cube_ps2.8.1_ref.gcode | PrusaSlicer 2.8.1 | 221 | 252.22 | 0.2 0.2 | 31 | m486 Shape-Box | qoi 16x16, qoi 313x173
octoprint_bp_case.gcode | Cura | | | 0.1 ? | 70 70 | |
pc_cura.gcode | Cura 4.10.0 | 451 | 273.87 | 0.2 ? | 25 25 | cura cylinder_2.stl cube_1.stl union_3.stl cube_1.stl(1) |
pc_icesl.gcode | IceSL Sep  8 2021 17:53:41 | | ? | 0.12 0.3 | 42 | |
pc_ideamaker.gcode | ideaMaker 4.2.0.5250 | 744 | 422.7 ? | | 54 | ideamaker test_bed_part1.3mf test_bed_part2.3mf test_bed_part0.3mf test_bed_part0(1).3mf |
pc_kirimoto.gcode | Kiri:Moto 3.0.D24 | 806 | 225.03 | 0.2 0.25 | 25 | |
pc_kisslicer.2.0.6.gcode | KISSlicer 2.0.6 | 609.6 | 305.09 | | 36 | |
pc_m486.gcode | PrusaSlicer 2.4.0-alpha1+win64 | 536 | 215.44 | 0.2 0.2 | 25 | m486 cylinder_2 cube_1 cube_1 union_3 | png 64x64, png 400x300
pc_slic3r.gcode | Slic3r 1.3.1-dev | | 290.4 | 0.3 0.4 | 0 | prusaslicer cube_1.stl cube_1.stl cylinder_2.stl union_3.stl |
pc_superslicer.gcode | SuperSlicer 2.3.56 | 439 | 264.59 | 0.2 0.2 | 25 | prusaslicer cube_1 cube_1 union_3 cylinder_2 | png 64x64, png 400x300
teacup_swan.gcode | | | | | 0 | |
`
  .trim()
  .split('\n')
  .slice(1)

const fileOf = (row: string): string => row.split(' ', 1)[0] as string

const rowOf = (file: string, { notes, layers, labels, thumbnails }: ReturnType<typeof read>): string => {
  const { slicer, layerHeight, firstLayerHeight } = notes
  const heights = layerHeight === undefined ? '' : `${layerHeight} ${firstLayerHeight ?? '?'}`
  const [first] = labels.objects
  const cells = [
    file,
    slicer === undefined ? '' : `${slicer.name} ${slicer.version}`,
    notes.seconds ?? '',
    notes.filaments.map(({ length }) => length ?? '?').join(' '),
    heights,
    `${layers} ${notes.layers ?? ''}`,
    first === undefined ? '' : [first.dialect, ...labels.objects.map(({ name }) => name)].join(' '),
    thumbnails.map(({ format, width, height }) => `${format} ${width}x${height}`).join(', '),
  ]
  return cells.map((cell) => String(cell).trim()).join('|')
}

/** IceSL writes no end, and two files are nobody's. */
const endless = ['pc_icesl.gcode', 'dsf_Circle.gcode', 'teacup_swan.gcode']

const expectedRow = (row: string): string =>
  row
    .split('|')
    .map((cell) => cell.trim())
    .join('|')

describe.skipIf(folder === null)('real files', () => {
  it.each(rows.map((row) => ({ file: fileOf(row), row })))('$file', ({ file, row }) => {
    const bytes = bytesOf(file)
    const all = read(bytes)
    expect(rowOf(file, all)).toBe(expectedRow(row))
    expect(all.notes.footer.seen).toBe(!endless.includes(file))
    expect(all.labels.complete).toBe(true)

    // Plain data, and the same from the head and the tail alone.
    expect(JSON.parse(JSON.stringify(all.notes))).toEqual(all.notes)
    const part = 1 << 20
    expect(readHeadAndTail(bytes.subarray(0, part), bytes.subarray(-part), bytes.length)).toEqual(all.notes)
  })

  it.each(rows.map(fileOf).filter((file) => !endless.includes(file)))('%s, cut off', (file) => {
    const bytes = bytesOf(file)
    for (const part of [0.5, 0.9]) {
      const { footer } = read(bytes.subarray(0, Math.floor(bytes.length * part))).notes
      expect(footer).toEqual({ expected: true, seen: false })
    }
  })

  it('finds the moves of every object, whole lines, apart from each other', () => {
    for (const file of rows.map(fileOf)) {
      const bytes = bytesOf(file)
      const all = read(bytes).labels.objects.flatMap(({ ranges }) => ranges)
      for (const [from, to] of all) {
        expect(from === 0 || bytes[from - 1] === 10, file).toBe(true)
        expect(to === bytes.length || bytes[to - 1] === 10, file).toBe(true)
      }
      const sorted = all.toSorted((one, other) => one[0] - other[0])
      for (const [n, [from]] of sorted.entries())
        if (n > 0) expect(from).toBeGreaterThanOrEqual(sorted[n - 1]?.[1] ?? 0)
    }
  })
})
