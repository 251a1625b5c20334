// A printer's firmware as a function: (state, input at a time) -> (state, lines it answers). It has no clock and no port.

import { cardStatus, fullCard, readCard, select, startCardPrint } from './commands/card.ts'
import { clockReport } from './commands/heat.ts'
import { waitsForAnswer } from './commands/people.ts'
import { begin, endOfWait } from './commands.ts'
import {
  type BootReason,
  emergencyStop,
  type Firmware,
  type FirmwareOptions,
  type Output,
  type PrinterModel,
  type QueuedCommand,
  shutDown,
} from './firmware-state.ts'
import { readAlong, takeLine } from './framing.ts'
import { breakHeater, coldHeater, type Heater, temperatureOf } from './heater.ts'

export type Input =
  | { readonly kind: 'bytes'; readonly text: string }
  /** Time passes. */
  | { readonly kind: 'tick' }
  /** The reset button, DTR, or a supply that gave way. */
  | { readonly kind: 'reset'; readonly why?: BootReason }
  /** A fault of the machine itself, as the firmware names it. */
  | { readonly kind: 'kill'; readonly reason: string }
  /** From now on the nozzle's heater does nothing; the probe does not trigger. */
  | { readonly kind: 'break'; readonly part: 'heater' | 'probe' }
  /** Its count of lines jumps: a mangled M110 would do that. */
  | { readonly kind: 'miscount'; readonly lines: number }
  /** Somebody starts a print at the printer's own screen, or presses its pause button. */
  | { readonly kind: 'press'; readonly button: 'print' | 'pause' | 'resume' | 'cancel' }

export interface Step {
  readonly firmware: Firmware
  readonly lines: readonly string[]
  readonly accepted: readonly QueuedCommand[]
}

const defaults: Required<FirmwareOptions> = {
  advancedOk: false,
  emergencyParser: false,
  receiveBytes: 128,
  commandBuffer: 4,
  plannerBlocks: 16,
  keepalive: 2000,
  idleWait: 0,
  residency: 3,
  prompts: false,
  sdCard: false,
}

export const boot = (model: PrinterModel, options: FirmwareOptions = {}, now = 0, why: BootReason = 'power'): Step => {
  const firmware: Firmware = {
    model,
    options: { ...defaults, ...model.build, ...options },
    now,
    received: '',
    queue: [],
    lastLine: 0,
    skipping: -1,
    wait: null,
    busyAt: 0,
    idleSince: now,
    planner: [],
    position: { x: 0, y: 0, z: 0, e: 0 },
    homed: false,
    relative: false,
    relativeE: false,
    feedrate: 25,
    feedFactor: 1,
    flowFactor: 1,
    tool: 0,
    fan: 0,
    heaters: { ...nozzles(model, now), B: coldHeater(model.bed, now) },
    watch: null,
    probeBroken: false,
    reportInterval: 0,
    reportAt: 0,
    positionInterval: 0,
    positionAt: 0,
    debug: 0,
    card: fullCard(),
    halted: false,
    shutDown: null,
  }
  return { firmware, lines: model.dialect.greeting(model, why), accepted: [] }
}

const nozzles = (model: PrinterModel, now: number): Record<string, Heater> =>
  Object.fromEntries(Array.from({ length: model.extruders }, (_, n) => [`T${n}`, coldHeater(model.nozzle, now)]))

/** `at` is the printer's clock in milliseconds and never runs backwards. */
export const step = (before: Firmware, input: Input, at: number): Step => {
  if (input.kind === 'reset') return beginAnew(before, at, input.why ?? 'reset')
  const firmware = { ...before }
  const output: Output = { lines: [], accepted: [] }
  if (firmware.halted) return { firmware: { ...firmware, now: at }, ...output }
  advance(firmware, output, at)
  if (firmware.halted) return { firmware, ...output }
  takeInput(firmware, output, input, at)
  return { firmware, ...output }
}

/** Klipper itself lives on when the board behind it fails. */
const beginAnew = (before: Firmware, at: number, why: BootReason): Step => {
  const begun = boot(before.model, before.options, at, why)
  const { firmware } = begun
  if (why !== 'brown-out' || firmware.model.dialect.name !== 'klipper') return begun
  const output: Output = { lines: [], accepted: [] }
  const reason = "Lost communication with MCU 'mcu'"
  shutDown(firmware, output, firmware.model.dialect.fault(firmware, reason), reason)
  return { firmware, ...output }
}

const takeInput = (firmware: Firmware, output: Output, input: Exclude<Input, { kind: 'reset' }>, at: number): void => {
  switch (input.kind) {
    case 'bytes':
      return receive(firmware, output, input.text, at)
    case 'kill':
      return shutDown(firmware, output, firmware.model.dialect.fault(firmware, input.reason), input.reason)
    case 'break':
      return breakPart(firmware, input.part)
    case 'miscount':
      firmware.lastLine += input.lines
      return
    case 'press':
      return press(firmware, output, input.button, at)
    case 'tick':
  }
}

const breakPart = (firmware: Firmware, part: 'heater' | 'probe'): void => {
  if (part === 'probe') firmware.probeBroken = true
  else {
    const name = `T${firmware.tool}`
    const heater = firmware.heaters[name]
    if (heater) firmware.heaters = { ...firmware.heaters, [name]: breakHeater(heater, firmware.now) }
  }
}

const press = (
  firmware: Firmware,
  output: Output,
  button: Extract<Input, { kind: 'press' }>['button'],
  at: number,
): void => {
  if (button !== 'print') output.lines.push(`//action:${button}`)
  else if (select(firmware, output, 'SMALL.GCO')) {
    startCardPrint(firmware, output)
    advance(firmware, output, at)
  }
}

/** When something will happen by itself; null where nothing will. */
export const nextEvent = (firmware: Firmware): number | null => {
  if (firmware.halted) return null
  const { wait, options, watch, card } = firmware
  let next = Number.POSITIVE_INFINITY
  if (firmware.reportInterval > 0) next = firmware.reportAt
  if (firmware.positionInterval > 0) next = Math.min(next, firmware.positionAt)
  if (card.reportInterval > 0) next = Math.min(next, card.reportAt)
  if (watch !== null) next = Math.min(next, watch.at)
  if (wait === null) {
    const idle = options.idleWait > 0 && firmware.queue.length === 0
    return finite(idle ? Math.min(next, firmware.idleSince + options.idleWait) : next)
  }
  if (saysBusy(firmware)) next = Math.min(next, firmware.busyAt)
  if (wait.kind === 'heater') next = Math.min(next, wait.until, wait.reportAt)
  else if (wait.kind === 'stages') next = Math.min(next, wait.until)
  else if (wait.kind === 'planner-room') next = Math.min(next, firmware.planner[0]?.endsAt ?? firmware.now)
  else next = Math.min(next, firmware.planner[firmware.planner.length - 1]?.endsAt ?? firmware.now)
  return finite(next)
}

const finite = (at: number): number | null => (Number.isFinite(at) ? at : null)

const saysBusy = ({ options, model }: Firmware): boolean => options.keepalive > 0 && model.dialect.busy('') !== null

/** Lets time pass up to `at`, one event after the other, carrying out what waits in between. */
const advance = (firmware: Firmware, output: Output, at: number): void => {
  for (;;) {
    firmware.planner = dropEnded(firmware)
    readLines(firmware, output)
    readCard(firmware, output)
    const command = firmware.queue[0]
    if (firmware.halted) break
    if (firmware.wait === null && command !== undefined) {
      carryOut(firmware, output, command)
      continue
    }
    const next = nextEvent(firmware)
    if (next === null || next > at) break
    firmware.now = Math.max(firmware.now, next)
    happen(firmware, output)
  }
  firmware.now = Math.max(firmware.now, at)
  firmware.planner = dropEnded(firmware)
}

const carryOut = (firmware: Firmware, output: Output, command: QueuedCommand): void => {
  const obeyed = begin(firmware, output, command)
  if (obeyed && !command.own && firmware.model.dialect.acknowledges === 'when-done') output.accepted.push(command)
  firmware.idleSince = firmware.now
  if (firmware.wait === null) firmware.queue = firmware.queue.slice(1)
  else firmware.busyAt = firmware.now + firmware.options.keepalive
}

const dropEnded = ({ planner, now }: Firmware): Firmware['planner'] => {
  let ended = 0
  while (ended < planner.length && (planner[ended]?.endsAt ?? now) <= now) ended++
  return ended > 0 ? planner.slice(ended) : planner
}

/** Whatever is due at `now`. */
const happen = (firmware: Firmware, output: Output): void => {
  firmware.planner = dropEnded(firmware)
  report(firmware, output)
  if (stopsColdHeater(firmware, output)) return
  const { now, wait, options } = firmware
  if (wait === null) {
    if (options.idleWait > 0 && firmware.queue.length === 0 && firmware.idleSince + options.idleWait <= now) {
      output.lines.push('wait')
      firmware.idleSince = now
    }
    return
  }
  if (saysBusy(firmware) && firmware.busyAt <= now) {
    const busy = firmware.model.dialect.busy(waitsForAnswer(wait) ? 'paused for user' : 'processing')
    if (busy !== null) output.lines.push(busy)
    firmware.busyAt = now + options.keepalive
  }
  if (!endOfWait(firmware, output)) return
  firmware.wait = null
  firmware.idleSince = now
  firmware.queue = firmware.queue.slice(1)
}

/** What the firmware tells by the clock. */
const report = (firmware: Firmware, output: Output): void => {
  const { now, card } = firmware
  if (firmware.reportInterval > 0 && firmware.reportAt <= now) {
    output.lines.push(clockReport(firmware))
    firmware.reportAt = now + firmware.reportInterval
  }
  if (firmware.positionInterval > 0 && firmware.positionAt <= now) {
    output.lines.push(firmware.model.dialect.position(firmware))
    firmware.positionAt = now + firmware.positionInterval
  }
  if (card.reportInterval > 0 && card.reportAt <= now) {
    output.lines.push(cardStatus(firmware))
    firmware.card = { ...card, reportAt: now + card.reportInterval }
  }
}

const stopsColdHeater = (firmware: Firmware, output: Output): boolean => {
  const { watch, now } = firmware
  if (watch === null || watch.at > now) return false
  firmware.watch = null
  const heater = firmware.heaters[watch.heater]
  if (heater === undefined || heater.target === 0 || temperatureOf(heater, now) >= watch.least) return false
  const reason = 'Heating failed, system stopped! Heater_ID: E0'
  shutDown(firmware, output, firmware.model.dialect.fault(firmware, reason), reason)
  return true
}

/** Bytes go into the receive buffer line by line, and out of it as long as the command buffer has room. */
const receive = (firmware: Firmware, output: Output, text: string, at: number): void => {
  const { emergencyParser, receiveBytes } = firmware.options
  for (let from = 0; from < text.length && !firmware.halted; ) {
    const end = text.indexOf('\n', from)
    const piece = text.slice(from, end < 0 ? text.length : end + 1)
    from += piece.length
    const { dialect } = firmware.model
    if (emergencyParser && end >= 0) {
      const waited = waitsForAnswer(firmware.wait)
      readAlong(firmware, output, piece.trimEnd())
      // Who waits for a person looks all the time, and is done before the line has arrived.
      if (waited) advance(firmware, output, at)
    }
    const room = receiveBytes - firmware.received.length
    firmware.received += piece.length > room ? piece.slice(0, Math.max(0, room)) : piece
    // Klipper looks for it in whatever it has read (gcode.py, _process_data).
    if (dialect.name === 'klipper' && /^(?:N\d+)?\s*M112(?:\s|\*|$)/.test(piece)) stopKlipper(firmware, output)
    advance(firmware, output, at)
  }
}

const stopKlipper = (firmware: Firmware, output: Output): void => {
  emergencyStop(firmware, output)
  // What it was waiting for is over; the commands behind it are told so, one by one.
  if (firmware.wait !== null) firmware.wait = { kind: 'planner-empty' }
}

/** Takes whole lines out of the receive buffer as long as the command buffer has room. */
const readLines = (firmware: Firmware, output: Output): void => {
  while (!firmware.halted && firmware.queue.length < firmware.options.commandBuffer) {
    const end = firmware.received.search(/[\n\r]/)
    if (end < 0) return
    const raw = firmware.received.slice(0, end)
    firmware.received = firmware.received.slice(end + 1)
    takeLine(firmware, output, raw)
  }
}
