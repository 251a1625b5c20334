import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { CommandScanner } from '../../gcode/scanner.ts'
import { type Thumbnail, ThumbnailReader } from '../../gcode/slicer/thumbnails.ts'

const read = (text: string): readonly Thumbnail[] => {
  const reader = new ThumbnailReader()
  const scanner = new CommandScanner({
    command: () => {},
    comment: (bytes, from, to) => reader.comment(bytes, from, to),
  })
  scanner.feed(Buffer.from(text, 'latin1'))
  scanner.end()
  return reader.thumbnails
}

const pictures = {
  png: Buffer.from([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 1, 2, 3]),
  jpg: Buffer.from([255, 216, 255, 224, 0, 16, 74, 70, 73, 70, 0, 1, 2, 3]),
  qoi: Buffer.from([113, 111, 105, 102, 0, 0, 0, 16, 0, 0, 0, 16, 4, 0]),
}

/** As slicers write it, in lines of 10 characters. */
const thumbnail = (picture: Buffer, tag: string, end = tag, size = '16x16', announced?: number): string => {
  const base64 = picture.toString('base64')
  const lines = (base64.match(/.{1,10}/g) ?? []).map((line) => `; ${line}\n`).join('')
  return `;\n; ${tag} begin ${size} ${announced ?? base64.length}\n${lines}; ${end} end\n;\n`
}

describe('thumbnails', () => {
  it('reads the one of PrusaSlicer', () => {
    const text = readFileSync(new URL('../fixtures/slicers/prusaslicer.gcode', import.meta.url), 'latin1')
    expect(read(text)).toMatchObject([{ format: 'png', width: 1, height: 1 }])
    expect(
      Buffer.from(read(text)[0]?.base64 ?? '', 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
  })

  it.each([
    ['png', 'thumbnail', 'thumbnail'],
    ['png', 'thumbnail_PNG', 'thumbnail_PNG'],
    ['jpg', 'thumbnail_JPG', 'thumbnail_JPG'],
    ['qoi', 'thumbnail_QOI', 'thumbnail_QOI'],
    ['qoi', 'thumbnail_QOI', 'thumbnail'],
    ['jpg', 'thumbnail', 'thumbnail'],
  ] as const)('reads %s under the tag %s, closed by %s', (format, tag, end) => {
    expect(read(thumbnail(pictures[format], tag, end))).toEqual([
      { format, width: 16, height: 16, base64: pictures[format].toString('base64') },
    ])
  })

  it('reads several, among moves, with sizes in either spelling', () => {
    const text = `${thumbnail(pictures.png, 'thumbnail', 'thumbnail', '300 200')}G1 X1\n${thumbnail(pictures.qoi, 'thumbnail_QOI')}`
    expect(read(text)).toMatchObject([
      { width: 300, height: 200 },
      { width: 16, height: 16 },
    ])
    expect(read(text.replaceAll('\n', '\r\n'))).toHaveLength(2)
  })

  it.each([
    ['one that is cut', thumbnail(pictures.png, 'thumbnail').replace(/; .*\n; thumbnail end/, '; thumbnail end')],
    ['one without an end', thumbnail(pictures.png, 'thumbnail').replace('; thumbnail end', '')],
    ['one that is longer than announced', thumbnail(pictures.png, 'thumbnail', 'thumbnail', '16x16', 8)],
    ['one with a strange line', thumbnail(pictures.png, 'thumbnail').replace('; iV', '; <V')],
    ['one of an unknown format', thumbnail(Buffer.from('GIF89a and so on'), 'thumbnail')],
    ['one without size', thumbnail(pictures.png, 'thumbnail', 'thumbnail', '0x16')],
    ['one of nothing', '; thumbnail begin 16x16 0\n; thumbnail end\n'],
    ['one that is too large', '; thumbnail begin 16x16 99999999\n; AAAA\n; thumbnail end\n'],
    ['those of other programs', ';gimage:AAAA\n;simage:BBBB\nM10086 ;AAAA\n'],
  ])('leaves out %s', (_, text) => {
    expect(read(text)).toEqual([])
  })

  it('goes on with the next one after one that is broken', () => {
    const broken = thumbnail(pictures.png, 'thumbnail').replace('; thumbnail end\n', '')
    expect(read(broken + thumbnail(pictures.qoi, 'thumbnail_QOI'))).toMatchObject([{ format: 'qoi' }])
  })

  it('keeps no more than some', () => {
    expect(read(thumbnail(pictures.png, 'thumbnail').repeat(50))).toHaveLength(20)
    const large = Buffer.concat([pictures.png, Buffer.alloc(2 << 20)])
    expect(read(thumbnail(large, 'thumbnail').repeat(4)).length).toBeLessThan(4)
  })
})
