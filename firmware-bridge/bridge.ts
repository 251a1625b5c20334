// One bridge: its printers, its ports, its queue. The wiring of the whole bridge is on this page.
import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, folderMark } from '../server/config.ts'
import { PrintOrder, printQueue } from '../server/contract/work.ts'
import { type SeenPort, savePorts } from '../server/store/bridges.ts'
import { DatabaseAway, openPool, untilAnswers } from '../server/store/database.ts'
import { untilMigrated } from '../server/store/migrate.ts'
import { listen } from '../server/store/notify.ts'
import { connectionOf } from '../server/store/open-database.ts'
import { type PrinterSetup, setupsOf } from '../server/store/printers.ts'
import { interruptOrphans, savePause } from '../server/store/prints.ts'
import { openOrders } from '../server/store/queues.ts'
import { takeWaiting } from './commands-in.ts'
import { type ConnectTiming, defaultConnectTiming } from './connect.ts'
import { FileShelf } from './file-shelf.ts'
import { claimName, holdName } from './identity.ts'
import { listPorts } from './port/list-ports.ts'
import { openPort } from './port/open-port.ts'
import { takeOrder } from './print-worker.ts'
import { PrinterSession } from './printer-session.ts'
import { hasPrint } from './printer-state.ts'
import { TelemetryOut } from './telemetry-out.ts'

const PORTS_MS = 2000
const SETUP_MS = 15_000
const ORDERS_AT_ONCE = 16

export interface Bridge {
  /** Printers on which a print is. */
  printing(): number
  /** Takes no new prints from now on; resolves when those under way have ended. */
  drain(): Promise<void>
  /** Resolves when another process has become this bridge: then this one must stop. */
  readonly usurped: Promise<void>
  /** Ends at once: prints under way are interrupted and their heaters switched off. */
  stop(reason: string): Promise<void>
}

export const startBridge = async (
  config: Config,
  say: (text: string) => void,
  timing: ConnectTiming = defaultConnectTiming,
): Promise<Bridge> => {
  const instance = randomUUID()
  const name = config.bridge
  const connection = connectionOf(config)
  const folder = join(config.dataFolder, 'bridges', name)
  const failed = (what: string) => (error: Error) => {
    // While the database is away this would be said every second; printing goes on without it.
    if (!(error instanceof DatabaseAway)) say(`${what}: ${error.message}`)
  }
  const db = openPool(connection, 8)
  await holdName(join(config.runtimeFolder, `auzolan-bridge-${folderMark(folder)}.sock`), () =>
    say(`Another process of the bridge ${name} still prints; waiting.`),
  )
  await untilAnswers(db, (reason) => say(`${reason} Trying until it does.`))
  await untilMigrated(db)
  const stopped = { now: false }
  await claimName(
    db,
    name,
    instance,
    (host) => say(`The bridge ${name} runs on ${host}; waiting.`),
    () => !stopped.now,
  )

  const sessions = new Map<number, PrinterSession>()
  const interrupted = new Set(await interruptOrphans(db, name, instance))
  let ports: readonly SeenPort[] = []

  let toldUsurped: () => void = () => {}
  const usurped = new Promise<void>((resolve) => {
    toldUsurped = resolve
  })
  const telemetry = new TelemetryOut({
    db,
    bridge: name,
    instance,
    sessions: () => sessions.values(),
    usurped: toldUsurped,
    failed: failed('telemetry'),
  })

  const resolvePort = async (address: string): Promise<string | null> => {
    if (address.startsWith('tcp://')) return address
    const port = ports.find(({ identity }) => identity === address)
    const path = port?.path ?? (address.startsWith('/') ? address : null)
    return path !== null && (await stat(path).catch(() => null))?.isCharacterDevice() ? path : null
  }
  const openSession = (setup: PrinterSetup): PrinterSession => {
    const session = new PrinterSession({
      ...setup,
      printerId: setup.id,
      timing,
      open: openPort,
      resolve: resolvePort,
      changed: () => {
        telemetry.soon()
        const printId = session.streamer?.plan.printId
        if (printId !== undefined && (session.state === 'paused' || session.state === 'printing')) {
          savePause(db, printId, session.state === 'paused').catch(failed('pause'))
        }
      },
    })
    session.coolDownFirst = interrupted.delete(setup.id)
    session.start()
    return session
  }
  /** Brings the sessions after the printers as they are set up; one that prints keeps what it was begun with. */
  const followSetups = async (): Promise<void> => {
    const setups = await setupsOf(db, name)
    for (const [id, session] of sessions) {
      const setup = setups.find((one) => one.id === id)
      if (setup !== undefined && (sameSetup(setup, session) || hasPrint(session.state))) continue
      sessions.delete(id)
      await session.stop('The printer was taken out of service or set up anew.')
    }
    for (const setup of setups) if (!sessions.has(setup.id)) sessions.set(setup.id, openSession(setup))
  }
  const followPorts = async (): Promise<void> => {
    const found = await listPorts(config.extraPorts)
    if (JSON.stringify(found) === JSON.stringify(ports)) return
    await savePorts(db, name, found)
    ports = found
  }
  /** Runs `work` again and again, one at a time. */
  const every = (milliseconds: number, what: string, work: () => Promise<void>): NodeJS.Timeout => {
    let busy = false
    return setInterval(() => {
      if (busy || stopped.now) return
      busy = true
      work()
        .catch(failed(what))
        .finally(() => {
          busy = false
        })
    }, milliseconds)
  }

  await followPorts()
  await followSetups()
  telemetry.start()
  let setups = Promise.resolve()
  const setupsSoon = (): void => {
    setups = setups.then(followSetups).catch(failed('printers'))
  }
  const commandsSoon = (): void => {
    takeWaiting(db, sessions, failed('commands')).catch(failed('commands'))
  }
  const listening = await listen(
    connection,
    {
      change: ({ of }) => of === 'printer' && setupsSoon(),
      command: (call) => call.bridge === name && commandsSoon(),
      watch: ({ printerId, everything }) => telemetry.watch(printerId, everything),
    },
    () => {
      setupsSoon()
      commandsSoon()
    },
    failed('signals'),
  )
  const orders = openOrders(connection, config.redisUrl, failed('orders'))
  const worker = {
    db,
    shelf: new FileShelf(join(folder, 'files'), db),
    instance,
    session: (printerId: number) => sessions.get(printerId),
    failed: failed('print'),
    running: new Set<Promise<void>>(),
  }
  const take = (order: PrintOrder): Promise<void> => takeOrder(worker, order)
  await orders.work(printQueue(name), PrintOrder, ORDERS_AT_ONCE, take, failed('order'))
  const timers = [every(PORTS_MS, 'ports', followPorts), every(SETUP_MS, 'printers', followSetups)]

  const printing = (): number => [...sessions.values()].filter(({ state }) => hasPrint(state)).length
  return {
    printing,
    usurped,
    drain: async () => {
      await orders.close()
      while (printing() > 0) await new Promise((resolve) => setTimeout(resolve, 500))
    },
    stop: async (reason) => {
      stopped.now = true
      for (const timer of timers) clearInterval(timer)
      await listening.close()
      await Promise.all([...sessions.values()].map((session) => session.stop(reason)))
      await Promise.all(worker.running)
      await telemetry.stop()
      await orders.close().catch(failed('orders'))
      await db.close()
    },
  }
}

const sameSetup = (setup: PrinterSetup, { options }: PrinterSession): boolean =>
  setup.name === options.name &&
  setup.address === options.address &&
  setup.baudRate === options.baudRate &&
  JSON.stringify(setup.profile) === JSON.stringify(options.profile)
