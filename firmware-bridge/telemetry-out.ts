// What the printers do -> the database: telemetry and snapshots each second, consoles while somebody looks.
import type { Telemetry } from '../server/contract/printers.ts'
import type { ConsoleBatch, TelemetryBatch } from '../server/contract/signals.ts'
import { touchBridge } from '../server/store/bridges.ts'
import type { Database } from '../server/store/database.ts'
import { LARGEST_SIGNAL_BYTES, publishAll } from '../server/store/notify.ts'
import { saveSnapshots } from '../server/store/printers.ts'
import { saveRecords } from '../server/store/prints.ts'
import type { PrinterSession } from './printer-session.ts'

const EVERY_MS = 1000
const CONSOLE_MS = 250
/** A console that was looked at lately is told; the server asks again every few seconds. */
const WATCHED_MS = 12_000
const CONSOLE_LINES = 40

/** Splits telemetry into signals that are small enough. */
export const toBatches = (bridge: string, telemetry: readonly Telemetry[]): TelemetryBatch[] => {
  const batches: TelemetryBatch[] = []
  let printers: Telemetry[] = []
  let bytes = 100
  for (const one of telemetry) {
    const size = Buffer.byteLength(JSON.stringify(one)) + 1
    if (bytes + size > LARGEST_SIGNAL_BYTES && printers.length > 0) {
      batches.push({ bridge, printers })
      printers = []
      bytes = 100
    }
    printers.push(one)
    bytes += size
  }
  if (printers.length > 0) batches.push({ bridge, printers })
  return batches
}

export class TelemetryOut {
  readonly #db: Database
  readonly #bridge: string
  readonly #instance: string
  readonly #sessions: () => Iterable<PrinterSession>
  readonly #usurped: () => void
  readonly #failed: (error: Error) => void
  #watched = new Map<number, { until: number; everything: boolean }>()
  #timers: NodeJS.Timeout[] = []
  #sending: Promise<void> | null = null
  #urgent = false

  constructor(options: {
    db: Database
    bridge: string
    instance: string
    sessions: () => Iterable<PrinterSession>
    /** Another process has become this bridge. */
    usurped: () => void
    failed: (error: Error) => void
  }) {
    this.#db = options.db
    this.#bridge = options.bridge
    this.#instance = options.instance
    this.#sessions = options.sessions
    this.#usurped = options.usurped
    this.#failed = options.failed
  }

  start(): void {
    this.#timers = [setInterval(() => this.#send(), EVERY_MS), setInterval(() => this.#sendConsoles(), CONSOLE_MS)]
    this.#send()
  }

  /** Something changed that people wait for: told at once, not with the next second. */
  soon(): void {
    if (this.#urgent) return
    this.#urgent = true
    setImmediate(() => {
      this.#urgent = false
      this.#send()
    })
  }

  /** Somebody looks at this printer's console. */
  watch(printerId: number, everything: boolean): void {
    const session = this.#session(printerId)
    if (session === undefined) return
    const known = this.#watched.get(printerId)
    this.#watched.set(printerId, { until: performance.now() + WATCHED_MS, everything })
    if (known !== undefined && known.everything === everything && known.until > performance.now()) return
    session.console.forgetFresh()
    const lines = session.console.last(CONSOLE_LINES, everything)
    this.#publishConsoles([{ printerId, left: 0, lines }])
  }

  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await this.#sending
    await this.#sendAll()
  }

  #session(printerId: number): PrinterSession | undefined {
    for (const session of this.#sessions()) if (session.options.printerId === printerId) return session
    return undefined
  }

  /** One round at a time: when the database is slow, the next tells what is true then. */
  #send(): void {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = null
    })
  }

  async #sendAll(): Promise<void> {
    const now = new Date()
    const telemetry = [...this.#sessions()].map((session) => session.telemetry(now))
    const records = [...this.#sessions()].flatMap(({ streamer }) => (streamer === null ? [] : [streamer.record(now)]))
    try {
      if (!(await touchBridge(this.#db, this.#bridge, this.#instance))) return this.#usurped()
      await saveSnapshots(this.#db, telemetry)
      await saveRecords(this.#db, records)
      await publishAll(this.#db, 'telemetry', toBatches(this.#bridge, telemetry))
    } catch (error) {
      this.#failed(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #sendConsoles(): void {
    const now = performance.now()
    const batches: ConsoleBatch[] = []
    for (const [printerId, { until, everything }] of this.#watched) {
      const session = this.#session(printerId)
      if (session === undefined || until < now) {
        this.#watched.delete(printerId)
        continue
      }
      const { lines, left } = session.console.takeFresh(CONSOLE_LINES, everything)
      if (lines.length > 0) batches.push({ printerId, left, lines })
    }
    this.#publishConsoles(batches)
  }

  #publishConsoles(batches: readonly ConsoleBatch[]): void {
    const sized = batches.map(fitBatch)
    publishAll(this.#db, 'console', sized).catch((error: Error) => this.#failed(error))
  }
}

/** Drops the oldest lines until the rest can be told in one signal. */
const fitBatch = (batch: ConsoleBatch): ConsoleBatch => {
  let { lines, left } = batch
  while (lines.length > 1 && Buffer.byteLength(JSON.stringify(lines)) > LARGEST_SIGNAL_BYTES) {
    const dropped = Math.ceil(lines.length / 4)
    lines = lines.slice(dropped)
    left += dropped
  }
  return { ...batch, lines, left }
}
