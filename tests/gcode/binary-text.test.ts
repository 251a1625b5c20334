import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { deflateSync, gzipSync, crc32 as zlibCrc32 } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { BadContainer } from '../../gcode/binary/bad-container.ts'
import { decodeBase64, encodeBase64 } from '../../gcode/binary/base64.ts'
import { crc32 } from '../../gcode/binary/crc32.ts'
import { inflateZlib } from '../../gcode/binary/inflate.ts'
import { TextReader } from '../../gcode/binary/text-reader.ts'

const cube = readFileSync(fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url)))

const read = (bytes: Uint8Array, size = bytes.length): { text: string; container: string | null } => {
  const pieces: Uint8Array[] = []
  const reader = new TextReader({ text: (piece) => pieces.push(piece.slice()) })
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) reader.feed(bytes.subarray(at, at + size))
  reader.end()
  return { text: Buffer.concat(pieces).toString('latin1'), container: reader.container }
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

const randomBytes = (length: number, seed: number): Uint8Array => {
  let state = seed
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state >>> 24
  })
}

describe('an uploaded file of any kind', () => {
  it('passes text through as it is, without copying it', () => {
    const seen: Uint8Array[] = []
    const reader = new TextReader({ text: (piece) => seen.push(piece) })
    reader.feed(cube)
    reader.feed(new Uint8Array(0))
    reader.end()
    expect(seen).toHaveLength(1)
    expect(seen[0]).toBe(cube)
    expect(reader.plates).toEqual([])
  })

  it.each(['', 'G', 'G28', 'GCD', 'GCODE', 'PK is no archive\n', ';\n', 'G1 X1\nG1 X2\n'])(
    'takes %j for text',
    (text) => {
      for (const size of [1, 2, 100]) expect(read(bytesOf(text), size)).toEqual({ text, container: 'text' })
    },
  )

  it('tells an archive and binary G-code by their first bytes, however they come', () => {
    const archive = zipSync({ 'Metadata/plate_1.gcode': cube })
    for (const size of [1, 5, 1000]) {
      expect(read(archive, size)).toEqual({ text: cube.toString('latin1'), container: 'archive' })
    }
    expect(() => read(bytesOf('GCDE'))).toThrow(/end is missing/)
  })

  it('drops the mark of UTF-8 in front of a text', () => {
    for (const size of [1, 4, 100]) expect(read(bytesOf('\xef\xbb\xbfG28\n'), size).text).toBe('G28\n')
    expect(read(bytesOf('\xef\xbb\xbf')).text).toBe('')
  })

  it.each([
    ['UTF-16', Buffer.from('\ufeffG28\n', 'utf16le'), /UTF-16. Save it as UTF-8/],
    ['UTF-16 without a mark', Buffer.from('G28\nG1', 'utf16le'), /UTF-16/],
    ['UTF-16 the other way round', Buffer.from('G28\nG1', 'utf16le').swap16(), /UTF-16/],
    ['gzip', gzipSync(cube), /packed with gzip. Unpack it first/],
    ['7-Zip', bytesOf('7z\xbc\xaf\x27\x1c...'), /packed with 7-Zip/],
    ['RAR', bytesOf('Rar!\x1a\x07\x00'), /packed with RAR/],
  ])('refuses %s with a sentence', (_, bytes, sentence) => {
    for (const size of [1, 1000]) {
      expect(() => read(bytes, size)).toThrow(BadContainer)
      expect(() => read(bytes, size)).toThrow(sentence)
    }
  })

  it('refuses what unpacks to more than is allowed', () => {
    const archive = zipSync({ 'Metadata/plate_1.gcode': cube })
    const reader = new TextReader({ text: () => {}, mostUnpackedBytes: cube.length - 1 })
    expect(() => reader.feed(archive)).toThrow(/unpacks to more G-code/)
  })

  it('lets an error of the one who takes the text through', () => {
    const reader = new TextReader({
      text: () => {
        throw new RangeError('the disk is full')
      },
    })
    expect(() => reader.feed(zipSync({ 'Metadata/plate_1.gcode': cube }))).toThrow(/disk is full/)
  })

  it('hands out pieces that stay as they are, where the chunk is used again for the next one', () => {
    for (const level of [0, 6] as const) {
      const archive = zipSync({ 'Metadata/plate_1.gcode': [cube, { level }] })
      const pieces: Uint8Array[] = []
      const reader = new TextReader({ text: (piece) => pieces.push(piece) })
      // Of a Buffer, other than of a Uint8Array, slice() is no copy.
      const chunk = Buffer.alloc(50)
      for (let at = 0; at < archive.length; at += 50) {
        chunk.set(archive.subarray(at, at + 50))
        reader.feed(chunk.subarray(0, archive.length - at))
      }
      reader.end()
      expect(Buffer.concat(pieces).equals(cube)).toBe(true)
    }
  })

  it('holds the first bytes of a file, where the chunk is used again for the next one', () => {
    const pieces: string[] = []
    const reader = new TextReader({ text: (piece) => pieces.push(Buffer.from(piece).toString('latin1')) })
    const chunk = Buffer.from('G2')
    reader.feed(chunk)
    chunk.write('8\n')
    reader.feed(chunk)
    chunk.write('; ')
    reader.feed(chunk)
    expect(pieces.join('')).toBe('G28\n; ')
  })

  it('takes random bytes for text or refuses them with a sentence', () => {
    const heads = ['', 'GCDE\x01\0\0\0\x01\0', 'PK\x03\x04', 'PK\x05\x06', '\x1f\x8b']
    for (let seed = 0; seed < 500; seed++) {
      const bytes = Buffer.concat([bytesOf(heads[seed % heads.length] as string), randomBytes(seed * 3, seed)])
      try {
        expect(read(bytes, 1 + (seed % 70)).text.length).toBeLessThanOrEqual(bytes.length)
      } catch (error) {
        expect(error).toBeInstanceOf(BadContainer)
      }
    }
  })
})

describe('base64', () => {
  it('comes back as the bytes it was written from, with its padding or without', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = randomBytes(length, length)
      const text = Buffer.from(bytes).toString('base64')
      expect(Buffer.from(encodeBase64(bytes)).toString()).toBe(text)
      for (const one of [text, bytesOf(text), text.replace(/=+$/, '')]) expect(decodeBase64(one)).toEqual(bytes)
    }
  })

  it.each(['A', 'AAAAA', 'AAA*', 'AA A', 'AAAA\n', '=', '====', 'A===', 'AA=A', 'AAA\u0141', 'AAA-', '\xff\xff'])(
    'is not what %j is',
    (text) => {
      expect(decodeBase64(text)).toBeNull()
    },
  )
})

describe('sums and streams', () => {
  it('sums bytes as zlib does, in one piece or in several', () => {
    for (const length of [0, 1, 7, 8, 9, 1000]) {
      const bytes = randomBytes(length, length + 1)
      expect(crc32(bytes)).toBe(zlibCrc32(bytes))
      expect(crc32(bytes.subarray(5), crc32(bytes.subarray(0, 5)))).toBe(zlibCrc32(bytes))
    }
  })

  it('unpacks a zlib stream only where it fills exactly what was said', () => {
    const packed = deflateSync(cube)
    const target = new Uint8Array(cube.length)
    expect(inflateZlib(packed, target)).toBe(true)
    expect(Buffer.from(target).equals(cube)).toBe(true)
    expect(inflateZlib(packed, new Uint8Array(cube.length - 1))).toBe(false)
    expect(inflateZlib(packed, new Uint8Array(cube.length + 1))).toBe(false)
    expect(inflateZlib(packed.subarray(1), target)).toBe(false)
    expect(inflateZlib(new Uint8Array(0), target)).toBe(false)
    expect(() => inflateZlib(packed.subarray(0, 500), target)).toThrow(BadContainer)
  })
})
