// Times, lengths and amounts as people read them, in their language.
import { i18n } from '@lingui/core'

/** `1 h 20 min`, `12 min`, `40 s`; rounded as one would say it. */
export const formatDuration = (seconds: number): string => {
  const unit = (value: number, name: 'day' | 'hour' | 'minute' | 'second'): string =>
    new Intl.NumberFormat(i18n.locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
  const rounded = Math.max(0, Math.round(seconds))
  if (rounded < 60) return unit(rounded, 'second')
  const minutes = Math.round(rounded / 60)
  if (minutes < 60) return unit(minutes, 'minute')
  const hours = Math.floor(minutes / 60)
  if (hours >= 24) {
    const rest = Math.round(hours % 24)
    return `${unit(Math.floor(hours / 24), 'day')}${rest > 0 ? ` ${unit(rest, 'hour')}` : ''}`
  }
  return `${unit(hours, 'hour')}${minutes % 60 > 0 ? ` ${unit(minutes % 60, 'minute')}` : ''}`
}

/** `14:32`; with the day where it is not today, and the year where it is another. */
export const formatInstant = (instant: string | number | Date): string => {
  const date = new Date(instant)
  const now = new Date()
  const today = date.toDateString() === now.toDateString()
  return new Intl.DateTimeFormat(i18n.locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(today ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
    ...(date.getFullYear() === now.getFullYear() ? {} : { year: 'numeric' }),
  }).format(date)
}

/** `14:00 – 15:30`; with the days where it is not all today. */
export const formatSpan = (from: string, to: string): string => {
  const [first, last] = [new Date(from), new Date(to)]
  const today = [first, last].every((date) => date.toDateString() === new Date().toDateString())
  return new Intl.DateTimeFormat(i18n.locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(today ? {} : { weekday: 'short', day: 'numeric', month: 'short' }),
  }).formatRange(first, last)
}

/** `Monday` for 0. */
export const weekdayName = (day: number): string =>
  // 1 January 2024 was a Monday.
  new Intl.DateTimeFormat(i18n.locale, { weekday: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + day))

export const formatTimeOfDay = (instant: string): string =>
  new Intl.DateTimeFormat(i18n.locale, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
    new Date(instant),
  )

/** For the axis of a chart: `14:32`, or `14:32:10` where the marks are less than a minute apart. */
export const formatClock = (instant: number, withSeconds: boolean): string =>
  new Intl.DateTimeFormat(i18n.locale, {
    hour: '2-digit',
    minute: '2-digit',
    ...(withSeconds ? { second: '2-digit' } : {}),
    hourCycle: 'h23',
  }).format(instant)

export const formatBytes = (bytes: number): string => {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** step
  return new Intl.NumberFormat(i18n.locale, {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}

export const formatNumber = (value: number, digits = 0): string =>
  new Intl.NumberFormat(i18n.locale, { maximumFractionDigits: digits }).format(value)

export const formatPercent = (part: number): string =>
  new Intl.NumberFormat(i18n.locale, { style: 'percent', maximumFractionDigits: 0 }).format(part)

/** Metres of filament. */
export const formatLength = (millimetres: number): string =>
  new Intl.NumberFormat(i18n.locale, {
    style: 'unit',
    unit: 'meter',
    maximumFractionDigits: millimetres < 10_000 ? 2 : 1,
  }).format(millimetres / 1000)
