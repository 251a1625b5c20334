// Profiles of Cura and PrusaSlicer that people bring along -> settings of ours. What could do harm is not taken.
import { unzipSync } from 'fflate'
import type { ProfileKind, ProfileReading, Settings, SettingValue } from '../../contract/slicing.ts'
import { machineOf, PLAIN_MACHINE } from '../cura/definitions.ts'
import { wrongSetting } from '../cura/setting-list.ts'
import { prusaSettings, type Writing } from '../slicers/prusa-settings.ts'

/** Bytes of all texts in an archive together. */
const MOST_BYTES = 2_000_000
const MOST_FILES = 30
const MOST_KEYS = 2000

type Unreadable = { readonly reason: string }

interface Section {
  readonly name: string
  readonly entries: readonly (readonly [string, string])[]
}

/** Sections and `key = value`; a value may go on in indented lines. */
const sectionsOf = (text: string): Section[] => {
  const sections: { name: string; entries: [string, string][] }[] = [{ name: '', entries: [] }]
  for (const line of text.split(/\r?\n/)) {
    const section = sections.at(-1)
    const head = /^\[([^\]]{1,100})\]\s*$/.exec(line)
    const entry = /^([A-Za-z][\w:.-]{0,99})\s*=\s?(.*)$/.exec(line)
    const last = section?.entries.at(-1)
    if (head !== null) sections.push({ name: head[1] ?? '', entries: [] })
    else if (entry !== null) section?.entries.push([entry[1] ?? '', (entry[2] ?? '').trim()])
    else if (/^\s+\S/.test(line) && last !== undefined) last[1] += `\n${line.trim()}`
  }
  return sections
}

/** What must not come in with a profile, by its key, and why. */
const dangerous: readonly (readonly [RegExp, string])[] = [
  [/^post_process$|post_processing_scripts/, 'It would run a program on this computer.'],
  [
    /^(print_host|printhost_\w+|octoprint_\w+|host_type|physical_printer\w*)$/,
    'It would send files elsewhere, and it holds the keys for that.',
  ],
  [/^(output_filename_format|output_path|notes_path|bed_custom_\w+)$/, 'It names a place in the file system.'],
  [
    /gcode$|_code$|^template_custom_gcode$/,
    'Start, end and other texts of G-code come from this workshop: a steward writes them.',
  ],
  [
    /^(machine_|printer_|bed_shape$|max_print_height$|nozzle_diameter$|gcode_flavor$)/,
    'It says what a printer is. Here the printers themselves are asked.',
  ],
]

const dangerOf = (key: string): string | null => dangerous.find(([pattern]) => pattern.test(key))?.[1] ?? null

interface Taken {
  readonly settings: Settings
  readonly mapped: { key: string; setting: string }[]
  readonly unmapped: string[]
  readonly refused: { key: string; reason: string }[]
}

/** `settingOf`: which setting a key is, and its value; null: none of ours. */
const take = (
  entries: readonly (readonly [string, string])[],
  settingOf: (key: string, value: string) => { setting: string; value: SettingValue } | null,
): Taken => {
  const taken: Taken & { settings: Record<string, SettingValue> } = {
    settings: {},
    mapped: [],
    unmapped: [],
    refused: [],
  }
  for (const [key, value] of entries.slice(0, MOST_KEYS)) {
    const danger = dangerOf(key)
    if (danger !== null) {
      taken.refused.push({ key, reason: danger })
      continue
    }
    const found = settingOf(key, value)
    if (found === null) {
      taken.unmapped.push(key)
      continue
    }
    const wrong = wrongSetting({ [found.setting]: found.value })
    if (wrong !== null) taken.refused.push({ key, reason: `${wrong.setting}: ${wrong.reason}.` })
    else {
      taken.settings[found.setting] = found.value
      taken.mapped.push({ key, setting: found.setting })
    }
  }
  return taken
}

const curaValue = (key: string, text: string): { setting: string; value: SettingValue } | null => {
  const type = machineOf(PLAIN_MACHINE).settings.get(key)?.type
  const value = text.replace(/^=/, '').trim()
  if (type === 'bool') return /^(true|false)$/i.test(value) ? { setting: key, value: /^true$/i.test(value) } : null
  if (type === 'float' || type === 'int') {
    const number = value === '' ? Number.NaN : Number(value)
    return Number.isFinite(number) ? { setting: key, value: number } : null
  }
  return type === undefined ? null : { setting: key, value }
}

const entry = (sections: readonly Section[], section: string, key: string): string | null =>
  sections.find(({ name }) => name === section)?.entries.find(([one]) => one === key)?.[1] ?? null

const kindOf = (settings: Settings): ProfileKind =>
  'material_print_temperature' in settings && !('layer_height' in settings) ? 'material' : 'quality'

const readCura = (name: string, texts: readonly string[]): ProfileReading | Unreadable => {
  const files = texts.map(sectionsOf)
  const values = files.flatMap((sections) => sections.find((one) => one.name === 'values')?.entries ?? [])
  if (!files.some((sections) => sections.some((one) => one.name === 'values'))) {
    return { reason: 'it holds no settings of Cura' }
  }
  const taken = take(values, curaValue)
  const title = files.map((sections) => entry(sections, 'general', 'name')).find((one) => one !== null)
  const type = files.map((sections) => entry(sections, 'metadata', 'type')).find((one) => one !== null)
  const kind = type === 'material' ? 'material' : kindOf(taken.settings)
  return { program: 'cura', name: plainName(title ?? name), kind, materialType: null, density: null, ...taken }
}

const prusaValue = (text: string, writing: Writing): SettingValue | null => {
  // Lists go by extruder: the first counts.
  const first = (text.split(/[,;]/)[0] ?? '').trim().replace(/^"|"$/g, '')
  if (typeof writing === 'object') return Object.entries(writing).find(([, word]) => word === first)?.[0] ?? null
  if (writing === 'switch') return first === '1' ? true : first === '0' ? false : null
  const number = first === '' ? Number.NaN : Number(first.replace(/%$/, ''))
  // A share of another setting stays with it.
  if (!Number.isFinite(number) || (first.endsWith('%') && writing !== 'percent')) return null
  return number === 0 && writing === 'width' ? null : number
}

const prusaEntry = (height: number) => (key: string, text: string) => {
  const known = prusaSettings.find(({ prusa }) => prusa === key)
  const value = known === undefined ? null : prusaValue(text, known.writing)
  if (known === undefined || value === null) return null
  const isWidth = known.writing === 'width' && typeof value === 'number'
  return { setting: known.key, value: isWidth ? Number((value - height * (1 - Math.PI / 4)).toFixed(4)) : value }
}

const readPrusa = (name: string, text: string): ProfileReading | Unreadable => {
  const sections = sectionsOf(text).filter(({ entries }) => entries.length > 0)
  const entries = sections.flatMap((section) => section.entries)
  const value = (key: string): string | null => entries.find(([one]) => one === key)?.[1] ?? null
  if (sections.length > 3) return { reason: 'it holds several profiles. Export the one that you use as configuration' }
  const taken = take(entries, prusaEntry(Number(value('layer_height')) || 0.2))
  if (taken.mapped.length === 0 && taken.refused.length === 0) return { reason: 'it holds no settings of PrusaSlicer' }
  const density = Number((value('filament_density') ?? '').split(/[,;]/)[0])
  const type = (value('filament_type') ?? '').split(/[,;]/)[0] ?? ''
  return {
    program: 'prusaslicer',
    name: plainName(name),
    kind: kindOf(taken.settings),
    materialType: /^[A-Za-z0-9][A-Za-z0-9 +-]{0,19}$/.test(type) ? type : null,
    density: density >= 0.5 && density <= 10 ? density : null,
    ...taken,
  }
}

const plainName = (name: string): string =>
  name
    .replace(/\.(curaprofile|inst\.cfg|cfg|ini)$/i, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 80) || 'Profile'

/** Texts of an archive; null where it is none that can be read. */
const unpacked = (bytes: Uint8Array): string[] | null => {
  let total = 0
  let count = 0
  try {
    const files = unzipSync(bytes, {
      // The announced size is all that is unpacked: a file that lies about it is cut.
      filter: ({ originalSize }) => {
        total += originalSize
        count++
        return count <= MOST_FILES && total <= MOST_BYTES
      },
    })
    return Object.values(files).map((file) => new TextDecoder().decode(file))
  } catch {
    return null
  }
}

/** Reads a profile; a reason in plain words where it is none. */
export const readProfileFile = (name: string, bytes: Uint8Array): ProfileReading | Unreadable => {
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b
  const texts = isZip ? unpacked(bytes) : [new TextDecoder().decode(bytes)]
  if (texts === null || texts.length === 0) return { reason: 'the archive is damaged' }
  if (texts.some((text) => text.includes('\0'))) return { reason: 'it is no text' }
  const isPrusa = !isZip && !/^\[(values|general)\]/m.test(texts[0] ?? '')
  return isPrusa ? readPrusa(name, texts[0] ?? '') : readCura(name, texts)
}
