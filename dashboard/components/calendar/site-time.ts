// Instants as clocks of the workshop show them, in the reader's own way of writing times.

const parts = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-21T14:00`, as clocks of the zone show it. Writing an instant needs no rule; reading one is the server's. */
export const wallOf = (instant: number, timeZone: string): string => {
  const format =
    parts.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  parts.set(timeZone, format)
  return format.format(instant).replace(' ', 'T')
}

export interface SiteTimes {
  readonly timeZone: string
  /** `14:00` */
  clock(instant: string | number): string
  /** `Sat 21 Nov` of an instant */
  day(instant: string | number): string
  /** `Sat 21 Nov` of a date */
  date(date: string): string
  /** `Saturday 21 November 2026` of a date */
  longDate(date: string): string
  /** `Sat 21 Nov, 14:00` */
  moment(instant: string | number): string
  /** `Sat 21 Nov, 14:00–16:00`; both days where it ends on another. */
  span(from: string | number, to: string | number): string
  wall(instant: string | number): string
}

const msOf = (instant: string | number): number => (typeof instant === 'number' ? instant : Date.parse(instant))

export const siteTimes = (timeZone: string, locale: string): SiteTimes => {
  const short = { weekday: 'short', day: 'numeric', month: 'short' } as const
  const hours = { hour: '2-digit', minute: '2-digit' } as const
  const clocks = new Intl.DateTimeFormat(locale, { ...hours, timeZone })
  const days = new Intl.DateTimeFormat(locale, { ...short, timeZone })
  const dates = new Intl.DateTimeFormat(locale, { ...short, timeZone: 'UTC' })
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' })
  const clock = (instant: string | number): string => clocks.format(msOf(instant))
  const day = (instant: string | number): string => days.format(msOf(instant))
  const wall = (instant: string | number): string => wallOf(msOf(instant), timeZone)
  const moment = (instant: string | number): string => `${day(instant)}, ${clock(instant)}`
  return {
    timeZone,
    clock,
    day,
    date: (date) => dates.format(Date.parse(`${date}T12:00:00Z`)),
    longDate: (date) => long.format(Date.parse(`${date}T12:00:00Z`)),
    moment,
    wall,
    span: (from, to) =>
      wall(from).slice(0, 10) === wall(msOf(to) - 1).slice(0, 10)
        ? `${moment(from)}–${clock(to)}`
        : `${moment(from)} – ${moment(to)}`,
  }
}

/** Minutes by which the reader's own clock is ahead of the workshop's. */
export const minutesAhead = (timeZone: string, now: number): number => {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return Math.round((Date.parse(`${wallOf(now, own)}Z`) - Date.parse(`${wallOf(now, timeZone)}Z`)) / 60_000)
}
