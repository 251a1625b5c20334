// A printer's firmware as a function: (state, input at a time) -> (state, lines it answers). It has no clock and no port.
// It follows Marlin 2.1: its line numbers and checksums (queue.cpp), its command buffer, its planner, its keepalive.
import { begin, endOfWait, reportOf } from './commands.ts'
import { type Firmware, type FirmwareOptions, kill, type Output, type QueuedCommand } from './firmware-state.ts'
import { coldHeater, type Heater } from './heater.ts'
import type { PrinterModel } from './models.ts'

export type Input =
  | { readonly kind: 'bytes'; readonly text: string }
  /** Time passes. */
  | { readonly kind: 'tick' }
  /** The reset button, or DTR. */
  | { readonly kind: 'reset' }
  /** A fault of the machine itself. */
  | { readonly kind: 'kill'; readonly reason: string }

export interface Step {
  readonly firmware: Firmware
  readonly lines: readonly string[]
  readonly accepted: readonly QueuedCommand[]
}

const LONGEST_COMMAND = 95

export const boot = (model: PrinterModel, options: FirmwareOptions = {}, now = 0): Step => {
  const firmware: Firmware = {
    model,
    options: {
      advancedOk: false,
      emergencyParser: false,
      receiveBytes: 128,
      commandBuffer: 4,
      plannerBlocks: 16,
      keepalive: 2000,
      residency: 3,
      ...options,
    },
    now,
    received: '',
    queue: [],
    lastLine: 0,
    wait: null,
    busyAt: 0,
    planner: [],
    position: { x: 0, y: 0, z: 0, e: 0 },
    homed: false,
    relative: false,
    relativeE: false,
    feedrate: 25,
    tool: 0,
    fan: 0,
    heaters: { ...nozzles(model, now), B: coldHeater(model.bed, now) },
    reportInterval: 0,
    reportAt: 0,
    debug: 0,
    halted: false,
  }
  return { firmware, lines: ['start', ...model.banner, ...model.settings], accepted: [] }
}

const nozzles = (model: PrinterModel, now: number): Record<string, Heater> =>
  Object.fromEntries(Array.from({ length: model.extruders }, (_, n) => [`T${n}`, coldHeater(model.nozzle, now)]))

/** `at` is the printer's clock in milliseconds and never runs backwards. */
export const step = (before: Firmware, input: Input, at: number): Step => {
  if (input.kind === 'reset') return { ...boot(before.model, before.options, at) }
  const firmware = { ...before }
  const output: Output = { lines: [], accepted: [] }
  if (firmware.halted) return { firmware: { ...firmware, now: at }, ...output }
  advance(firmware, output, at)
  if (input.kind === 'kill') kill(firmware, output, input.reason)
  else if (input.kind === 'bytes') {
    receive(firmware, output, input.text)
    advance(firmware, output, at)
  }
  return { firmware, ...output }
}

/** When something will happen by itself; null where nothing will. */
export const nextEvent = (firmware: Firmware): number | null => {
  if (firmware.halted) return null
  let next = Number.POSITIVE_INFINITY
  const { wait } = firmware
  if (firmware.reportInterval > 0) next = firmware.reportAt
  if (wait !== null) {
    if (firmware.options.keepalive > 0) next = Math.min(next, firmware.busyAt)
    if (wait.kind === 'heater') next = Math.min(next, wait.until, wait.reportAt)
    else if (wait.kind === 'delay') next = Math.min(next, wait.until)
    else if (wait.kind === 'planner-room') next = Math.min(next, firmware.planner[0] ?? firmware.now)
    else next = Math.min(next, firmware.planner[firmware.planner.length - 1] ?? firmware.now)
  }
  return Number.isFinite(next) ? next : null
}

/** Lets time pass up to `at`, one event after the other, carrying out what waits in between. */
const advance = (firmware: Firmware, output: Output, at: number): void => {
  for (;;) {
    firmware.planner = dropEnded(firmware.planner, firmware.now)
    readLines(firmware, output)
    const command = firmware.queue[0]
    if (firmware.halted) break
    if (firmware.wait === null && command !== undefined) {
      output.accepted.push(command)
      begin(firmware, output, command)
      if (firmware.wait === null) firmware.queue = firmware.queue.slice(1)
      else firmware.busyAt = firmware.now + firmware.options.keepalive
      continue
    }
    const next = nextEvent(firmware)
    if (next === null || next > at) break
    firmware.now = Math.max(firmware.now, next)
    happen(firmware, output)
  }
  firmware.now = Math.max(firmware.now, at)
  firmware.planner = dropEnded(firmware.planner, firmware.now)
}

const dropEnded = (planner: readonly number[], now: number): readonly number[] => {
  let ended = 0
  while (ended < planner.length && (planner[ended] as number) <= now) ended++
  return ended > 0 ? planner.slice(ended) : planner
}

/** Whatever is due at `now`. */
const happen = (firmware: Firmware, output: Output): void => {
  const { now, wait } = firmware
  firmware.planner = dropEnded(firmware.planner, now)
  if (firmware.reportInterval > 0 && firmware.reportAt <= now) {
    output.lines.push(` ${reportOf(firmware)}`)
    firmware.reportAt = now + firmware.reportInterval
  }
  if (wait === null) return
  if (firmware.options.keepalive > 0 && firmware.busyAt <= now) {
    output.lines.push('echo:busy: processing')
    firmware.busyAt = now + firmware.options.keepalive
  }
  if (!endOfWait(firmware, output)) return
  firmware.wait = null
  firmware.queue = firmware.queue.slice(1)
}

const receive = (firmware: Firmware, output: Output, text: string): void => {
  const room = firmware.options.receiveBytes - firmware.received.length
  firmware.received += text.length > room ? text.slice(0, Math.max(0, room)) : text
  if (firmware.options.emergencyParser && /(^|\n)(N\d+ ?)?M112\b/.test(firmware.received)) {
    kill(firmware, output, 'echo:M112 Shutdown')
  }
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

const takeLine = (firmware: Firmware, output: Output, raw: string): void => {
  const comment = raw.indexOf(';')
  const kept = (comment < 0 ? raw : raw.slice(0, comment)).slice(0, LONGEST_COMMAND)
  if (kept === '') return
  const line = kept.replace(/^ +/, '')
  const star = line.lastIndexOf('*')
  if (line.startsWith('N')) return takeNumberedLine(firmware, output, line, star)
  if (star >= 0 && firmware.model.refusesBareChecksum) {
    return refuse(firmware, output, 'No Line Number with checksum')
  }
  const text = (star < 0 ? line : line.slice(0, star)).trimEnd()
  // Without the emergency parser, these are noticed as the line leaves the receive buffer, if it is not numbered.
  if (/^M112\b/.test(text)) return kill(firmware, output, 'echo:M112 Shutdown')
  if (/^M108\b/.test(text) && firmware.wait?.kind === 'heater')
    firmware.wait = { ...firmware.wait, until: firmware.now }
  firmware.queue = [...firmware.queue, { text, number: -1 }]
}

const takeNumberedLine = (firmware: Firmware, output: Output, line: string, star: number): void => {
  const renumbers = line.includes('M110')
  const second = renumbers ? line.indexOf('N', 4) : -1
  const number = Number.parseInt(line.slice((second > 0 ? second : 0) + 1), 10)
  const { lastLine } = firmware
  if (!renumbers && number !== lastLine + 1) {
    const again = number === lastLine || number === lastLine - 1
    if (again && firmware.model.duplicates === 'silent') return
    return refuse(firmware, output, 'Line Number is not Last Line Number+1')
  }
  if (star < 0) return refuse(firmware, output, 'No Checksum with line number')
  const body = line.slice(0, star)
  let sum = 0
  for (let at = 0; at < body.length; at++) sum ^= body.charCodeAt(at)
  if (Number.parseInt(line.slice(star + 1), 10) !== (sum & 0xff)) return refuse(firmware, output, 'checksum mismatch')
  firmware.lastLine = number
  const own = /^N-?\d+ ?/.exec(body)?.[0].length ?? 0
  firmware.queue = [...firmware.queue, { text: body.slice(own).trimEnd(), number }]
}

/** Empties the receive buffer and asks for the line after the last good one; the `ok` acknowledges nothing. */
const refuse = (firmware: Firmware, output: Output, why: string): void => {
  firmware.received = ''
  output.lines.push(`Error:${why}, Last Line: ${firmware.lastLine}`, `Resend: ${firmware.lastLine + 1}`, 'ok')
}
