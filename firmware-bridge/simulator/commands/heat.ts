// Heaters and fans: what M104 to M191 do to the simulated printer.
import { type Firmware, type Handler, type Output, ok, type QueuedCommand, type Wait, word } from '../firmware-state.ts'
import { reachesTargetAt, setTarget, temperatureOf } from '../heater.ts'

/** A heater must have gained this much (°C) in that time (ms), as Marlin's WATCH_TEMP has it. */
const LEAST_GAIN = 2
const WATCH_MS = 20_000

const heat =
  (bed: boolean, waits: boolean): Handler =>
  (firmware, output, text) => {
    const name = bed ? 'B' : `T${word(text, 'T') ?? firmware.tool}`
    const heater = firmware.heaters[name]
    if (!heater) return null
    const target = word(text, 'S') ?? word(text, 'R')
    if (target !== undefined) {
      firmware.heaters = { ...firmware.heaters, [name]: setTarget(heater, target, firmware.now) }
      watch(firmware, name)
    }
    const heated = firmware.heaters[name]
    if (!waits || !heated || heated.target === 0) return null
    output.lines.push(reportLine(firmware, 'W:?'))
    const until = reachesTargetAt(heated, firmware.now) + firmware.options.residency * 1000
    return { kind: 'heater', heater: name, until, reportAt: firmware.now + 1000 }
  }

/** Only what has to climb is watched. */
const watch = (firmware: Firmware, name: string): void => {
  const heater = firmware.heaters[name]
  if (heater === undefined || name === 'B') return
  const actual = temperatureOf(heater, firmware.now)
  firmware.watch =
    heater.target > actual + LEAST_GAIN
      ? { heater: name, at: firmware.now + WATCH_MS, least: actual + LEAST_GAIN }
      : null
}

/** Marlin's reports begin with a blank; only its waits tell how long they still last. */
const reportLine = (firmware: Firmware, left: string): string => {
  const { dialect } = firmware.model
  const report = dialect.temperatures(firmware)
  return dialect.halt === 'deaf' ? ` ${report} ${left}` : report
}

/** The report that comes by the clock (M155). */
export const clockReport = (firmware: Firmware): string => {
  const { dialect } = firmware.model
  return dialect.halt === 'deaf' ? ` ${dialect.temperatures(firmware)}` : dialect.temperatures(firmware)
}

export const endOfHeating = (
  firmware: Firmware,
  output: Output,
  wait: Extract<Wait, { kind: 'heater' }>,
  command: QueuedCommand,
): boolean => {
  const { now } = firmware
  if (now >= wait.until) {
    ok(firmware, output, command)
    return true
  }
  if (now >= wait.reportAt) {
    const left = Math.ceil((wait.until - now) / 1000)
    output.lines.push(reportLine(firmware, `W:${left > firmware.options.residency ? '?' : left - 1}`))
    firmware.wait = { ...wait, reportAt: now + 1000 }
  }
  return false
}

/** Says what the dialect says of a new target. */
const tellsTarget =
  (handler: Handler, label: string): Handler =>
  (firmware, output, text, command) => {
    const target = word(text, 'S')
    if (firmware.model.dialect.name === 'repetier' && target !== undefined) output.lines.push(`${label}:${target}`)
    return handler(firmware, output, text, command)
  }

export const heatCommands: Readonly<Record<string, Handler>> = {
  M104: tellsTarget(heat(false, false), 'TargetExtr0'),
  M106: (firmware, _output, text) => {
    firmware.fan = word(text, 'S') ?? 255
    return null
  },
  M107: (firmware) => {
    firmware.fan = 0
    return null
  },
  M109: tellsTarget(heat(false, true), 'TargetExtr0'),
  M140: tellsTarget(heat(true, false), 'TargetBed'),
  M302: (firmware, output, text) => {
    if (!/ [PS]/.test(text) && firmware.model.dialect.halt === 'deaf') {
      output.lines.push('echo:Cold extrudes are disabled (min temp 170C)')
    }
    return null
  },
  M190: tellsTarget(heat(true, true), 'TargetBed'),
}
