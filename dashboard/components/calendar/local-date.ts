// Dates of a calendar, `2026-11-21`, without a time and so without a zone.

const DAY_MS = 86_400_000

const atNoon = (date: string): number => Date.parse(`${date}T12:00:00Z`)

export const addDays = (date: string, days: number): string =>
  new Date(atNoon(date) + days * DAY_MS).toISOString().slice(0, 10)

/** 0 is Monday. */
export const weekdayOf = (date: string): number => (new Date(atNoon(date)).getUTCDay() + 6) % 7

export const mondayOf = (date: string): string => addDays(date, -weekdayOf(date))

export const isDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(atNoon(text)) && addDays(text, 0) === text

/** Which of its weekday in the month it is, from 1; -1 for the last where it is the fifth. */
export const placeInMonth = (date: string): number => {
  const place = Math.ceil(Number(date.slice(8)) / 7)
  return place > 4 ? -1 : place
}
