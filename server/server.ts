// Starts store, work and app; stops them in reverse. The wiring of the whole server is on this page.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import type { SessionState, Telemetry } from './contract/printers.ts'
import {
  AnalyseOrder,
  analyseQueue,
  PullOrder,
  pullQueue,
  SliceOrder,
  sliceQueue,
  TimeOrder,
  timesQueue,
} from './contract/work.ts'
import { handOut } from './desk/hand-out.ts'
import { sendMail } from './plugins/mail.ts'
import type { House } from './routes/house.ts'
import { Live } from './routes/live.ts'
import { designLimits } from './sources/limits.ts'
import { openSources } from './sources/sources.ts'
import { Answers } from './store/answers.ts'
import { sweepKeys } from './store/api-keys.ts'
import { sweepAudit } from './store/audit.ts'
import { sweepBlobs } from './store/blobs.ts'
import { type Database, DatabaseAway } from './store/database.ts'
import { unreadFiles } from './store/files.ts'
import { sweepGuesses } from './store/guesses.ts'
import { sweepLinks } from './store/invitations.ts'
import { KnownCallers } from './store/known-callers.ts'
import { migrate } from './store/migrate.ts'
import { sweepWork } from './store/model-work.ts'
import { sweepModels } from './store/models.ts'
import { sweepNotices } from './store/notices.ts'
import { listen } from './store/notify.ts'
import { openDatabase } from './store/open-database.ts'
import { closeOldCommands } from './store/printer-commands.ts'
import { sweepPulls } from './store/pulls.ts'
import { type Orders, openOrders } from './store/queues.ts'
import { databaseNow } from './store/scheduling.ts'
import { openSealer } from './store/secrets.ts'
import { sweepSessions } from './store/sessions.ts'
import { readSite } from './store/site.ts'
import { resetSlices, unhandedSlices, waitingSlices } from './store/slices.ts'
import { StopDoors } from './store/stop-doors.ts'
import { TemperatureMemory } from './store/temperatures.ts'
import { Unwritten } from './store/unwritten.ts'
import { analyseFile } from './work/analyse-file.ts'
import { AnalysisThread } from './work/analysis-thread.ts'
import { dispatch, sendOrders } from './work/dispatch.ts'
import { followPrints } from './work/follow-prints.ts'
import { keepTimes } from './work/keep-times.ts'
import { readNewDesigns, sendModelOrders, workOnModels } from './work/model-orders.ts'
import { Power } from './work/power.ts'
import { pullDesign } from './work/pull-design.ts'
import { repeat } from './work/repeat.ts'
import { sendNotices, type Ways } from './work/send-notices.ts'
import { setAlarms } from './work/set-alarms.ts'
import { Slicing } from './work/slicing.ts'
import { syncSpoolman } from './work/sync-spoolman.ts'

const SCHEDULE_MS = 10_000
const SWEEP_MS = 600_000
const POWER_MS = 5000
const LETTERS_MS = 15_000
const SPOOLMAN_MS = 60_000
/** Bells may be lost: so often it is looked anew where bridges take stops, and who may ask for one. */
const LOOK_MS = 5000
const RECHECK_MS = 15_000
const WRITE_MS = 2000
const ANALYSES_AT_ONCE = 1
const PULLS_AT_ONCE = 2
const SLICES_AT_ONCE = 1

/** A running server: where it listens, and how to end it. */
export interface Server {
  readonly address: string
  /** Whether the workshop has its first steward. */
  readonly setUp: boolean
  readonly setUpCode: string
  close(): Promise<void>
}

const here = dirname(fileURLToPath(import.meta.url))
/** As source this file lies in server/, as built in dist/server/. */
const rootFolder = existsSync(join(here, '..', 'package.json')) ? join(here, '..') : join(here, '..', '..')

export const startServer = async (config: Config, say: (text: string) => void): Promise<Server> => {
  const opened: (() => Promise<unknown>)[] = []
  const close = async (): Promise<void> => {
    for (const part of opened.splice(0).reverse()) await part()
  }
  try {
    return { ...(await open(config, say, (part) => opened.push(part))), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Opens part after part; each says to `closedBy` how it is closed. */
const open = async (
  config: Config,
  say: (text: string) => void,
  closedBy: (part: () => Promise<unknown>) => void,
): Promise<Omit<Server, 'close'>> => {
  const failed = (what: string) => (error: Error) => say(`${what}: ${error.message}`)
  // What was known stays known then, and is not complained of every few seconds.
  const unlessAway =
    (what: string) =>
    (error: Error): void => {
      if (!(error instanceof DatabaseAway)) failed(what)(error)
    }
  const { db, close: closeDatabase } = await openDatabase(config, say)
  closedBy(closeDatabase)
  await migrate(db, db.connection)
  const orders = openOrders(db.connection, config.redisUrl, failed('orders'))
  closedBy(() => orders.close())
  const sources = openSources({
    limits: designLimits(config.designs.maxBytes),
    temporaryFolder: join(config.dataFolder, 'pulls'),
    allowedHosts: config.designs.allowedHosts,
    tokens: config.designs.tokens,
    manyfold: config.designs.manyfold,
  })
  closedBy(() => sources.close())
  const house: House = {
    db,
    sources,
    orders,
    config,
    temperatures: new TemperatureMemory(),
    answers: new Answers(),
    callers: new KnownCallers(),
    doors: new StopDoors(),
    unwritten: new Unwritten(),
    setUpCode: randomBytes(4).toString('hex').toUpperCase(),
  }
  const thread = new AnalysisThread()
  closedBy(() => thread.close())
  const analyse = ({ fileId }: AnalyseOrder): Promise<void> => analyseFile(db, thread, fileId)
  await orders.work(analyseQueue, AnalyseOrder, ANALYSES_AT_ONCE, analyse, failed('analysis'))
  await workOnModels(db, orders, failed('models'))

  const pull = ({ pullId }: PullOrder): Promise<void> => pullDesign(db, sources, pullId, failed('pull'))
  await orders.work(pullQueue, PullOrder, PULLS_AT_ONCE, pull, failed('pull'))

  // New versions ring; what rang while the server was down is found at its start.
  const shapes = repeat(() => readNewDesigns(db, orders), SWEEP_MS, failed('models'))
  closedBy(() => shapes.close())

  const slicing = new Slicing(db, thread)
  closedBy(async () => slicing.close())
  await resetSlices(db)
  const slice = ({ sliceId }: SliceOrder): Promise<void> => slicing.slice(sliceId)
  await orders.work(sliceQueue, SliceOrder, SLICES_AT_ONCE, slice, failed('slicing'))

  const schedule = repeat(
    async () => {
      await followPrints(db)
      // Before the queue: freed time goes to who waits for it first. What is wrong with a booking stops no print.
      await keepRound(db, orders).catch(failed('bookings'))
      await dispatch(db, orders)
    },
    SCHEDULE_MS,
    failed('schedule'),
  )
  closedBy(() => schedule.close())
  await orders.work(timesQueue, TimeOrder, 1, async () => schedule.wake(), failed('booking times'))
  const letters = repeat(
    async () => sendNotices(db, waysOf(config), await databaseNow(db)),
    LETTERS_MS,
    failed('notices'),
  )
  closedBy(() => letters.close())
  const sweep = repeat(() => sweepUp(house), SWEEP_MS, failed('sweep'))
  closedBy(() => sweep.close())
  const spoolman = repeat(() => syncSpoolman(db), SPOOLMAN_MS, failed('Spoolman'))
  closedBy(() => spoolman.close())

  const power = new Power(db, openSealer(config.keyFile))
  const plugs = repeat(() => power.look(), POWER_MS, failed('plugs'))
  closedBy(() => plugs.close())

  const standing = new Standing()
  const look = repeat(() => house.doors.look(db), LOOK_MS, unlessAway('bridges'))
  closedBy(() => look.close())
  const recheck = repeat(() => house.callers.recheck(db), RECHECK_MS, unlessAway('sessions'))
  closedBy(() => recheck.close())
  const writing = repeat(() => house.unwritten.write(), WRITE_MS, failed('emergency stops'))
  closedBy(() => writing.close())

  const live = new Live(db)
  const listening = await listen(
    db.connection,
    {
      change: (change) => {
        if (change.of === 'spool') spoolman.wake()
        if (change.of === 'notice') letters.wake()
        if (change.of === 'design') shapes.wake()
        if (change.of === 'slice') slicing.changed(change.id).catch(failed('slicing'))
        // What the schedule itself tells people must not wake it again.
        if (change.of !== 'queue' && change.of !== 'notice') schedule.wake()
        live.change(change)
        if (change.of === 'printer' || change.of === 'bridge') look.wake()
        else if (change.of === 'member') recheck.wake()
      },
      telemetry: (batch) => {
        for (const telemetry of batch.printers) house.temperatures.take(telemetry)
        if (standing.hasChanged(batch.printers)) schedule.wake()
        live.telemetry(batch)
      },
      console: (batch) => live.console(batch),
      answer: ({ commandId, printerId }) => {
        house.answers.answered(commandId)
        live.answered(commandId, printerId)
      },
    },
    () => schedule.wake(),
    failed('signals'),
  )
  closedBy(() => listening.close())
  const pagesFolder = join(rootFolder, 'dist', 'dashboard')
  const app = await buildApp({ house, live, pagesFolder, version: version() })
  closedBy(async () => {
    live.close()
    await app.close()
  })
  await app.listen({ host: config.host, port: config.port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new Error(`Port ${config.port} is used by another program. Stop that, or set AUZOLAN_PORT to another number.`)
  })
  const { port } = app.server.address() as { port: number }
  return {
    address: `http://localhost:${port}`,
    setUp: (await readSite(db)) !== null,
    setUpCode: house.setUpCode,
  }
}

const keepRound = async (db: Database, orders: Orders): Promise<void> => {
  const now = await databaseNow(db)
  await keepTimes(db, now)
  await setAlarms(db, orders, now)
}

const waysOf = ({ mail, publicUrl }: Config): Ways => ({
  publicUrl,
  mail: mail === null ? null : (letter) => sendMail(mail, letter),
})

/** The state of each printer as last told: a printer that has become idle can take a job. */
class Standing {
  readonly #states = new Map<number, SessionState>()

  hasChanged(told: readonly Telemetry[]): boolean {
    const changed = told.filter(({ printerId, state }) => this.#states.get(printerId) !== state)
    for (const { printerId, state } of changed) this.#states.set(printerId, state)
    return changed.length > 0
  }
}

/** What lies around is cleared away, and what was forgotten is taken up again. */
const sweepUp = async ({ db, orders }: House): Promise<void> => {
  await sweepWork(db)
  await sweepModels(db)
  await sweepBlobs(db)
  await sweepSessions(db)
  await sweepKeys(db)
  await sweepLinks(db)
  await sweepGuesses(db)
  await sweepAudit(db)
  await sweepNotices(db)
  await closeOldCommands(db)
  // Files and prints whose order was lost get another: adding twice is harmless.
  for (const fileId of await unreadFiles(db)) await orders.add(analyseQueue, `file-${fileId}`, { fileId })
  for (const pullId of await sweepPulls(db)) await orders.add(pullQueue, `pull-${pullId}`, { pullId })
  await sendModelOrders(db, orders)
  for (const sliceId of await unhandedSlices(db)) await handOut(db, sliceId)
  for (const sliceId of await waitingSlices(db)) await orders.add(sliceQueue, `slice-${sliceId}`, { sliceId })
  await sendOrders(db, orders)
}

const version = (): string => {
  const text = readFileSync(join(rootFolder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
