// Klipper's virtual serial port: every line is taken, whatever its number and checksum; errors begin with `!!`.
import type { Dialect, Firmware } from '../firmware-state.ts'
import { temperatureOf } from '../heater.ts'

const heater = (firmware: Firmware, name: string): string => {
  const one = firmware.heaters[name]
  return one ? `${temperatureOf(one, firmware.now).toFixed(1)} /${one.target.toFixed(1)}` : ''
}

const temperatures = (firmware: Firmware): string => {
  const tools = Array.from({ length: firmware.model.extruders }, (_, n) => ` T${n}:${heater(firmware, `T${n}`)}`)
  return `B:${heater(firmware, 'B')}${tools.join('')}`
}

const position = ({ position: { x, y, z, e } }: Firmware): string =>
  `X:${x.toFixed(3)} Y:${y.toFixed(3)} Z:${z.toFixed(3)} E:${e.toFixed(3)}`

const remedy = [
  '// Once the underlying issue is corrected, use the',
  '// "FIRMWARE_RESTART" command to reset the firmware, reload the',
  '// config, and restart the host software.',
  '// Printer is shutdown',
]

export const klipper: Dialect = {
  name: 'klipper',
  acknowledges: 'when-done',
  numbers: 'ignored',
  duplicates: 'silent',
  bareChecksum: 'taken',
  star: 'last',
  answersEmptyLines: true,
  halt: 'explains',
  greeting: (_model, why) => (why === 'reset' ? ['// Klipper state: Disconnect', '// Klipper state: Ready'] : []),
  identity: ({ model }) => [`ok FIRMWARE_NAME:${model.firmware}`],
  temperatureAnswer: (firmware) => [`ok ${temperatures(firmware)}`],
  positionAnswer: (firmware) => [position(firmware)],
  temperatures,
  position,
  ok: () => 'ok',
  refusal: () => [],
  unknown: (text) => [`// Unknown command:"${text.split(' ')[0]}"`],
  busy: () => null,
  emergency: () => ['// Klipper state: Shutdown'],
  fault: () => ['// Klipper state: Shutdown'],
  shutDown: (firmware, text) => [
    `// ${firmware.shutDown}`,
    ...remedy,
    ...(/^STATUS\b/.test(text) ? ['// Klipper state: Not ready'] : []),
    `!! ${firmware.shutDown}`,
  ],
}
