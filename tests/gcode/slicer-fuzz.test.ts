import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CommandScanner } from '../../gcode/scanner.ts'
import { readHeadAndTail } from '../../gcode/slicer/head-and-tail.ts'
import { SlicerMarks } from '../../gcode/slicer/marks.ts'
import { SlicerNotes } from '../../gcode/slicer/notes.ts'
import { ObjectLabels } from '../../gcode/slicer/objects.ts'
import { ThumbnailReader } from '../../gcode/slicer/thumbnails.ts'

const folder = new URL('../fixtures/slicers/', import.meta.url)
const samples = readdirSync(folder).map((name) => readFileSync(new URL(name, folder)))

/** Mulberry32: the same numbers in each run. */
const random = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

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
  scanner.feed(bytes)
  scanner.end()
  labels.end(bytes.length)
  const { role, width, height, layers } = marks
  const head = readHeadAndTail(bytes.subarray(0, 500), bytes.subarray(-500), bytes.length)
  return {
    notes: notes.result(),
    head,
    labels: labels.result(),
    said: thumbnails.thumbnails,
    marks: { role, width, height, layers },
  }
}

/** All numbers of a result, however deep. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

const expectSound = (bytes: Uint8Array): void => {
  const result = read(bytes)
  for (const number of numbersIn(result)) if (!Number.isFinite(number)) expect(number).toBe('finite')
  for (const { ranges, name } of result.labels.objects) {
    expect(name).not.toBe('')
    let last = -1
    for (const [from, to] of ranges) {
      if (!(from > last && to > from && to <= bytes.length)) expect([last, from, to]).toBe('ascending')
      last = to
    }
  }
}

const words = [
  '999999999999999999999',
  '-',
  'NaN',
  'Infinity',
  '1e999',
  '%',
  '"',
  '\\',
  ';',
  '=',
  ':',
  '\n',
  '\0',
  '{',
  '[',
  '[[',
]

const mutate = (sample: Uint8Array, next: (below: number) => number): Uint8Array => {
  let bytes = Buffer.from(sample)
  for (let times = 1 + next(8); times > 0; times--) {
    const at = next(bytes.length)
    const to = Math.min(bytes.length, at + next(60))
    const what = next(4)
    if (what === 0) bytes[at] = next(256)
    else if (what === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
    else if (what === 2) bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
    else
      bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(words[next(words.length)] ?? ''), bytes.subarray(at)])
  }
  return next(4) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes
}

describe('what slicers never wrote', () => {
  it('is read without harm where files are changed', () => {
    const next = random(1)
    for (let run = 0; run < 600; run++) expectSound(mutate(samples[run % samples.length] as Buffer, next))
  })

  it('is read without harm where files are mixed', () => {
    const next = random(2)
    const lines = samples.flatMap((sample) => sample.toString('latin1').split('\n'))
    for (let run = 0; run < 60; run++) {
      const text = Array.from({ length: 300 }, () => lines[next(lines.length)]).join('\n')
      expectSound(Buffer.from(text, 'latin1'))
    }
  })

  it('is read without harm where bytes are random', () => {
    const next = random(3)
    for (let run = 0; run < 60; run++) {
      expectSound(
        Uint8Array.from({ length: 3000 }, () => (next(12) === 0 ? [10, 59, 61, 58][next(4)] : next(256)) as number),
      )
    }
  })

  it.each([
    ['quotes that never close', (line: string) => `; filament_type = ${line}`, '"\\'],
    ['escaped quotes', (line: string) => `; filament_settings_id = "${line}`, '\\"'],
    ['endless lists', (line: string) => `; filament used [mm] = ${line}`, '1,'],
    ['endless times', (line: string) => `; estimated printing time (normal mode) = ${line}`, '1m '],
    ['endless nozzles', (line: string) => `; nozzle_dia_1 = ${line}`, '0.4'],
    ['an endless outline', (line: string) => `EXCLUDE_OBJECT_DEFINE NAME=a POLYGON=[${line}`, '[1,2],'],
    ['an endless name', (line: string) => `M486 S0 A"${line}`, 'S1 '],
    ['endless parameters', (line: string) => `M486 ${line}`, 'S1 '],
    [
      'endless objects',
      (line: string) => `; objects_info = {"objects":[${line}`,
      '{"name":"a","polygon":[[1,2],[3,4],[5,6]]},',
    ],
    ['an endless profile', (line: string) => `;SETTING_3 {"global_quality": "${line}`, '\\\\n'],
    ['an endless picture', (line: string) => `; thumbnail begin 16x16 4000000\n; ${line}`, 'AAAA'],
    ['an endless comment', (line: string) => `; ${line}`, 'generated by '],
  ])('takes no longer than it must with %s', (_, lineOf, piece) => {
    const line = lineOf(piece.repeat(Math.ceil(20_000 / piece.length)))
    const bytes = Buffer.from(`; generated by PrusaSlicer 2.9\n${`${line}\n`.repeat(40)}`)
    const from = performance.now()
    expectSound(bytes)
    expect(performance.now() - from).toBeLessThan(1000)
  })
})
