// All notes of all slicers by their key, to be found by bytes: nearly every comment of a file is none of them.
import { wordBytes } from './bytes.ts'
import type { Reader, Readers } from './draft.ts'
import {
  curaReaders,
  iceslReaders,
  ideaMakerReaders,
  kiriMotoReaders,
  kisslicerReaders,
  simplify3dReaders,
} from './other-notes.ts'
import { prusaSlicerReaders } from './prusaslicer-notes.ts'
import { settingReaders } from './settings.ts'
import { type Family, nameBeginnings } from './slicer-name.ts'

const families: readonly (readonly [Family, Readers])[] = [
  ['prusaslicer', { ...prusaSlicerReaders, ...settingReaders }],
  ['cura', curaReaders],
  ['simplify3d', simplify3dReaders],
  ['ideamaker', ideaMakerReaders],
  ['kisslicer', kisslicerReaders],
  ['kirimoto', kiriMotoReaders],
  ['icesl', iceslReaders],
]

interface Entry {
  readonly key: Uint8Array
  /** Counted from 0. */
  readonly place: number
  readonly readers: Map<Family, Reader>
}

const EQUALS = 61
const COLON = 58
const COMMA = 44
const HASH = 35

const lowerCase = (byte: number): number => (byte >= 65 && byte <= 90 ? byte + 32 : byte)

/** FNV-1a, byte by byte. */
const START = 0x811c9dc5
const mix = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193)

const table = new Map<number, Entry>()
let longest = 0

for (const [family, readers] of families) {
  for (const [name, reader] of Object.entries(readers)) {
    const key = Uint8Array.from(name, (letter) => letter.charCodeAt(0))
    const hash = key.reduce(mix, START)
    const entry = table.get(hash) ?? { key, place: table.size, readers: new Map() }
    entry.readers.set(family, reader)
    table.set(hash, entry)
    longest = Math.max(longest, key.length)
  }
}

/** Every key has at least so many bytes, and no digit among them. */
const PREFIX_BYTES = 4
const PREFIX_PLACES = 4096

/** Capitals and small letters alike. Written out, for it is asked of every comment. */
const prefixOf = (bytes: Uint8Array, from: number): number => {
  const first = ((bytes[from] as number) | 32) + 31 * ((bytes[from + 1] as number) | 32)
  const second = ((bytes[from + 2] as number) | 32) + 31 * ((bytes[from + 3] as number) | 32)
  return (first + 977 * second) & (PREFIX_PLACES - 1)
}

/** How notes begin: most comments are sorted out here, thumbnails above all. */
const begins = new Uint8Array(PREFIX_PLACES)
for (const { key } of table.values()) begins[prefixOf(key, 0)] = 1
for (const beginning of [...nameBeginnings, 'SETTING_3 ']) begins[prefixOf(wordBytes(beginning), 0)] = 1

/** False of a comment that is surely no note. */
export const mayBeNote = (bytes: Uint8Array, from: number, to: number): boolean =>
  to - from >= PREFIX_BYTES && begins[prefixOf(bytes, from)] === 1

/** The longest key with its digits, which count as one in the table. */
const MOST_KEY_BYTES = longest + 12

/** The first word on a matter stays: a note that comes again and again is not read for ever. */
const MOST_TIMES = 200

/** Finds the reader of a note. Each file needs one of its own. */
export class KeyFinder {
  /** Of the note found last: where its value begins, and the number that stands in its key, else -1. */
  valueFrom = 0
  index = -1
  readonly #key = new Uint8Array(MOST_KEY_BYTES)
  readonly #times = new Uint8Array(table.size)

  /**
   * Splits `bytes[from, to)` at the first `=`, `:` or `,` and looks the key up; a comment without them is all key.
   * Of slicers that use one key for different things, `family` decides, or the order of the table.
   */
  find(bytes: Uint8Array, from: number, to: number, family: Family | undefined): Reader | null {
    if (!mayBeNote(bytes, from, to)) return null
    const key = this.#key
    const most = Math.min(to, from + MOST_KEY_BYTES)
    let at = from
    let length = 0
    let index = -1
    for (; at < most; at++) {
      const byte = bytes[at] as number
      if (byte === EQUALS || byte === COLON || byte === COMMA) break
      if (byte >= 48 && byte <= 57) {
        index = index === -1 ? this.#numberAt(bytes, at, most) : index
        while (at + 1 < most && (bytes[at + 1] as number) >= 48 && (bytes[at + 1] as number) <= 57) at++
        key[length++] = HASH
      } else key[length++] = lowerCase(byte)
    }
    if (at === most && most < to) return null
    while (length > 0 && key[length - 1] === 32) length--
    const entry = this.#entry(length)
    if (entry === undefined || this.#times[entry.place] === MOST_TIMES) return null
    this.#times[entry.place] = (this.#times[entry.place] as number) + 1
    this.index = index
    this.valueFrom = Math.min(at + 1, to)
    if (family !== undefined) return entry.readers.get(family) ?? null
    for (const reader of entry.readers.values()) return reader
    return null
  }

  #entry(length: number): Entry | undefined {
    const key = this.#key
    let hash = START
    for (let n = 0; n < length; n++) hash = mix(hash, key[n] as number)
    const entry = table.get(hash)
    if (entry === undefined || entry.key.length !== length) return undefined
    for (let n = 0; n < length; n++) if (entry.key[n] !== key[n]) return undefined
    return entry
  }

  #numberAt(bytes: Uint8Array, from: number, to: number): number {
    let number = 0
    for (let at = from; at < to && at < from + 9; at++) {
      const byte = bytes[at] as number
      if (byte < 48 || byte > 57) break
      number = number * 10 + byte - 48
    }
    return number
  }
}
