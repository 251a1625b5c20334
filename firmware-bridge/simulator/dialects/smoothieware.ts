// Smoothieware: `rs N7` without an ok, `!!` while it is halted, `ok` even to nothing.
import type { Dialect, Firmware } from '../firmware-state.ts'
import { powerOf, temperatureOf } from '../heater.ts'

const heater = (firmware: Firmware, name: string, shown: string): string => {
  const one = firmware.heaters[name]
  if (!one) return ''
  const at = temperatureOf(one, firmware.now).toFixed(1)
  return `${shown}:${at} /${one.target.toFixed(1)} @${powerOf(one, firmware.now) * 2}`
}

const temperatures = (firmware: Firmware): string => {
  const more = Array.from({ length: firmware.model.extruders - 1 }, (_, n) =>
    heater(firmware, `T${n + 1}`, `T${n + 1}`),
  )
  return [heater(firmware, 'T0', 'T'), ...more, heater(firmware, 'B', 'B')].join(' ')
}

const position = ({ position: { x, y, z, e } }: Firmware): string =>
  `C: X:${x.toFixed(4)} Y:${y.toFixed(4)} Z:${z.toFixed(4)} E:${e.toFixed(4)}`

export const smoothieware: Dialect = {
  name: 'smoothieware',
  acknowledges: 'when-done',
  numbers: 'checked',
  duplicates: 'resend',
  bareChecksum: 'taken',
  star: 'first',
  answersEmptyLines: true,
  halt: 'explains',
  greeting: (model) => [...model.banner],
  identity: ({ model }) => [`FIRMWARE_NAME:${model.firmware}`],
  temperatureAnswer: (firmware) => [`ok ${temperatures(firmware)}`],
  positionAnswer: (firmware) => [`ok ${position(firmware)}`],
  temperatures,
  position,
  ok: () => 'ok',
  refusal: ({ lastLine }) => [`rs N${lastLine + 1}`],
  // It takes any M code and obeys those that it knows.
  unknown: () => [],
  busy: () => null,
  emergency: () => ['ok Emergency Stop Requested - reset or M999 required to exit HALT state'],
  fault: (_firmware, reason) => [`ERROR: ${reason}`, 'HALT asserted - reset or M999 required'],
  shutDown: () => ['!!'],
}
