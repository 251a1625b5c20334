// A workshop prints on simulated terminals while its processes are killed: what must hold after each of them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'
import { decideJob, listPrints, type Print } from '../../server/contract/jobs.ts'
import { clearBed } from '../../server/contract/printers.ts'
import { previewResume, showResumable } from '../../server/contract/resume.ts'
import { type Farm, type FarmPrinter, openFarm } from '../support/farm.ts'

export interface KillOptions {
  readonly times: number
  readonly seed: number
  tell(row: Readonly<Record<string, unknown>>): void
}

const victims = ['bridge', 'server', 'database', 'bridge and database', 'server and database'] as const
type Victim = (typeof victims)[number]

const PRINTERS = 2
/** A record may be this old, in milliseconds; and this is how exactly the moment of a kill is known. */
const OLDEST_MS = 1000
const BLUR_MS = 150
const HISTORY_MS = 25

const cube = fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url))

/** How many lines of its file each printer had taken, by time. */
class Witness {
  readonly #seen: { at: number; counts: number[] }[] = []
  readonly #timer: NodeJS.Timeout

  constructor(printers: readonly FarmPrinter[]) {
    this.#timer = setInterval(() => {
      this.#seen.push({ at: performance.now(), counts: printers.map((printer) => printer.printed().length) })
      if (this.#seen.length > 4000) this.#seen.splice(0, 2000)
    }, HISTORY_MS)
  }

  /** What the printer of this place had surely taken by then. */
  countAt(place: number, at: number): number {
    let count = 0
    for (const seen of this.#seen) if (seen.at <= at) count = seen.counts[place] ?? 0
    return count
  }

  stop(): void {
    clearInterval(this.#timer)
  }
}

interface Running {
  readonly printer: FarmPrinter
  readonly place: number
  job: number
  /** Bytes done with each command of its file. */
  ends: readonly number[]
  text: string
}

export const killCampaign = async ({ times, seed, tell }: KillOptions): Promise<number> => {
  const random = randomFrom(seed)
  const farm = await openFarm()
  const violations: string[] = []
  const violate = (text: string): void => {
    violations.push(text)
    tell({ campaign: 'kill', violation: text, seed })
  }
  const killed: Record<string, number> = {}
  const outcomes: Record<string, number> = {}
  let oldest = 0
  try {
    const printers: FarmPrinter[] = []
    for (let n = 0; n < PRINTERS; n++) printers.push(await farm.addPrinter(`kill${n}`, { speed: 30 }))
    const witness = new Witness(printers)
    const running: Running[] = []
    for (const [place, printer] of printers.entries()) running.push(await begin(farm, printer, place, seed))
    for (let n = 0; n < times; n++) {
      await allPrinting(farm, running, seed + n)
      await sleep(300 + random() * 2500)
      const victim = victims[Math.floor(random() * victims.length)] as Victim
      const at = performance.now()
      await kill(farm, victim)
      killed[victim] = (killed[victim] ?? 0) + 1
      await sleep(random() * 800)
      await revive(farm, victim)
      for (const one of running) {
        const age = await judge(farm, one, victim, at, witness, violate)
        oldest = Math.max(oldest, age)
        const [print] = await lastPrints(farm, one)
        if (print) outcomes[print.state] = (outcomes[print.state] ?? 0) + 1
      }
      tell({ campaign: 'kill', kill: n + 1, victim, violations: violations.length, oldestRecordMs: Math.round(oldest) })
    }
    witness.stop()
    await judgeAll(farm, running, violate)
    tell({
      campaign: 'kill',
      seed,
      kills: times,
      killed,
      printsAfterKill: outcomes,
      violations: violations.length,
      oldestRecordMs: Math.round(oldest),
    })
  } catch (error) {
    violate(`${error instanceof Error ? error.message : String(error)}\n${farm.said().slice(-2000)}`)
  } finally {
    await farm.close()
  }
  return violations.length
}

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

let files = 0

/** Each print has a file of its own, named in its first line: so that what is printed twice is seen. */
const begin = async (farm: Farm, printer: FarmPrinter, place: number, seed: number): Promise<Running> => {
  const text = `M117 file ${seed} ${++files}\n${readFileSync(cube, 'latin1')}`
  const job = await farm.queue(`kill-${seed}-${files}.gcode`, Buffer.from(text, 'latin1'), printer.id)
  return { printer, place, job, ends: endsOf(text), text }
}

const endsOf = (text: string): number[] => {
  const ends: number[] = []
  let at = 0
  for (const line of text.split('\n')) {
    at += line.length + 1
    if ((line.split(';')[0] as string).trim() !== '') ends.push(Math.min(at, text.length))
  }
  return ends
}

/** Prints that have ended are decided, beds cleared, new ones begun: until every printer is in the middle of one. */
const allPrinting = async (farm: Farm, running: Running[], seed: number): Promise<void> => {
  const end = performance.now() + 90_000
  for (const one of running) {
    for (;;) {
      const stands = await farm.printer(one.printer.id).catch(() => null)
      const state = stands?.telemetry?.state
      if (state === 'printing' && (stands?.telemetry?.progress?.acceptedBytes ?? 0) > 600) break
      if (performance.now() > end)
        throw new Error(`No print runs on printer ${one.printer.id}: ${JSON.stringify(stands)}`)
      if (stands !== null && stands.print === null && state === 'idle') await goOnWith(farm, one, seed)
      await sleep(100)
    }
  }
}

const goOnWith = async (farm: Farm, one: Running, seed: number): Promise<void> => {
  const [print] = await lastPrints(farm, one)
  if (print?.jobId === one.job && print.endedAt !== null) {
    if (print.state !== 'completed') {
      const decided = farm.steward.call(decideJob, { params: { id: one.job }, body: { decision: 'cancelled' } })
      if ((await decided.catch(() => null)) === null) return
    }
    Object.assign(one, await begin(farm, one.printer, one.place, seed))
  }
  await farm.steward.call(clearBed, { params: { id: one.printer.id } }).catch(() => {})
}

const kill = async (farm: Farm, victim: Victim): Promise<void> => {
  if (victim.includes('database')) process.kill(farm.postgresPid(), 'SIGKILL')
  if (victim.includes('bridge')) await farm.bridges.get('room')?.kill()
  if (victim.includes('server')) await farm.server.kill()
}

const revive = async (farm: Farm, victim: Victim): Promise<void> => {
  // The embedded database comes with the server, which starts it again by itself where it lives.
  if (victim.includes('server')) await farm.startServer()
  if (victim.includes('bridge')) await farm.startBridge('room')
}

const lastPrints = async (farm: Farm, { printer }: Running): Promise<Print[]> => {
  const end = performance.now() + 30_000
  for (;;) {
    const prints = await farm.steward
      .call(listPrints, { query: { printerId: printer.id, limit: 200 } })
      .catch(() => null)
    if (prints !== null) return prints
    if (performance.now() > end) throw new Error('The server does not answer.')
    await sleep(100)
  }
}

/** What must hold once all live again; returns how old the record was at most, in milliseconds. */
const judge = async (
  farm: Farm,
  one: Running,
  victim: Victim,
  at: number,
  witness: Witness,
  violate: (text: string) => void,
): Promise<number> => {
  if (!victim.includes('bridge')) return 0
  const end = performance.now() + 30_000
  let print: Print | undefined
  do {
    await sleep(100)
    print = (await lastPrints(farm, one)).find(({ jobId }) => jobId === one.job)
  } while (print?.endedAt === null && performance.now() < end)
  const where = `job ${one.job} on printer ${one.printer.id} after ${victim}`
  if (!print || print.endedAt === null) {
    violate(`${where}: no end is recorded`)
    return 0
  }
  if (print.state === 'completed') return 0
  if (print.state !== 'interrupted') violate(`${where}: it is ${print.state} (${print.reason})`)
  const recorded = print.acceptedBytes === 0 ? 0 : one.ends.indexOf(print.acceptedBytes) + 1
  if (recorded === 0 && print.acceptedBytes > 0) violate(`${where}: ${print.acceptedBytes} bytes end no line`)
  const taken = one.printer.printed().length
  if (recorded > taken) violate(`${where}: the record says ${recorded} lines, the printer has taken ${taken}`)
  // The youngest moment by which no more than that had been taken.
  let age = 0
  // The last of them may still have been waiting for its ok.
  while (age < 20_000 && witness.countAt(one.place, at - age) - 1 > recorded) age += 25
  if (age > OLDEST_MS + BLUR_MS) violate(`${where}: the record is ${age} ms old (${recorded} lines of ${taken})`)
  await judgeResume(farm, one, violate)
  return age
}

/** Where it stood is known well enough to offer going on; and nothing goes on without a person's word. */
const judgeResume = async (farm: Farm, one: Running, violate: (text: string) => void): Promise<void> => {
  const found = await farm.steward.call(showResumable, { params: { id: one.printer.id } }).catch(() => null)
  const resumable = found?.resumable
  if (!resumable) return
  const choices = { homing: 'keep', layers: 0, lines: 0, prime: 10, lift: 10 } as const
  const params = { id: resumable.print.id }
  const refused = await farm.steward.call(previewResume, { params, body: choices }).then(
    () => null,
    (error: Error) => error.message,
  )
  if (refused !== null && !/had not begun|not hot/.test(refused)) violate(`job ${one.job}: no preview (${refused})`)
}

/** Over the whole campaign: every job has its print on record, and no file was begun twice. */
const judgeAll = async (farm: Farm, running: readonly Running[], violate: (text: string) => void): Promise<void> => {
  for (const one of running) {
    const prints = await lastPrints(farm, one)
    const jobs = prints.map(({ jobId }) => jobId)
    if (new Set(jobs).size !== jobs.length) violate(`printer ${one.printer.id}: a job has two prints`)
    const begun = new Map<string, number>()
    for (const line of one.printer.everything()) {
      if (/^M117 file/.test(line)) begun.set(line, (begun.get(line) ?? 0) + 1)
    }
    for (const [line, count] of begun)
      if (count > 1) violate(`printer ${one.printer.id}: "${line}" was begun ${count} times`)
    const claimed = prints.filter(({ startedAt }) => startedAt !== null).length
    if (begun.size > claimed)
      violate(`printer ${one.printer.id}: ${begun.size} files were begun, ${claimed} are on record`)
  }
}
