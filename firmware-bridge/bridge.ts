// One bridge: its printers, its ports, its queue. The wiring of the whole bridge is on this page.
import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Config, folderMark } from '../server/config.ts'
import { PrintOrder, printQueue } from '../server/contract/work.ts'
import { type SeenPort, savePorts, saveStopDoor } from '../server/store/bridges.ts'
import { DatabaseAway, mayPass, openPool, untilAnswers } from '../server/store/database.ts'
import { untilMigrated } from '../server/store/migrate.ts'
import { listen } from '../server/store/notify.ts'
import { connectionOf } from '../server/store/open-database.ts'
import { saveLog } from '../server/store/printer-logs.ts'
import { type PrinterSetup, setupsOf } from '../server/store/printers.ts'
import { interruptOrphans, saveKept, savePause } from '../server/store/prints.ts'
import { openOrders } from '../server/store/queues.ts'
import { occupyBed, saveObjects } from '../server/store/routines.ts'
import { takeWaiting } from './commands-in.ts'
import { FileShelf } from './file-shelf.ts'
import { claimName, holdName } from './identity.ts'
import { type ConnectTiming, defaultConnectTiming } from './introduce.ts'
import { LateWrites } from './late-writes.ts'
import { listPorts } from './port/list-ports.ts'
import { openPort } from './port/open-port.ts'
import { type PrintWorker, takeOrder } from './print-worker.ts'
import { PrinterSession } from './printer-session.ts'
import { hasPrint } from './printer-state.ts'
import { RecordShelf } from './record-shelf.ts'
import { openStopDoor } from './stop-door.ts'
import { Stops } from './stops.ts'
import { Supervisor } from './supervisor.ts'
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

  const records = new RecordShelf(join(folder, 'records'), (error) => {
    say(`The disk takes no records (${error.message}). Prints go on; after a power cut they would stand further back.`)
    for (const session of sessions.values()) session.console.add('note', `The disk takes no records: ${error.message}`)
  })
  // What the last process knew comes first: with it, a print that it cut off is recorded to the second.
  await saveKept(db, await records.open())
  const sessions = new Map<number, PrinterSession>()
  const supervisors = new Map<number, Supervisor>()
  const interrupted = new Set(await interruptOrphans(db, name, instance))
  const late = new LateWrites(mayPass, failed('late writes'))
  const stops = new Stops((printerId) => sessions.get(printerId))
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
  const openSession = (setup: PrinterSetup, fail: (error: Error) => void): PrinterSession => {
    const session: PrinterSession = new PrinterSession({
      ...setup,
      printerId: setup.id,
      timing,
      open: openPort,
      resolve: resolvePort,
      failed: fail,
      objectsFound: (printId, objects) => {
        late.put(`objects ${printId}`, () => saveObjects(db, printId, objects))
      },
      changed: () => {
        telemetry.soon()
        const { state } = session
        if (state === 'manual') late.put(`bed ${setup.id}`, () => occupyBed(db, setup.id))
        const printId = session.streamer?.plan.printId
        if (printId !== undefined && (state === 'paused' || state === 'printing')) {
          late.put(`pause ${printId}`, () => savePause(db, printId, state === 'paused'))
        }
      },
    })
    return session
  }
  const supervise = (setup: PrinterSetup): Supervisor => {
    // The first one looks after what an earlier process left hot, the next ones after what a failed one did.
    let coolDownFirst = interrupted.delete(setup.id)
    return new Supervisor({
      make: (fail) => openSession(setup, fail),
      began: (session) => {
        session.coolDownFirst = coolDownFirst
        coolDownFirst = true
        sessions.set(setup.id, session)
      },
      keepLog: (failure, lines) => {
        say(`${setup.name}: ${failure}`)
        late.put(`log ${setup.id}`, () => saveLog(db, { printerId: setup.id, failure, lines }))
      },
    })
  }
  /** Brings the sessions after the printers as they are set up; one that prints keeps what it was begun with. */
  const followSetups = async (): Promise<void> => {
    const setups = await setupsOf(db, name)
    for (const [id, supervisor] of supervisors) {
      const setup = setups.find((one) => one.id === id)
      const { session } = supervisor
      if (setup?.routines) session.learn(setup.routines)
      if (setup !== undefined && (sameSetup(setup, session) || hasPrint(session.state))) continue
      supervisors.delete(id)
      sessions.delete(id)
      await supervisor.stop('The printer was taken out of service or set up anew.')
    }
    for (const setup of setups) if (!supervisors.has(setup.id)) supervisors.set(setup.id, supervise(setup))
  }
  const followPorts = async (): Promise<void> => {
    const found = await listPorts(config.extraPorts)
    if (JSON.stringify(found) === JSON.stringify(ports)) return
    // Known here first: a printer that comes back at another port is found also while the database is away.
    ports = found
    late.put('ports', () => savePorts(db, name, found))
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

  const door = await openStopDoor({
    folder: join(folder, 'stop'),
    otherwise: join(config.runtimeFolder, `auzolan-stop-${folderMark(folder)}`, 'stop.sock'),
    address: config.stopAddress,
    carryOut: (call) => stops.carryOut(call),
    say,
  })
  await followPorts()
  await followSetups()
  await saveStopDoor(db, { name, instance, socket: door.socket, address: config.stopAddress, key: door.key })
  telemetry.start()
  late.start()
  let setups = Promise.resolve()
  const setupsSoon = (): void => {
    setups = setups.then(followSetups).catch(failed('printers'))
  }
  const commandsSoon = (): void => {
    takeWaiting(db, sessions, stops, failed('commands')).catch(failed('commands'))
  }
  const listening = await listen(
    connection,
    {
      change: ({ of }) => of === 'printer' && setupsSoon(),
      command: ({ bridge, printerId, stop }) => {
        if (bridge !== name) return
        if (stop) stops.carryOut({ id: stop.wish, printerId, askedBy: stop.askedBy }).catch(failed('commands'))
        commandsSoon()
      },
      log: ({ printerId }) => {
        const lines = sessions.get(printerId)?.console.report()
        if (lines !== undefined) saveLog(db, { printerId, failure: null, lines }).catch(failed('log'))
      },
      watch: ({ printerId, everything }) => telemetry.watch(printerId, everything),
    },
    () => {
      setupsSoon()
      commandsSoon()
    },
    failed('signals'),
  )
  const orders = openOrders(connection, config.redisUrl, failed('orders'))
  const worker: PrintWorker = {
    db,
    shelf: new FileShelf(join(folder, 'files'), db),
    instance,
    session: (printerId: number) => sessions.get(printerId),
    failed: failed('print'),
    caughtUp: () => late.write(),
    running: new Set<Promise<void>>(),
    unwritten: new Map(),
  }
  records.start(() => [
    ...worker.unwritten.values(),
    ...[...sessions.values()].flatMap(({ streamer }) =>
      streamer === null ? [] : [{ instance, record: streamer.record(new Date()), outcome: null }],
    ),
  ])
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
      await door.close()
      await listening.close()
      await Promise.all([...supervisors.values()].map((supervisor) => supervisor.stop(reason)))
      await Promise.all(worker.running)
      await records.keep([])
      await records.stop()
      await telemetry.stop()
      await late.stop()
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
