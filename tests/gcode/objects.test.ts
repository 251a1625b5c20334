import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CommandScanner } from '../../gcode/scanner.ts'
import { type LabelledObjects, ObjectLabels } from '../../gcode/slicer/objects.ts'

const read = (text: string): LabelledObjects => {
  const bytes = Buffer.from(text)
  const labels = new ObjectLabels()
  const scanner = new CommandScanner({
    command: (command) => labels.command(command),
    comment: (line, from, to, offset, n) => labels.comment(line, from, to, offset, n),
  })
  scanner.feed(bytes)
  scanner.end()
  labels.end(bytes.length)
  return labels.result()
}

const fixture = (slicer: string): string =>
  readFileSync(new URL(`../fixtures/slicers/${slicer}.gcode`, import.meta.url), 'utf8')

/** The lines of each object, by its name. */
const linesOf = (text: string): Record<string, string> => {
  const bytes = Buffer.from(text)
  return Object.fromEntries(
    read(text).objects.map(({ name, id, ranges }) => [
      `${name} (${id})`,
      ranges.map(([from, to]) => bytes.subarray(from, to).toString().replaceAll('\n', '|')).join(' ... '),
    ]),
  )
}

describe('object labels', () => {
  it('reads M486, and finds the outlines that PrusaSlicer announces', () => {
    const { objects, complete } = read(fixture('prusaslicer'))
    expect(complete).toBe(true)
    expect(objects.map(({ name, id, dialect, polygon }) => ({ name, id, dialect, polygon }))).toEqual([
      {
        name: 'left ear',
        id: '0',
        dialect: 'm486',
        polygon: [
          [10, 10],
          [20, 10],
          [20, 20],
          [10, 20],
        ],
      },
      {
        name: 'right "ear"',
        id: '1',
        dialect: 'm486',
        polygon: [
          [40.5, 10],
          [50, 10],
          [50, 20],
        ],
      },
    ])
    expect(linesOf(fixture('prusaslicer'))['right "ear" (1)']).toBe(
      'M486 S1|M486 Aright "ear"| ... M486 S1|G1 X40 Y10|G1 X50 Y10 E.5|',
    )
  })

  it('reads EXCLUDE_OBJECT, and each object once though comments name it too', () => {
    const { objects } = read(fixture('orcaslicer'))
    expect(objects).toMatchObject([
      { name: 'cube.stl_id_0_copy_0', dialect: 'klipper', centre: [-10, 5.5] },
      {
        name: 'cone (2).stl',
        dialect: 'klipper',
        centre: [10, 5],
        polygon: [
          [5, 0],
          [15, 0],
          [15, 10],
        ],
      },
    ])
    expect(linesOf(fixture('orcaslicer'))['cone (2).stl (CONE (2).STL)']).toBe(
      "EXCLUDE_OBJECT_START NAME='cone (2).stl'|;TYPE:Internal solid infill|G1 X5 Y0 E1|" +
        '; stop printing object cone (2).stl id:1 copy 0|',
    )
    expect(objects[0]?.ranges).toHaveLength(2)
  })

  it('reads the labels of Bambu Studio', () => {
    const lines = linesOf(fixture('bambustudio'))
    expect(Object.keys(lines)).toEqual(['Object 272 (272)', 'Object 399 (399)'])
    expect(lines['Object 272 (272)']).toMatch(/^; start printing object.*\|G1 X10 Y10 E1\|$/)
  })

  it('tells copies apart, and does not begin them at the INIT of SuperSlicer', () => {
    const { objects } = read(fixture('superslicer'))
    expect(objects).toMatchObject([
      { name: 'cube', id: '0', copy: 0, dialect: 'prusaslicer' },
      { name: 'cube', id: '0', copy: 1, dialect: 'prusaslicer' },
    ])
    const text = fixture('superslicer')
    const [from, to] = objects[1]?.ranges[0] ?? [0, 0]
    expect(text.slice(from, to)).toBe('; printing object cube id:0 copy 1\nG1 X20 E1\n')
  })

  it('ends the meshes of Cura where nothing of them is printed, and where a layer begins', () => {
    expect(linesOf(fixture('cura'))).toEqual({
      'cube.stl (cube.stl)':
        ';MESH:cube.stl|;TYPE:WALL-OUTER|G1 X2 Y1 E.2| ... ' +
        ';MESH:cube.stl|;TYPE:FILL|G1 X3 Y2 E.5|;TIME_ELAPSED:451.075818|',
      'cone.stl (cone.stl)': ';MESH:cone.stl|;TYPE:SKIN|G1 X3 Y1 E.3|',
    })
  })

  it('tells objects of one name apart in ideaMaker', () => {
    const lines = linesOf(fixture('ideamaker'))
    expect(Object.keys(lines)).toEqual(['part.stl (0)', 'part.stl (1)'])
    expect(lines['part.stl (0)']).toContain('G1 X2 E1')
    expect(lines['part.stl (1)']).toContain('G1 X3 E1')
  })

  it('names what M486 only numbers by the comments around it', () => {
    const text =
      'M486 T2\n; printing object cube id:0 copy 1\nM486 S0\nG1 X1\n; stop printing object cube id:0 copy 1\nM486 S-1\n' +
      'M486 S1\n; printing object cone id:1 copy 0\nG1 X1\n; stop printing object\nM486 S-1\nM486 S2\nG1 X2\n'
    expect(read(text).objects).toMatchObject([
      { name: 'cube', id: '0', copy: 1, dialect: 'm486' },
      { name: 'cone', id: '1', copy: 0 },
      { name: 'Object 2', id: '2' },
    ])
  })

  it.each([
    ['M486 S3 A"Benchy; \'blue\'"\nG1 X1\n', "Benchy; 'blue'", '3'],
    ['M486 A"first" S4\nG1 X1\n', 'first', '4'],
    ['M486 S5\nM486 AS1 part T2\nG1 X1\n', 'S1 part T2', '5'],
    ['m486s6\nm486 a3DBenchy\nG1 X1\n', '3DBenchy', '6'],
    ['M486 S7\nM486 A Größe\nG1 X1\n', 'Größe', '7'],
  ])('reads %s', (text, name, id) => {
    expect(read(text).objects).toMatchObject([{ name, id }])
  })

  it('takes a name that reads like another number for a name', () => {
    expect(read('M486 S0\nM486 AShape-Box S9\nG1 X1\nM486 S-1\n').objects).toHaveLength(1)
  })

  it('joins ranges that touch, and begins the next object where one ends', () => {
    const { objects } = read('M486 S0\nG1 X1\nM486 S0\nG1 X2\nM486 S1\nG1 X3\nM486 S0\nG1 X4\n')
    expect(objects.map(({ ranges }) => ranges)).toEqual([
      [
        [0, 28],
        [42, 56],
      ],
      [[28, 42]],
    ])
  })

  it('takes Klipper names in capitals and small letters for the same, with quotes or without', () => {
    const text = 'EXCLUDE_OBJECT_START NAME="Part"\nG1 X1\nEXCLUDE_OBJECT_END\nexclude_object_start name=part\nG1 X2\n'
    expect(read(text).objects).toMatchObject([{ name: 'Part', id: 'PART' }])
    expect(read(text).objects[0]?.ranges).toHaveLength(2)
  })

  it('goes by comments where the firmware is told of objects but never of their begin', () => {
    const text =
      'EXCLUDE_OBJECT_DEFINE NAME=a\n; printing object a id:0 copy 0\nG1 X1\n; stop printing object a id:0 copy 0\n'
    expect(read(text).objects).toMatchObject([{ name: 'a', dialect: 'prusaslicer' }])
  })

  it('closes the object that is open where the file ends', () => {
    expect(read('; printing object a id:0 copy 0\nG1 X1').objects[0]?.ranges).toEqual([[0, 37]])
  })

  it('leaves out an outline that is no outline', () => {
    const define = (polygon: string) => `EXCLUDE_OBJECT_DEFINE NAME=a CENTER=1e400,2 POLYGON=${polygon}\n`
    for (const polygon of ['[[1,2],[3]]', '[[1,2],[3,4]]', '[[1,2],[3,4],[9999999,0]]', 'x', '[', '[[1,2],[3,4],[5,6]'])
      expect(read(`${define(polygon)}EXCLUDE_OBJECT_START NAME=a\nG1 X1\n`).objects[0]?.polygon).toBeUndefined()
  })

  it('says so when a file names more objects than are kept', () => {
    const text = Array.from({ length: 2500 }, (_, n) => `M486 S${n}\nG1 X${n}\n`).join('')
    const { objects, complete } = read(text)
    expect(objects).toHaveLength(2000)
    expect(complete).toBe(false)
  })

  it('cuts names, and keeps what tells them apart', () => {
    const name = 'long '.repeat(100)
    const text = [0, 1].map((copy) => `; printing object ${name}id:0 copy ${copy}\nG1 X1\n`).join('')
    const { objects } = read(text)
    expect(objects.map(({ copy }) => copy)).toEqual([0, 1])
    expect(objects[0]?.name.length).toBeLessThanOrEqual(200)
  })
})
