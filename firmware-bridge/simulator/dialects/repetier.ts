// Repetier-Firmware 1.0: it acknowledges as it reads, skips what follows a bad line, and says `wait` when idle.
import type { Dialect, Firmware, Refusal } from '../firmware-state.ts'
import { powerOf, temperatureOf } from '../heater.ts'

const heater = (firmware: Firmware, name: string): string => {
  const one = firmware.heaters[name]
  return one ? `${temperatureOf(one, firmware.now).toFixed(2)} /${one.target.toFixed(0)}` : ''
}

const power = (firmware: Firmware, name: string): number => {
  const one = firmware.heaters[name]
  return one ? powerOf(one, firmware.now) * 2 : 0
}

const temperatures = (firmware: Firmware): string => {
  const tool = `T${firmware.tool}`
  return `T:${heater(firmware, tool)} B:${heater(firmware, 'B')} B@:${power(firmware, 'B')} @:${power(firmware, tool)}`
}

const position = ({ position: { x, y, z, e } }: Firmware): string =>
  `X:${x.toFixed(2)} Y:${y.toFixed(2)} Z:${z.toFixed(3)} E:${e.toFixed(4)}`

const refusals: Readonly<Record<Refusal, (expected: number) => string>> = {
  number: (expected) => `Error:expected line ${expected}`,
  checksum: () => 'Error:Wrong checksum',
  'no-checksum': () => 'Error:Missing checksum',
  'no-number': () => 'Error:Format error',
}

export const repetier: Dialect = {
  name: 'repetier',
  acknowledges: 'on-receipt',
  numbers: 'sixteen-bit',
  duplicates: 'skip',
  bareChecksum: 'taken',
  star: 'first',
  answersEmptyLines: false,
  halt: 'explains',
  greeting: (model) => ['start', ...model.banner],
  identity: ({ model }) => [
    `FIRMWARE_NAME:${model.firmware}`,
    ...Object.entries(model.capabilities).map(([name, on]) => `Cap:${name}:${on ? 1 : 0}`),
    'Printed filament:12.34m Printing time:1 days 2 hours 3 min',
  ],
  // Acknowledged already: what follows is data.
  temperatureAnswer: (firmware) => [temperatures(firmware)],
  positionAnswer: (firmware) => [position(firmware)],
  temperatures,
  position,
  ok: (_firmware, { number }) => (number >= 0 ? `ok ${number}` : 'ok'),
  refusal: ({ lastLine }, why) => [refusals[why](lastLine + 1), '', `Resend:${lastLine + 1}`, 'ok'],
  unknown: (text) => [`Unknown command:${text}`],
  busy: (what) => `busy:${what === 'paused for user' ? 'paused for user interaction' : what}`,
  emergency: () => ['fatal:Emergency stop', 'Info:Disabling all heaters due to detected sensor defect.'],
  fault: (_firmware, reason) => [
    `fatal:${reason}`,
    'Info:Printer stopped due to errors. Fix the error and use M999 to restart.',
  ],
  shutDown: (firmware) => [`fatal:${firmware.shutDown}`],
}
