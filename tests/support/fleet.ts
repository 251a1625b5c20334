// Jobs, printers and whole fleets as the scheduler is told of them; random ones from a seed.
import type { Findings } from '../../server/contract/files.ts'
import type { PrinterProfile } from '../../server/contract/printers.ts'
import { type ScheduleSettings, usualSettings, type Week } from '../../server/contract/scheduling.ts'
import type { SchedulePrinter, Snapshot, WaitingJob } from '../../server/domain/scheduling/snapshot.ts'
import { findingsOf, randomOf } from '../../server/domain/simulation/demand.ts'

/** A Wednesday in winter, 12:00 UTC. Seconds since 1970. */
export const noon = Date.UTC(2026, 0, 14, 12) / 1000
export const HOUR = 3600

export const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 260,
  maxBedTemperature: 100,
}

export const box = (maxX: number, maxY: number, maxZ: number) => ({ minX: 0, minY: 0, minZ: 0, maxX, maxY, maxZ })

/** A file that takes `hours` by its estimate. */
export const findings = (changes: Partial<Findings> = {}, hours = 1): Findings => ({
  ...findingsOf(hours * HOUR),
  ...changes,
})

export const job = (id: number, changes: Partial<WaitingJob> = {}): WaitingJob => ({
  id,
  memberId: id,
  queuedAt: noon - HOUR + id,
  findings: findings(),
  failure: null,
  copies: 1,
  copiesDone: 0,
  copiesUnderWay: 0,
  materialWanted: null,
  colourWanted: null,
  nozzleWanted: null,
  printerId: null,
  printerTags: [],
  earliestStart: null,
  wantedBy: null,
  priority: 'normal',
  held: false,
  approval: 'none',
  attendStart: false,
  gramsByTool: [],
  ...changes,
})

export const printer = (id: number, changes: Partial<SchedulePrinter> = {}): SchedulePrinter => ({
  id,
  name: `P${id}`,
  model: 'one',
  state: 'idle',
  bed: 'clear',
  takesJobs: true,
  ejects: false,
  failedInRow: 0,
  refusal: null,
  running: null,
  profile,
  tags: [],
  enclosed: null,
  loaded: null,
  circuitId: null,
  heatingWatts: 0,
  holdingWatts: 0,
  heating: 'no',
  ...changes,
})

export const running = (hours: number, elapsed = 0) => ({
  memberId: 99,
  material: 'PLA',
  estimate: hours * HOUR,
  elapsed,
  remaining: null,
  done: 0,
})

export const snapshotOf = (changes: Partial<Snapshot> = {}): Snapshot => ({
  timeZone: 'UTC',
  settings: usualSettings,
  jobs: [],
  printers: [],
  claims: [],
  promises: [],
  circuits: [],
  use: [],
  finished: [],
  ...changes,
})

export const week = (from: string, to: string, without: readonly number[] = []): Week =>
  Array.from({ length: 7 }, (_, day) => (without.includes(day) ? [] : [{ from, to }]))

export const attendedFrom = (from: string, to: string, changes: Partial<ScheduleSettings> = {}): ScheduleSettings => ({
  ...usualSettings,
  ...changes,
  hours: { ...usualSettings.hours, attended: week(from, to), ...changes.hours },
})

const one = <T>(random: () => number, all: readonly T[]): T => all[Math.floor(random() * all.length)] as T

/** All that can stand in the way, in any mixture. */
export const randomFleet = (seed: number): Snapshot => {
  const random = randomOf(seed)
  const chance = (part: number): boolean => random() < part
  const count = 2 + Math.floor(random() * 10)
  const printers = Array.from({ length: count }, (_, place): SchedulePrinter => randomPrinter(place + 1, random))
  const jobs = Array.from({ length: Math.floor(random() * 40) }, (_, place) => randomJob(place + 1, count, random))
  const claims = printers.flatMap(({ id }) =>
    Array.from({ length: Math.floor(random() * 4) }, (_, place) => {
      const from = noon + (place * 12 + random() * 10 - 1) * HOUR
      const kind = one(random, ['booking', 'hold', 'maintenance'] as const)
      return {
        printerId: id,
        from,
        to: from + (0.5 + random() * 3) * HOUR,
        memberId: chance(0.5) ? 1 + Math.floor(random() * 6) : null,
        kind,
      }
    }),
  )
  const hours = chance(0.5)
    ? attendedFrom(one(random, ['06:00', '10:00', '11:30', '13:00']), one(random, ['14:00', '20:00']))
    : usualSettings
  return snapshotOf({
    timeZone: one(random, ['UTC', 'Europe/Madrid', 'America/St_Johns']),
    settings: {
      ...hours,
      startUnattended: chance(0.3),
      runWhenClosed: chance(0.8),
      quietStopsPrints: chance(0.2),
      hours: { ...hours.hours, quiet: chance(0.3) ? week('22:00', '07:00') : hours.hours.quiet },
    },
    jobs,
    printers,
    claims,
    circuits: [{ id: 1, name: 'East wall', limitWatts: 900 }],
    use: Array.from({ length: 6 }, (_, place) => ({ memberId: place + 1, heldSeconds: random() * 40 * HOUR })),
    finished: Array.from({ length: Math.floor(random() * 30) }, () => {
      const estimate = (0.5 + random() * 5) * HOUR
      return {
        model: 'one',
        material: one(random, ['PLA', 'PETG']),
        estimate,
        actual: estimate * (0.8 + random() * 0.6),
      }
    }),
  })
}

const randomPrinter = (id: number, random: () => number): SchedulePrinter => {
  const prints = random() < 0.3
  return printer(id, {
    state: prints ? 'printing' : one(random, ['idle', 'idle', 'idle', 'idle', 'offline', 'halted', 'paused']),
    bed: prints ? 'occupied' : one(random, ['clear', 'clear', 'clear', 'clear', 'occupied', 'unknown']),
    running: prints ? running(random() * 8, random() * 6 * HOUR) : null,
    takesJobs: random() < 0.95,
    ejects: random() < 0.2,
    failedInRow: one(random, [0, 0, 0, 0, 1, 2]),
    profile: { ...profile, height: one(random, [150, 250, 400]), nozzleDiameter: one(random, [0.4, 0.4, 0.4, 0.6]) },
    tags: random() < 0.5 ? ['fast'] : [],
    enclosed: one(random, [null, true, false]),
    loaded: one(random, [
      null,
      null,
      [{ tool: 0, material: 'PLA', colour: 'black', gramsLeft: null }],
      [{ tool: 0, material: 'PETG', colour: 'red', gramsLeft: 40 }],
    ]),
    circuitId: one(random, [null, 1]),
    heatingWatts: 350,
    holdingWatts: 120,
    heating: prints ? one(random, ['warming', 'holding']) : 'no',
  })
}

const randomJob = (id: number, printers: number, random: () => number): WaitingJob =>
  job(id, {
    memberId: 1 + Math.floor(random() * 6),
    queuedAt: noon - random() * 100 * HOUR,
    findings:
      random() < 0.05
        ? null
        : findings(
            {
              extruded: box(100, 100, one(random, [20, 40, 120, 200, 300, 500])),
              filamentType: one(random, ['PLA', 'PETG', 'ABS', null]),
              nozzleDiameter: one(random, [0.4, 0.4, 0.4, 0.6, null]),
              nozzleTemperature: one(random, [210, 210, 240, 290]),
            },
            0.2 + random() * 12,
          ),
    copies: one(random, [1, 1, 1, 3]),
    printerId: random() < 0.1 ? 1 + Math.floor(random() * (printers + 1)) : null,
    printerTags: random() < 0.1 ? ['fast'] : [],
    earliestStart: random() < 0.1 ? noon + (random() - 0.5) * 10 * HOUR : null,
    wantedBy: random() < 0.2 ? noon + random() * 20 * HOUR : null,
    priority: one(random, ['low', 'normal', 'normal', 'high']),
    held: random() < 0.05,
    approval: one(random, ['none', 'none', 'approved', 'asked', 'refused']),
    attendStart: random() < 0.2,
    gramsByTool: random() < 0.5 ? [20 + random() * 60] : [],
  })
