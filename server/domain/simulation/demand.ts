// The people of a workshop, as numbers: what they want printed and booked, and how long it will really take.
import type { Findings } from '../../contract/files.ts'
import type { ScheduleSettings, Week } from '../../contract/scheduling.ts'
import { usualSettings } from '../../contract/scheduling.ts'
import { isIn, nextIn, type Windows } from '../scheduling/windows.ts'

const HOUR = 3600
const DAY = 24 * HOUR

/** The same seed gives the same numbers, 0 to below 1 (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Normal, mean 0, deviation 1 (Box and Muller). */
const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

/** A job that somebody will bring. Instants in seconds since 1970. */
export interface WantedJob {
  readonly id: number
  readonly memberId: number
  readonly at: number
  /** What the slicer says, in seconds, and what it really takes. */
  readonly estimate: number
  readonly actual: number
  readonly fails: boolean
}

export interface WantedBooking {
  readonly printerId: number
  readonly memberId: number
  /** When it is made. */
  readonly madeAt: number
  readonly from: number
  readonly to: number
}

export interface Demand {
  readonly jobs: readonly WantedJob[]
  readonly bookings: readonly WantedBooking[]
}

export interface DemandOptions {
  readonly seed: number
  readonly weeks: number
  readonly printers: number
  /** Of the hours that printers can hold, what is asked for. */
  readonly load?: number
}

const week = (from: string, to: string): Week =>
  Array.from({ length: 7 }, (_, day) => (day === 6 ? [] : [{ from, to }]))

/** A neighbourhood workshop: somebody is there from Monday to Saturday, 10 to 20. */
export const simulatedSettings: ScheduleSettings = {
  ...usualSettings,
  hours: { ...usualSettings.hours, open: week('10:00', '20:00'), attended: week('10:00', '20:00') },
}

const MEMBERS = 24
/** Standard deviation of the logarithm of real over estimated time. */
const PACE = 0.12
const FAILS = 0.04
const BOOKINGS_A_DAY = 0.7
/** A printer prints so much of its time where people take the parts off by day. */
const HOURS_A_DAY = 13

export const demandOf = (options: DemandOptions, begin: number, attended: Windows): Demand => {
  const random = randomOf(options.seed)
  const end = begin + options.weeks * 7 * DAY
  const bookings = bookingsOf(options, begin, end, attended, random)
  const booked = bookings.reduce((sum, { from, to }) => sum + to - from, 0)
  const capacity = options.printers * options.weeks * 6.5 * HOURS_A_DAY * HOUR - booked
  const jobs = jobsOf(begin, end, attended, capacity * (options.load ?? 0.6), random)
  return { jobs, bookings }
}

/** Some print often, most now and then; short parts are many, long ones few. */
const jobsOf = (begin: number, end: number, attended: Windows, seconds: number, random: () => number): WantedJob[] => {
  const jobs: WantedJob[] = []
  let left = seconds
  while (left > 0) {
    const at = begin + random() * (end - begin)
    // People bring jobs while the doors are open, and some from home in the evening.
    if (!isIn(attended, at) && random() < 0.75) continue
    const estimate = Math.min(30 * HOUR, Math.max(0.2 * HOUR, 2.2 * HOUR * Math.exp(normal(random))))
    const memberId = 1 + Math.floor(MEMBERS * random() ** 2.2)
    const actual = estimate * Math.exp(0.02 + PACE * normal(random))
    const fails = random() < FAILS
    jobs.push({ id: 0, memberId, at, estimate, actual: fails ? actual * random() : actual, fails })
    left -= estimate
  }
  return jobs.sort((one, other) => one.at - other.at).map((job, place) => ({ ...job, id: place + 1 }))
}

/** One to three hours by day, made some days ahead; no two on one printer at once. */
const bookingsOf = (
  { printers, weeks }: DemandOptions,
  begin: number,
  end: number,
  attended: Windows,
  random: () => number,
): WantedBooking[] => {
  const bookings: WantedBooking[] = []
  const wanted = Math.round(printers * weeks * 6 * BOOKINGS_A_DAY)
  for (let tries = 0; bookings.length < wanted && tries < wanted * 20; tries++) {
    const printerId = 1 + Math.floor(random() * printers)
    const length = (2 + Math.floor(random() * 5)) * 0.5 * HOUR
    const madeAt = begin + random() * (end - begin)
    const wish = madeAt + (0.5 + 4.5 * random()) * DAY
    const from = nextIn(attended, Math.ceil(wish / (0.5 * HOUR)) * 0.5 * HOUR, length)
    const to = from + length
    const overlaps = bookings.some((one) => one.printerId === printerId && one.from < to && from < one.to)
    if (to < end && !overlaps)
      bookings.push({ printerId, memberId: 1 + Math.floor(MEMBERS * random()), madeAt, from, to })
  }
  return bookings
}

/** A file of this length that every printer takes. */
export const findingsOf = (seconds: number): Findings => ({
  lines: 1,
  commands: 1,
  motionSeconds: seconds,
  statedSeconds: null,
  slicer: null,
  layers: 1,
  layerHeight: 0.2,
  firstLayerHeight: 0.2,
  filament: [],
  filamentType: 'PLA',
  filamentGrams: null,
  nozzleDiameter: 0.4,
  printerModel: null,
  extruded: { minX: 0, minY: 0, minZ: 0, maxX: 100, maxY: 100, maxZ: 50 },
  moved: null,
  nozzleTemperature: 210,
  bedTemperature: 60,
  overheadSeconds: 0,
  firstLayerSeconds: 60,
  peakFlow: 5,
  objects: [],
  warnings: [],
})
