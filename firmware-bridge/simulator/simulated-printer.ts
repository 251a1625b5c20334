// A firmware that lives: it gets a clock, faster than ours if wanted, and a wire with faults.
import { appendFileSync } from 'node:fs'
import { Delivery } from './delivery.ts'
import type { FaultPlan, Happening } from './faults.ts'
import { boot, type Input, nextEvent, type Step, step } from './firmware.ts'
import type { BootReason, FirmwareOptions, PrinterModel, QueuedCommand } from './firmware-state.ts'
import { Wire } from './wire.ts'

export interface SimulatedPrinterOptions {
  readonly model: PrinterModel
  readonly firmware?: FirmwareOptions
  readonly faults: FaultPlan
  /** How many of the printer's seconds pass in one of ours. */
  readonly speed: number
  /** Bits a second that the wire carries, in the printer's seconds; absent: it takes no time. */
  readonly baud?: number
  /** Where accepted commands are written down, a line each: `number<TAB>command`. */
  readonly record?: string
  /** Milliseconds after a halt at which somebody presses its reset button; absent: nobody does. */
  readonly resetAfterHalt?: number
  /** Lines that the printer says. */
  say(text: string): void
  /** Commands that the firmware took upon itself. */
  accepted?(commands: readonly QueuedCommand[]): void
  /** The cable is pulled, and the board has its power from it. */
  unplug?(): void
  /** The port is gone for so many milliseconds; the board lives on. */
  comeLoose?(milliseconds: number): void
}

const STALL_MS = 20_000
const MISCOUNT_LINES = 1000
/** Until somebody puts the cable back. */
const LOOSE_MS = 5000
/** Boards with a USB of their own vanish from it while they begin anew; so does the terminal of Klipper. */
const RESTART_MS = 1500

/** What each happening is to the firmware; the others are done to the wire. */
const inputs: Readonly<Partial<Record<Happening, Input>>> = {
  kill: { kind: 'kill', reason: 'Thermal Runaway, system stopped! Heater_ID: E0' },
  heater: { kind: 'break', part: 'heater' },
  probe: { kind: 'break', part: 'probe' },
  miscount: { kind: 'miscount', lines: MISCOUNT_LINES },
  resend: { kind: 'bytes', text: 'N~*0\n' },
  'touch-print': { kind: 'press', button: 'print' },
  'press-pause': { kind: 'press', button: 'pause' },
  'press-resume': { kind: 'press', button: 'resume' },
  'press-cancel': { kind: 'press', button: 'cancel' },
}

/** Give it what the host writes by `hear`; it answers through `say`. */
export class SimulatedPrinter {
  readonly #options: SimulatedPrinterOptions
  readonly #wire: Wire
  readonly #toPrinter: Delivery
  readonly #toHost: Delivery
  #firmware: Step['firmware']
  #timer: NodeJS.Timeout | undefined
  #resetTimer: NodeJS.Timeout | undefined
  #silentUntil = 0
  readonly #bornAt = performance.now()

  constructor(options: SimulatedPrinterOptions) {
    this.#options = options
    this.#wire = new Wire(options.faults)
    const baud = (options.baud ?? 0) * options.speed
    this.#toPrinter = new Delivery(baud, (text) => this.#take(text))
    this.#toHost = new Delivery(baud, (text) => options.say(text))
    const first = boot(options.model, options.firmware, 0)
    this.#firmware = first.firmware
    this.#answer(first)
  }

  /** Text that the host wrote, cut anywhere. */
  hear(text: string): void {
    // Cut into lines, so that on a slow wire the first is there before the last.
    if (this.#options.baud === undefined) return this.#take(text)
    for (const line of text.split(/(?<=\n)/)) this.#toPrinter.send({ text: line, late: 0, joins: false })
  }

  /** The reset button. */
  reset(): void {
    this.#beginAnew('reset')
  }

  #beginAnew(why: BootReason): void {
    this.#silentUntil = 0
    const { model } = this.#options
    const klipperStays = model.dialect.name === 'klipper' && why === 'brown-out'
    if (!model.resetsOnOpen && !klipperStays) this.#options.comeLoose?.(RESTART_MS)
    this.#step({ kind: 'reset', why })
  }

  /** What somebody does at the printer, or what befalls it. */
  happen(fault: Happening): void {
    const input = inputs[fault]
    if (input !== undefined) this.#step(input)
    else if (fault === 'reset' || fault === 'brown-out') this.#beginAnew(fault)
    else if (fault === 'unplug') this.#options.unplug?.()
    else if (fault === 'cable') this.#options.comeLoose?.(LOOSE_MS)
    else if (fault === 'stall') this.#silentUntil = performance.now() + STALL_MS
    else if (fault === 'mute') this.#silentUntil = Number.POSITIVE_INFINITY
  }

  /** How often each fault was played. */
  get faultCounts(): Readonly<Partial<Record<string, number>>> {
    return this.#wire.counts
  }

  /** The number of the last line that the firmware took. */
  get lastLine(): number {
    return this.#firmware.lastLine
  }

  /** What is on the wire is lost, in both directions. */
  loseWire(): void {
    this.#toPrinter.stop()
    this.#toHost.stop()
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#resetTimer)
    this.loseWire()
  }

  #now(): number {
    return (performance.now() - this.#bornAt) * this.#options.speed
  }

  #take(text: string): void {
    const { text: damaged, happens } = this.#wire.toPrinter(text)
    this.#step({ kind: 'bytes', text: damaged })
    for (const fault of happens) this.happen(fault)
  }

  #step(input: Input): void {
    const before = this.#firmware
    const result = step(before, input, this.#now())
    this.#firmware = result.firmware
    this.#answer(result)
    const { resetAfterHalt } = this.#options
    const halts = isDown(result.firmware) && !isDown(before)
    if (halts && resetAfterHalt !== undefined) this.#resetTimer = setTimeout(() => this.reset(), resetAfterHalt)
  }

  #answer(result: Step): void {
    const { record, accepted } = this.#options
    if (result.accepted.length > 0) {
      accepted?.(result.accepted)
      if (record !== undefined) {
        appendFileSync(record, result.accepted.map(({ number, text }) => `${number}\t${text}\n`).join(''))
      }
    }
    if (result.lines.length > 0 && performance.now() >= this.#silentUntil) {
      for (const piece of this.#wire.toHost(result.lines)) this.#toHost.send(piece)
    }
    clearTimeout(this.#timer)
    const next = nextEvent(this.#firmware)
    if (next === null) return
    const wait = Math.max(0, (next - this.#now()) / this.#options.speed)
    this.#timer = setTimeout(() => this.#step({ kind: 'tick' }), Math.min(wait, 0x7fffffff))
  }
}

const isDown = ({ halted, shutDown }: Step['firmware']): boolean => halted || shutDown !== null
