import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { E, has } from '../../gcode/command.ts'
import { roles } from '../../gcode/roles.ts'
import { CommandScanner } from '../../gcode/scanner.ts'
import { SlicerMarks } from '../../gcode/slicer/marks.ts'

/** What holds at each extrusion: `layers role width height`. */
const follow = (text: string): { at: string[]; marks: SlicerMarks } => {
  const marks = new SlicerMarks()
  const at: string[] = []
  const scanner = new CommandScanner({
    command: (command) =>
      has(command, E) && at.push(`${marks.layers} ${roles[marks.role]} ${marks.width} ${marks.height}`),
    comment: (bytes, from, to) => marks.comment(bytes, from, to),
  })
  scanner.feed(Buffer.from(text, 'latin1'))
  scanner.end()
  return { at, marks }
}

const fixture = (slicer: string): string =>
  readFileSync(new URL(`../fixtures/slicers/${slicer}.gcode`, import.meta.url), 'latin1')

const isMark = (comment: string): boolean => {
  const bytes = Buffer.from(comment, 'latin1')
  return new SlicerMarks().comment(bytes, 0, bytes.length)
}

const roleOf = (comment: string): string => {
  const marks = new SlicerMarks()
  const bytes = Buffer.from(`xx${comment}yy`, 'latin1')
  marks.comment(bytes, 2, bytes.length - 2)
  return roles[marks.role] as string
}

describe('slicer marks', () => {
  it('says while the nozzle is wiped', () => {
    expect(follow(';WIPE_START\n').marks.wiping).toBe(true)
    expect(follow(';WIPE_START\nG1 X1\n;WIPE_END\n').marks.wiping).toBe(false)
  })

  it.each([
    [
      'prusaslicer',
      [
        '0 custom 0 0',
        '1 perimeter 0.5 0.2',
        '1 external-perimeter 0.5 0.2',
        '1 wipe-tower 0.55 0.2',
        '2 top-infill 0.42 0.2',
      ],
    ],
    ['orcaslicer', ['1 external-perimeter 0.42 0.2', '1 solid-infill 0.42 0.2', '2 infill 0.42 0.2']],
    ['bambustudio', ['1 perimeter 0.5 0.2', '1 solid-infill 0.42 0.2']],
    ['superslicer', ['1 perimeter 0.56 0.2']],
    [
      'cura',
      ['1 skirt 0 0', '1 external-perimeter 0 0', '1 solid-infill 0 0', '2 support-interface 0 0', '2 infill 0 0'],
    ],
    [
      'simplify3d',
      ['1 skirt 0.6 0.36', '1 external-perimeter 0.48 0.24', '1 support-interface 0.48 0.24', '2 thin-wall 0.48 0.24'],
    ],
    ['ideamaker', ['1 raft 0.8 0.5', '2 external-perimeter 0.4 0.3', '2 solid-infill 0.4 0.3']],
    ['kisslicer', ['1 external-perimeter 0 0.263', '1 perimeter 0 0.263', '2 support 0 0.25']],
    ['kirimoto', ['1 unknown 0 0.25', '2 unknown 0 0.2']],
    ['icesl', ['1 perimeter 0 0', '2 infill 0 0']],
  ])('follows %s', (slicer, expected) => {
    const { at } = follow(fixture(slicer))
    expect(at.filter((line, n) => line !== at[n - 1])).toEqual(expected)
  })

  it.each([
    ['TYPE:Custom', 'custom'],
    ['TYPE:Support material interface', 'support-interface'],
    ['TYPE:WALL-OUTER', 'external-perimeter'],
    ['FEATURE: Internal Bridge', 'bridge'],
    ['FEATURE:   Prime tower', 'wipe-tower'],
    ['feature prime pillar', 'wipe-tower'],
    ["'Crown', 0.5 [feed mm/s]", 'gap-fill'],
    ["'Stacked Sparse Infill Path', 0.5 [feed mm/s], 9.0 [head mm/s]", 'infill'],
    ['segType:HShell', 'solid-infill'],
    ['TYPE:Something new', 'unknown'],
    ['TYPE:', 'unknown'],
    ['TYPE:__proto__', 'unknown'],
  ])('takes "%s" for %s', (comment, role) => {
    expect(roleOf(comment)).toBe(role)
  })

  it('counts a layer once, though a custom G-code says it again in another way', () => {
    const layer = ';LAYER_CHANGE\n;Z:0.2\n;BEFORE_LAYER_CHANGE\n;LAYER:0\nG1 Z.2 ; move to next layer (0)\n'
    expect(follow(layer.repeat(3)).marks.layers).toBe(3)
  })

  it('counts by the custom G-code where an old slicer marks nothing', () => {
    const layer = ';BEFORE_LAYER_CHANGE\n;0.2\nG1 Z0.2 ; move to next layer (0)\n;AFTER_LAYER_CHANGE\n'
    expect(follow(layer.repeat(4)).marks.layers).toBe(4)
    expect(follow('G1 Z1 ; move to next layer (0)\n'.repeat(5)).marks.layers).toBe(5)
  })

  it('does not take the words behind moves for roles', () => {
    expect(follow(';LAYER_CHANGE\n;TYPE:Perimeter\nG1 X1 E1 ; infill\nG1 X2 E1\n').at.at(-1)).toBe('1 perimeter 0 0')
    expect(isMark('infill')).toBe(false)
    expect(isMark('support')).toBe(false)
  })

  it.each([
    '',
    'T',
    'LAYER',
    'LAYER:',
    'LAYER:x',
    'LAYER_CHANGED',
    'layer end',
    'layer 1',
    'WIDTH:',
    'WIDTH:NaN',
    'WIDTH:-1',
    'WIDTH:1e9',
    `WIDTH:${'9'.repeat(400)}`,
    'HEIGHT:99999999999999999999',
    'tool',
    "'",
    "'Perimeter",
    'BEGIN_LAYER_OBJECT z=',
    'LAYER_COUNT:25',
  ])('does not take "%s" for a mark', (comment) => {
    const marks = new SlicerMarks()
    const bytes = Buffer.from(comment, 'latin1')
    const said = marks.comment(bytes, 0, bytes.length)
    // "1e9" is 1 to a printer: G-code has no exponents.
    if (comment !== 'WIDTH:1e9') expect(said).toBe(false)
    expect(marks.layers).toBe(0)
    expect(marks.width).toBeLessThanOrEqual(1)
  })
})
