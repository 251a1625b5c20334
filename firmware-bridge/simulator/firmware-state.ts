// What the simulated firmware remembers, and the two answers that every part of it gives.
import { type Heater, setTarget } from './heater.ts'
import type { PrinterModel } from './models.ts'

/** How this firmware was built; what is left out is Marlin's default. */
export interface FirmwareOptions {
  readonly advancedOk?: boolean
  readonly emergencyParser?: boolean
  /** Bytes of the receive buffer; what arrives beyond is lost without a word. */
  readonly receiveBytes?: number
  readonly commandBuffer?: number
  readonly plannerBlocks?: number
  /** Milliseconds between two `busy`; 0 switches them off. */
  readonly keepalive?: number
  /** Seconds that a temperature must hold before a wait for it ends. */
  readonly residency?: number
}

/** What holds up the next command. Times in milliseconds of the printer's clock. */
export type Wait =
  | { readonly kind: 'heater'; readonly heater: string; readonly until: number; readonly reportAt: number }
  | { readonly kind: 'delay'; readonly until: number; readonly after: 'ok' | 'home' }
  | { readonly kind: 'planner-room' }
  | { readonly kind: 'planner-empty' }

export interface QueuedCommand {
  readonly text: string
  /** Line number, or -1 for a line that came without. */
  readonly number: number
}

/** Everything the firmware remembers. Values only: a copy is a snapshot. */
export interface Firmware {
  readonly model: PrinterModel
  readonly options: Required<FirmwareOptions>
  now: number
  received: string
  queue: readonly QueuedCommand[]
  lastLine: number
  wait: Wait | null
  busyAt: number
  /** When each planned move will end. */
  planner: readonly number[]
  position: { readonly x: number; readonly y: number; readonly z: number; readonly e: number }
  homed: boolean
  relative: boolean
  relativeE: boolean
  feedrate: number
  tool: number
  fan: number
  heaters: Readonly<Record<string, Heater>>
  reportInterval: number
  reportAt: number
  /** M111's flags. */
  debug: number
  halted: boolean
}

/** What one step gave: lines to send, and commands that were carried out. */
export interface Output {
  readonly lines: string[]
  readonly accepted: QueuedCommand[]
}

export const ok = (firmware: Firmware, output: Output, command: QueuedCommand): void => {
  if (!firmware.options.advancedOk) {
    output.lines.push('ok')
    return
  }
  const planner = firmware.options.plannerBlocks - 1 - firmware.planner.length
  const buffer = firmware.options.commandBuffer - firmware.queue.length
  const number = command.number >= 0 ? ` N${command.number}` : ''
  output.lines.push(`ok${number} P${planner} B${buffer}`)
}

/** The firmware switches everything off and stops listening (Marlin kill()). */
export const kill = (firmware: Firmware, output: Output, reason: string): void => {
  output.lines.push(reason, 'Error:Printer halted. kill() called!')
  firmware.halted = true
  firmware.wait = null
  firmware.queue = []
  firmware.planner = []
  firmware.heaters = Object.fromEntries(
    Object.entries(firmware.heaters).map(([name, heater]) => [name, setTarget(heater, 0, firmware.now)]),
  )
}
