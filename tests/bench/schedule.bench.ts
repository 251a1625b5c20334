// One pass over a large fleet: 200 printers, 5 000 waiting jobs, 1 000 claims, on one thread.
import { schedule } from '../../server/domain/schedule.ts'
import { linesOf } from '../../server/domain/scheduling/explain.ts'
import { randomOf } from '../../server/domain/simulation/demand.ts'
import {
  attendedFrom,
  box,
  findings,
  HOUR,
  job,
  noon,
  printer,
  profile,
  running,
  snapshotOf,
} from '../support/fleet.ts'
import { median, report, round } from './measure.ts'

const PRINTERS = 200
const JOBS = 5000
const CLAIMS = 1000
const ROUNDS = 15

const random = randomOf(4)
const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T

const printers = Array.from({ length: PRINTERS }, (_, place) => {
  const prints = random() < 0.8
  const model = one(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
  return printer(place + 1, {
    model,
    profile: { ...profile, height: 150 + 30 * model.charCodeAt(0) - 30 * 97, nozzleDiameter: model < 'f' ? 0.4 : 0.6 },
    loaded: one([null, [{ tool: 0, material: one(['PLA', 'PETG']), colour: null, gramsLeft: 800 }]]),
    state: prints ? 'printing' : 'idle',
    bed: prints ? 'occupied' : one(['clear', 'clear', 'occupied']),
    running: prints ? running(1 + random() * 10, random() * 5 * HOUR) : null,
    circuitId: 1 + (place % 20),
    heatingWatts: 350,
    holdingWatts: 120,
    heating: prints ? 'holding' : 'no',
  })
})

/** `free`: also all printers are idle at once, as on a Monday morning. */
const fleet = (free: boolean) =>
  snapshotOf({
    timeZone: 'Europe/Madrid',
    settings: attendedFrom('08:00', '20:00'),
    printers: free
      ? printers.map((one) => ({ ...one, state: 'idle', bed: 'clear', running: null, heating: 'no' }))
      : printers,
    circuits: Array.from({ length: 20 }, (_, place) => ({ id: place + 1, name: `C${place}`, limitWatts: 4000 })),
    jobs: Array.from({ length: JOBS }, (_, place) =>
      job(place + 1, {
        memberId: 1 + Math.floor(400 * random() ** 2),
        queuedAt: noon - random() * 100 * HOUR,
        gramsByTool: [10 + random() * 200],
        findings: findings(
          {
            extruded: box(100, 100, 20 + random() * 350),
            filamentType: one(['PLA', 'PLA', 'PETG']),
            nozzleDiameter: one([0.4, 0.4, 0.6]),
          },
          0.3 + random() * 10,
        ),
      }),
    ),
    claims: Array.from({ length: CLAIMS }, () => {
      const from = noon + random() * 10 * 24 * HOUR
      return {
        printerId: 1 + Math.floor(random() * PRINTERS),
        from,
        to: from + HOUR,
        memberId: null,
        kind: 'booking' as const,
      }
    }),
  })

for (const [row, free] of [
  ['most printers print', false],
  ['all printers are free', true],
] as const) {
  const snapshot = fleet(free)
  const passes: number[] = []
  const words: number[] = []
  let plan = schedule(snapshot, noon)
  for (let round = 0; round < ROUNDS; round++) {
    const began = performance.now()
    plan = schedule(snapshot, noon + round)
    passes.push(performance.now() - began)
    const told = performance.now()
    linesOf(plan)
    words.push(performance.now() - told)
  }
  report({
    bench: 'schedule',
    row,
    printers: PRINTERS,
    jobs: JOBS,
    claims: CLAIMS,
    dispatches: plan.dispatches.length,
    predictions: plan.predictions.size,
    medianMilliseconds: round(median(passes), 1),
    slowestMilliseconds: round(Math.max(...passes), 1),
    inWordsMilliseconds: round(median(words), 1),
    most: 100,
  })
}
