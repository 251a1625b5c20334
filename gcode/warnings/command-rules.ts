// Commands that a fleet of printers does not pass on unseen, with what is told of them.
import type { Dialect } from '../rewrite/dialect.ts'
import type { Severity, WarningCode } from './warning.ts'

export interface CommandRule {
  readonly code: WarningCode
  readonly severity: Severity
}

const rules = new Map<number, CommandRule>()

const rule = (code: WarningCode, severity: Severity, ...numbers: readonly number[]): void => {
  for (const number of numbers) rules.set(number, { code, severity })
}

const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, n) => first + n)

// RepRapFirmware's settings; those that slicers write for one print (M555, M557, M566 to M569, M572, M593) are not here.
rule('configuration', 'warn', 556, ...from(558, 565), 570, 571, ...from(574, 585), 591, ...from(594, 599))
rule('network', 'refuse', ...from(550, 554), 586, 587, 588, 589)
rule('sd-card', 'refuse', 23, 24, 26, 28, 29, 30, 32, 33)
rule('logging', 'warn', 928, 929)
rule('eeprom', 'refuse', 500, 502, 504)
rule('eeprom', 'warn', 501)
rule('firmware-restart', 'refuse', 997, 999)
rule('emergency-stop', 'refuse', 112)
rule('quick-stop', 'refuse', 410)
rule('power-off', 'note', 81)
rule('autotune', 'refuse', 303, 306)
rule('lasting-change', 'warn', 92, 206, 301, 304, 428, 665, 666, 851, 906, 913, 914)
rule('ends-wait', 'note', 108)
rule('switches-pin', 'warn', 42, 43)
rule('cutting-tool', 'refuse', 3, 4, 5)

/** Pauses that only a person ends; told of where nobody is there. */
const pauses = new Map<number, CommandRule>()
for (const number of [0, 1, 25, 226]) pauses.set(number, { code: 'waits-for-person', severity: 'refuse' })
pauses.set(601, { code: 'waits-for-person', severity: 'warn' })
pauses.set(600, { code: 'filament-change', severity: 'note' })

export const ruleOf = (number: number, dialect: Dialect): CommandRule | undefined =>
  // Prusa's firmware watches for stuck filament by M591, and PrusaSlicer switches that for soft filaments.
  dialect === 'prusa' && number === 591 ? undefined : rules.get(number)

/** Klipper knows no M0, M1 and M226; to RepRapFirmware M0 and M1 are the end of a job. */
export const pauseRuleOf = (number: number, dialect: Dialect): CommandRule | undefined => {
  if (number <= 1 && (dialect === 'klipper' || dialect === 'reprapfirmware')) return undefined
  return dialect === 'klipper' && number === 226 ? undefined : pauses.get(number)
}

/** Klipper's own that end a print, wait for a person, or change the printer. */
export const extendedRules: Readonly<Record<string, CommandRule>> = {
  SAVE_CONFIG: { code: 'eeprom', severity: 'refuse' },
  RESTART: { code: 'firmware-restart', severity: 'refuse' },
  FIRMWARE_RESTART: { code: 'firmware-restart', severity: 'refuse' },
  SDCARD_PRINT_FILE: { code: 'sd-card', severity: 'refuse' },
  SDCARD_RESET_FILE: { code: 'sd-card', severity: 'refuse' },
  PAUSE: { code: 'waits-for-person', severity: 'warn' },
  PID_CALIBRATE: { code: 'autotune', severity: 'refuse' },
}
