// Which lines of a file print which object, so that one of ten can be left out while the others go on.
import type { Command } from '../command.ts'
import { beginsWith, equals, isDigit, skipSpace, wordBytes } from './bytes.ts'
import { isExcludeObject, pointsIn, readExcludeObject, readM486 } from './object-commands.ts'
import { nameByComments, preferredTrack } from './object-merge.ts'
import { type ObjectBudget, type ObjectDialect, ObjectTrack, type Point, type TrackedObject } from './object-track.ts'
import { withoutControls } from './values.ts'

export interface ObjectLabel {
  /** As the file calls it, cut at 200 characters. */
  readonly name: string
  /** By which the dialect knows it: a name in capitals (klipper), a name (cura), a number (others). */
  readonly id: string
  /** Counted from 0, where the slicer tells copies of an object apart. */
  readonly copy?: number
  readonly dialect: ObjectDialect
  /**
   * Bytes of the file that print it, from (included) and to (excluded); whole lines, ascending, apart from each other.
   * The line that begins it is in, the one that ends it is not.
   */
  readonly ranges: readonly (readonly [from: number, to: number])[]
  readonly centre?: Point
  readonly polygon?: readonly Point[]
}

export interface LabelledObjects {
  readonly objects: readonly ObjectLabel[]
  /** False where there were more objects, ranges or points than are kept: then do not leave out by these labels. */
  readonly complete: boolean
}

const MOST_RANGES = 1_000_000
const MOST_POINTS = 200_000
const LONGEST_COMMENT = 1 << 20

const PRINTING_OBJECT = wordBytes('printing object ')
const STOP_PRINTING = wordBytes('stop printing object')
const START_LABEL = wordBytes('start printing object, unique label id:')
const MESH = wordBytes('MESH:')
const NONMESH = wordBytes('MESH:NONMESH')
const LAYER = wordBytes('LAYER:')
const PRINTING = wordBytes('PRINTING:')
const PRINTING_ID = wordBytes('PRINTING_ID:')
const NON_OBJECT = 'NON-OBJECT'
const OBJECTS_INFO = wordBytes('objects_info = {')

const LETTER_M = 77

const utf8 = new TextDecoder()

/** Give it all commands and comments of a file in order, then its `end`, then ask for the `result`. */
export class ObjectLabels {
  readonly #budget: ObjectBudget = { ranges: MOST_RANGES, points: MOST_POINTS }
  readonly #klipper = new ObjectTrack('klipper', this.#budget)
  readonly #m486 = new ObjectTrack('m486', this.#budget)
  readonly #bambu = new ObjectTrack('bambu', this.#budget)
  readonly #prusaSlicer = new ObjectTrack('prusaslicer', this.#budget)
  readonly #cura = new ObjectTrack('cura', this.#budget)
  readonly #ideaMaker = new ObjectTrack('ideamaker', this.#budget)
  /** What a firmware is told counts more than what a person is. */
  readonly #tracks = [this.#klipper, this.#m486, this.#bambu, this.#prusaSlicer, this.#cura, this.#ideaMaker]
  #outlines: ReadonlyMap<string, readonly Point[]> = new Map()

  command(command: Command): void {
    if (command.letter === LETTER_M) {
      if (command.number === 486) readM486(this.#m486, command)
    } else if (command.letter === 0 && isExcludeObject(command)) readExcludeObject(this.#klipper, command)
  }

  comment(bytes: Uint8Array, from: number, to: number, offset: number, _line = 0): void {
    switch (bytes[from]) {
      case 112: // p
        if (beginsWith(bytes, from, to, PRINTING_OBJECT)) this.#startCopy(bytes, from, to, offset)
        return
      case 115: // s
        return this.#startOrStop(bytes, from, to, offset)
      case 77: // M
        if (equals(bytes, from, to, NONMESH)) this.#cura.stop(offset)
        else if (beginsWith(bytes, from, to, MESH)) this.#startNamed(this.#cura, bytes, from + MESH.length, to, offset)
        return
      case 80: // P
        return this.#ideaMakerObject(bytes, from, to, offset)
      case 76: // L
        if (!beginsWith(bytes, from, to, LAYER)) return
        this.#cura.stop(offset)
        return this.#ideaMaker.stop(offset)
      case 111: // o
        if (beginsWith(bytes, from, to, OBJECTS_INFO)) this.#readOutlines(bytes, from, to)
        return
    }
  }

  /** Ends the file, which has so many bytes. */
  end(offset: number): void {
    for (const track of this.#tracks) track.stop(offset)
  }

  /** Each object once, in the order in which they appear; objects that are only announced are left out. */
  result(): LabelledObjects {
    const track = preferredTrack(this.#tracks)
    if (track === null) return { objects: [], complete: true }
    nameByComments(track, this.#prusaSlicer)
    const objects = Array.from(track.objects.values())
      .filter(({ bounds }) => bounds.length > 0)
      .map((object) => this.#label(track.dialect, object))
    return { objects, complete: !track.exceeded }
  }

  #label(dialect: ObjectDialect, object: TrackedObject): ObjectLabel {
    const { name, id, copy, centre, bounds } = object
    const ranges: [number, number][] = []
    for (let n = 0; n < bounds.length; n += 2) ranges.push([bounds[n] as number, bounds[n + 1] as number])
    const polygon = object.polygon ?? this.#outlines.get(name)
    return {
      name: name === '' ? `Object ${id}` : name,
      id: shortId(dialect, id),
      ...(copy === undefined ? {} : { copy }),
      dialect,
      ranges,
      ...(centre === undefined ? {} : { centre }),
      ...(polygon === undefined ? {} : { polygon }),
    }
  }

  /** `printing object NAME id:0 copy 1` */
  #startCopy(bytes: Uint8Array, from: number, to: number, offset: number): void {
    const text = textAt(bytes, from + PRINTING_OBJECT.length, to)
    if (text === '') return
    const found = /^(.*) id:(\d{1,10}) copy (\d{1,10})$/.exec(text)
    // A name that is cut keeps what tells it from others.
    const id = found === null ? text : `${found[1]?.slice(0, LONGEST_NAME)} id:${found[2]} copy ${found[3]}`
    const object = this.#prusaSlicer.object(id, found?.[1] ?? text)
    if (object !== null && found !== null) object.copy = Number(found[3])
    this.#prusaSlicer.start(object, offset)
  }

  /** `stop printing object ...` of both kinds, `start printing object, unique label id: 187` */
  #startOrStop(bytes: Uint8Array, from: number, to: number, offset: number): void {
    if (beginsWith(bytes, from, to, STOP_PRINTING)) {
      this.#prusaSlicer.stop(offset)
      this.#bambu.stop(offset)
    } else if (beginsWith(bytes, from, to, START_LABEL)) {
      const at = skipSpace(bytes, from + START_LABEL.length, to)
      if (isDigit(bytes[at]) && at < to) {
        const id = nameAt(bytes, at, Math.min(to, at + 20))
        this.#bambu.start(this.#bambu.object(id, ''), offset)
      }
    }
  }

  #startNamed(track: ObjectTrack, bytes: Uint8Array, from: number, to: number, offset: number): void {
    const name = nameAt(bytes, from, to)
    if (name === '' || name === NON_OBJECT) track.stop(offset)
    else track.start(track.object(name, name), offset)
  }

  /** `PRINTING: name` and, on the next line, `PRINTING_ID: 2`, which tells objects of one name apart. */
  #ideaMakerObject(bytes: Uint8Array, from: number, to: number, offset: number): void {
    const track = this.#ideaMaker
    if (beginsWith(bytes, from, to, PRINTING)) {
      return this.#startNamed(track, bytes, from + PRINTING.length, to, offset)
    }
    const open = track.open
    if (open === null || !beginsWith(bytes, from, to, PRINTING_ID)) return
    const id = `${open.name} #${nameAt(bytes, from + PRINTING_ID.length, Math.min(to, from + 30))}`
    if (open.id !== id) track.reopenAs(track.object(id, open.name))
  }

  /** `objects_info = {"objects":[{"name":"Shape-Box","polygon":[[131.25,111.25],...]}]}` (PrusaSlicer from 2.7 on) */
  #readOutlines(bytes: Uint8Array, from: number, to: number): void {
    if (this.#outlines.size > 0) return
    const text = utf8.decode(bytes.subarray(from, Math.min(to, from + LONGEST_COMMENT)))
    const outlines = new Map<string, readonly Point[]>()
    let left = MOST_POINTS
    for (const [, name, polygon] of text.matchAll(
      /"name":"((?:[^"\\]|\\.)*)","polygon":(\[\s*\[[-+.,\s[\]\d]*\]\s*\])/g,
    )) {
      const points = pointsIn(polygon as string)
      left -= points.length
      if (left < 0) break
      if (points.length >= 3) outlines.set((name as string).replace(/\\(.)/g, '$1').slice(0, 200), points)
    }
    this.#outlines = outlines
  }
}

/** Ids are kept with the name where they are not unique by themselves. */
const shortId = (dialect: ObjectDialect, id: string): string => {
  if (dialect === 'prusaslicer') return / id:(\d+) copy \d+$/.exec(id)?.[1] ?? id
  return dialect === 'ideamaker' ? (/ #(\S+)$/.exec(id)?.[1] ?? id) : id
}

/** So that an id made of it stays within bounds. */
const LONGEST_NAME = 160

const nameAt = (bytes: Uint8Array, from: number, to: number): string => textAt(bytes, from, to).slice(0, LONGEST_NAME)

const textAt = (bytes: Uint8Array, from: number, to: number): string =>
  withoutControls(utf8.decode(bytes.subarray(from, Math.min(to, from + 1000))))
