// Binary G-code as a slicer writes it, block by block; and as nobody should. (libbgcode doc/specifications.md)
import { crc32, deflateSync } from 'node:zlib'

export const uint16 = (value: number): Buffer => Buffer.from([value & 255, value >> 8])
export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

export const FILE = 0
export const GCODE = 1
export const SLICER = 2
export const PRINTER = 3
export const PRINT = 4
export const THUMBNAIL = 5

export interface Packing {
  readonly compression?: number
  readonly encoding?: number
  /** Parameters behind the encoding: the size of a thumbnail. */
  readonly more?: Buffer
  /** What the block says it unpacks to, where that is a lie. */
  readonly announced?: number
}

export const block = (
  type: number,
  data: Buffer,
  { compression = 0, encoding = 0, more, announced }: Packing = {},
): Buffer => {
  const packed =
    compression === 0 ? data : compression === 1 ? deflateSync(data) : shrink(data, compression === 2 ? 11 : 12)
  const whole = Buffer.concat([
    uint16(type),
    uint16(compression),
    uint32(announced ?? data.length),
    compression === 0 ? Buffer.alloc(0) : uint32(packed.length),
    uint16(encoding),
    more ?? Buffer.alloc(0),
    packed,
  ])
  return Buffer.concat([whole, uint32(crc32(whole))])
}

export const header = Buffer.from([...Buffer.from('GCDE'), 1, 0, 0, 0, 1, 0])
export const file = (...blocks: Buffer[]): Buffer => Buffer.concat([header, ...blocks])
export const ini = (...lines: string[]): Buffer => Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1')
export const gcode = (text: string, packing?: Packing): Buffer => block(GCODE, Buffer.from(text, 'latin1'), packing)

/** Heatshrink with the plainest of searches: the last place where the next three bytes stood. */
export const shrink = (data: Buffer, windowBits: number): Buffer => {
  const bits: number[] = []
  const put = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1)
  }
  const last = new Map<number, number>()
  for (let at = 0; at < data.length; ) {
    const next = at + 3 <= data.length ? data.readUIntBE(at, 3) : -1
    const from = last.get(next) ?? Number.NEGATIVE_INFINITY
    let length = 0
    if (at - from <= 1 << windowBits) while (length < 16 && data[from + length] === data[at + length]) length++
    length = Math.min(length, data.length - at)
    last.set(next, at)
    if (length < 3) {
      put(1, 1)
      put(data[at++] as number, 8)
    } else {
      put(0, 1)
      put(at - from - 1, windowBits)
      put(length - 1, 4)
      at += length
    }
  }
  while (bits.length % 8 !== 0) bits.push(0)
  return Buffer.from(
    Array.from({ length: bits.length / 8 }, (_, n) => Number.parseInt(bits.slice(8 * n, 8 * n + 8).join(''), 2)),
  )
}

/** MeatPack as slicers write it: without spaces on lines of G, comments unpacked or left out. */
export const meatpack = (text: string, keepComments: boolean): Buffer => {
  const alphabet = '0123456789.E\nGX'
  const bytes = [255, 255, 251, 255, 255, 247]
  let packing = true
  for (const whole of text.split(/(?<=\n)/)) {
    if (whole.startsWith(';')) {
      if (!keepComments) continue
      if (packing) bytes.push(255, 255, 250)
      packing = false
      bytes.push(...Buffer.from(whole, 'latin1'))
      continue
    }
    const command = (whole.split(';')[0] as string).trim()
    if (command === '') continue
    if (!packing) bytes.push(255, 255, 251)
    packing = true
    const line = `${/G\d/.test(command) ? command.replaceAll(' ', '') : command}\n`
    for (let at = 0; at < line.length; at += 2) {
      const one = line[at] as string
      const two = line[at + 1] ?? '\n'
      const [low, high] = [alphabet.indexOf(one), alphabet.indexOf(two)]
      bytes.push((low < 0 ? 15 : low) | ((high < 0 ? 15 : high) << 4))
      if (low < 0) bytes.push(one.charCodeAt(0))
      if (high < 0) bytes.push(two.charCodeAt(0))
    }
  }
  return Buffer.from(bytes)
}
