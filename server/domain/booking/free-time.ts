// Which printers can do what is wished for, and when they are free. Instants are seconds since 1970.
import type { PrinterWish } from '../../contract/bookings.ts'
import type { PrinterProfile } from '../../contract/printers.ts'
import { materialOf } from '../scheduling/need.ts'
import type { Window } from '../scheduling/windows.ts'
import { offsetOf } from '../wall-time.ts'

export interface BookablePrinter {
  readonly id: number
  readonly name: string
  readonly tags: readonly string[]
  readonly profile: PrinterProfile
  /** Null: nobody has said. */
  readonly enclosed: boolean | null
  /** What is loaded; empty where nobody keeps book. */
  readonly materials: readonly string[]
}

/** °C of nozzle and bed at which these are usually printed, and whether they want a warm box. */
const materialNeeds: Readonly<Record<string, { nozzle: number; bed: number; enclosed: boolean }>> = {
  PLA: { nozzle: 190, bed: 0, enclosed: false },
  PETG: { nozzle: 220, bed: 60, enclosed: false },
  TPU: { nozzle: 210, bed: 0, enclosed: false },
  ABS: { nozzle: 230, bed: 90, enclosed: true },
  ASA: { nozzle: 235, bed: 90, enclosed: true },
  HIPS: { nozzle: 225, bed: 90, enclosed: true },
  PC: { nozzle: 260, bed: 100, enclosed: true },
  PA: { nozzle: 240, bed: 70, enclosed: false },
}

/** Why a printer cannot do what is wished for, a sentence without its end; null where it can. */
export const unfitFor = (wish: PrinterWish, { id, tags, profile, enclosed }: BookablePrinter): string | null => {
  if (wish.printerId != null && wish.printerId !== id) return 'another printer is wished for'
  const tag = wish.tags?.find((one) => !tags.includes(one))
  if (tag !== undefined) return `it is not marked ${tag}`
  if (wish.nozzle != null && Math.abs(wish.nozzle - profile.nozzleDiameter) > 0.01) {
    return `it has a nozzle of ${profile.nozzleDiameter} mm`
  }
  // A part may be turned on the bed by a right angle.
  const wide = Math.max(wish.width ?? 0, wish.depth ?? 0)
  const narrow = Math.min(wish.width ?? 0, wish.depth ?? 0)
  const fits = wide <= Math.max(profile.width, profile.depth) && narrow <= Math.min(profile.width, profile.depth)
  if (!fits || (wish.height ?? 0) > profile.height) return 'the part is too large for it'
  const needs = materialNeeds[materialOf(wish.material ?? null)]
  if (needs === undefined) return null
  if (needs.nozzle > profile.maxNozzleTemperature || needs.bed > profile.maxBedTemperature) {
    return `it does not get hot enough for ${wish.material}`
  }
  return needs.enclosed && enclosed === false ? `${wish.material} wants an enclosed printer` : null
}

/** Those that can, the best first: with the material loaded, then the smallest that will do. */
export const candidatesFor = <P extends BookablePrinter>(wish: PrinterWish, printers: readonly P[]): P[] => {
  const wanted = materialOf(wish.material ?? null)
  const loads = ({ materials }: P): number =>
    wanted !== '' && materials.some((one) => materialOf(one) === wanted) ? 0 : 1
  const volume = ({ profile }: P): number => profile.width * profile.depth * profile.height
  return printers
    .filter((printer) => unfitFor(wish, printer) === null)
    .sort((one, other) => loads(one) - loads(other) || volume(one) - volume(other) || one.id - other.id)
}

/** One printer's time. */
export interface Room<P extends BookablePrinter = BookablePrinter> {
  readonly printer: P
  /** What holds it, clearing included. */
  readonly taken: readonly Window[]
  /** For clearing after what is booked. */
  readonly clearSeconds: number
}

export const isFree = ({ taken, clearSeconds }: Room, from: number, to: number): boolean =>
  taken.every((one) => one.to <= from || one.from >= to + clearSeconds)

export interface Search {
  readonly seconds: number
  /** Starts are at full steps of local time. */
  readonly stepSeconds: number
  readonly timeZone: string
  readonly from: number
  readonly to: number
  /** Where it is wanted most. */
  readonly near: number
}

/** Whether something at this place may be booked; asked only where it is free. */
export type Allowed = (printerId: number, from: number, to: number) => boolean

export interface Place {
  readonly printerId: number
  readonly from: number
  readonly to: number
}

/** So many places are tried against the rules, which costs far more than to see that they are free. */
const MOST_TRIED = 200

/** The free places nearest to where it is wanted, up to `most`; `apart`: seconds between two starts. */
export const nearestPlaces = (
  rooms: readonly Room[],
  search: Search,
  allowed: Allowed,
  { most, apart }: { most: number; apart: number },
): Place[] => {
  const found: Place[] = []
  let tried = 0
  for (const from of startsOf(search)) {
    if (found.length >= most || tried >= MOST_TRIED) break
    if (found.some((place) => Math.abs(place.from - from) < apart)) continue
    const to = from + search.seconds
    const room = rooms.find((one) => {
      if (tried >= MOST_TRIED || !isFree(one, from, to)) return false
      tried += 1
      return allowed(one.printer.id, from, to)
    })
    if (room !== undefined) found.push({ printerId: room.printer.id, from, to })
  }
  return found
}

/** Every possible start, the nearest first. */
function* startsOf({ stepSeconds: step, timeZone, from, to, near }: Search): Generator<number> {
  const aligned = (instant: number): number => {
    const offset = offsetOf(instant, timeZone)
    return Math.round((instant + offset) / step) * step - offset
  }
  const middle = Math.min(Math.max(near, from), to)
  const reach = Math.ceil(Math.max(to - middle, middle - from) / step) + 1
  for (let count = 0; count <= reach; count++) {
    const [later, earlier] = [aligned(middle + count * step), aligned(middle - count * step)]
    if (later >= from && later <= to) yield later
    if (count > 0 && earlier >= from && earlier <= to) yield earlier
  }
}
