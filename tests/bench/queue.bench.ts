// The queue under load: jobs accepted over HTTP, and the time from `bed clear` to the first line at the printer.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { build } from '../../launch/prepare.mjs'
import { cancelJob, listJobs, queueJob } from '../../server/contract/jobs.ts'
import { clearBed } from '../../server/contract/printers.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { median, report, round } from './measure.ts'

const JOBS = 1000
const AT_ONCE = 16
const CLEARS = 100
const WAITING = 150

build()

const FIRST_LINE = 'M104 S41'
const file = Buffer.from(
  `${FIRST_LINE}\nG28\n${Array.from({ length: 20 }, (_, n) => `G1 X${20 + n} Y10 F9000`).join('\n')}\n`,
)

const startRedis = async (): Promise<{ url: string; process: ChildProcess }> => {
  const port = 20_000 + Math.floor(Math.random() * 20_000)
  const process = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  })
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== null))
      socket.once('error', () => resolve(false))
    })
    if (open) return { url: `redis://127.0.0.1:${port}`, process }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const quantile = (values: readonly number[], part: number): number =>
  [...values].sort((one, other) => one - other)[Math.min(values.length - 1, Math.floor(part * values.length))] ?? 0

/** Jobs a second, several clients at once, with a printer that is busy. */
const accept = async (farm: Farm, fileId: number): Promise<number> => {
  let left = JOBS
  const began = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left-- > 0) await farm.steward.call(queueJob, { body: { fileId, printerId: null } })
    }),
  )
  return (JOBS / (performance.now() - began)) * 1000
}

/** How often the printer has carried out the first line of the file; what the bridge asks by itself does not count. */
const prints = (record: string): number => readFileSync(record, 'latin1').split(FIRST_LINE).length

/** Milliseconds from the press of the button to the first line of the print in the printer's own record. */
const firstLines = async (farm: Farm, printerId: number, record: string): Promise<number[]> => {
  const taken: number[] = []
  for (let n = 0; n < CLEARS; n++) {
    await farm.until(
      printerId,
      ({ print, telemetry, bed }) => print === null && telemetry?.state === 'idle' && bed !== 'clear',
      'it waits',
      60_000,
    )
    await new Promise((resolve) => setTimeout(resolve, 50 + 100 * Math.random()))
    const before = prints(record)
    const began = performance.now()
    const cleared = farm.steward.call(clearBed, { params: { id: printerId } })
    while (prints(record) === before) await new Promise((resolve) => setTimeout(resolve, 1))
    taken.push(performance.now() - began)
    await cleared
  }
  return taken
}

const measure = async (orders: string, redisUrl: string | null): Promise<void> => {
  const farm = await openFarm(redisUrl ? { redisUrl } : {})
  try {
    const printer = await farm.addPrinter('Bench', { speed: 1000 })
    const record = join(farm.folder, 'Bench.txt')
    const jobId = await farm.queue('part.gcode', file)
    await farm.untilJob(jobId, ['done'])
    const [ended] = await farm.steward.call(listJobs, { query: { ended: true } })
    const fileId = ended?.fileId ?? 0
    const perSecond = await accept(farm, fileId)
    report({
      bench: 'queue',
      row: 'jobs accepted over HTTP',
      orders,
      jobs: JOBS,
      atOnce: AT_ONCE,
      perSecond: round(perSecond, 0),
    })
    const open = await farm.steward.call(listJobs, { query: {} })
    for (const { id } of open.filter(({ state }) => state === 'queued').slice(WAITING)) {
      await farm.steward.call(cancelJob, { params: { id } })
    }
    const taken = await firstLines(farm, printer.id, record)
    report({
      bench: 'queue',
      row: 'bed clear to the first line sent',
      orders,
      clears: CLEARS,
      medianMilliseconds: round(median(taken), 0),
      p99Milliseconds: round(quantile(taken, 0.99), 0),
      most: 500,
    })
  } finally {
    await farm.close()
  }
}

await measure('PostgreSQL', null)
const redis = await startRedis()
try {
  await measure('Redis', redis.url)
} finally {
  redis.process.kill('SIGKILL')
}
