// How the queue is worked off: hours, weights, circuits, and what members are shown of it.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Reason } from './reasons.ts'
import { Id, IdParams, Instant, Name, Nothing, nullable, oneOf } from './values.ts'

const number = (minimum: number, maximum: number) => Type.Number({ minimum, maximum })

/** `08:30`; `24:00` is the end of the day. */
const TimeOfDay = Type.String({ pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$' })

/** Local time of the workshop. Where `to` is not after `from`, it ends on the next day. */
export const Span = Type.Object({ from: TimeOfDay, to: TimeOfDay })
export type Span = Type.Static<typeof Span>

const Day = Type.Array(Span, { maxItems: 8 })
/** Seven days, Monday first. */
const Week = Type.Array(Day, { minItems: 7, maxItems: 7 })
export type Week = Type.Static<typeof Week>

/** A date that is not like others of its weekday. */
export const HoursException = Type.Object({
  date: Type.String({ format: 'date' }),
  note: Type.String({ maxLength: 120 }),
  open: Day,
  attended: Day,
})
export type HoursException = Type.Static<typeof HoursException>

export const Hours = Type.Object({
  /** The doors are open. */
  open: Week,
  /** Somebody is there who can clear a bed and swap a filament. */
  attended: Week,
  /** Nothing starts; with `quietStopsPrints`, nothing prints. */
  quiet: Week,
  exceptions: Type.Array(HoursException, { maxItems: 400 }),
})
export type Hours = Type.Static<typeof Hours>

/** Points that each part can add to a job's turn, or take from it. */
export const Weights = Type.Object({
  /** For a wait of `ageHours` or more. */
  age: number(0, 100_000),
  /** For a member who has held no machine time lately. */
  fairShare: number(0, 100_000),
  /** For a member who waited twice as long for an hour of machine time as all do; half of it for who waited as all. */
  waited: number(0, 100_000),
  /** For a job of no length; none for half a day. */
  short: number(0, 100_000),
  /** For high priority; half of it for normal. */
  priority: number(0, 100_000),
  /** For a job that would be late if it did not start now. */
  wantedBy: number(0, 100_000),
  /** Taken off for a bed that lies idle, with the part on it, for all of the time held. */
  idleBed: number(0, 100_000),
})
export type Weights = Type.Static<typeof Weights>

export const ScheduleSettings = Type.Object({
  weights: Weights,
  ageHours: number(1, 1000),
  /** Machine time counts half after so many days. */
  halfLifeDays: number(1, 365),
  /** More: having printed a lot matters less. For small groups, 3 to 5. */
  damping: number(0.1, 100),
  /** A job that has waited so long is kept a printer. */
  holdHours: number(1, 2000),
  clearMinutes: number(0, 600),
  setupMinutes: number(0, 600),
  swapMinutes: number(0, 600),
  /** Between a cleared bed and the next booking. */
  marginMinutes: number(0, 600),
  /** 1: a print must be done before a booking at its 90 %; 2: at some 99 %, so many times the way from 50 to 90 %. */
  bookingCaution: number(1, 4),
  heatMinutes: number(0, 120),
  /** A clear bed is enough: nobody need be there when a print starts. */
  startUnattended: Type.Boolean(),
  /** Prints may run while the doors are closed. */
  runWhenClosed: Type.Boolean(),
  quietStopsPrints: Type.Boolean(),
  hours: Hours,
})
export type ScheduleSettings = Type.Static<typeof ScheduleSettings>

const always: Week = Array.from({ length: 7 }, () => [{ from: '00:00', to: '24:00' }])
const never: Week = Array.from({ length: 7 }, () => [])

/** A workshop that has set nothing: everything may start at any time. */
export const usualSettings: ScheduleSettings = {
  weights: { age: 1000, fairShare: 4000, waited: 8000, short: 3000, priority: 1500, wantedBy: 300, idleBed: 3500 },
  ageHours: 72,
  halfLifeDays: 14,
  damping: 3,
  holdHours: 72,
  clearMinutes: 5,
  setupMinutes: 3,
  swapMinutes: 5,
  marginMinutes: 15,
  bookingCaution: 2,
  heatMinutes: 6,
  startUnattended: false,
  runWhenClosed: true,
  quietStopsPrints: false,
  hours: { open: always, attended: always, quiet: never, exceptions: [] },
}

/** One time in ten it is before the first, one time in ten after the last. */
export const Range = Type.Object({ p10: Instant, p50: Instant, p90: Instant })
export type Range = Type.Static<typeof Range>

export const Prediction = Type.Object({ start: Range, finish: Range, printerId: Id })
export type Prediction = Type.Static<typeof Prediction>

export const ScoreParts = Type.Object({
  age: Type.Number(),
  fairShare: Type.Number(),
  waited: Type.Number(),
  short: Type.Number(),
  priority: Type.Number(),
  wantedBy: Type.Number(),
  total: Type.Number(),
})
export type ScoreParts = Type.Static<typeof ScoreParts>

export const JobReasons = Type.Object({
  jobId: Id,
  /** Whose turn it is, from 1; null where the job cannot start yet. */
  turn: nullable(Type.Integer()),
  /** About the job itself. */
  reasons: Type.Array(Reason),
  printers: Type.Array(Type.Object({ printerId: Id, name: Type.String(), reasons: Type.Array(Reason) })),
  prediction: nullable(Prediction),
  score: nullable(ScoreParts),
})
export type JobReasons = Type.Static<typeof JobReasons>

export const showReasons = endpoint({
  method: 'GET',
  url: '/api/jobs/:id/reasons',
  summary: 'Why a job waits, printer by printer, and when it will probably start and be done',
  access: 'look',
  params: IdParams,
  reply: JobReasons,
})

export const MemberShare = Type.Object({
  /** Null: whose it is, is not shown to this member. */
  memberId: nullable(Id),
  name: nullable(Type.String()),
  /** Machine time held, as it counts today. */
  heldSeconds: Type.Number(),
  /** Of all that was held, 0 to 1. */
  part: Type.Number(),
  /** 1: held nothing lately. */
  factor: Type.Number(),
  points: Type.Number(),
  waitingJobs: Type.Integer(),
})
export type MemberShare = Type.Static<typeof MemberShare>

export const Shares = Type.Object({
  halfLifeDays: Type.Number(),
  weights: Weights,
  members: Type.Array(MemberShare),
})
export type Shares = Type.Static<typeof Shares>

export const showShares = endpoint({
  method: 'GET',
  url: '/api/queue/shares',
  summary: 'How much machine time each member has held lately, and what that does to their turn',
  access: 'queue',
  reply: Shares,
})

export const showSettings = endpoint({
  method: 'GET',
  url: '/api/schedule/settings',
  summary: 'Hours, weights and rules by which the queue is worked off',
  access: 'look',
  reply: ScheduleSettings,
})

export const changeSettings = endpoint({
  method: 'PUT',
  url: '/api/schedule/settings',
  summary: 'Sets hours, weights and rules',
  access: 'steward',
  body: ScheduleSettings,
  reply: ScheduleSettings,
})

/** Printers on one fuse. Watts. */
export const Circuit = Type.Object({ id: Id, name: Type.String(), limitWatts: Type.Integer() })
export type Circuit = Type.Static<typeof Circuit>

const CircuitSettings = Type.Object({ name: Name, limitWatts: Type.Integer({ minimum: 1, maximum: 1_000_000 }) })

export const listCircuits = endpoint({
  method: 'GET',
  url: '/api/schedule/circuits',
  summary: 'The circuits and their limits',
  access: 'look',
  reply: Type.Array(Circuit),
})

export const addCircuit = endpoint({
  method: 'POST',
  url: '/api/schedule/circuits',
  summary: 'Adds a circuit',
  access: 'steward',
  body: CircuitSettings,
  reply: Circuit,
})

export const changeCircuit = endpoint({
  method: 'PUT',
  url: '/api/schedule/circuits/:id',
  summary: 'Changes a circuit',
  access: 'steward',
  params: IdParams,
  body: CircuitSettings,
  reply: Circuit,
})

export const removeCircuit = endpoint({
  method: 'DELETE',
  url: '/api/schedule/circuits/:id',
  summary: 'Forgets a circuit; its printers are then on none',
  access: 'steward',
  params: IdParams,
  reply: Nothing,
})

/** What the scheduler must know of a printer beyond its profile. */
const ruleFields = {
  /** A script takes the part off: the bed is clear when a print has ended well. */
  ejects: Type.Boolean(),
  /** Null: nobody has said. */
  enclosed: nullable(Type.Boolean()),
  circuitId: nullable(Id),
  heatingWatts: Type.Integer({ minimum: 0, maximum: 100_000 }),
  holdingWatts: Type.Integer({ minimum: 0, maximum: 100_000 }),
}

export const PrinterRule = Type.Object({
  printerId: Id,
  name: Type.String(),
  ...ruleFields,
  /** Prints that failed one after another, the last ones of this printer. */
  failedInRow: Type.Integer(),
})
export type PrinterRule = Type.Static<typeof PrinterRule>

/** After so many failed prints in a row, a printer takes no more jobs by itself. */
export const MOST_FAILED = 2

export const listRules = endpoint({
  method: 'GET',
  url: '/api/schedule/printers',
  summary: 'What the scheduler knows of each printer',
  access: 'look',
  reply: Type.Array(PrinterRule),
})

export const changeRule = endpoint({
  method: 'PUT',
  url: '/api/schedule/printers/:id',
  summary: 'Sets the power and eject script of a printer',
  access: 'set-up-printers',
  params: IdParams,
  body: Type.Object(ruleFields),
  reply: PrinterRule,
})

export const trustPrinter = endpoint({
  method: 'POST',
  url: '/api/schedule/printers/:id/trust',
  summary: 'A person has looked after a printer whose prints failed: it takes jobs again',
  access: 'run-printers',
  params: IdParams,
  reply: PrinterRule,
})

export const priorities = ['low', 'normal', 'high'] as const
export const Priority = oneOf(...priorities)
export type Priority = (typeof priorities)[number]
