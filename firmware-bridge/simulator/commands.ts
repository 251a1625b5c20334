// What each command does to the simulated printer.
import { type Firmware, kill, type Output, ok, type QueuedCommand, type Wait } from './firmware-state.ts'
import { powerOf, reachesTargetAt, setTarget, temperatureOf } from './heater.ts'

const COLDEST_EXTRUSION = 170
const DEBUG_ECHO = 1
const debugNames = ['ECHO', 'INFO', 'ERRORS', 'DRYRUN', 'COMMUNICATION']

/** A letter's number in the command, or undefined. */
const word = (text: string, letter: string): number | undefined => {
  const at = text.indexOf(letter, 1)
  if (at < 0) return undefined
  const value = Number.parseFloat(text.slice(at + 1))
  return Number.isNaN(value) ? undefined : value
}

const names = (text: string, letter: string): boolean => new RegExp(` ${letter}`).test(text)

/**
 * Begins a command. When it is done at once, its answer is given; otherwise `firmware.wait` says what it waits for.
 */
export const begin = (firmware: Firmware, output: Output, command: QueuedCommand): void => {
  const { text } = command
  if ((firmware.debug & DEBUG_ECHO) !== 0) output.lines.push(`echo:${text}`)
  const match = /^([GMT])\s*(\d+)(?:\.\d+)?/.exec(text)
  if (match === null) return unknown(firmware, output, command)
  const code = `${match[1]}${Number(match[2])}`
  if (match[1] === 'T') return selectTool(firmware, output, command, Number(match[2]))
  const known = commands[code]
  if (known === undefined) return unknown(firmware, output, command)
  const wait = known(firmware, output, text)
  if (wait === 'silent') return
  firmware.wait = wait
  if (wait === null) ok(firmware, output, command)
}

/** Whether the command that waits is done; then its answer has been given. */
export const endOfWait = (firmware: Firmware, output: Output): boolean => {
  const wait = firmware.wait as Wait
  const command = firmware.queue[0] as QueuedCommand
  const { now } = firmware
  switch (wait.kind) {
    case 'heater':
      return endOfHeating(firmware, output, wait, command)
    case 'delay':
      if (now < wait.until) return false
      if (wait.after === 'home') output.lines.push(positionOf(firmware))
      break
    case 'planner-room':
      if (firmware.planner.length >= firmware.options.plannerBlocks - 1) return false
      plan(firmware, command.text)
      break
    case 'planner-empty':
      if (firmware.planner.length > 0) return false
  }
  ok(firmware, output, command)
  return true
}

const endOfHeating = (
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
    output.lines.push(` ${reportOf(firmware)} W:${left > firmware.options.residency ? '?' : left - 1}`)
    firmware.wait = { ...wait, reportAt: now + 1000 }
  }
  return false
}

/** `T:21.87 /0.00 B:21.87 /0.00 @:0 B@:0` */
export const reportOf = (firmware: Firmware): string => {
  const { now, model, heaters, tool } = firmware
  const digits = model.temperatureStyle === 'prusa' ? 1 : 2
  const heater = (name: string): string => {
    const one = heaters[name]
    if (!one) return ''
    return `${temperatureOf(one, now).toFixed(digits)} /${one.target.toFixed(digits)}`
  }
  const power = (name: string): number => {
    const one = heaters[name]
    return one ? powerOf(one, now) : 0
  }
  const every = Array.from({ length: model.extruders }, (_, n) => n)
  const each =
    model.extruders > 1 || model.temperatureStyle === 'prusa'
      ? every.map((n) => ` T${n}:${heater(`T${n}`)}`).join('')
      : ''
  const powers = model.extruders > 1 ? every.map((n) => ` @${n}:${power(`T${n}`)}`).join('') : ''
  const ambient = model.temperatureStyle === 'prusa' ? ' P:0.0 A:35.4' : ''
  return `T:${heater(`T${tool}`)} B:${heater('B')}${each} @:${power(`T${tool}`)} B@:${power('B')}${powers}${ambient}`
}

const positionOf = (firmware: Firmware): string => {
  const { position, model } = firmware
  const at = (value: number): string => value.toFixed(model.positionDigits)
  const steps = (value: number, each: number): number => Math.round(value * each)
  return (
    `X:${at(position.x)} Y:${at(position.y)} Z:${at(position.z)} E:${at(position.e)} ` +
    `Count X:${steps(position.x, 80)} Y:${steps(position.y, 80)} Z:${steps(position.z, 400)}`
  )
}

const unknown = (firmware: Firmware, output: Output, command: QueuedCommand): void => {
  output.lines.push(`echo:Unknown command: "${command.text}"`)
  ok(firmware, output, command)
}

const selectTool = (firmware: Firmware, output: Output, command: QueuedCommand, tool: number): void => {
  if (tool >= firmware.model.extruders) output.lines.push(`echo:T${tool} Invalid extruder`)
  else {
    firmware.tool = tool
    if (firmware.model.extruders > 1) output.lines.push(`Active Extruder: ${tool}`)
  }
  ok(firmware, output, command)
}

/** `null`: done, say ok. `silent`: the command answered for itself. A wait: say ok when it is over. */
type Handler = (firmware: Firmware, output: Output, text: string) => Wait | null | 'silent'

const nothing: Handler = () => null

const move: Handler = (firmware, output, text) => {
  const extrusion = word(text, 'E')
  const hot = firmware.heaters[`T${firmware.tool}`]
  if (extrusion !== undefined && hot && temperatureOf(hot, firmware.now) < COLDEST_EXTRUSION) {
    output.lines.push('echo: cold extrusion prevented')
  }
  if (firmware.planner.length >= firmware.options.plannerBlocks - 1) return { kind: 'planner-room' }
  plan(firmware, text)
  return null
}

/** Puts a move into the planner: it ends when those before it and its own length are done. */
const plan = (firmware: Firmware, text: string): void => {
  const { position, model } = firmware
  const feedrate = word(text, 'F')
  if (feedrate !== undefined && feedrate > 0) firmware.feedrate = feedrate / 60
  const axis = (letter: string, now: number, relative: boolean): number => {
    const value = word(text, letter)
    if (value === undefined) return now
    return relative ? now + value : value
  }
  const target = {
    x: axis('X', position.x, firmware.relative),
    y: axis('Y', position.y, firmware.relative),
    z: axis('Z', position.z, firmware.relative),
    e: axis('E', position.e, firmware.relative || firmware.relativeE),
  }
  firmware.position = target
  const dx = Math.abs(target.x - position.x)
  const dy = Math.abs(target.y - position.y)
  const dz = Math.abs(target.z - position.z)
  const de = Math.abs(target.e - position.e)
  const distance = Math.hypot(dx, dy, dz) || de
  if (distance === 0) return
  const most = model.maxFeedrate
  const seconds = Math.max(distance / firmware.feedrate, dx / most.x, dy / most.y, dz / most.z, de / most.e)
  const before = firmware.planner[firmware.planner.length - 1] ?? firmware.now
  firmware.planner = [...firmware.planner, Math.max(before, firmware.now) + seconds * 1000]
}

const home: Handler = (firmware, _output, text) => {
  const all = !/ [XYZ]/.test(text)
  const { position, model } = firmware
  const top = model.kinematics === 'delta' ? model.height : 0
  firmware.position = {
    x: all || names(text, 'X') ? 0 : position.x,
    y: all || names(text, 'Y') ? 0 : position.y,
    z: all || names(text, 'Z') || model.kinematics === 'delta' ? top : position.z,
    e: position.e,
  }
  firmware.homed = true
  const last = firmware.planner[firmware.planner.length - 1] ?? firmware.now
  return { kind: 'delay', until: Math.max(last, firmware.now) + model.homingSeconds * 1000, after: 'home' }
}

const heat =
  (bed: boolean, waits: boolean): Handler =>
  (firmware, output, text) => {
    const name = bed ? 'B' : `T${word(text, 'T') ?? firmware.tool}`
    const heater = firmware.heaters[name]
    if (!heater) return null
    const target = word(text, 'S') ?? word(text, 'R')
    if (target !== undefined)
      firmware.heaters = { ...firmware.heaters, [name]: setTarget(heater, target, firmware.now) }
    const heated = firmware.heaters[name]
    if (!waits || !heated || heated.target === 0) return null
    output.lines.push(` ${reportOf(firmware)} W:?`)
    const until = reachesTargetAt(heated, firmware.now) + firmware.options.residency * 1000
    return { kind: 'heater', heater: name, until, reportAt: firmware.now + 1000 }
  }

const setPosition: Handler = (firmware, output, text) => {
  const { position } = firmware
  const value = (letter: string, now: number): number => word(text, letter) ?? now
  firmware.position = {
    x: value('X', position.x),
    y: value('Y', position.y),
    z: value('Z', position.z),
    e: value('E', position.e),
  }
  output.lines.push(positionOf(firmware))
  return null
}

const commands: Readonly<Record<string, Handler>> = {
  G0: move,
  G1: move,
  G2: move,
  G3: move,
  G4: (firmware, _output, text) => {
    const last = firmware.planner[firmware.planner.length - 1] ?? firmware.now
    const delay = (word(text, 'P') ?? 0) + (word(text, 'S') ?? 0) * 1000
    return { kind: 'delay', until: Math.max(last, firmware.now) + delay, after: 'ok' }
  },
  G10: nothing,
  G11: nothing,
  G20: nothing,
  G21: nothing,
  G28: home,
  G29: (firmware) => ({ kind: 'delay', until: firmware.now + firmware.model.levellingSeconds * 1000, after: 'ok' }),
  G80: (firmware) => ({ kind: 'delay', until: firmware.now + firmware.model.levellingSeconds * 1000, after: 'ok' }),
  G90: (firmware) => {
    firmware.relative = false
    return null
  },
  G91: (firmware) => {
    firmware.relative = true
    return null
  },
  G92: setPosition,
  M17: nothing,
  M18: nothing,
  M73: nothing,
  M82: (firmware) => {
    firmware.relativeE = false
    return null
  },
  M83: (firmware) => {
    firmware.relativeE = true
    return null
  },
  M84: nothing,
  M104: heat(false, false),
  M105: (firmware, output) => {
    output.lines.push(`ok ${reportOf(firmware)}`)
    return 'silent'
  },
  M106: (firmware, _output, text) => {
    firmware.fan = word(text, 'S') ?? 255
    return null
  },
  M107: (firmware) => {
    firmware.fan = 0
    return null
  },
  M108: nothing,
  M109: heat(false, true),
  M110: (firmware, _output, text) => {
    firmware.lastLine = word(text, 'N') ?? firmware.lastLine
    return null
  },
  M111: (firmware, output, text) => {
    firmware.debug = word(text, 'S') ?? 0
    const on = debugNames.filter((_, bit) => (firmware.debug & (1 << bit)) !== 0)
    output.lines.push(`echo:DEBUG:${on.length > 0 ? on.join(',') : 'off'}`)
    return null
  },
  M112: (firmware, output) => {
    kill(firmware, output, 'echo:M112 Shutdown')
    return 'silent'
  },
  M113: (_firmware, output) => {
    output.lines.push('echo:M113 S2')
    return null
  },
  M114: (firmware, output) => {
    output.lines.push(positionOf(firmware))
    return null
  },
  M115: (firmware, output) => {
    output.lines.push(`FIRMWARE_NAME:${firmware.model.firmware}`)
    const overrides: Record<string, boolean> = { EMERGENCY_PARSER: firmware.options.emergencyParser }
    for (const [name, on] of Object.entries(firmware.model.capabilities)) {
      output.lines.push(`Cap:${name}:${(overrides[name] ?? on) ? 1 : 0}`)
    }
    return null
  },
  M117: nothing,
  M118: (_firmware, output, text) => {
    output.lines.push(text.replace(/^M118\s*/, ''))
    return null
  },
  M119: (_firmware, output) => {
    output.lines.push('Reporting endstop status', 'x_min: open', 'y_min: open', 'z_min: open')
    return null
  },
  M140: heat(true, false),
  M155: (firmware, _output, text) => {
    firmware.reportInterval = Math.max(0, (word(text, 'S') ?? 0) * 1000)
    firmware.reportAt = firmware.now + firmware.reportInterval
    return null
  },
  M190: heat(true, true),
  M200: nothing,
  M201: nothing,
  M203: nothing,
  M204: nothing,
  M205: nothing,
  M206: nothing,
  M220: nothing,
  M221: nothing,
  M302: nothing,
  M400: () => ({ kind: 'planner-empty' }),
  M410: (firmware) => {
    firmware.planner = []
    return null
  },
  M420: nothing,
  M500: nothing,
  M501: nothing,
  M502: nothing,
  M503: (firmware, output) => {
    output.lines.push(...firmware.model.settings)
    return null
  },
  M862: nothing,
  M900: nothing,
  M907: nothing,
  M999: (firmware, output) => {
    output.lines.push(`Resend: ${firmware.lastLine + 1}`, 'ok')
    return null
  },
}
