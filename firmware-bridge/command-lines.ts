// What a person asks of a printer -> the G-code for it, or why it is not sent. Pure.
import type { CommandBody } from '../server/contract/printer-commands.ts'
import type { PrinterProfile } from '../server/contract/printers.ts'
import { fitCommand } from './protocol/numbered-line.ts'

export type CommandLines = { readonly lines: readonly string[] } | { readonly refused: string }

const JOG = { horizontal: 3000, vertical: 600, extrude: 180 }

/** Commands that would take the printer out of the bridge's hands. */
const forbidden: readonly [RegExp, string][] = [
  [/^M112\b/i, 'use the emergency stop'],
  [/^M110\b/i, 'it would break the line numbers'],
  [/^M2[0-9]\b|^M3[0-2]\b|^M928\b/i, 'it would write to the card of the printer or print from it'],
  [/^M575\b/i, 'it would change the baud rate and lose the printer'],
  [/^M997\b|^M999\b/i, 'it would restart the firmware; use "Connect anew"'],
  [/^M155\b/i, 'the bridge sets how often temperatures are reported'],
]

type Simple = Exclude<CommandBody['kind'], 'pause' | 'resume' | 'cancel' | 'emergency-stop' | 'reconnect'>

export type SimpleCommand = Extract<CommandBody, { kind: Simple }>

export const isSimple = (body: CommandBody): body is SimpleCommand =>
  !['pause', 'resume', 'cancel', 'emergency-stop', 'reconnect'].includes(body.kind)

/** `tool` is the one in use; lengths in mm, temperatures in °C. */
export const commandLines = (body: SimpleCommand, profile: PrinterProfile): CommandLines => {
  switch (body.kind) {
    case 'home':
      return { lines: [`G28${body.axes.map((axis) => ` ${axis.toUpperCase()}`).join('')}`] }
    case 'jog':
      return { lines: ['G91', ...jogLines(body), 'G90'] }
    case 'extrude':
      return { lines: ['M83', `G1 E${body.length} F${JOG.extrude}`, 'M82'] }
    case 'heat':
      return heatLines(body.heater, body.target, profile)
    case 'fan':
      return { lines: [body.speed === 0 ? 'M107' : `M106 S${Math.round(body.speed * 255)}`] }
    case 'feedrate':
      return { lines: [`M220 S${Math.round(body.factor * 100)}`] }
    case 'flow':
      return { lines: [`M221 S${Math.round(body.factor * 100)}`] }
    case 'motors-off':
      return { lines: ['M84'] }
    case 'gcode':
      return rawLine(body.line)
  }
}

const jogLines = ({ x, y, z }: { x: number; y: number; z: number }): string[] => {
  const flat = [x !== 0 ? ` X${x}` : '', y !== 0 ? ` Y${y}` : ''].join('')
  return [...(z !== 0 ? [`G0 Z${z} F${JOG.vertical}`] : []), ...(flat !== '' ? [`G0${flat} F${JOG.horizontal}`] : [])]
}

const heatLines = (heater: string, target: number, profile: PrinterProfile): CommandLines => {
  const most = heater === 'B' ? profile.maxBedTemperature : profile.maxNozzleTemperature
  if (target > most) {
    return { refused: `${target} °C is more than the ${most} °C that this printer's profile allows.` }
  }
  return { lines: [heater === 'B' ? `M140 S${target}` : `M104 ${heater} S${target}`] }
}

const rawLine = (line: string): CommandLines => {
  const text = (line.split(';')[0] as string)
    .replace(/\*.*$/, '')
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
  if (text === '') return { refused: 'There is no command on this line.' }
  const why = forbidden.find(([pattern]) => pattern.test(text))
  if (why) return { refused: `${text.split(' ')[0]} is not sent from here: ${why[1]}.` }
  const command = fitCommand(text.charAt(0).toUpperCase() + text.slice(1))
  return command === null ? { refused: 'This line is too long for the firmware.' } : { lines: [command] }
}
