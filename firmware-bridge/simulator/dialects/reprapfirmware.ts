// RepRapFirmware 3 over USB in its Marlin manner: no requests for lines, a bad one vanishes without a word.
import type { Dialect, Firmware } from '../firmware-state.ts'
import { temperatureOf } from '../heater.ts'

/** `20.0 /0.0 /0.0`: now, active, standby. */
const heater = (firmware: Firmware, name: string): string => {
  const one = firmware.heaters[name]
  return one ? `${temperatureOf(one, firmware.now).toFixed(1)} /${one.target.toFixed(1)} /0.0` : ''
}

const temperatures = (firmware: Firmware): string => {
  const { extruders } = firmware.model
  const each = extruders > 1 ? Array.from({ length: extruders }, (_, n) => ` T${n}:${heater(firmware, `T${n}`)}`) : []
  return `T:${heater(firmware, `T${firmware.tool}`)}${each.join('')} B:${heater(firmware, 'B')}`
}

const position = ({ position: { x, y, z, e } }: Firmware): string => {
  const at = (value: number): string => value.toFixed(3)
  const steps = (value: number, each: number): number => Math.round(value * each)
  return (
    `X:${at(x)} Y:${at(y)} Z:${at(z)} E:${at(e)} E0:${e.toFixed(1)} ` +
    `Count ${steps(x, 80)} ${steps(y, 80)} ${steps(z, 400)} Machine ${at(x)} ${at(y)} ${at(z)} Bed comp 0.000`
  )
}

export const repRapFirmware: Dialect = {
  name: 'reprapfirmware',
  acknowledges: 'when-done',
  numbers: 'unchecked',
  duplicates: 'resend',
  bareChecksum: 'taken',
  star: 'first',
  answersEmptyLines: false,
  halt: 'explains',
  greeting: (model) => [...model.banner],
  identity: ({ model }) => [`FIRMWARE_NAME: ${model.firmware}`],
  temperatureAnswer: (firmware) => [`ok ${temperatures(firmware)}`],
  positionAnswer: (firmware) => [position(firmware)],
  temperatures,
  position,
  ok: () => 'ok',
  refusal: () => [],
  unknown: (text) => [
    /^[GMT]\d/.test(text) ? `Warning: ${text.split(' ')[0]}: Command is not supported` : `Error: Bad command: ${text}`,
  ],
  busy: () => null,
  emergency: () => ['Emergency Stop! Reset the controller to continue.'],
  fault: (_firmware, reason) => [`Error: Heater 1 fault: ${reason}`],
  shutDown: () => [],
}
