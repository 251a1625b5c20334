// Lines a second from a file to a tty: the bridge's whole path against a bare write-wait-ok loop on the same tty.
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { numberedLine } from '../../firmware-bridge/protocol/numbered-line.ts'
import { largeGcode } from '../support/large-gcode.ts'
import { bareLoop, openSession, printFile } from './bench-session.ts'
import type { FarEndStats } from './far-end.ts'
import { cpuOf, goBeforeOthers, median, report, round, startBenchProgram, waitedForCore } from './measure.ts'

const ROUNDS = 7
const FILE_BYTES = 600_000
/** 0.4 mm at 100 mm/s. */
const SHORT_MOVES_PER_SECOND = 250

const folder = mkdtempSync(join(tmpdir(), 'auzolan-bench-'))
const file = join(folder, 'file.gcode')
const text = Buffer.concat([...largeGcode(FILE_BYTES)])
  .toString()
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith(';') && !line.startsWith('M109'))
writeFileSync(file, `${text.join('\n')}\n`)

/** Far ends with these options in a folder of their own; `work` gets it and what they tell. */
const withFarEnds = async <T>(
  options: readonly string[],
  work: (ttys: string, told: () => Promise<FarEndStats>) => Promise<T>,
): Promise<T> => {
  const ttys = mkdtempSync(join(folder, 'ttys-'))
  mkdirSync(ttys, { recursive: true })
  const responder = await startBenchProgram('responder.ts', ['--folder', ttys, ...options])
  try {
    return await work(ttys, listen(responder))
  } finally {
    responder.kill()
  }
}

/** The statistics of the next print that is over. */
const listen = (responder: ChildProcess): (() => Promise<FarEndStats>) => {
  const told: FarEndStats[] = []
  let wake: () => void = () => {}
  responder.stdout?.setEncoding('utf8').on('data', (piece: string) => {
    for (const line of piece.split('\n')) if (line.startsWith('{')) told.push(JSON.parse(line) as FarEndStats)
    wake()
  })
  return async () => {
    while (told.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    return told.shift() as FarEndStats
  }
}

interface Measured {
  readonly rate: number
  readonly cpuPer100k: number
}

/** The whole path: file, link, console, port. */
const wholePath = async (tty: string): Promise<Measured> => {
  const session = await openSession(1, tty)
  const began = performance.now()
  const { seconds } = await cpuOf(() => printFile(session, file))
  const rate = text.length / ((performance.now() - began) / 1000)
  await session.stop('The bench is over.')
  return { rate, cpuPer100k: (seconds / text.length) * 100_000 }
}

const numbered = text.map((line, n) => numberedLine(n + 1, line))
const bare: number[] = []
const plain: Measured[] = []
const deep: Measured[] = []

goBeforeOthers()
try {
  await withFarEnds([], (one) =>
    withFarEnds(['--advanced-ok'], async (other) => {
      // In turn, so that what else the machine does meets all three; the bare loop before and after what it is compared with.
      for (let n = 0; n < ROUNDS; n++) {
        const before = await bareLoop(join(one, '0'), numbered)
        plain.push(await wholePath(join(one, '0')))
        const after = await bareLoop(join(one, '0'), numbered)
        bare.push((before + after) / 2)
        deep.push(await wholePath(join(other, '0')))
      }
    }),
  )
  const rateOf = (measured: readonly Measured[]): number => median(measured.map(({ rate }) => rate))
  const cpuPer100kLines = (measured: readonly Measured[]): number =>
    round(median(measured.map(({ cpuPer100k }) => cpuPer100k)))
  report({
    bench: 'stream',
    row: 'one printer, ok per line',
    lines: text.length,
    linesPerSecond: Math.round(rateOf(plain)),
    bareLinesPerSecond: Math.round(median(bare)),
    ratio: round(median(plain.map(({ rate }, n) => rate / (bare[n] as number)))),
    least: 0.9,
    cpuSecondsPer100kLines: cpuPer100kLines(plain),
  })
  report({
    bench: 'stream',
    row: 'one printer, four lines in flight',
    lines: text.length,
    linesPerSecond: Math.round(rateOf(deep)),
    timesOkPerLine: round(median(deep.map(({ rate }, n) => rate / (plain[n] as Measured).rate))),
    least: 2.5,
    cpuSecondsPer100kLines: cpuPer100kLines(deep),
  })
  for (const advanced of [[], ['--advanced-ok']]) {
    const options = ['--blocks', '16', '--rate', String(SHORT_MOVES_PER_SECOND), '--baud', '250000', ...advanced]
    await withFarEnds(options, async (ttys, told) => {
      const session = await openSession(1, join(ttys, '0'))
      const short = join(folder, 'short.gcode')
      writeFileSync(short, `${text.slice(4, 7504).join('\n')}\n`)
      const waitedBefore = waitedForCore()
      await printFile(session, short)
      const waited = waitedForCore()
      const stats = await told()
      await session.stop('The bench is over.')
      report({
        bench: 'stream',
        row: `0.4 mm moves at 100 mm/s, 250 000 baud, planner of 16, ${advanced.length > 0 ? 'ADVANCED_OK' : 'ok per line'}`,
        lines: stats.lines,
        linesPerSecond: Math.round(stats.lines / stats.seconds),
        underruns: stats.underruns,
        most: 0,
        okToNextLineP50Ms: round(stats.nextLineP50),
        okToNextLineP99Ms: round(stats.nextLineP99),
        ...(waited === null || waitedBefore === null ? {} : { waitedForCoreMs: Math.round(waited - waitedBefore) }),
      })
    })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
