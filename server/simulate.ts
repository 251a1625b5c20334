// npm run simulate -- --weeks N: how the queue would be worked off, without a printer and without a database.
import { parseArgs } from 'node:util'
import { compare } from './domain/simulation/compare.ts'

const { values } = parseArgs({
  options: {
    weeks: { type: 'string', default: '8' },
    printers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
  },
})

const whole = (name: 'weeks' | 'printers' | 'seed', least: number, most: number): number => {
  const value = Number(values[name])
  if (Number.isInteger(value) && value >= least && value <= most) return value
  console.error(`--${name} ${values[name]}: a whole number from ${least} to ${most}`)
  process.exit(2)
}

const options = { weeks: whole('weeks', 1, 52), printers: whole('printers', 1, 50), seed: whole('seed', 0, 2 ** 31) }
const { fifo, scheduled } = compare(options)
for (const outcome of [fifo, scheduled]) console.log(JSON.stringify({ ...options, ...outcome }))
console.log(
  JSON.stringify({
    ...options,
    medianWaitShorterPercent: Math.round(100 * (1 - scheduled.medianWait / Math.max(0.01, fifo.medianWait))),
    fairer: scheduled.gini <= fifo.gini,
    bookingsDelayedPercent: scheduled.bookingsDelayedPercent,
  }),
)
