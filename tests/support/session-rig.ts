// A printer's session over a simulated printer in memory, and what both of them do.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import type { ConnectTiming } from '../../firmware-bridge/introduce.ts'
import { PortRefused } from '../../firmware-bridge/port/port.ts'
import { PrinterSession } from '../../firmware-bridge/printer-session.ts'
import type { SessionOptions } from '../../firmware-bridge/session-options.ts'
import { noFaults, parseFaults } from '../../firmware-bridge/simulator/faults.ts'
import type { FirmwareOptions, PrinterModel } from '../../firmware-bridge/simulator/firmware-state.ts'
import { type MemoryPort, openMemoryPort } from '../../firmware-bridge/simulator/memory-port.ts'
import { models } from '../../firmware-bridge/simulator/models.ts'
import type { PrintOutcome } from '../../firmware-bridge/streamer.ts'
import type { PrinterControls } from '../../server/contract/printer-controls.ts'
import type { PrinterProfile, SessionState } from '../../server/contract/printers.ts'
import { type Routines, usualRoutines } from '../../server/contract/routines.ts'

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
  greeting: 60,
  answer: 300,
  quiet: 10,
  probeAfter: 60,
  probeLongAfter: 200,
  probeLongAfterWithoutKeepalive: 3000,
  settleAfter: 30,
  deadAfter: 1500,
  deadAfterWithoutKeepalive: 1500,
  deadInLongCommand: 5000,
} as ConnectTiming

const folder = mkdtempSync(join(tmpdir(), 'auzolan-rig-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const openSessions: PrinterSession[] = []

afterEach(async () => {
  for (const session of openSessions.splice(0)) await session.stop('The test is over.')
})

export interface RigOptions {
  readonly faults?: string
  readonly speed?: number
  readonly model?: PrinterModel
  readonly firmware?: FirmwareOptions
  readonly routines?: Partial<Routines>
  readonly session?: Partial<SessionOptions>
}

export class Rig {
  readonly session: PrinterSession
  readonly record = join(folder, `${Math.random()}.txt`)
  present = true
  #port: MemoryPort | undefined

  constructor(options: RigOptions) {
    writeFileSync(this.record, '')
    const { faults, model = models.marlin, firmware = {}, speed = 1000 } = options
    const plan = faults ? parseFaults(faults) : noFaults
    this.session = new PrinterSession({
      printerId: 1,
      name: 'Test printer',
      address: '/dev/ttyTEST',
      baudRate: 115200,
      profile,
      timing: quick,
      open: async (_address, _baud, listener) => {
        if (!this.present) throw new PortRefused('missing', 'There is no port.')
        this.#port = openMemoryPort({ model, firmware, faults: plan, speed, record: this.record }, listener)
        return this.#port
      },
      resolve: async (address) => (this.present ? address : null),
      changed: () => {},
      routines: { ...usualRoutines, ...options.routines },
      ...options.session,
    })
    openSessions.push(this.session)
    this.session.start()
  }

  get port(): MemoryPort {
    return this.#port as MemoryPort
  }

  /** What the printer has carried out, in order, whoever sent it. */
  lines(): string[] {
    return readFileSync(this.record, 'latin1')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.slice(line.indexOf('\t') + 1))
  }

  /** The same without what the bridge asks by the clock. */
  told(): string[] {
    return this.lines().filter((line) => !/^M(?:105|110|114|115|155|27|400)\b/.test(line))
  }

  get controls(): PrinterControls {
    return this.session.telemetry(new Date()).controls as PrinterControls
  }

  state(state: SessionState): Promise<void> {
    return until(
      () => this.session.state === state,
      () => `the printer is ${state} (it is ${this.session.state}: ${this.notes().slice(-5).join(' | ')})`,
    )
  }

  /** The printer says a line by itself. */
  say(line: string): void {
    this.port.printer.hear(`M118 ${line}\n`)
  }

  notes(): string[] {
    return this.session.console
      .last(500, false)
      .filter(({ direction }) => direction === 'note')
      .map(({ text }) => text)
  }

  /** Prints a text; the promise is of its end. */
  print(gcode: string, givenUp: readonly string[] = []): Promise<PrintOutcome> {
    const path = join(folder, `${Math.random()}.gcode`)
    writeFileSync(path, gcode)
    const plan = { printId: 7, totalBytes: gcode.length, course: null, givenUp, fetch: async () => path }
    const started = this.session.print(plan)
    if ('refused' in started) throw new Error(started.refused)
    return started
  }
}

export const openRig = async (options: RigOptions = {}): Promise<Rig> => {
  const rig = new Rig(options)
  await rig.state('idle')
  return rig
}

export const until = async (
  holds: () => boolean,
  what: string | (() => string),
  milliseconds = 10_000,
): Promise<void> => {
  const end = performance.now() + milliseconds
  while (!holds()) {
    if (performance.now() > end) {
      throw new Error(`It did not come to pass that ${typeof what === 'string' ? what : what()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
