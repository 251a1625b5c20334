// A firmware that lives: it gets a clock, faster than ours if wanted, and a wire with faults.
import { appendFileSync } from 'node:fs'
import { type FaultPlan, type PlannedFault, Wire } from './faults.ts'
import { boot, type Input, nextEvent, type Step, step } from './firmware.ts'
import type { FirmwareOptions } from './firmware-state.ts'
import type { PrinterModel } from './models.ts'

export interface SimulatedPrinterOptions {
  readonly model: PrinterModel
  readonly firmware?: FirmwareOptions
  readonly faults: FaultPlan
  /** How many of the printer's seconds pass in one of ours. */
  readonly speed: number
  /** Where accepted commands are written down, a line each: `number<TAB>command`. */
  readonly record?: string
  /** Milliseconds after a halt at which somebody presses its reset button; absent: nobody does. */
  readonly resetAfterHalt?: number
  /** Lines that the printer says. */
  say(text: string): void
  /** The cable is pulled. */
  unplug?(): void
}

const STALL_MS = 20_000

/** Give it what the host writes by `hear`; it answers through `say`. */
export class SimulatedPrinter {
  readonly #options: SimulatedPrinterOptions
  readonly #wire: Wire
  #firmware: Step['firmware']
  #timer: NodeJS.Timeout | undefined
  #resetTimer: NodeJS.Timeout | undefined
  #stalledUntil = 0
  readonly #bornAt = performance.now()

  constructor(options: SimulatedPrinterOptions) {
    this.#options = options
    this.#wire = new Wire(options.faults)
    const first = boot(options.model, options.firmware, 0)
    this.#firmware = first.firmware
    this.#answer(first)
  }

  /** Text that the host wrote, cut anywhere. */
  hear(text: string): void {
    const { text: damaged, happens } = this.#wire.toPrinter(text)
    this.#step({ kind: 'bytes', text: damaged })
    for (const fault of happens) this.#happen(fault)
  }

  /** The reset button. */
  reset(): void {
    this.#step({ kind: 'reset' })
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#resetTimer)
  }

  #now(): number {
    return (performance.now() - this.#bornAt) * this.#options.speed
  }

  #happen(fault: PlannedFault['fault']): void {
    if (fault === 'reset') this.reset()
    else if (fault === 'unplug') this.#options.unplug?.()
    else if (fault === 'stall') this.#stalledUntil = performance.now() + STALL_MS
    else if (fault === 'kill')
      this.#step({ kind: 'kill', reason: 'Error:Thermal Runaway, system stopped! Heater_ID: E0' })
    else if (fault === 'resend') this.#say([`Resend: ${this.#firmware.lastLine + 1}`, 'ok'])
  }

  #step(input: Input): void {
    const result = step(this.#firmware, input, this.#now())
    const halts = result.firmware.halted && !this.#firmware.halted
    this.#firmware = result.firmware
    this.#answer(result)
    const { resetAfterHalt } = this.#options
    if (halts && resetAfterHalt !== undefined) this.#resetTimer = setTimeout(() => this.reset(), resetAfterHalt)
  }

  #answer(result: Step): void {
    if (result.lines.length > 0 && performance.now() >= this.#stalledUntil) {
      this.#say(this.#wire.toHost(result.lines, this.#firmware.lastLine))
    }
    const { record } = this.#options
    if (record !== undefined && result.accepted.length > 0) {
      appendFileSync(record, result.accepted.map(({ number, text }) => `${number}\t${text}\n`).join(''))
    }
    clearTimeout(this.#timer)
    const next = nextEvent(this.#firmware)
    if (next === null) return
    const wait = Math.max(0, (next - this.#now()) / this.#options.speed)
    this.#timer = setTimeout(() => this.#step({ kind: 'tick' }), Math.min(wait, 0x7fffffff))
  }

  #say(lines: readonly string[]): void {
    if (lines.length > 0) this.#options.say(lines.map((line) => `${line}\n`).join(''))
  }
}
