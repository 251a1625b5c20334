// The settings behind the expert door: which there are, and whether a value may stand there.

import type { Setting, Settings, SettingValue, SlicerName } from '../../contract/slicing.ts'
import { knownToPrusa } from '../slicers/prusa-settings.ts'
import { type DefinedSetting, machineOf, PLAIN_MACHINE } from './definitions.ts'
import type { FormulaValue } from './expression-tree.ts'
import { SettingResolver } from './resolve.ts'

/** What the printer is, what stands in its start and end, and what only a second extruder needs, is no matter of taste. */
const closedGroups = new Set(['', 'Machine', 'Command Line Settings', 'Dual Extrusion'])
const closed = new Set([
  // Decided elsewhere, or not for a bed that several parts share.
  'print_sequence',
  'relative_extrusion',
  'wireframe_enabled',
  'material_bed_temp_prepend',
  'material_print_temp_prepend',
  'material_guid',
  'material_brand',
  'material_type',
])

const types: Readonly<Record<string, Setting['type']>> = {
  float: 'number',
  int: 'integer',
  bool: 'boolean',
  enum: 'choice',
  '[int]': 'text',
}

/** Of a list of angles. */
const WHOLE_NUMBERS = /^\[?\s*(-?\d{1,3}(\s*,\s*-?\d{1,3}){0,20})?\s*\]?$/

const isOpen = (key: string, { group = '', type = '' }: DefinedSetting): boolean =>
  !closedGroups.has(group) && !closed.has(key) && Object.hasOwn(types, type)

const plainLimit = (limit: FormulaValue | undefined): number | null => {
  const value = typeof limit === 'string' && limit.trim() !== '' ? Number(limit) : limit
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

const enginesOf = (key: string): SlicerName[] =>
  knownToPrusa(key) ? ['cura-wasm', 'prusaslicer', 'curaengine'] : ['cura-wasm', 'curaengine']

/** All of them, in the order of their groups. Limits that depend on other settings are left open here. */
export const listSettings = (): Setting[] =>
  [...machineOf(PLAIN_MACHINE).settings].flatMap(([key, setting]): Setting[] => {
    if (!isOpen(key, setting)) return []
    return [
      {
        key,
        group: setting.group ?? '',
        label: setting.label ?? key,
        description: setting.description ?? '',
        type: types[setting.type ?? ''] ?? 'text',
        unit: setting.unit ?? '',
        minimum: plainLimit(setting.minimum_value),
        maximum: plainLimit(setting.maximum_value),
        options: Object.entries(setting.options ?? {}).map(([value, label]) => ({ value, label })),
        engines: enginesOf(key),
      },
    ]
  })

export interface WrongSetting {
  readonly setting: string
  /** Plain words, without an end. */
  readonly reason: string
}

const wrongKind = (value: SettingValue, setting: DefinedSetting): string | null => {
  switch (setting.type) {
    case 'bool':
      return typeof value === 'boolean' ? null : 'it is on or off'
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? null : 'it is a number'
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? null : 'it is a whole number'
    case 'enum':
      return typeof value === 'string' && Object.hasOwn(setting.options ?? {}, value)
        ? null
        : `it is one of ${Object.keys(setting.options ?? {}).join(', ')}`
    default:
      return typeof value === 'string' && WHOLE_NUMBERS.test(value) ? null : 'it is a list of whole numbers'
  }
}

/** The first setting that cannot stand so, with all of them together; null: all may. */
export const wrongSetting = (settings: Settings, machine: string = PLAIN_MACHINE): WrongSetting | null => {
  const defined = machineOf(machine)
  for (const [key, value] of Object.entries(settings)) {
    const setting = defined.settings.get(key)
    if (setting === undefined) return { setting: key, reason: 'there is no such setting' }
    if (!isOpen(key, setting)) return { setting: key, reason: 'it belongs to the printer and is not set here' }
    const reason = wrongKind(value, setting)
    if (reason !== null) return { setting: setting.label ?? key, reason }
  }
  const resolver = new SettingResolver(defined, new Map(Object.entries(settings)))
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value !== 'number') continue
    const setting = defined.settings.get(key)?.label ?? key
    const least = resolver.limit(key, 'minimum_value')
    const most = resolver.limit(key, 'maximum_value')
    if (least !== null && value < least) return { setting, reason: `${value} is below ${least}` }
    if (most !== null && value > most) return { setting, reason: `${value} is above ${most}` }
  }
  return null
}

/** The first of these settings that an engine does not know; null: it knows all. */
export const unknownTo = (engine: SlicerName, settings: Settings): string | null =>
  engine === 'prusaslicer' || engine === 'orcaslicer'
    ? (Object.keys(settings).find((key) => !knownToPrusa(key)) ?? null)
    : null
