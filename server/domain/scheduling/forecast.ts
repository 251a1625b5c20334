// When what waits will probably start and be done: the queue as it stands, played to its end.
import { HORIZON_DAYS } from './calendar.ts'
import { swapFor } from './need.ts'
import type { Turn } from './order.ts'
import type { Quantiles } from './runtime.ts'
import { type Admission, durationOf, earliest, type Floor, type Kind, type Slot } from './slots.ts'
import type { Matches } from './starts.ts'

/** Instants; of the last copy, where there are several. */
export interface Foreseen {
  readonly printerId: number
  readonly start: Quantiles
  readonly finish: Quantiles
}

/** A printer's time as it will be, print after print. */
interface Course {
  readonly slot: Slot
  free: Quantiles
}

/** `turns` in their order, without those that start now. Jobs that nobody can tell anything about are left out. */
export const forecast = (floor: Floor, matches: Matches, turns: readonly Turn[]): Map<number, Foreseen> => {
  const foreseen = new Map<number, Foreseen>()
  const byKind = coursesOf(floor)
  const end = floor.now + HORIZON_DAYS * 86_400
  for (const { need } of turns) {
    const { id } = need.job
    const known = foreseen.get(id)
    const best = soonest(floor, matches, need, byKind, end)
    if (best === null) continue
    const { course, admission } = best
    const start = startsOf(floor, course, need, admission.start)
    const takes = durationOf(need, course.slot.kind, floor.settings)
    const finish = { p10: start.p10 + takes.p10, p50: start.p50 + takes.p50, p90: start.p90 + takes.p90 }
    foreseen.set(id, { printerId: course.slot.printer.id, start: known?.start ?? start, finish })
    course.free = { p10: finish.p10, p50: afterwards(admission, takes), p90: Math.max(finish.p90, admission.clear) }
    sink(byKind.get(course.slot.kind) ?? [], course)
  }
  return foreseen
}

interface Best {
  readonly course: Course
  readonly admission: Admission
}

/** The printer on which it would start first; null where none can be foreseen until `end`. */
const soonest = (
  floor: Floor,
  matches: Matches,
  need: Turn['need'],
  byKind: ReadonlyMap<Kind, readonly Course[]>,
  end: number,
): Best | null => {
  const misfits = matches.of(need)
  const { printerId } = need.job
  let best: Best | null = null
  const look = (kind: Kind): void => {
    for (const course of candidates(byKind.get(kind) ?? [], printerId)) {
      if (course.free.p50 > end || (best !== null && course.free.p50 >= best.admission.start)) return
      const swap = swapFor(need, kind) !== null
      const admission = earliest(floor, course.slot, need, course.free.p50, swap)
      if (admission !== null && (best === null || admission.start < best.admission.start)) best = { course, admission }
    }
  }
  let first: Kind | null = null
  let free = end
  for (const kind of floor.kinds) {
    const at = misfits[kind.number]?.length === 0 ? (byKind.get(kind)?.[0]?.free.p50 ?? end) : end
    if (at < free) {
      first = kind
      free = at
    }
  }
  // Asked first, the kind that is free first spares most of the others.
  if (first !== null) look(first)
  for (const kind of floor.kinds) if (kind !== first && misfits[kind.number]?.length === 0) look(kind)
  return best
}

/** Its bed is cleared as soon as somebody is there after the half-way finish. */
const afterwards = ({ start, clear, idle }: Admission, takes: Quantiles): number =>
  idle > 0 ? clear : Math.min(clear, start + takes.p50 + (clear - start - takes.p90))

const startsOf = (floor: Floor, { slot, free }: Course, need: Turn['need'], p50: number): Quantiles => {
  if (free.p10 === free.p90) return { p10: p50, p50, p90: p50 }
  const p10 = free.p10 < free.p50 ? (earliest(floor, slot, need, free.p10)?.start ?? p50) : p50
  const p90 = earliest(floor, slot, need, free.p90)?.start ?? p50
  return { p10: Math.min(p10, p50), p50, p90: Math.max(p90, p50) }
}

/** Of each kind, the printers that may be free again, the soonest first. */
const coursesOf = ({ slots, kinds }: Floor): Map<Kind, Course[]> => {
  const byKind = new Map<Kind, Course[]>(kinds.map((kind) => [kind, []]))
  for (const slot of slots) {
    if (slot.free.p50 < Number.POSITIVE_INFINITY) byKind.get(slot.kind)?.push({ slot, free: slot.free })
  }
  for (const courses of byKind.values()) courses.sort((one, other) => one.free.p50 - other.free.p50)
  return byKind
}

/** Among like printers the first two to be free: the very first may have a booking in the way. */
const candidates = (courses: readonly Course[], printerId: number | null): readonly Course[] =>
  printerId === null ? courses.slice(0, 2) : courses.filter(({ slot }) => slot.printer.id === printerId)

/** To its new place among the others. */
const sink = (courses: Course[], course: Course): void => {
  let place = courses.indexOf(course)
  for (; place + 1 < courses.length; place++) {
    const next = courses[place + 1] as Course
    if (next.free.p50 >= course.free.p50) break
    courses[place] = next
  }
  courses[place] = course
}
