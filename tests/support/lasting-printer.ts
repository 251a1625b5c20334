// A simulated printer that lives on while its cable is pulled and plugged in again, and a session on it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ConnectTiming, defaultConnectTiming } from '../../firmware-bridge/introduce.ts'
import { LineSplitter, type Port, type PortListener, PortRefused } from '../../firmware-bridge/port/port.ts'
import type { PrintPlan } from '../../firmware-bridge/print-plan.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import type { SessionOptions } from '../../firmware-bridge/session-options.ts'
import { noFaults, parseFaults } from '../../firmware-bridge/simulator/faults.ts'
import type { PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import { SimulatedPrinter } from '../../firmware-bridge/simulator/simulated-printer.ts'
import type { PrintOutcome } from '../../firmware-bridge/streamer.ts'
import type { PrinterProfile, SessionState } from '../../server/contract/printers.ts'

export const profile: PrinterProfile = {
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

/** The same rules as ever, but nobody has to wait for them. */
export const quick: ConnectTiming = {
  ...defaultConnectTiming,
  greeting: 60,
  answer: 300,
  quiet: 10,
  probeAfter: 60,
  probeLongAfter: 200,
  settleAfter: 30,
  deadAfter: 1500,
}

export const cube = fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url))

export interface LastingOptions {
  readonly speed?: number
  readonly faults?: string
  readonly model?: PrinterModel
  readonly session?: Partial<SessionOptions>
  /** Wraps the port that the session gets. */
  readonly wrap?: (port: Port) => Port
}

export class LastingPrinter {
  readonly session: PrinterSession
  readonly printer: SimulatedPrinter
  readonly #record = join(mkdtempSync(join(tmpdir(), 'auzolan-lasting-')), 'record.txt')
  #listener: PortListener | null = null
  #splitter = new LineSplitter()
  /** Whether the port is there. */
  present = true
  opened = 0

  constructor({
    speed = 300,
    faults,
    model = models.marlin,
    session = {},
    wrap = (port) => port,
  }: LastingOptions = {}) {
    writeFileSync(this.#record, '')
    this.printer = new SimulatedPrinter({
      model,
      faults: faults ? parseFaults(faults) : noFaults,
      speed,
      record: this.#record,
      unplug: () => this.unplug(),
      say: (text) => setImmediate(() => this.#listener?.lines(this.#splitter.split(Buffer.from(text, 'latin1')))),
    })
    this.session = new PrinterSession({
      printerId: 1,
      name: 'Test printer',
      address: '/dev/ttyTEST',
      baudRate: 115200,
      profile,
      timing: quick,
      open: async (_address, _baud, listener) => wrap(this.#open(listener)),
      resolve: async (address) => (this.present ? address : null),
      changed: () => {},
      ...session,
    })
  }

  #open(listener: PortListener): Port {
    if (!this.present) throw new PortRefused('missing', 'There is no port.')
    this.opened++
    this.#splitter = new LineSplitter()
    this.#listener = listener
    return {
      address: 'lasting',
      write: (text) => void (this.#listener === listener && this.printer.hear(text)),
      pulseReset: async () => this.printer.reset(),
      close: async () => {
        if (this.#listener === listener) this.#listener = null
      },
    }
  }

  /** Pulls the cable; the printer has a power supply of its own. */
  unplug(): void {
    this.present = false
    const listener = this.#listener
    this.#listener = null
    listener?.closed('The printer was unplugged or switched off.')
  }

  plugIn(): void {
    this.present = true
  }

  /** All that its firmware has carried out. */
  all(): string[] {
    return this.#lines().map((line) => line.split('\t')[1] as string)
  }

  /** The lines of the file that it has carried out, from the first on; what the bridge itself asks is left out. */
  ofFile(first = 'M201 X3000 Y3000 Z500 E10000'): string[] {
    const own = /^M110 N\d+$|^M400$|^M105$|^M114$|^M155|^M115$/
    const lines = this.#lines()
      .filter((line) => /^\d/.test(line))
      .map((line) => line.split('\t')[1] as string)
    const begin = lines.indexOf(first)
    return begin < 0 ? [] : lines.slice(begin).filter((line) => !own.test(line))
  }

  #lines(): string[] {
    return readFileSync(this.#record, 'latin1')
      .split('\n')
      .filter((line) => line !== '')
  }

  until(holds: () => boolean, what: string, milliseconds = 15_000): Promise<void> {
    return until(holds, `${what} (it is ${this.session.state})`, milliseconds)
  }

  untilState(state: SessionState): Promise<void> {
    return this.until(() => this.session.state === state, `the printer is ${state}`)
  }

  print(path = cube, from: PrintPlan['from'] = null): Promise<PrintOutcome> {
    const started = this.session.print({
      printId: 7,
      totalBytes: readFileSync(path).length,
      course: null,
      from,
      fetch: async () => path,
    })
    if ('refused' in started) throw new Error(started.refused)
    return started
  }

  async close(): Promise<void> {
    await this.session.stop('The test is over.')
    this.printer.stop()
  }
}

export const until = async (holds: () => boolean, what: string, milliseconds = 15_000): Promise<void> => {
  const end = performance.now() + milliseconds
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come to pass that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
