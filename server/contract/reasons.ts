// Why a job is not being printed now: a code for programs, its values, and an English sentence without its end.
import * as Type from 'typebox'

export const Reason = Type.Object({
  code: Type.String(),
  /** Instants in UTC, ISO 8601; lengths in mm, temperatures in °C. */
  values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
  message: Type.String(),
})
export type Reason = Type.Static<typeof Reason>

/** By code. `at` and `until` are instants and are told in the workshop's time. */
const sentences = {
  'job.unreadable': 'the file could not be read: {reason}',
  'job.reading': 'the file is still being read',
  'job.held': 'it is held',
  'job.approval': 'it waits for an operator to say yes',
  'job.denied': 'an operator has said no',
  'job.early': 'it is not to start before {at}',
  'job.no-printer': 'there is no printer yet',
  'job.printer-gone': 'the printer it was queued for is gone',
  'match.other-printer': 'it was queued for another printer',
  'match.barred': 'its member may not print there',
  'match.unlearnt': '{reason}',
  'match.tag': 'wants a printer marked {tag}',
  'match.too-tall': 'too tall by {millimetres} mm',
  'match.too-wide': 'too wide by {millimetres} mm',
  'match.too-deep': 'too deep by {millimetres} mm',
  'match.nozzle-heat': 'needs a nozzle of {wanted} °C, this one reaches {most} °C',
  'match.bed-heat': 'needs a bed of {wanted} °C, this one reaches {most} °C',
  'match.nozzle': 'is sliced for a {wanted} mm nozzle, this one has {has} mm',
  'match.enclosure': '{material} wants an enclosed printer',
  'match.warning': '{reason}',
  'match.swap': '{wanted} wanted, {has} loaded: a swap needs someone here',
  'match.grams': '{wanted} g needed, {has} g left on the spool',
  'printer.offline': 'it is not connected',
  'printer.halted': 'it has halted and needs a person',
  'printer.busy': 'it is busy',
  'printer.printing': 'it is printing',
  'printer.printing-until': 'it is printing, probably until {until}',
  'printer.bed': 'its bed waits to be cleared',
  'printer.bed-later': 'its bed waits to be cleared, and nobody is there before {until}',
  'printer.switched-off': 'it is switched off by its plug',
  'printer.no-jobs': 'it takes no jobs at present',
  'printer.bed-warm': 'its bed is at {has} °C and must cool to {wanted} °C',
  'printer.nozzle-warm': 'its nozzle is at {has} °C and must cool to {wanted} °C',
  'printer.failed-twice': 'its last {count} prints failed; it waits until somebody has looked after it',
  'printer.refused': 'its bridge refused: {reason}',
  'time.claimed': 'booked until {until}',
  'time.maintenance': 'out of service until {until}',
  'time.event': 'taken for an event until {until}',
  'time.held': 'kept free until {until}',
  'time.too-long': 'would not be done and cleared before {at}, when it is booked',
  'time.nobody-there': 'nobody is there to start it before {until}',
  'time.quiet': 'quiet hours until {until}',
  'time.closes': 'would still be printing at {at}, when printing must stop',
  'time.never': 'the hours of the workshop leave no time that is long enough',
  'power.circuit': 'the circuit {circuit} is in use; heat-ups take turns',
  'power.too-much': 'needs more power than the circuit {circuit} has',
  'order.promised': 'kept for a job that has waited longer',
  'order.before': '{count} jobs come first',
  'order.one-before': 'one job comes first',
  'order.less-printed': '{count} jobs of people who printed less lately come first',
  'order.tonight': 'a longer job makes better use of the night',
  'order.next': 'it is next',
} as const

export type ReasonCode = keyof typeof sentences

/** What was found, before it is put in words. */
export interface Found {
  readonly code: ReasonCode
  readonly values: Readonly<Record<string, string | number>>
}

export const found = (code: ReasonCode, values: Found['values'] = {}): Found => ({ code, values })

/** `clock` tells an instant as people of the workshop do. */
export const inWords = ({ code, values }: Found, clock: (instant: string) => string): Reason => ({
  code,
  values: { ...values },
  message: sentences[code].replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ''
    return (name === 'at' || name === 'until') && typeof value === 'string' ? clock(value) : String(value)
  }),
})
