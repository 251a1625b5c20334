import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { type Plate, readPlates } from '../../gcode/binary/archive.ts'
import { BadContainer } from '../../gcode/binary/bad-container.ts'
import { TextReader } from '../../gcode/binary/text-reader.ts'
import { readPngSize } from '../../gcode/pictures/png.ts'
import { sharedData } from '../support/left-out.ts'

const samples = sharedData('gcode')

interface Found {
  readonly text: string
  readonly plates: readonly Plate[]
}

const read = (bytes: Uint8Array, { size = bytes.length, plate }: { size?: number; plate?: number } = {}): Found => {
  const pieces: Uint8Array[] = []
  const reader = new TextReader({ text: (piece) => pieces.push(piece), plate })
  for (let at = 0; at < bytes.length; at += Math.max(1, size)) reader.feed(bytes.subarray(at, at + size))
  reader.end()
  return { text: Buffer.concat(pieces).toString('latin1'), plates: reader.plates }
}

const sentenceOf = (bytes: Uint8Array, plate?: number): string => {
  try {
    read(bytes, plate === undefined ? {} : { plate })
  } catch (error) {
    expect(error).toBeInstanceOf(BadContainer)
    return (error as BadContainer).message
  }
  return 'nothing is wrong with it'
}

/** A file in an archive, and in which way it is written. */
interface Member {
  readonly name: string
  readonly data: Buffer
  readonly deflated?: boolean
  /** Its sizes stand behind it: with a signature or without, in 32 bits or 64. */
  readonly behind?: 'signed' | 'bare' | 'signed64'
  /** And in front of it all the same. */
  readonly inFront?: boolean
  /** Its sizes stand in the ZIP64 field. */
  readonly wide?: boolean
  readonly flags?: number
  readonly method?: number
  readonly crc?: number
  readonly sizeBytes?: number
}

const number = (value: number, bytes: number): Buffer => {
  const buffer = Buffer.alloc(8)
  buffer.writeBigUInt64LE(BigInt(value))
  return buffer.subarray(0, bytes)
}

const numbers = (...pairs: [value: number, bytes: number][]): Buffer =>
  Buffer.concat(pairs.map(([value, bytes]) => number(value, bytes)))

const zip = (members: readonly Member[], { wideEnd = false, entries = members.length } = {}): Buffer => {
  const parts: Buffer[] = []
  const contents: Buffer[] = []
  let offset = 0
  let counted = 0
  for (const member of members) {
    const { name, data, deflated = true, behind, inFront = behind === undefined, wide = false } = member
    const packed = deflated ? deflateRawSync(data) : data
    const flags = (member.flags ?? 0) | (behind ? 8 : 0)
    const method = member.method ?? (deflated ? 8 : 0)
    const crc = member.crc ?? crc32(data)
    const size = member.sizeBytes ?? data.length
    const extra = wide ? numbers([1, 2], [16, 2], [size, 8], [packed.length, 8]) : Buffer.alloc(0)
    const sizes = wide
      ? numbers([crc, 4], [0xffffffff, 4], [0xffffffff, 4])
      : numbers([crc, 4], [packed.length, 4], [size, 4])
    const start = numbers([20, 2], [flags, 2], [method, 2], [0, 4])
    const lengths = numbers([name.length, 2], [extra.length, 2])
    const sizeBytes = behind === 'signed64' ? 8 : 4
    const descriptor = numbers([crc, 4], [packed.length, sizeBytes], [size, sizeBytes])
    parts.push(Buffer.from('PK\x03\x04'), start, inFront ? sizes : Buffer.alloc(12), lengths, Buffer.from(name), extra)
    parts.push(packed)
    if (behind?.startsWith('signed')) parts.push(Buffer.from('PK\x07\x08'))
    if (behind) parts.push(descriptor)
    const place = numbers([0, 2], [0, 4], [0, 4], [offset, 4])
    contents.push(Buffer.from('PK\x01\x02\x14\0'), start, sizes, lengths, place, Buffer.from(name), extra)
    for (; counted < parts.length; counted++) offset += (parts[counted] as Buffer).length
  }
  const table = Buffer.concat(contents)
  const wideRecord = Buffer.concat([
    Buffer.from('PK\x06\x06'),
    numbers([44, 8], [45, 2], [45, 2], [0, 8], [entries, 8], [entries, 8], [table.length, 8], [offset, 8]),
    Buffer.from('PK\x06\x07'),
    numbers([0, 4], [offset + table.length, 8], [1, 4]),
  ])
  const end = wideEnd
    ? numbers([0, 4], [0xffff, 2], [0xffff, 2], [0xffffffff, 4], [0xffffffff, 4], [0, 2])
    : numbers([0, 4], [entries, 2], [entries, 2], [table.length, 4], [offset, 4], [0, 2])
  return Buffer.concat([...parts, table, ...(wideEnd ? [wideRecord] : []), Buffer.from('PK\x05\x06'), end])
}

const text = 'G28\nG1 X10 Y10 E1\n'.repeat(50)
const plate = (member: Partial<Member> = {}): Member => ({
  name: 'Metadata/plate_1.gcode',
  data: Buffer.from(text),
  ...member,
})

const sliceInfo = `<?xml version="1.0"?><!-- <plate> "not this > one -->
<config><plate>
  <metadata key="index" value="2"/><metadata key='prediction' value='1095'/>
  <metadata key="weight" value="NaN"/><metadata key="nozzle_diameters" value="0.4,0.6,x"/>
  <object identify_id="69" name="a &quot;b&quot; &lt;c&gt; &#233;" skipped="true" />
  <filament id="3" type="PLA" color="#00AE42" used_m="0.5" used_g="2.83"/>
</plate><plate><metadata key="index" value="7"`

describe('an archive of sliced plates', () => {
  it.skipIf(samples === null)('reads a real .gcode.3mf of Bambu Studio', () => {
    const bytes = readFileSync(join(samples as string, 'fdmm_bambu.gcode.3mf'))
    for (const size of [bytes.length, 1000, 1]) {
      const found = read(bytes, { size })
      // The archive says so itself, in plate_1.gcode.md5.
      expect(createHash('md5').update(found.text, 'latin1').digest('hex')).toBe('664f146910e9aed47f7c485dad383682')
      expect(found.plates).toMatchObject([
        {
          number: 1,
          sizeBytes: 297042,
          facts: {
            seconds: 1095,
            firstLayerSeconds: 90.661621,
            massGrams: 2.83,
            printerModelId: 'N1',
            nozzleDiameters: [0.4],
            hasSupport: false,
            labelsObjects: false,
            filaments: [{ id: 1, type: 'PLA', colour: '#00AE42', code: 'GFA00', usedLength: 930, usedGrams: 2.83 }],
            objects: [{ id: 69, name: 'Cube', skipped: false }],
          },
        },
      ])
      expect(readPngSize(found.plates[0]?.thumbnail as Uint8Array)).toEqual({ width: 512, height: 512 })
    }
  })

  it('reads the plate that is asked for, and the first where none is', () => {
    const bytes = zipSync({
      'Metadata/plate_2.png': Uint8Array.of(1, 2, 3),
      'Metadata/plate_2.gcode': Buffer.from('G2\n'),
      'Metadata/plate_10.gcode': Buffer.from('G10\n'),
      'Metadata/plate_3.gcode.md5': Buffer.from('?'),
      'Metadata/slice_info.config': Buffer.from(sliceInfo),
    })
    expect(read(bytes).text).toBe('G2\n')
    expect(read(bytes, { plate: 10 }).text).toBe('G10\n')
    expect(sentenceOf(bytes, 1)).toBe('This file has no plate 1. What it has: 2, 10.')
    expect(readPlates(bytes)).toEqual([
      {
        number: 2,
        sizeBytes: 3,
        thumbnail: Uint8Array.of(1, 2, 3),
        facts: {
          seconds: 1095,
          firstLayerSeconds: null,
          massGrams: null,
          printerModelId: null,
          nozzleDiameters: [0.4, 0.6],
          hasSupport: null,
          labelsObjects: null,
          filaments: [{ id: 3, type: 'PLA', colour: '#00AE42', code: '', usedLength: 500, usedGrams: 2.83 }],
          objects: [{ id: 69, name: 'a "b" <c> é', skipped: true }],
        },
      },
      { number: 10, sizeBytes: 4, thumbnail: null, facts: null },
    ])
  })

  it('reads a .ufp of Cura', () => {
    const bytes = zipSync({ '/3D/model.gcode': Buffer.from(text), '/Metadata/thumbnail.png': Uint8Array.of(9) })
    expect(read(bytes)).toMatchObject({ text, plates: [{ number: 1, thumbnail: Uint8Array.of(9) }] })
  })

  it.each([
    ['sizes in front', [plate(), plate({ name: 'a', deflated: false })]],
    ['sizes behind', [plate({ behind: 'signed' })]],
    ['sizes of 64 bits behind', [plate({ behind: 'signed64', deflated: false })]],
    [
      'sizes on both sides',
      [plate({ name: 'x', behind: 'signed', inFront: true }), plate({ behind: 'bare', inFront: true })],
    ],
    ['sizes in the ZIP64 field', [plate({ wide: true })]],
    // What looks like the end of the plate is not: the size does not fit.
    [
      'an archive in it',
      [plate({ name: 'x', behind: 'signed', deflated: false, data: zip([plate({ behind: 'signed' })]) }), plate()],
    ],
    [
      'a signature cut by a chunk',
      [plate({ name: 'x', behind: 'signed', deflated: false, data: Buffer.from('PPK\x07PK\x07\x08PK') }), plate()],
    ],
    [
      'an empty file and a folder',
      [plate({ name: 'x/', deflated: false, data: Buffer.alloc(0), behind: 'signed' }), plate()],
    ],
  ])('reads an archive with %s', (_, members) => {
    for (const wideEnd of [false, true]) {
      const bytes = zip(members, { wideEnd })
      for (const size of [bytes.length, 5, 1]) expect(read(bytes, { size }).text).toBe(text)
    }
  })

  const strange = zip([plate({ name: '\x1b[2J\n', behind: 'signed', inFront: true })])
  strange.fill(0, strange.indexOf('PK\x07\x08') + 8, strange.indexOf('PK\x01\x02'))
  const bomb = Buffer.alloc(40 << 20, 'G')
  it.each([
    ['no plate', () => zip([plate({ name: '3D/3dmodel.model' })]), /no sliced plate/],
    ['nothing', () => zip([]), /no sliced plate/],
    ['a password', () => zip([plate({ flags: 1 })]), /protected by a password/],
    ['a name that climbs', () => zip([plate({ name: '../../etc/plate_1.gcode' })]), /leads out of it/],
    ['a name that climbs by backslash', () => zip([plate({ name: 'a\\..\\..\\b' })]), /leads out of it/],
    ['a wrong checksum', () => zip([plate({ crc: 1 })]), /checksum of Metadata\/plate_1.gcode is wrong/],
    ['a false size of a strange name', () => strange, /size of \?\[2J\? is wrong/],
    ['a wrong size', () => zip([plate({ sizeBytes: 5 })]), /checksum/],
    ['a zip bomb', () => zip([plate({ data: bomb })]), /far more than any G-code/],
    ['a packing of no kind', () => zip([plate({ method: 14 })]), /Save it as an ordinary ZIP/],
    ['a plate twice', () => zip([plate(), plate()]), /plate 1 twice/],
    [
      'thousands of files',
      () => zip(Array.from({ length: 4097 }, (_, n) => plate({ name: `${n}`, data: Buffer.alloc(0) }))),
      /more than 4096/,
    ],
    ['a false count', () => zip([plate()], { entries: 2 }), /table of contents/],
    ['a false ZIP64 count', () => zip([plate()], { entries: 2, wideEnd: true }), /table of contents/],
    [
      'bytes behind a stream',
      () =>
        zip([
          plate({ method: 8, deflated: false, data: Buffer.concat([deflateRawSync('G28'), Buffer.alloc(1 << 20)]) }),
        ]),
      /end too early/,
    ],
    ['a cut end', () => zip([plate()]).subarray(0, -1), /end is missing/],
    [
      'a file that its table does not know',
      () => Buffer.concat([zip([plate()]).subarray(0, 100), zip([plate()])]),
      /damaged/,
    ],
  ])('refuses an archive with %s', (_, bytes, sentence) => {
    expect(sentenceOf(bytes())).toMatch(sentence)
  })

  it('refuses a ZIP64 field that names a size that cannot be', () => {
    const bytes = zip([plate({ wide: true })])
    expect(sentenceOf(Buffer.from(bytes).fill(0xff, 30 + 22 + 4, 30 + 22 + 12))).toMatch(/size that cannot be/)
    expect(sentenceOf(Buffer.from(bytes).fill(0x07, 30 + 22, 30 + 22 + 1))).toMatch(/nowhere to be found/)
  })

  it('keeps no picture that is too large', () => {
    const bytes = zip([plate(), plate({ name: 'Metadata/plate_1.png', data: Buffer.alloc(5 << 20), deflated: false })])
    expect(read(bytes).plates[0]?.thumbnail).toBeNull()
  })

  it('reads mutated, cut and shuffled archives to the end or refuses them with a sentence', () => {
    const whole = zip(
      [
        plate({ behind: 'signed' }),
        plate({ name: 'Metadata/slice_info.config', data: Buffer.from(sliceInfo) }),
        plate({ name: 'Metadata/plate_2.gcode', deflated: false, wide: true }),
        plate({ name: 'Metadata/plate_1.png', deflated: false, behind: 'bare', inFront: true }),
      ],
      { wideEnd: true },
    )
    let state = 7
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    for (let round = 0; round < 1500; round++) {
      const bytes = Buffer.from(whole)
      for (let n = random(4); n >= 0; n--) bytes[4 + random(bytes.length - 4)] = random(256)
      const from = random(bytes.length)
      if (random(4) === 0) bytes.copyWithin(random(bytes.length), from, from + random(200))
      const cut = random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes
      try {
        const found = read(cut, { size: 1 + random(500) })
        expect(found.text.length).toBeLessThan(1e6)
        expect(JSON.stringify(found.plates.map((one) => one.facts))).not.toContain('null,null,null,null')
      } catch (error) {
        if (!(error instanceof BadContainer)) throw error
      }
    }
  })
})
