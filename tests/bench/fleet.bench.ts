// Fifty printers in one bridge: whether all keep their rate, what that costs, and how much further it goes.
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { largeGcode } from '../support/large-gcode.ts'
import type { FarEndStats } from './far-end.ts'
import { median, report, round, startBenchProgram } from './measure.ts'

const PRINTERS = 50
const SECONDS = 15
/** A printer that gets this share of its moves in time keeps its rate; the rest is the filling of its planner. */
const KEPT = 0.98
const RATES = [150, 200, 250, 300, 400, 500, 650]

const folder = mkdtempSync(join(tmpdir(), 'auzolan-bench-'))
const moves = Buffer.concat([...largeGcode(1_000_000)])
  .toString()
  .split('\n')
  .filter((line) => line.startsWith('G1 X'))

interface Fleet {
  readonly slowest: number
  readonly underruns: number
  readonly p99: number
  readonly p50: number
  readonly cores: number
  readonly megabytes: number
}

const run = async (rate: number): Promise<Fleet> => {
  const ttys = mkdtempSync(join(folder, 'ttys-'))
  const file = join(ttys, 'file.gcode')
  const count = rate * SECONDS
  writeFileSync(file, Array.from({ length: count }, (_, n) => `${moves[n % moves.length]}\n`).join(''))
  const args = ['--folder', ttys, '--count', String(PRINTERS)]
  const responder = await startBenchProgram('responder.ts', [...args, '--blocks', '16', '--rate', String(rate)])
  const bridge = await startBenchProgram('fleet-bridge.ts', [...args, '--file', file])
  let told = ''
  let own = ''
  responder.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    told += piece
  })
  bridge.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    own += piece
  })
  const [code] = await once(bridge, 'exit')
  responder.kill()
  if (code !== 0) throw new Error(`The bridge of the bench ended (${code}).`)
  const stats = told
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as FarEndStats)
  if (stats.length !== PRINTERS) throw new Error(`${stats.length} of ${PRINTERS} prints came to their end.`)
  const { cores, megabytes } = JSON.parse(own.trim().split('\n').at(-1) ?? '') as Pick<Fleet, 'cores' | 'megabytes'>
  return {
    slowest: Math.min(...stats.map(({ lines, seconds }) => lines / seconds)),
    underruns: stats.reduce((sum, one) => sum + one.underruns, 0),
    p50: median(stats.map(({ nextLineP50 }) => nextLineP50)),
    p99: Math.max(...stats.map(({ nextLineP99 }) => nextLineP99)),
    cores,
    megabytes,
  }
}

try {
  let highest = 0
  for (const rate of RATES) {
    const fleet = await run(rate)
    const keeps = fleet.slowest >= rate * KEPT
    report({
      bench: 'fleet',
      row: `${PRINTERS} printers at ${rate} lines/s each`,
      allKeepTheirRate: keeps,
      slowestLinesPerSecond: round(fleet.slowest, 1),
      underruns: fleet.underruns,
      okToNextLineP50Ms: round(fleet.p50),
      okToNextLineWorstP99Ms: round(fleet.p99),
      cores: round(fleet.cores),
      megabytes: Math.round(fleet.megabytes),
      ...(rate === RATES[0] ? { mostP99Ms: 20, mostCores: 0.6, mostMegabytes: 250 } : {}),
    })
    if (!keeps) break
    highest = rate
  }
  report({ bench: 'fleet', row: 'highest rate that all keep', linesPerSecond: highest, together: highest * PRINTERS })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
