// What is said of a time while it is drawn: "Prusa 2, Sat 21 Nov, 14:00–16:00, free until 18:30".
import { useLingui } from '@lingui/react/macro'
import type { BookingCalendar } from '../../../server/contract/calendar.ts'
import { freeUntil, isTaken, type Sketch } from './taken.ts'
import { useSiteTimes } from './use-site-times.ts'

export interface SpokenSketch {
  time(sketch: Sketch): string
  grabbed(span: string): string
  dropped(): string
}

export const useSpokenSketch = (calendar: BookingCalendar): SpokenSketch => {
  const { t } = useLingui()
  const times = useSiteTimes()
  const free = (sketch: Sketch): string => {
    if (isTaken(calendar, sketch)) return t`not free`
    const until = freeUntil(calendar, sketch)
    if (until === null) return t`free`
    const sameDay = times.wall(until).slice(0, 10) === times.wall(sketch.to).slice(0, 10)
    const end = sameDay ? times.clock(until) : times.moment(until)
    return t`free until ${end}`
  }
  return {
    time: (sketch) => {
      const name = calendar.printers.find(({ id }) => id === sketch.printerId)?.name ?? ''
      return `${name}, ${times.span(sketch.from, sketch.to)}, ${free(sketch)}`
    },
    grabbed: (span) =>
      t`Picked up: ${span}. Arrows move it, Shift and arrows change its length, Enter opens the form, Escape puts it back.`,
    dropped: () => t`Put back.`,
  }
}
