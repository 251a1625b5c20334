// What a person asks of a printer by hand -> the G-code for it, or why it is not sent. Pure.
import { plainLine, whyForbidden } from '../server/contract/forbidden-commands.ts'
import type { CommandBody } from '../server/contract/printer-commands.ts'
import type { PrinterProfile } from '../server/contract/printers.ts'
import { heatLine, mm } from './park.ts'
import { HOT } from './parking.ts'
import type { Dialect } from './protocol/dialect.ts'
import { fitCommand } from './protocol/numbered-line.ts'
import type { Temperatures } from './protocol/temperatures.ts'

export type CommandLines = { readonly lines: readonly string[] } | { readonly refused: string }

const JOG = { horizontal: 3000, vertical: 600, extrude: 180 }
/** °C; no profile speaks of chambers. */
const HOTTEST_CHAMBER = 90
/** Baby-steps beyond this are no correction any more, in mm. */
const MOST_BABY_STEPS = 3

const handKinds = [
  'home',
  'jog',
  'extrude',
  'heat',
  'fan',
  'feedrate',
  'flow',
  'motors-off',
  'baby-step',
  'gcode',
] as const

export type HandCommand = Extract<CommandBody, { kind: (typeof handKinds)[number] }>

export const isByHand = (body: CommandBody): body is HandCommand => handKinds.some((kind) => kind === body.kind)

/** What is known of the printer. Position in mm by the machine's coordinates, null where it is not known. */
export interface Known {
  readonly name: string
  readonly profile: PrinterProfile
  readonly dialect: Dialect
  readonly capabilities: Readonly<Record<string, boolean>>
  readonly temperatures: Temperatures
  readonly position: { readonly x: number; readonly y: number; readonly z: number } | null
  readonly tool: number
  readonly babyStep: number
}

/** Lengths in mm, temperatures in °C. */
export const commandLines = (body: HandCommand, known: Known): CommandLines => {
  const { say } = known.dialect
  switch (body.kind) {
    case 'home':
      return { lines: [`G28${body.axes.map((axis) => ` ${axis.toUpperCase()}`).join('')}`, 'M114'] }
    case 'jog':
      return jogLines(body, known)
    case 'extrude':
      return extrudeLines(body.length, known)
    case 'heat':
      return heatLines(body.heater, body.target, known)
    case 'fan':
      return { lines: [say.fan(body.speed)] }
    case 'feedrate':
      return { lines: [say.feedrate(body.factor), ...asksFactor(known.dialect, 'M220')] }
    case 'flow':
      return { lines: [say.flow(body.factor), ...asksFactor(known.dialect, 'M221')] }
    case 'motors-off':
      return { lines: ['M84'] }
    case 'baby-step':
      return babyStepLines(body.z, known)
    case 'gcode':
      return rawLine(body.line, known.profile)
  }
}

/** What the firmware has made of it. Without S, Klipper and Repetier do not tell but go back to 100 %. */
const asksFactor = ({ name }: Dialect, code: string): string[] =>
  name === 'marlin-1' || name === 'marlin-2' || name === 'prusa-buddy' || name === 'reprapfirmware' ? [code] : []

/** Keeps a move by hand on the bed as far as it is known where the nozzle is. */
const within = (move: { x: number; y: number; z: number }, { position, profile }: Known) => {
  if (position === null) return move
  const { originX, originY, width, depth, height } = profile
  const by = (from: number, step: number, least: number, most: number): number =>
    Math.max(Math.min(least - from, 0), Math.min(Math.max(most - from, 0), step))
  const z = by(position.z, move.z, 0, height)
  if (profile.shape === 'rectangular') {
    const x = by(position.x, move.x, originX, originX + width)
    return { x, y: by(position.y, move.y, originY, originY + depth), z }
  }
  const goal = { x: position.x + move.x - originX, y: position.y + move.y - originY }
  const outside = Math.hypot(goal.x, goal.y) / (width / 2)
  if (outside <= 1) return { ...move, z }
  const rim = { x: originX + goal.x / outside, y: originY + goal.y / outside }
  return { x: rim.x - position.x, y: rim.y - position.y, z }
}

const jogLines = (asked: { x: number; y: number; z: number }, known: Known): CommandLines => {
  const { x, y, z } = within(asked, known)
  const step = { x: mm(x), y: mm(y), z: mm(z) }
  const flat = [step.x !== '0' ? ` X${step.x}` : '', step.y !== '0' ? ` Y${step.y}` : ''].join('')
  if (flat === '' && step.z === '0') return { refused: `${known.name} is at the end of its way there.` }
  return {
    lines: [
      'G91',
      ...(step.z !== '0' ? [`G0 Z${step.z} F${JOG.vertical}`] : []),
      ...(flat !== '' ? [`G0${flat} F${JOG.horizontal}`] : []),
      'G90',
      // Clicks that come while it moves add up to one move.
      known.dialect.say.finish,
      'M114',
    ],
  }
}

const extrudeLines = (length: number, { name, temperatures, tool, dialect }: Known): CommandLines => {
  const actual = temperatures[`T${tool}`]?.actual ?? 0
  if (actual < HOT) {
    return {
      refused: `The nozzle of ${name} has ${Math.round(actual)} °C: heat it first, cold filament would be ground.`,
    }
  }
  return { lines: ['M83', `G1 E${mm(length)} F${JOG.extrude}`, 'M82', dialect.say.finish] }
}

const heatLines = (heater: string, target: number, { profile, tool }: Known): CommandLines => {
  const most =
    heater === 'B' ? profile.maxBedTemperature : heater === 'C' ? HOTTEST_CHAMBER : profile.maxNozzleTemperature
  const refused = target > most ? tooHot(target, most) : null
  return refused !== null ? { refused } : { lines: [heatLine(heater, target, false, tool)] }
}

const tooHot = (target: number, most: number): string =>
  `${target} °C is more than the ${most} °C that this printer's profile allows.`

/** A line that somebody has typed, or a macro holds, heats no higher than the buttons do. */
export const whyTooHot = (line: string, profile: PrinterProfile): string | null => {
  const heats = /^M(10[49]|1[49]0|141|191)\b.*?[SR]\s*(\d+(?:\.\d+)?)/i.exec(line)
  if (heats === null) return null
  const [, code = '', degrees] = heats
  const most = code.startsWith('10')
    ? profile.maxNozzleTemperature
    : code.endsWith('0')
      ? profile.maxBedTemperature
      : HOTTEST_CHAMBER
  return Number(degrees) > most ? tooHot(Number(degrees), most) : null
}

const babyStepLines = (z: number, { name, dialect, capabilities, babyStep }: Known): CommandLines => {
  if (Math.abs(babyStep + z) > MOST_BABY_STEPS) {
    return { refused: `${name} is ${mm(babyStep)} mm off already: level the bed instead.` }
  }
  const line = dialect.say.babystep(z, capabilities)
  return line === null
    ? { refused: `The firmware of ${name} cannot move its nozzle while it prints.` }
    : { lines: [line] }
}

const rawLine = (line: string, profile: PrinterProfile): CommandLines => {
  const text = plainLine(line)
  if (text === '') return { refused: 'There is no command on this line.' }
  const why = whyForbidden(text)
  if (why !== null) return { refused: `${text.split(' ')[0]} is not sent from here: ${why}.` }
  const hot = whyTooHot(text, profile)
  if (hot !== null) return { refused: hot }
  const command = fitCommand(text)
  return command === null ? { refused: 'This line is too long for the firmware.' } : { lines: [command] }
}
