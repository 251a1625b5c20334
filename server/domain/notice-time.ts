// When a notice leaves the dashboard: at once, or when the quiet hours of its member end.
import type { QuietHours } from '../contract/notices.ts'
import { zoneOf } from './wall-time.ts'

const DAY = 86_400

const secondsOf = (time: string): number => Number(time.slice(0, 2)) * 3600 + Number(time.slice(3)) * 60

/**
 * The first instant from `at` on that lies in no quiet hours; seconds since 1970. Hours without end, that is from a time
 * of day to the same one, are those of a whole day: then nothing ever leaves, and `at` plus a day is answered.
 */
export const leavesAt = (quiet: QuietHours | null, timeZone: string, at: number): number => {
  if (quiet === null) return at
  const zone = zoneOf(timeZone)
  const today = zone.dayOf(at)
  // Yesterday's may reach into today.
  for (const day of [today - 1, today]) {
    const from = day * DAY + secondsOf(quiet.from)
    const to = day * DAY + secondsOf(quiet.to)
    const begin = zone.instantOf(from)
    const end = zone.instantOf(to <= from ? to + DAY : to)
    if (begin <= at && at < end) return end
  }
  return at
}
