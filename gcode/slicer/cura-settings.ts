// The profile that Cura appends to a file: `;SETTING_3 {"global_quality": "[general]\\nversion = 4...`, cut into lines.
import { type Draft, filamentOf, put } from './draft.ts'
import { parseAmount, parseFlag, parseName, parseShare } from './values.ts'

/** Profiles take some kilobytes; what goes on beyond this is not read. */
const LARGEST_BYTES = 1 << 18
const MOST_LINES = 1 << 13

/** Cura cuts its lines to this length, `;SETTING_3 ` included. Only the last one is shorter. */
const LINE_BYTES = 80
const PREFIX_BYTES = ';SETTING_3 '.length

/** Give it the lines in order, then `read`. */
export class CuraSettings {
  #parts: string[] = []
  #bytes = 0

  /** Whether the profile ends before it is complete. One that is too long to be read is taken for complete. */
  get cut(): boolean {
    return this.#parts.length > 0 && !this.#tooLong && this.#profiles() === null
  }

  get #tooLong(): boolean {
    return this.#bytes > LARGEST_BYTES || this.#parts.length > MOST_LINES
  }

  /** What stands behind `;SETTING_3 ` on one line. */
  add(part: string): void {
    if (this.#tooLong) return
    this.#parts.push(part)
    this.#bytes += part.length
  }

  /** Puts into the draft what the profile says and the header does not. */
  read(draft: Draft): void {
    const profiles = this.#profiles()
    if (profiles === null) return
    for (const text of [profiles.global, ...profiles.extruders.slice(0, 1)]) {
      const values = valuesOf(text)
      readGlobal(draft, values)
      readMachine(draft, values)
    }
    for (const [tool, text] of profiles.extruders.entries()) readExtruder(draft, tool, valuesOf(text))
    readGlobalTemperatures(draft, valuesOf(profiles.global))
  }

  #profiles(): { global: string; extruders: readonly string[] } | null {
    // Comments come with the blanks at their ends cut off: a line that is too short ended with blanks.
    const width = LINE_BYTES - PREFIX_BYTES
    const last = this.#parts.length - 1
    const text = this.#parts.map((part, n) => (n < last ? part.padEnd(width) : part)).join('')
    const profile = parseJson(text.replace(/\\([\\nr])/g, (_, letter) => (letter === '\\' ? '\\' : ' ')))
    if (typeof profile !== 'object' || profile === null) return null
    const global = 'global_quality' in profile ? profile.global_quality : ''
    const extruders = 'extruder_quality' in profile ? profile.extruder_quality : []
    return {
      global: typeof global === 'string' ? global : '',
      extruders: Array.isArray(extruders) ? extruders.filter((one) => typeof one === 'string').slice(0, 16) : [],
    }
  }
}

/** A file that was cut or edited holds half a profile: that is none. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

type Values = ReadonlyMap<string, string>

/** `name = value` by line; sections do not matter, their names do not meet. */
const valuesOf = (text: string): Values => {
  const values = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf(' = ')
    if (equals > 0 && values.size < 2000) values.set(line.slice(0, equals), line.slice(equals + 3))
  }
  return values
}

const amountIn = (values: Values, name: string, most: number): number | undefined =>
  parseAmount(values.get(name) ?? '', most)

/** What Cura calls a printer or a profile that has no name of its own. */
const noNames = new Set(['custom', 'fdmprinter', 'empty', 'not supported'])

const nameIn = (values: Values, name: string): string | undefined => {
  const found = parseName(values.get(name) ?? '')
  return found === undefined || noNames.has(found.toLowerCase()) ? undefined : found
}

const readGlobal = ({ said }: Draft, values: Values): void => {
  put(said, 'layerHeight', amountIn(values, 'layer_height', 1000))
  put(said, 'firstLayerHeight', amountIn(values, 'layer_height_0', 1000))
  put(said, 'printerModel', nameIn(values, 'definition'))
  put(said, 'printProfile', nameIn(values, 'name'))
  put(said, 'support', parseFlag(values.get('support_enable') ?? ''))
  const chamber = amountIn(values, 'build_volume_temperature', 2000)
  if (chamber !== 0) put(said, 'chamberTemperature', chamber)
  put(said, 'fillDensity', parseShare(`${values.get('infill_sparse_density') ?? ''}%`))
  const adhesion = values.get('adhesion_type')
  if (adhesion === 'brim') put(said, 'brimWidth', amountIn(values, 'brim_width', 1000))
  else if (adhesion !== undefined) put(said, 'brimWidth', 0)
}

const readMachine = ({ config, maxFeedrate, maxAcceleration, jerk }: Draft, values: Values): void => {
  for (const axis of ['x', 'y', 'z', 'e'] as const) {
    put(maxFeedrate, axis, amountIn(values, `machine_max_feedrate_${axis}`, 1e5))
    put(maxAcceleration, axis, amountIn(values, `machine_max_acceleration_${axis}`, 1e8))
    const name = axis === 'x' || axis === 'y' ? 'machine_max_jerk_xy' : `machine_max_jerk_${axis}`
    put(jerk, axis, amountIn(values, name, 1e5))
  }
  const accelerates = parseFlag(values.get('acceleration_enabled') ?? '') === true
  if (accelerates) put(config, 'defaultAcceleration', parseAmount(values.get('acceleration_print') ?? '', 1e8))
  put(config, 'defaultAcceleration', amountIn(values, 'machine_acceleration', 1e8))
}

const readExtruder = (draft: Draft, tool: number, values: Values): void => {
  const temperature = amountIn(values, 'material_print_temperature', 2000)
  const first = amountIn(values, 'material_print_temperature_layer_0', 2000)
  const diameter = amountIn(values, 'material_diameter', 100)
  const nozzle = amountIn(values, 'machine_nozzle_size', 20)
  if (temperature !== undefined || first !== undefined || diameter !== undefined) {
    const filament = filamentOf(draft, tool)
    put(filament, 'nozzleTemperature', temperature)
    put(filament, 'firstLayerNozzleTemperature', first ?? temperature)
    put(filament, 'diameter', diameter)
  }
  if (nozzle !== undefined && draft.nozzleDiameters.length === tool) {
    draft.nozzleDiameters = [...draft.nozzleDiameters, nozzle]
  }
}

/** Temperatures of the bed, and those of a printer with one extruder, stand among the global settings. */
const readGlobalTemperatures = (draft: Draft, values: Values): void => {
  const bed = amountIn(values, 'material_bed_temperature', 2000)
  const firstBed = amountIn(values, 'material_bed_temperature_layer_0', 2000) ?? bed
  readExtruder(draft, 0, values)
  if (firstBed === undefined) return
  put(filamentOf(draft, 0), 'bedTemperature', bed)
  put(filamentOf(draft, 0), 'firstLayerBedTemperature', firstBed)
}
