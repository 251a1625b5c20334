// A whole workshop as processes: database, server, bridges and simulated printers, and a steward who is signed in.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FromBridge } from '../../firmware-bridge/main.ts'
import { Client } from '../../launch/demo/client.ts'
import { showFile } from '../../server/contract/files.ts'
import { listJobs, queueJob } from '../../server/contract/jobs.ts'
import { addPrinter, clearBed, type Printer, type PrinterProfile, showPrinter } from '../../server/contract/printers.ts'
import { setUpSite } from '../../server/contract/site.ts'
import type { ServerListens } from '../../server/main.ts'
import { type Environment, type Program, type SimulatorOptions, startProgram, startSimulator } from './processes.ts'

const profile: PrinterProfile = {
  shape: 'rectangular',
  width: 220,
  depth: 220,
  height: 250,
  originX: 0,
  originY: 0,
  nozzleDiameter: 0.4,
  maxNozzleTemperature: 280,
  maxBedTemperature: 110,
}

export interface FarmOptions {
  readonly databaseUrl?: string
  readonly redisUrl?: string
  readonly bridges?: readonly string[]
  readonly environment?: Environment
}

export interface FarmPrinter {
  readonly id: number
  readonly address: string
  /** Commands that its firmware has carried out in the last print: the lines of the file. */
  printed(): string[]
  /** All commands that its firmware has ever carried out. */
  everything(): string[]
}

export class Farm {
  readonly folder = mkdtempSync(join(tmpdir(), 'auzolan-farm-'))
  readonly #environment: Environment
  readonly #programs: Program[] = []
  readonly bridges = new Map<string, Program>()
  server!: Program
  steward!: Client
  address = ''

  constructor({ databaseUrl, redisUrl, environment = {} }: FarmOptions) {
    // As root, the database runs as another user and must get there.
    chmodSync(this.folder, 0o755)
    mkdirSync(this.ports)
    this.#environment = {
      AUZOLAN_DATA: join(this.folder, 'data'),
      AUZOLAN_HOST: '127.0.0.1',
      AUZOLAN_PORT: '0',
      AUZOLAN_LOG: 'warn',
      AUZOLAN_DISK_RESERVE_MB: '1',
      AUZOLAN_PORTS: this.ports,
      ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
      ...(redisUrl ? { REDIS_URL: redisUrl } : {}),
      ...environment,
    }
  }

  get ports(): string {
    return join(this.folder, 'ports')
  }

  /** Starts the server, or starts it again at the same address. */
  async startServer(): Promise<void> {
    const port = this.address === '' ? {} : { AUZOLAN_PORT: new URL(this.address).port }
    const { program, message } = await startProgram<ServerListens>('server/main.js', { ...this.#environment, ...port })
    this.server = program
    this.#programs.push(program)
    this.address = message.address.replace('localhost', '127.0.0.1')
  }

  /** A second server on the same database, at a port of its own. */
  async startOther(): Promise<Program> {
    const { program } = await startProgram<ServerListens>('server/main.js', this.#environment)
    this.#programs.push(program)
    return program
  }

  async startBridge(name: string): Promise<void> {
    const { program } = await startProgram<FromBridge>('firmware-bridge/main.js', {
      ...this.#environment,
      AUZOLAN_BRIDGE: name,
    })
    this.bridges.set(name, program)
    this.#programs.push(program)
  }

  /** Stops the process that is this bridge now, while another may be waiting to take its place. */
  async stopFirst(name: string): Promise<void> {
    await this.bridges.get(name)?.stop()
  }

  async signUp(): Promise<void> {
    this.steward = new Client(this.address)
    await this.steward.call(setUpSite, {
      body: { siteName: 'Farm', timeZone: 'UTC', stewardName: 'Maite', password: 'a long password' },
    })
  }

  /** A simulated printer on a tty, set up at a bridge, connected, its bed clear. */
  async addPrinter(name: string, options: SimulatorOptions = {}, bridge = 'room'): Promise<FarmPrinter> {
    const record = join(this.folder, `${name}.txt`)
    const link = join(this.ports, name)
    const simulator = await startSimulator({ link, record, speed: 50, ...options })
    this.#programs.push(simulator.program)
    const address = options.tcp === undefined ? link : simulator.address
    const { id } = await this.steward.call(addPrinter, { body: { name, bridge, address, baudRate: 115200, profile } })
    await this.until(id, ({ telemetry }) => telemetry?.state === 'idle', `${name} is connected`)
    await this.steward.call(clearBed, { params: { id } })
    return {
      id,
      address,
      printed: () => (existsSync(record) ? printedIn(record) : []),
      everything: () => (existsSync(record) ? commandsIn(record) : []),
    }
  }

  printer(id: number): Promise<Printer> {
    return this.steward.call(showPrinter, { params: { id } })
  }

  /** Waits until a printer stands so. */
  async until(id: number, holds: (printer: Printer) => boolean, what: string, milliseconds = 30_000): Promise<Printer> {
    const end = Date.now() + milliseconds
    for (;;) {
      const printer = await this.printer(id).catch(() => null)
      if (printer !== null && holds(printer)) return printer
      if (Date.now() > end) {
        throw new Error(`It did not come to pass that ${what}: ${JSON.stringify(printer, null, 1)}\n${this.said()}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  /** Uploads, waits until the file is read, and queues it; returns the job. */
  async queue(name: string, bytes: Uint8Array, printerId?: number): Promise<number> {
    const { id } = await this.steward.upload(name, bytes)
    const end = Date.now() + 20_000
    while ((await this.steward.call(showFile, { params: { id } })).state === 'waiting') {
      if (Date.now() > end) throw new Error(`${name} was not read.\n${this.said()}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return (await this.steward.call(queueJob, { body: { fileId: id, printerId: printerId ?? null } })).id
  }

  /** Waits until a job is in one of these states; returns which. */
  async untilJob(id: number, states: readonly string[], milliseconds = 60_000): Promise<string> {
    const end = Date.now() + milliseconds
    for (;;) {
      const open = await this.steward.call(listJobs, { query: {} }).catch(() => [])
      const ended = await this.steward.call(listJobs, { query: { ended: true } }).catch(() => [])
      const state = [...open, ...ended].find((job) => job.id === id)?.state
      if (state !== undefined && states.includes(state)) return state
      if (Date.now() > end) throw new Error(`Job ${id} is ${state} and not ${states.join(' or ')}.\n${this.said()}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }

  postgresPid(): number {
    return Number(readFileSync(join(this.folder, 'data/postgres/postmaster.pid'), 'utf8').split('\n')[0])
  }

  said(): string {
    return this.#programs.map((program) => program.said()).join('\n---\n')
  }

  async close(): Promise<void> {
    for (const bridge of this.bridges.values()) await bridge.stop()
    await this.server?.stop()
    for (const program of this.#programs) await program.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Whoever opens it closes it, also when a test fails. */
export const openFarm = async (options: FarmOptions = {}): Promise<Farm> => {
  const farm = new Farm(options)
  await farm.startServer()
  await Promise.all((options.bridges ?? ['room']).map((name) => farm.startBridge(name)))
  await farm.signUp()
  return farm
}

const commandsIn = (record: string): string[] =>
  readFileSync(record, 'latin1')
    .split('\n')
    .map((line) => line.slice(line.indexOf('\t') + 1))

/** What was accepted with a number after the last renumbering: the print, without what the bridge itself asks. */
const printedIn = (record: string): string[] => {
  const numbered = readFileSync(record, 'latin1')
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.slice(line.indexOf('\t') + 1))
  return numbered.slice(numbered.lastIndexOf('M110 N0') + 1).filter((line) => line !== 'M400' && line !== 'M105')
}
