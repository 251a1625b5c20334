// What is said of each rule that a booking breaks: the reason, and what would be allowed.
import type { Broken } from './booking-rules.ts'

/** By code. `at`, `from` and `until` are instants and are told in the workshop's time. */
const sentences = {
  'not-bookable': ['{printer} is not for booking.', 'Queue a file for it, or choose another printer.'],
  past: ['It begins in the past.', 'The earliest start is {from}.'],
  step: [
    'Starts and lengths are in steps of {minutes} minutes.',
    'Begin at {from} and take a multiple of {minutes} minutes.',
  ],
  short: ['{asked} is shorter than the shortest booking.', 'Book at least {least}.'],
  long: ['{asked} is longer than the longest booking.', 'Book at most {most}.'],
  advance: ['It begins more than {days} days ahead.', 'Up to {until} can be booked now.'],
  notice: ['It begins too soon: bookings are made at least {asked} ahead.', 'The earliest start is {from}.'],
  open: ['{count} bookings of yours are still to come, and {most} may be.', 'Use or give up one of them first.'],
  week: [
    'In the week from {from} you would have {asked} hours, and {most} may be.',
    '{left} hours are left in that week.',
  ],
  'at-once': [
    'You would have {count} printers at the same time, and {most} may be.',
    'Choose a time when you have less.',
  ],
  gap: ['Between your bookings on {printer} there must be {asked}.', 'Begin before {until} or after {from}.'],
  closed: ['The workshop is closed at its {edge}.', '{hint}'],
  'closed-inside': [
    'The workshop is closed for a part of it, and nothing prints then.',
    'Stay within the opening hours.',
  ],
  quiet: ['It runs into quiet hours, in which nothing prints.', 'It must end by {until}.'],
  share: [
    '{percent} % of the open hours of {printer} are left to the queue, and in the week from {from} they would not be.',
    '{left} hours can still be booked on it in that week.',
  ],
  service: ['{printer} is out of service: {reason}', 'Choose another printer, or ask when it is back.'],
  busy: ['{printer} is printing, probably until {until}.', 'The earliest start is {from}.'],
  kept: ['{printer} is kept for a job that has waited long.', 'Begin after {from}.'],
  qualification: ['{reason}', '{step}'],
  unfit: ['{printer} cannot print it: {reason}.', 'Choose another printer.'],
  late: [
    'It begins in less than {asked}: it cannot be moved away any more.',
    'It can still be made longer, handed over or cancelled.',
  ],
} as const satisfies Record<string, readonly [string, string]>

export type BrokenCode = keyof typeof sentences

type Values = Readonly<Record<string, string | number>>

const instants = new Set(['at', 'from', 'until'])

/** `clock` tells an instant (ISO 8601) as people of the workshop do. */
export const broken = (code: BrokenCode, values: Values, clock: (instant: string) => string): Broken => {
  const say = (sentence: string): string =>
    sentence.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? ''
      return instants.has(name) && typeof value === 'string' ? clock(value) : String(value)
    })
  const [message, allowed] = sentences[code]
  return { code, values: { ...values }, message: say(message), allowed: say(allowed) }
}

/** 90 -> `1 h 30 min`. */
export const inHours = (minutes: number): string => {
  const hours = Math.floor(minutes / 60)
  const rest = Math.round(minutes % 60)
  if (hours === 0) return `${rest} min`
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`
}
