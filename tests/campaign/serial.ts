// The fault campaign of the serial line: which prints with which faults, drawn from a seed, and rows of what came of them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FaultPlan, noFaults, type PlannedFault, randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { type ModelName, models } from '../../firmware-bridge/simulator/models.ts'
import { makeFile, type PrintFile, realFiles } from './print-files.ts'
import { type RunReport, runPrint } from './print-run.ts'

/** One of each dialect, Marlin with several lines in flight, and a delta, which homes at the top. */
export const dialects: readonly ModelName[] = [
  'marlin',
  'full',
  'marlin1',
  'prusa',
  'buddy',
  'repetier',
  'smoothieware',
  'reprapfirmware',
  'klipper',
  'delta',
]

export interface CampaignRow {
  readonly dialect: ModelName
  readonly prints: number
  readonly lines: number
  readonly faults: Readonly<Record<string, number>>
  readonly resends: number
  readonly outcomes: Readonly<Record<string, number>>
  readonly linesPerSecond: number
}

export interface Violation {
  readonly dialect: ModelName
  readonly seed: number
  readonly violation: string
  readonly talk: readonly string[]
}

/** What a noisy cable does, per line. */
const noisyWire: Partial<FaultPlan> = {
  garble: 1e-3,
  loseByte: 2e-4,
  loseLine: 2e-4,
  spuriousResend: 3e-4,
}

/** What happens to answers, per answer. */
const noisyAnswers: Partial<FaultPlan> = {
  swallowOk: 1e-3,
  doubleOk: 1e-3,
  glue: 1e-4,
  noise: 1e-3,
  garbleReply: 1e-4,
  split: 1e-2,
  join: 1e-2,
  delay: 1e-3,
  late: 2e-5,
}

/**
 * RepRapFirmware drops a damaged line without a word, and Klipper carries it out: nothing on that line can be mended by a
 * host. Both are reached over USB or a pipe, which do not damage lines.
 */
const soundWire: ReadonlySet<ModelName> = new Set(['reprapfirmware', 'klipper'])

/** What ends a print, or nearly. */
const blows: readonly PlannedFault['fault'][] = [
  'reset',
  'brown-out',
  'cable',
  'kill',
  'stall',
  'mute',
  'storm',
  'miscount',
]
/** One print in so many meets one of them. */
const BLOW_EVERY = 5

const faultsFor = (dialect: ModelName, lines: number, seed: number): FaultPlan => {
  const random = randomFrom(seed ^ (dialects.indexOf(dialect) * 0x9e3779b1))
  const struck = random() < 1 / BLOW_EVERY
  const line = 20 + Math.floor(random() * Math.max(1, lines - 20))
  const sound = soundWire.has(dialect)
  const possible = sound ? blows.filter((blow) => blow !== 'storm' && blow !== 'miscount') : blows
  const fault = possible[Math.floor(random() * possible.length)] ?? 'reset'
  const wire = sound ? {} : noisyWire
  // What comes through a pipe does not come twice. If it did, no host could tell: Klipper's oks name no line, and one answer
  // of M105 is like the next, so a doubled one proves lines that have not been read yet.
  const answers = dialect === 'klipper' ? { ...noisyAnswers, doubleOk: 0 } : noisyAnswers
  return { ...noFaults, ...wire, ...answers, seed, at: struck ? [{ line, fault }] : [] }
}

/** The seed that makes this very print again: `--seed` with it and `--prints 1`. */
const seedOf = (seed: number, print: number): number => (seed + print * 7919) >>> 0

export interface CampaignOptions {
  readonly seed: number
  /** Of files, for each dialect. */
  readonly linesPerDialect: number
  readonly dialects: readonly ModelName[]
  readonly linesPerPrint: number
  /** No more prints than this for each dialect. */
  readonly prints?: number
  row(row: CampaignRow): void
}

/** Runs until every dialect has had its lines, or the first violation. */
export const runCampaign = async (options: CampaignOptions): Promise<Violation | null> => {
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-campaign-'))
  try {
    const real = realFiles(folder, options.linesPerPrint, 1)
    for (const dialect of options.dialects) {
      const violation = await runDialect(dialect, options, folder, real)
      if (violation !== null) return violation
    }
    return null
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const runDialect = async (
  dialect: ModelName,
  options: CampaignOptions,
  folder: string,
  real: readonly PrintFile[],
): Promise<Violation | null> => {
  const faults: Record<string, number> = {}
  const outcomes: Record<string, number> = {}
  const total = { prints: 0, lines: 0, resends: 0 }
  const begun = performance.now()
  const tell = (): void =>
    options.row({
      dialect,
      ...total,
      faults,
      outcomes,
      linesPerSecond: Math.round((total.lines / (performance.now() - begun)) * 1000),
    })
  while (total.lines < options.linesPerDialect && total.prints < (options.prints ?? Number.POSITIVE_INFINITY)) {
    const seed = seedOf(options.seed, total.prints)
    const file = fileFor(seed, options.linesPerPrint, folder, real)
    const report = await runPrint(models[dialect], file, faultsFor(dialect, file.commands.length, seed), seed)
    total.prints++
    total.lines += report.taken
    total.resends += report.resends
    add(outcomes, { [report.outcome]: 1 })
    add(faults, report.faults)
    const violation = violationOf(report)
    if (violation === null) continue
    tell()
    return { dialect, seed, violation, talk: report.talk }
  }
  tell()
  return null
}

/** Most are made; one in four is real. */
const fileFor = (seed: number, lines: number, folder: string, real: readonly PrintFile[]): PrintFile => {
  const random = randomFrom(seed ^ 0x5eed)
  const chosen = random() < 0.25 ? real[Math.floor(random() * real.length)] : undefined
  return chosen ?? makeFile(folder, 'made.gcode', Math.ceil(lines * (0.2 + 0.8 * random())), seed)
}

const violationOf = ({ outcome, violation, reason }: RunReport): string | null => {
  if (violation !== null) return violation
  if (outcome === 'stuck') return `the print neither ended nor went on (${reason})`
  return outcome === 'no-connection' ? 'the printer was never reached' : null
}

const add = (sum: Record<string, number>, more: Readonly<Partial<Record<string, number>>>): void => {
  for (const [name, count] of Object.entries(more)) sum[name] = (sum[name] ?? 0) + (count ?? 0)
}
