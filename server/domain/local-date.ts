// The date in a time zone.
import { zoneOf } from './wall-time.ts'

/** `2026-11-21`. `now` in seconds since 1970. */
export const localDate = (now: number, timeZone: string): string =>
  new Date(zoneOf(timeZone).dayOf(now) * 86_400_000).toISOString().slice(0, 10)
