// `T:210.0 /210.0 B:60.0 /60.0`: temperatures out of a line of the firmware.

export interface Temperature {
  readonly actual: number
  /** Absent where the firmware does not tell it. */
  readonly target?: number
}

/** By heater: `T0`, `T1`... nozzles, `B` bed, `C` chamber, `P` probe, `A` ambient and what else the firmware names. */
export type Temperatures = Readonly<Record<string, Temperature>>

// A heater is one capital letter, perhaps with a number; `@:`, `B@:`, `E:`, `W:` and coordinates are none.
const reading = /(?:^|\s|ok)([TBCPLRAM]\d{0,2}):\s*(-?\d+(?:\.\d*)?|nan|inf)(?:\s*\/\s*(-?\d+(?:\.\d*)?))?/gi

/**
 * Whether a line reports temperatures: it names a nozzle or the bed. Position lines (`X:0 Y:0 Z:0 E:0`) do not.
 */
export const looksLikeTemperatures = (line: string): boolean => /(^|\s)(ok )?[TB]\d{0,2}:\s*[-\d]/.test(line)

/**
 * The temperatures in a line, or null where it holds none. A single `T` is the nozzle of the tool in use, `tool`;
 * beside `T0`, `T1`... it only repeats one of them, and beside a lone `T1` it is `T0` (Smoothieware).
 */
export const parseTemperatures = (line: string, tool = 0): Temperatures | null => {
  const found: Record<string, Temperature> = {}
  let single: Temperature | null = null
  for (const [, name, actualText, targetText] of line.matchAll(reading)) {
    const actual = Number.parseFloat(actualText as string)
    if (!Number.isFinite(actual)) continue
    const target = targetText === undefined ? Number.NaN : Number.parseFloat(targetText)
    const temperature = Number.isFinite(target) ? { actual, target } : { actual }
    if (name === 'T' || name === 't') single = temperature
    else found[(name as string).toUpperCase()] = temperature
  }
  if (single !== null) {
    if (!('T1' in found) && !('T0' in found)) found[`T${tool}`] = single
    else if (!('T0' in found)) found['T0'] = single
  }
  return Object.keys(found).length > 0 ? found : null
}
