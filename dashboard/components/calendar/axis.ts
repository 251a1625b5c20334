// Where an instant lies on a line of days that are not all equally long. Instants are milliseconds since 1970.
import { wallOf } from './site-time.ts'

const MINUTE = 60_000

export interface AxisDay {
  readonly date: string
  readonly from: number
  readonly to: number
}

export interface Axis {
  readonly timeZone: string
  readonly days: readonly AxisDay[]
  readonly from: number
  readonly to: number
  /** Where its cells begin; the last of a day may be shorter than the others. */
  readonly cells: readonly number[]
  readonly cellMinutes: number
}

export interface AxisWish {
  /** `2026-11-21` */
  readonly first: string
  readonly days: number
  readonly cellMinutes: number
}

/** `starts`: the local midnights, those of the days that are shown and of the one after. Null where one is missing. */
export const axisOf = (
  starts: readonly { readonly date: string; readonly start: string }[],
  timeZone: string,
  { first, days, cellMinutes }: AxisWish,
): Axis | null => {
  const at = starts.findIndex(({ date }) => date === first)
  const shown = at < 0 ? [] : starts.slice(at, at + days + 1)
  if (shown.length < days + 1) return null
  const midnights = shown.map(({ start }) => Date.parse(start))
  const axisDays = shown.slice(0, days).map(({ date }, place) => ({
    date,
    from: midnights[place] ?? 0,
    to: midnights[place + 1] ?? 0,
  }))
  const cells = axisDays.flatMap(({ from, to }) =>
    Array.from(
      { length: Math.ceil((to - from) / (cellMinutes * MINUTE)) },
      (_, place) => from + place * cellMinutes * MINUTE,
    ),
  )
  return { timeZone, days: axisDays, from: midnights[0] ?? 0, to: midnights[days] ?? 0, cells, cellMinutes }
}

/** The end of a cell: where the next begins. */
export const endOfCell = (axis: Axis, cell: number): number => axis.cells[cell + 1] ?? axis.to

/** The cell in which an instant lies; those outside count to the first and the last. */
export const cellAt = (axis: Axis, instant: number): number => {
  const next = axis.cells.findIndex((start) => start > instant)
  return next < 0 ? axis.cells.length - 1 : Math.max(0, next - 1)
}

/** 0 at its beginning, 1 at its end. */
export const fractionAt = (axis: Axis, instant: number): number => (instant - axis.from) / (axis.to - axis.from)

export interface Place {
  readonly left: string
  readonly width: string
}

/** As percentages; null where nothing of it is on the axis. */
export const placeOf = (axis: Axis, from: number, to: number): Place | null => {
  const [start, end] = [Math.max(from, axis.from), Math.min(to, axis.to)]
  if (end <= start) return null
  const percent = (part: number): string => `${Math.round(part * 100_000) / 1000}%`
  return { left: percent(fractionAt(axis, start)), width: percent((end - start) / (axis.to - axis.from)) }
}

/** The step in which a point lies, counted from the midnight before it. `fraction` is 0 at the beginning of the axis. */
export const instantAt = (axis: Axis, fraction: number, stepMinutes: number): number => {
  const raw = axis.from + Math.min(1, Math.max(0, fraction)) * (axis.to - axis.from)
  const day = axis.days.find(({ to }) => raw < to) ?? axis.days.at(-1)
  const start = day?.from ?? axis.from
  return start + Math.floor((raw - start) / (stepMinutes * MINUTE)) * stepMinutes * MINUTE
}

export interface Mark {
  readonly at: number
  /** `2026-10-25T02:00`: twice where the clocks are put back. */
  readonly wall: string
}

/** Every full hour that clocks show, one by one as they pass. */
export const hourMarks = (axis: Axis, everyHours = 1): Mark[] => {
  const marks: Mark[] = []
  // Clocks are changed by half hours at least (Lord Howe).
  for (let at = axis.from; at < axis.to; at += 30 * MINUTE) {
    const wall = wallOf(at, axis.timeZone)
    if (wall.endsWith(':00') && Number(wall.slice(11, 13)) % everyHours === 0) marks.push({ at, wall })
  }
  return marks
}

export interface Span {
  readonly from: number
  readonly to: number
}

/** What of the axis lies in none of these windows. */
export const gapsIn = (axis: Axis, windows: readonly Span[]): Span[] => {
  const gaps: Span[] = []
  let at = axis.from
  for (const { from, to } of [...windows].sort((one, other) => one.from - other.from)) {
    if (from > at) gaps.push({ from: at, to: Math.min(from, axis.to) })
    at = Math.max(at, to)
  }
  if (at < axis.to) gaps.push({ from: at, to: axis.to })
  return gaps.filter(({ from, to }) => to > from && from < axis.to)
}
