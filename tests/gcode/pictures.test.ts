import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inflateSync } from 'node:zlib'
import { encode as encodeJpg } from 'jpeg-js'
import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '../../gcode/binary/base64.ts'
import { TextReader } from '../../gcode/binary/text-reader.ts'
import { BadPicture } from '../../gcode/pictures/bad-picture.ts'
import { encodePng, readPngSize } from '../../gcode/pictures/png.ts'
import { decodeQoi } from '../../gcode/pictures/qoi.ts'
import { type PictureFormat, toPng } from '../../gcode/pictures/to-png.ts'
import { sharedData } from '../support/left-out.ts'

const samples = sharedData('gcode')
const cube = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)), 'latin1')

interface Found {
  readonly format: PictureFormat
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

const thumbnailsIn = (text: string): Found[] =>
  [...text.matchAll(/; thumbnail(?:_(JPG|QOI))? begin (\d+)[x ](\d+) \d+\r?\n([\s\S]*?); thumbnail\w* end/g)].map(
    ([, format = 'PNG', width, height, lines]) => ({
      format: format.toLowerCase() as PictureFormat,
      width: Number(width),
      height: Number(height),
      bytes: decodeBase64((lines as string).replace(/[;\s]/g, '')) as Uint8Array,
    }),
  )

const textOf = (name: string): string => {
  const pieces: Uint8Array[] = []
  const reader = new TextReader({ text: (piece) => pieces.push(piece) })
  reader.feed(readFileSync(join(samples as string, name)))
  reader.end()
  return Buffer.concat(pieces).toString('latin1')
}

/** The pixels of a PNG of ours, unpacked and its filter undone the plain way. */
const pixelsOf = (png: Uint8Array): number[] => {
  const { width, height } = readPngSize(png) as { width: number; height: number }
  const channels = png[25] === 6 ? 4 : 3
  const at = Buffer.from(png).indexOf('IDAT')
  const rows = inflateSync(png.subarray(at + 4, at + 4 + Buffer.from(png).readUInt32BE(at - 4)))
  const pixels: number[] = []
  for (let row = 0, from = 0; row < height; row++) {
    expect(rows[from++]).toBe(1)
    for (let column = 0; column < width * channels; column++) {
      const left = column < channels ? 0 : (pixels[pixels.length - channels] as number)
      pixels.push(((rows[from++] as number) + left) & 255)
    }
  }
  return pixels
}

const qoi = (width: number, height: number, channels: number, ...operations: number[]): Uint8Array => {
  const bytes = Buffer.from([
    ...Buffer.from('qoif'),
    ...Array(8).fill(0),
    channels,
    0,
    ...operations,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
  ])
  bytes.writeUInt32BE(width, 4)
  bytes.writeUInt32BE(height, 8)
  return bytes
}

const size = 24
const gradient = Uint8Array.from({ length: size * size * 4 }, (_, n) => (n % 4 === 3 ? 255 : (n >> 2) % 256))
const jpg = new Uint8Array(encodeJpg({ width: size, height: size, data: gradient }, 90).data)
const png = encodePng({ width: size, height: size, channels: 4, pixels: gradient })

describe('pictures in G-code', () => {
  it.skipIf(samples === null).each([
    ['dsf_Thumbnail_JPG.gcode', ['jpg 160x160']],
    ['dsf_Thumbnail_QOI.gcode', ['qoi 48x48', 'qoi 128x128']],
    ['fdmm_testfile.gcode', ['qoi 16x16', 'qoi 313x173', 'qoi 440x240', 'qoi 480x240', 'png 640x480']],
    ['fdmm_ShapeBox_MK4ISMMU3.bgcode', ['qoi 16x16', 'qoi 313x173', 'qoi 480x240', 'png 380x285']],
  ])('become PNG from %s', (name, expected) => {
    const found = thumbnailsIn(textOf(name))
    expect(found.map(({ format, width, height }) => `${format} ${width}x${height}`)).toEqual(expected)
    for (const { bytes, format, width, height } of found) {
      const converted = toPng(bytes, format)
      expect(readPngSize(converted)).toEqual({ width, height })
      expect(toPng(converted, 'png')).toEqual(converted)
    }
  })

  it('pass as they are where they are PNG already', () => {
    const [found] = thumbnailsIn(cube)
    expect(toPng(found?.bytes as Uint8Array, 'png')).toEqual(found?.bytes)
    expect(new Uint8Array(toPng(Buffer.concat([png, Buffer.from('<script>')]), 'png'))).toEqual(png)
  })

  it('keep their pixels as PNG', () => {
    expect(pixelsOf(png)).toEqual([...gradient])
  })

  it('come out of QOI pixel by pixel, by each of its ways to say one', () => {
    const operations = [
      ...[0xfe, 10, 20, 30],
      // The next ones: less by small differences, by brightness, the same twice, another opacity, one seen before.
      ...[0x40 | (1 << 4) | (2 << 2) | 3],
      ...[0x80 | (32 + 5), (6 << 4) | 9],
      ...[0xc0 | 1],
      ...[0xff, 1, 2, 3, 4],
      (10 * 3 + 20 * 5 + 30 * 7 + 255 * 11) % 64,
    ]
    const first = [10, 20, 30, 255]
    const second = [9, 20, 31, 255]
    const third = [12, 25, 37, 255]
    const picture = decodeQoi(qoi(7, 1, 4, ...operations))
    expect([...picture.pixels]).toEqual([first, second, third, third, third, [1, 2, 3, 4], first].flat())
    expect(pixelsOf(toPng(qoi(2, 1, 3, 0xfe, 1, 2, 3, 0xc0), 'qoi'))).toEqual([1, 2, 3, 1, 2, 3])
  })

  it('come out of JPEG with the colours they had', () => {
    const grey = new Uint8Array(
      encodeJpg({ width: 16, height: 8, data: new Uint8Array(16 * 8 * 4).fill(100) }, 100).data,
    )
    for (const value of pixelsOf(toPng(grey, 'jpg'))) expect(Math.abs(value - 100)).toBeLessThan(3)
  })

  const changed = (bytes: Uint8Array, at: number, ...values: number[]): Uint8Array => {
    const copy = bytes.slice()
    copy.set(values, at)
    return copy
  }
  const frame = Buffer.from(jpg).indexOf(Buffer.from([0xff, 0xc0]))
  const scan = Buffer.from(jpg).indexOf(Buffer.from([0xff, 0xda]))
  const manyScans = Buffer.concat([jpg.subarray(0, -2), ...Array(20).fill(jpg.subarray(scan, -2)), jpg.subarray(-2)])
  it.each<[string, PictureFormat, Uint8Array, RegExp]>([
    ['nothing', 'png', new Uint8Array(0), /no PNG/],
    ['a JPEG that is said to be a PNG', 'png', jpg, /no PNG/],
    ['a cut PNG', 'png', png.subarray(0, -1), /end of this PNG is missing/],
    ['a PNG with a wrong checksum', 'png', changed(png, 60, 1, 2, 3), /checksum is wrong/],
    ['a PNG of 5000 pixels in height', 'png', changed(png, 20, 0, 0, 0x13, 0x88), /too large: 24x5000/],
    ['a PNG without pixels', 'png', changed(png, 16, 0, 0, 0, 0), /empty/],
    ['a PNG without its data', 'png', Buffer.concat([png.subarray(0, 33), png.subarray(-12)]), /missing/],
    ['a PNG with two heads', 'png', Buffer.concat([png.subarray(0, 33), png.subarray(8)]), /not where it belongs/],
    ['a PNG of no kind', 'png', changed(png, 24, 3), /does not exist/],
    ['a PNG chunk of 4 GB', 'png', changed(png, 33, 255, 255, 255, 255), /missing/],
    ['a QOI that says too little', 'qoi', qoi(9, 9, 4, 0xc0), /end of this QOI/],
    ['a QOI without its end', 'qoi', qoi(1, 1, 4, 0xc0).slice(0, -1), /end of this QOI/],
    ['a QOI of a gigabyte', 'qoi', qoi(16384, 16384, 4, 0xc0), /too large: 16384x16384/],
    ['a QOI without pixels', 'qoi', qoi(0, 5, 4), /empty/],
    ['a QOI with five channels', 'qoi', qoi(1, 1, 5, 0xc0), /kind/],
    ['a PNG that is said to be a QOI', 'qoi', png, /no QOI/],
    ['a PNG that is said to be a JPEG', 'jpg', png, /no JPEG/],
    ['a cut JPEG', 'jpg', jpg.subarray(0, -2), /end is missing/],
    ['a JPEG of a gigabyte', 'jpg', changed(jpg, frame + 5, 0x40, 0, 0x40, 0), /too large: 16384x16384/],
    ['a JPEG with too many scans', 'jpg', manyScans, /not known here/],
    ['a JPEG with five components', 'jpg', changed(jpg, frame + 9, 5), /not known here/],
    ['a JPEG without a frame', 'jpg', Uint8Array.of(0xff, 0xd8, 0xff, 0xd9), /not known here/],
    ['anything of 9 MB', 'jpg', new Uint8Array(9 << 20), /too large/],
  ])('are refused: %s', (_, format, bytes, sentence) => {
    expect(() => toPng(bytes, format)).toThrow(BadPicture)
    expect(() => toPng(bytes, format)).toThrow(sentence)
  })

  it('come out or are refused when they are mutated, cut or random', () => {
    const seeds: [PictureFormat, Uint8Array][] = [
      ['png', png],
      ['jpg', jpg],
      ['qoi', qoi(9, 9, 4, ...Array.from({ length: 90 }, (_, n) => (n * 37) % 190))],
    ]
    let state = 3
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    for (let round = 0; round < 1500; round++) {
      const [format, whole] = seeds[round % 3] as [PictureFormat, Uint8Array]
      const bytes = whole.slice(0, random(3) === 0 ? random(whole.length) : whole.length)
      for (let n = random(5); n > 0; n--) bytes[random(bytes.length)] = random(256)
      try {
        expect(readPngSize(toPng(bytes, format))).not.toBeNull()
      } catch (error) {
        expect(error).toBeInstanceOf(BadPicture)
      }
    }
  })
})
