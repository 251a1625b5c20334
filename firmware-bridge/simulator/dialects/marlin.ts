// Marlin 2.1, Marlin 1.1, and Prusa's two firmwares that grew out of them.
import type { Dialect, Firmware, PrinterModel, Refusal } from '../firmware-state.ts'
import { powerOf, temperatureOf } from '../heater.ts'

const refusals: Readonly<Record<Refusal, string>> = {
  number: 'Line Number is not Last Line Number+1',
  checksum: 'checksum mismatch',
  'no-checksum': 'No Checksum with line number',
  'no-number': 'No Line Number with checksum',
}

/** `21.87 /0.00` */
export const heaterText = (firmware: Firmware, name: string, digits: number): string => {
  const heater = firmware.heaters[name]
  if (!heater) return ''
  return `${temperatureOf(heater, firmware.now).toFixed(digits)} /${heater.target.toFixed(digits)}`
}

const power = (firmware: Firmware, name: string): number => {
  const heater = firmware.heaters[name]
  return heater ? powerOf(heater, firmware.now) : 0
}

const tools = (firmware: Firmware): number[] => Array.from({ length: firmware.model.extruders }, (_, n) => n)

/** `T:21.87 /0.00 B:21.87 /0.00 @:0 B@:0` */
const temperatures = (firmware: Firmware): string => {
  const { model, tool } = firmware
  const many = model.extruders > 1
  const each = many ? tools(firmware).map((n) => ` T${n}:${heaterText(firmware, `T${n}`, 2)}`) : []
  const powers = many ? tools(firmware).map((n) => ` @${n}:${power(firmware, `T${n}`)}`) : []
  return (
    `T:${heaterText(firmware, `T${tool}`, 2)} B:${heaterText(firmware, 'B', 2)}${each.join('')}` +
    ` @:${power(firmware, `T${tool}`)} B@:${power(firmware, 'B')}${powers.join('')}`
  )
}

const position = ({ position: { x, y, z, e }, model: { positionDigits } }: Firmware): string => {
  const at = (value: number): string => value.toFixed(positionDigits)
  const steps = (value: number, each: number): number => Math.round(value * each)
  return `X:${at(x)} Y:${at(y)} Z:${at(z)} E:${at(e)} ` + `Count X:${steps(x, 80)} Y:${steps(y, 80)} Z:${steps(z, 400)}`
}

const area = ({ width, depth, height }: PrinterModel): string => {
  const corner = (x: number, y: number, z: number): string => `{x:${x.toFixed(4)},y:${y.toFixed(4)},z:${z.toFixed(4)}}`
  const box = `{min:${corner(0, 0, 0)},max:${corner(width, depth, height)}}`
  return `area:{full:${box},work:${box}}`
}

const powerOff = (firmware: Firmware): string[] => (firmware.options.prompts ? ['//action:poweroff'] : [])
const KILLED = 'Error:Printer halted. kill() called!'

const reasons = { power: 'PowerUp', reset: ' External Reset', 'brown-out': ' Brown out Reset' } as const

export const marlin: Dialect = {
  name: 'marlin',
  acknowledges: 'when-done',
  numbers: 'checked',
  duplicates: 'silent',
  bareChecksum: 'taken',
  star: 'last',
  answersEmptyLines: false,
  halt: 'deaf',
  greeting: (model, why) => ['start', reasons[why], ...model.banner],
  identity: ({ model, options }) => {
    const built: Record<string, boolean> = {
      EMERGENCY_PARSER: options.emergencyParser,
      HOST_ACTION_COMMANDS: options.prompts,
      PROMPT_SUPPORT: options.prompts,
      SDCARD: options.sdCard,
    }
    const caps = Object.entries(model.capabilities).map(([name, on]) => `Cap:${name}:${(built[name] ?? on) ? 1 : 0}`)
    return [`FIRMWARE_NAME:${model.firmware}`, ...caps, ...(model.reportsArea ? [area(model)] : [])]
  },
  temperatureAnswer: (firmware) => [`ok ${firmware.model.dialect.temperatures(firmware)}`],
  positionAnswer: (firmware) => [position(firmware)],
  temperatures,
  position,
  ok: ({ options, planner, queue }, { number }) => {
    if (!options.advancedOk) return 'ok'
    const counted = number >= 0 ? ` N${number}` : ''
    return `ok${counted} P${options.plannerBlocks - 1 - planner.length} B${options.commandBuffer - queue.length}`
  },
  refusal: ({ lastLine }, why) => [
    `Error:${refusals[why]}, Last Line: ${lastLine}`,
    `Resend: ${lastLine + 1}`,
    // Even with ADVANCED_OK this one is bare.
    'ok',
  ],
  unknown: (text) => [`echo:Unknown command: "${text}"`],
  busy: (what) => `echo:busy: ${what}`,
  emergency: (firmware) => ['echo:M112 Shutdown', KILLED, ...powerOff(firmware)],
  fault: (firmware, reason) => [
    `Error:${reason}`,
    ...(/^(MAXTEMP|MINTEMP)/.test(reason) ? [`echo:Err: ${reason.split(' ')[0]}`] : []),
    KILLED,
    ...powerOff(firmware),
  ],
  shutDown: () => [],
}

export const marlin1: Dialect = {
  ...marlin,
  name: 'marlin1',
  duplicates: 'resend',
  greeting: (model) => ['start', ...model.banner],
  emergency: () => [KILLED],
}

const prusaTemperatures = (firmware: Firmware): string =>
  `T:${heaterText(firmware, 'T0', 1)} B:${heaterText(firmware, 'B', 1)} T0:${heaterText(firmware, 'T0', 1)} ` +
  `@:${power(firmware, 'T0')} B@:${power(firmware, 'B')} P:0.0 A:35.4`

/** The 8-bit boards of the MK3 and before: Marlin 1.0 with much added. */
export const prusa: Dialect = {
  ...marlin,
  name: 'prusa',
  duplicates: 'resend',
  bareChecksum: 'refused',
  star: 'first',
  greeting: (model) => ['start', ...model.banner],
  temperatures: prusaTemperatures,
  unknown: (text) => {
    const code = /^([GMT])\d+/.exec(text)
    return [code ? `echo:Unknown ${code[1]} code: ${text}` : `echo:Unknown command: "${text}"`]
  },
  emergency: () => [KILLED],
}

/** The 32-bit boards: Marlin 2.0, from before the rule that an accepted line sent again is passed over. */
export const buddy: Dialect = {
  ...marlin,
  name: 'buddy',
  duplicates: 'resend',
  greeting: (model) => ['start', ...model.banner],
  temperatures: (firmware) =>
    `T:${heaterText(firmware, 'T0', 2)} B:${heaterText(firmware, 'B', 2)} X:35.20 /36.00 A:31.10 /0.00 ` +
    `@:${power(firmware, 'T0')} B@:${power(firmware, 'B')} HBR@:0`,
}
