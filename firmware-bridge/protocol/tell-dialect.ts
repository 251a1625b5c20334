// Who is at the other end: by what M115 says, else by how the firmware behaves.
import type { DialectName } from './dialect.ts'

/** What was heard of a firmware so far. */
export interface Evidence {
  /** Of M115's line. */
  readonly fields: Readonly<Record<string, string>>
  /** Lines as they came, greeting included. */
  readonly lines: readonly string[]
}

export interface ToldDialect {
  readonly dialect: DialectName
  readonly by: 'M115' | 'behaviour' | 'nothing'
}

/** Names as M115 gives them; the first that fits. Forks keep the name of what they come from behind their own. */
const names: readonly [RegExp, DialectName][] = [
  [/klipper/i, 'klipper'],
  [/reprap\s?firmware/i, 'reprapfirmware'],
  [/repetier/i, 'repetier'],
  [/smoothie/i, 'smoothieware'],
  [/buddy/i, 'prusa-buddy'],
  [/prusa/i, 'prusa'],
  // `Marlin 1.1.9`, `Marlin V1; Sprinter/grbl mashup`, `Marlin Ver 1.0.1`; `bugfix-2.0.x` has its number later.
  [/marlin[\s_-]*(?:v(?:er(?:sion)?)?\.?\s*)?1\b/i, 'marlin-1'],
  [/marlin/i, 'marlin-2'],
]

/** Ways of speaking that only one firmware has. */
const habits: readonly [RegExp, DialectName][] = [
  [/^\/\/ Klipper state:|^\/\/ Unknown command:"/, 'klipper'],
  [/^RepRapFirmware|^Duet\b/i, 'reprapfirmware'],
  [/^skip \d+$|^busy:\S|^TargetExtr\d?:|^Info:/, 'repetier'],
  [/^Smoothie\b|^rs N\d+$/, 'smoothieware'],
  [/^(?:echo:)?Marlin 1\./, 'marlin-1'],
  [/^(?:echo:)?Marlin 2\./, 'marlin-2'],
  [/^echo:busy:|^echo:Unknown command: "/, 'marlin-2'],
]

export const tellDialect = ({ fields, lines }: Evidence): ToldDialect => {
  const name = fields['FIRMWARE_NAME'] ?? ''
  const named = names.find(([pattern]) => pattern.test(name))
  if (named !== undefined) return { dialect: named[1], by: 'M115' }
  const habit = habits.find(([pattern]) => lines.some((line) => pattern.test(line.trim())))
  if (habit !== undefined) return { dialect: habit[1], by: 'behaviour' }
  // `wait` alone is said by Repetier and by a Marlin built with NO_TIMEOUTS, but only the first has it by default.
  if (lines.some((line) => line.trim() === 'wait')) return { dialect: 'repetier', by: 'behaviour' }
  return { dialect: 'unknown', by: 'nothing' }
}

/** `2.1.2.1`, `3.14.0`, `1.0.4`: the version in M115's fields, or null. */
export const versionOf = (fields: Readonly<Record<string, string>>): string | null => {
  const own = fields['FIRMWARE_VERSION']
  const text = own !== undefined && own !== '?' ? own : (fields['FIRMWARE_NAME'] ?? '')
  return /\d+(?:\.[\dx]+)+(?:[-+][\w.+]+)?/.exec(text)?.[0] ?? null
}
