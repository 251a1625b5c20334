// Bytes that were a file once: cut, spliced, flipped, and with hostile words in them. The same for the same seed.

export type Random = () => number

const hostileWords = [
  'X1e400',
  'XNaN',
  'Y-0.0000000000000000000000000000000000001',
  `E${'9'.repeat(400)}`,
  `Z0.${'3'.repeat(400)}`,
  'F0',
  'F-1',
  'S1e9',
  'P99999999999',
  'I0 J0',
  'R0',
  'R-1e15',
  'T4294967296',
  'D0.000000001',
  ';',
  '(',
  '"',
  '*',
  '{',
  '\0',
  '\r',
  '\u00ff\u00fe',
]

const hostileLines = [
  'G2 X1 Y1 I999999999 J999999999 P1000000',
  'G3 R0',
  'G20',
  'G91',
  'G92',
  'M82',
  'M83',
  'M200 D1.75',
  'M220 S99999',
  'M221 S0',
  'G53 G1 X1e9',
  'G10 L20 P9 X1e15',
  'M204 S0',
  'M205 X0 Y0 Z0 E0 J0',
  'M203 X0 Y0',
  'SET_VELOCITY_LIMIT ACCEL=0 SQUARE_CORNER_VELOCITY=1e99',
  'EXCLUDE_OBJECT_DEFINE NAME=a POLYGON=[[0,0],[1e400,nan]]',
  'EXCLUDE_OBJECT_START NAME=a',
  'EXCLUDE_OBJECT_END NAME=b',
  'M486 T4294967295',
  'M486 S99999999',
  '; thumbnail begin 99999x99999 99999999',
  '; thumbnail_QOI begin 16x16 12',
  '; thumbnail end',
  ';TIME:1e400',
  '; estimated printing time (normal mode) = 99999999999999999999d',
  '; filament used [mm] = nan, inf, 1e308',
  '; layer_height = 0',
  ';LAYER_CHANGE',
  ';TYPE:',
  'M73 P1e9 R1e300',
  'G1 X1 Y1 Z1 E1 F1',
]

const pick = <T>(values: readonly T[], random: Random): T => values[Math.floor(random() * values.length)] as T

const splice = (bytes: Uint8Array, at: number, removed: number, added: Uint8Array): Uint8Array => {
  const result = new Uint8Array(bytes.length - removed + added.length)
  result.set(bytes.subarray(0, at))
  result.set(added, at)
  result.set(bytes.subarray(at + removed), at + added.length)
  return result
}

const place = (bytes: Uint8Array, random: Random): number => Math.floor(random() * (bytes.length + 1))

const text = (value: string): Uint8Array => Uint8Array.from(value, (character) => character.charCodeAt(0) & 255)

type Mutation = (bytes: Uint8Array, random: Random) => Uint8Array

const mutations: readonly Mutation[] = [
  // Cut off.
  (bytes, random) => bytes.subarray(0, place(bytes, random)),
  // A piece is missing.
  (bytes, random) => {
    const at = place(bytes, random)
    return splice(bytes, at, Math.min(bytes.length - at, Math.floor(random() * 2000)), new Uint8Array(0))
  },
  // A piece stands elsewhere too.
  (bytes, random) => {
    const from = place(bytes, random)
    return splice(bytes, place(bytes, random), 0, bytes.slice(from, from + Math.floor(random() * 3000)))
  },
  // Bits fall over.
  (bytes, random) => {
    const result = bytes.slice()
    for (let n = Math.floor(random() * 20); n >= 0 && result.length > 0; n--) {
      const at = Math.floor(random() * result.length)
      result[at] = (result[at] as number) ^ (1 << Math.floor(random() * 8))
    }
    return result
  },
  // Sizes in headers lie.
  (bytes, random) => {
    const result = bytes.slice()
    const at = Math.floor(random() * Math.min(result.length, 400))
    for (let n = at; n < Math.min(at + 4, result.length); n++)
      result[n] = random() < 0.5 ? 255 : Math.floor(random() * 256)
    return result
  },
  (bytes, random) => splice(bytes, place(bytes, random), 0, text(` ${pick(hostileWords, random)} `)),
  (bytes, random) => splice(bytes, place(bytes, random), 0, text(`\n${pick(hostileLines, random)}\n`)),
  // Random bytes in the middle.
  (bytes, random) => {
    const noise = Uint8Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256))
    return splice(bytes, place(bytes, random), 0, noise)
  },
]

/** A hostile relative of `bytes`; now and then nothing but noise. */
export const mutate = (bytes: Uint8Array, random: Random): Uint8Array => {
  if (random() < 0.02) return Uint8Array.from({ length: Math.floor(random() * 5000) }, () => Math.floor(random() * 256))
  let result = bytes
  for (let n = Math.floor(random() * 6); n >= 0; n--) result = pick(mutations, random)(result, random)
  return result
}

/** Cut into chunks of any size. */
export function* chunksOf(bytes: Uint8Array, random: Random): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const size = random() < 0.2 ? 1 + Math.floor(random() * 7) : 1 + Math.floor(random() * 70_000)
    yield bytes.subarray(at, at + size)
    at += size
  }
}
