// What each command does to the simulated printer: which part of it obeys, and when it is done.
import { cardCommands } from './commands/card.ts'
import { extendedCommands, worksShutDown } from './commands/extended.ts'
import { endOfHeating, heatCommands } from './commands/heat.ts'
import { isFull, motionCommands, plan } from './commands/motion.ts'
import { endStage, peopleCommands } from './commands/people.ts'
import { reportCommands } from './commands/reports.ts'
import { type Firmware, type Handler, type Output, ok, type QueuedCommand, type Wait } from './firmware-state.ts'

const DEBUG_ECHO = 1

const nothing: Handler = () => null

/** Known, obeyed, and without anything that a host would notice. */
const quiet =
  'G10 G11 G20 G21 M17 M18 M73 M75 M76 M77 M200 M201 M203 M204 M205 M206 M290 M412 M413 M420 M486 M862 M900 M907'.split(
    ' ',
  )

const commands: Readonly<Record<string, Handler>> = {
  ...Object.fromEntries(quiet.map((code) => [code, nothing])),
  ...motionCommands,
  ...heatCommands,
  ...reportCommands,
  ...peopleCommands,
  ...cardCommands,
}

/** What Klipper has no command for unless somebody writes a macro. */
const unknownToKlipper =
  /^(?:M0|M1|M20|M2[1-9]|M30|M73|M75|M76|M77|M108|M111|M113|M125|M15[45]|M290|M420|M486|M50[0-3]|M600|M601|M876|M900|M999)$/
/** And what others lack. */
const unknownTo: Readonly<Partial<Record<string, RegExp>>> = {
  klipper: unknownToKlipper,
  reprapfirmware: /^(?:M113|M154|M155|M420|M876|M900)$/,
  smoothieware: /^(?:M113|M154|M155|M290|M420|M486|M600|M876|M900)$/,
  repetier: /^(?:M420|M486|M876|M900)$/,
  marlin1: /^(?:M154|M486|M876)$/,
}

/** The handler for a command of this firmware; undefined where it knows none. */
const handlerOf = (firmware: Firmware, code: string): Handler | undefined => {
  const { model, options } = firmware
  const { dialect, capabilities } = model
  if (unknownTo[dialect.name]?.test(code)) return undefined
  if (code === 'M154' && !capabilities['AUTOREPORT_POS']) return undefined
  // Marlin leaves out what its board has no use for.
  if (/^(?:M412|M413|M876)$/.test(code) && !options.prompts && dialect.halt === 'deaf') return undefined
  return commands[code]
}

/**
 * Begins a command. When it is done at once, its answer is given; otherwise `firmware.wait` says what it waits for.
 * False where it is not obeyed because everything has been shut down.
 */
export const begin = (firmware: Firmware, output: Output, command: QueuedCommand): boolean => {
  const { text } = command
  if ((firmware.debug & DEBUG_ECHO) !== 0) output.lines.push(`echo:${text}`)
  const match = /^([GMT])\s*(\d+)(?:\.\d+)?/.exec(text)
  const code = match === null ? (text.split(' ')[0] ?? '') : `${match[1]}${Number(match[2])}`
  const isEmpty = text === '' && firmware.model.dialect.answersEmptyLines
  if (!isEmpty && firmware.shutDown !== null && explainsShutDown(firmware, output, command, code)) return false
  if (isEmpty) ok(firmware, output, command)
  else if (match === null) beginNamed(firmware, output, command, code)
  else if (match[1] === 'T') selectTool(firmware, output, command, Number(match[2]))
  else beginNumbered(firmware, output, command, code)
  return true
}

const beginNumbered = (firmware: Firmware, output: Output, command: QueuedCommand, code: string): void => {
  carryOut(firmware, output, command, handlerOf(firmware, code))
  if (firmware.model.dialect.name !== 'smoothieware' || firmware.wait?.kind !== 'planner-room') return
  // A move is acknowledged before there is room for it.
  output.lines.push('ok')
  firmware.queue = [{ ...command, own: true }, ...firmware.queue.slice(1)]
}

const carryOut = (firmware: Firmware, output: Output, command: QueuedCommand, handler: Handler | undefined): void => {
  if (handler === undefined) {
    output.lines.push(...firmware.model.dialect.unknown(command.text))
    return ok(firmware, output, command)
  }
  const wait = handler(firmware, output, command.text, command)
  if (wait === 'silent') return
  firmware.wait = wait
  if (wait === null) ok(firmware, output, command)
}

const beginNamed = (firmware: Firmware, output: Output, command: QueuedCommand, code: string): void => {
  const { dialect } = firmware.model
  if (dialect.name === 'klipper') {
    const name = code.toUpperCase()
    return carryOut(firmware, output, command, extendedCommands[name])
  }
  // A lower-case word is meant for Smoothieware's own shell, which says no ok.
  if (dialect.name === 'smoothieware') return
  carryOut(firmware, output, command, undefined)
}

/** Whether a command is not obeyed because everything has been shut down. */
const explainsShutDown = (firmware: Firmware, output: Output, command: QueuedCommand, code: string): boolean => {
  const { dialect } = firmware.model
  if (code === 'M999' || code === 'M112') return false
  if (dialect.name === 'klipper' && worksShutDown(code)) return false
  output.lines.push(...dialect.shutDown(firmware, command.text))
  // RepRapFirmware and Smoothieware's `!!` leave it at that.
  if (dialect.name === 'klipper' || dialect.name === 'repetier') ok(firmware, output, command)
  return true
}

const selectTool = (firmware: Firmware, output: Output, command: QueuedCommand, tool: number): void => {
  const { dialect, extruders } = firmware.model
  if (tool < extruders) {
    firmware.tool = tool
    if (extruders > 1) output.lines.push(`Active Extruder: ${tool}`)
  } else if (dialect.halt === 'deaf') output.lines.push(`echo:T${tool} Invalid extruder`)
  else output.lines.push(...dialect.unknown(command.text))
  ok(firmware, output, command)
}

/** Whether the command that waits is done; then its answer has been given. */
export const endOfWait = (firmware: Firmware, output: Output): boolean => {
  const wait = firmware.wait as Wait
  const command = firmware.queue[0] as QueuedCommand
  switch (wait.kind) {
    case 'heater':
      return endOfHeating(firmware, output, wait, command)
    case 'stages':
      if (firmware.now < wait.until || !endStage(firmware, output, wait)) return false
      break
    case 'planner-room':
      if (isFull(firmware)) return false
      plan(firmware, command.text)
      break
    case 'planner-empty':
      if (firmware.planner.length > 0) return false
  }
  ok(firmware, output, command)
  return true
}
