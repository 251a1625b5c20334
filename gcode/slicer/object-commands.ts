// Objects as firmwares are told of them: Klipper's EXCLUDE_OBJECT_..., M486 of Marlin and RepRapFirmware.
import { type Command, decodeLatin1 } from '../command.ts'
import type { ObjectTrack, Point } from './object-track.ts'
import { withoutControls } from './values.ts'

/** An outline of thousands of points is cut here, and not taken. */
const LONGEST_DEFINITION = 1 << 17

/** Room for a name of 200 characters. */
const LONGEST_M486 = 1000
const MOST_PARAMETERS = 8

const utf8 = new TextDecoder()

/** The command's text as people wrote it: names are UTF-8. */
const textOf = ({ bytes, from, to }: Command, longest: number): string =>
  utf8.decode(bytes.subarray(from, Math.min(to, from + longest)))

/** Parameters of an extended command: `NAME=x`, `NAME='a b'`, `NAME="a b"`. */
const NAME = /\sNAME\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))/i
const CENTER = /\sCENTER\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S+))/i
const POLYGON = /\sPOLYGON\s*=\s*(\[\s*\[[-+.,\s[\]\d]*\]\s*\])/i

const parameter = (text: string, pattern: RegExp): string => {
  const found = pattern.exec(text)
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? ''
}

const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)/g

const FARTHEST = 1e6

/** `[[1,2],[3,4]]` -> points; none where a number is absurd or stands alone. */
export const pointsIn = (text: string): Point[] => {
  const numbers = (text.match(NUMBER) ?? []).map(Number)
  const points: Point[] = []
  for (let n = 0; n + 1 < numbers.length; n += 2) points.push([numbers[n] as number, numbers[n + 1] as number])
  const sound = numbers.length % 2 === 0 && numbers.every((number) => Math.abs(number) <= FARTHEST)
  return sound ? points : []
}

/** Whether this is one of Klipper's commands on objects: asked of every extended command. */
export const isExcludeObject = ({ bytes, from, to, letter }: Command): boolean =>
  letter === 0 &&
  to - from > 17 &&
  ((bytes[from] as number) | 32) === 101 &&
  /^EXCLUDE_OBJECT_/i.test(decodeLatin1(bytes, from, from + 15))

/**
 * `EXCLUDE_OBJECT_DEFINE NAME=x CENTER=1,2 POLYGON=[[..]]`, `..._START NAME=x`, `..._END NAME=x`. Names are the same in
 * capitals and small letters. (Klipper, docs/G-Codes.md, [exclude_object])
 */
export const readExcludeObject = (track: ObjectTrack, command: Command): void => {
  const text = textOf(command, LONGEST_DEFINITION)
  const verb = /^EXCLUDE_OBJECT_(DEFINE|START|END)\b/i.exec(text)?.[1]?.toUpperCase()
  if (verb === 'END') return track.stop(command.offset)
  const name = withoutControls(parameter(text, NAME))
  if (verb === undefined || name === '') return
  const object = track.object(name.toUpperCase(), name)
  if (verb === 'START') return track.start(object, command.offset)
  if (object === null) return
  const centre = pointsIn(parameter(text, CENTER))[0]
  if (centre !== undefined && object.centre === undefined) object.centre = centre
  track.outline(object, pointsIn(parameter(text, POLYGON)))
}

/**
 * `M486 S2` begins object 2, `M486 S-1` ends it, `M486 Aname` names the one that has begun: to the end of the line in
 * Marlin, in quotes in RepRapFirmware. `T`, `P`, `U` and `C` are of no concern here. (Marlin M486; Duet3D M486)
 */
export const readM486 = (track: ObjectTrack, command: Command): void => {
  const text = textOf(command, LONGEST_M486)
  let rest = text.replace(/^M\s*0*486(?:\.\d+)?/i, '').trimStart()
  let name: string | undefined
  for (let n = 0; rest !== '' && n < MOST_PARAMETERS; n++) {
    const found = /^([A-Z])\s*(?:"([^"]*)"|([+-]?\d+(?:\.\d*)?)?(?=\s|[A-Z]|$))/i.exec(rest)
    const letter = rest[0]?.toUpperCase()
    if (letter === 'A') {
      name = found?.[2] ?? rest.slice(1)
      if (found?.[2] === undefined) break
    } else if (letter === 'S' && found?.[3] !== undefined) beginM486(track, Number(found[3]), command.offset)
    rest = rest.slice(Math.max(1, found?.[0].length ?? 1)).trimStart()
  }
  const plain = withoutControls(name ?? '').slice(0, 200)
  if (plain !== '' && track.open !== null && track.open.name === '') track.open.name = plain
}

/** Firmwares take objects from 0 on; any other number is none. */
const MOST_INDEX = 1e6

const beginM486 = (track: ObjectTrack, index: number, offset: number): void => {
  if (index >= 0 && index <= MOST_INDEX) track.start(track.object(String(Math.trunc(index)), ''), offset)
  else track.stop(offset)
}
