// From what a member wants to what an engine is told: printers that may take it, settings, start and end.
import type { Box } from '../../gcode/index.ts'
import type { PrinterProfile } from '../contract/printers.ts'
import { type Refusal, refuse } from '../contract/refusals.ts'
import type { Settings, SettingValue, SliceChoices, SlicePart, SlicerName } from '../contract/slicing.ts'
import { commonProfile, fits, isHotEnough, type Needs, type SlicedPrinter } from './printer-classes.ts'
import { fillScript, parkPlace, primeLine, type Scripts } from './slice-scripts.ts'

/** All that decides what comes out, as it was when the slice was asked for. */
export interface SlicePlan {
  readonly parts: readonly SlicePart[]
  readonly printers: readonly SlicedPrinter[]
  readonly material: { readonly name: string; readonly density: number | null; readonly settings: Settings }
  readonly quality: { readonly name: string; readonly settings: Settings }
  readonly choices: SliceChoices
  readonly settings: Settings
  readonly scripts: Scripts
  readonly engine: SlicerName
  readonly engineVersion: string
  /** Raised when what we make of the same wish changes. */
  readonly maker: number
}

export const MAKER = 1

const RETRACTION = { direct: 0.8, bowden: 5 }
/** mm around the part. */
const BRIM_WIDTH = 5
const SKIRT_ROOM = 5
/** A material that wants the bed warmer than this does not stick to a cold one. */
const COLD_BED_UP_TO = 65

const machineSettings = ({ profile, slicing }: SlicedPrinter): Settings => ({
  machine_nozzle_size: profile.nozzleDiameter,
  line_width: profile.nozzleDiameter,
  material_diameter: slicing.filamentDiameter,
  ...(slicing.definition === null
    ? {
        retraction_amount: RETRACTION[slicing.feed],
        retraction_speed: 35,
        retraction_min_travel: 1.5,
        speed_travel: 150,
        support_angle: 50,
        support_z_distance: 0.2,
        // What is thinner than two lines is still laid.
        fill_outline_gaps: true,
      }
    : {}),
})

const chosen = ({ infill, supports, brim }: SliceChoices): Settings => ({
  ...(infill === null ? {} : { infill_sparse_density: infill }),
  support_enable: supports !== 'off',
  support_structure: supports === 'tree' ? 'tree' : 'normal',
  adhesion_type: brim ? 'brim' : 'skirt',
  brim_width: BRIM_WIDTH,
  skirt_line_count: 1,
})

const slower = (...values: readonly (SettingValue | undefined)[]): Settings => {
  const speeds = values.filter((value) => typeof value === 'number')
  return speeds.length === 0 ? {} : { speed_print: Math.min(...speeds) }
}

/** What was wished, the weightier last. */
export const wishesOf = (plan: SlicePlan): Settings => {
  const [first] = plan.printers
  const { material, quality, choices, settings } = plan
  const cold = first !== undefined && first.profile.maxBedTemperature === 0
  return {
    ...(first ? machineSettings(first) : {}),
    ...quality.settings,
    ...material.settings,
    ...slower(quality.settings['speed_print'], material.settings['speed_print']),
    ...chosen(choices),
    ...settings,
    ...(cold ? { material_bed_temperature: 0, material_bed_temperature_layer_0: 0 } : {}),
  }
}

const numberOf = (settings: Settings, key: string, otherwise = 0): number => {
  const value = settings[key]
  return typeof value === 'number' ? value : otherwise
}

/** The hotter of the first layer and those after it. */
const heatOf = (wishes: Settings, key: string): number =>
  Math.max(numberOf(wishes, key), numberOf(wishes, `${key}_layer_0`))

export const needsOf = (wishes: Settings, box: Box): Needs => {
  const brim = wishes['adhesion_type'] === 'brim' ? numberOf(wishes, 'brim_width', BRIM_WIDTH) : 0
  return {
    width: box.maxX - box.minX + 2 * brim,
    depth: box.maxY - box.minY + 2 * brim,
    height: box.maxZ - box.minZ,
    nozzle: heatOf(wishes, 'material_print_temperature'),
    bed: heatOf(wishes, 'material_bed_temperature'),
  }
}

/** Which of the printers may take it, or why none. */
export const printersFor = (plan: SlicePlan, box: Box): readonly SlicedPrinter[] | Refusal => {
  const wishes = wishesOf(plan)
  const needs = needsOf(wishes, box)
  const hot = plan.printers.filter(({ profile }) => isHotEnough(profile, needs))
  if (hot.length === 0) return refuse('slice.too-hot', { nozzle: needs.nozzle, bed: needs.bed })
  const wanted = heatOf(plan.material.settings, 'material_bed_temperature')
  if (plan.printers.every(({ profile }) => profile.maxBedTemperature === 0) && wanted > COLD_BED_UP_TO) {
    return refuse('slice.no-bed', { material: plan.material.name })
  }
  const able = hot.filter((printer) => fits(printer, needs))
  if (able.length > 0) return able
  const shown = (value: number): string => value.toFixed(0)
  return refuse('slice.too-large', {
    width: shown(needs.width),
    depth: shown(needs.depth),
    height: shown(needs.height),
  })
}

/** Where the middle of the plate lies on the bed. */
export const middleOf = ({ shape, originX, originY, width, depth }: PrinterProfile): { x: number; y: number } =>
  shape === 'round' ? { x: originX, y: originY } : { x: originX + width / 2, y: originY + depth / 2 }

/** mm between the part and the nearest edge of the bed; below zero where it reaches beyond. */
const roomAround = (profile: PrinterProfile, box: Box): number => {
  const { x, y } = middleOf(profile)
  const reachX = Math.max(box.maxX - x, x - box.minX)
  const reachY = Math.max(box.maxY - y, y - box.minY)
  if (profile.shape === 'round') return profile.width / 2 - Math.hypot(reachX, reachY)
  return Math.min(profile.width / 2 - reachX, profile.depth / 2 - reachY)
}

export interface EngineOrder {
  readonly profile: PrinterProfile
  readonly wishes: Settings
  readonly start: string
  readonly end: string
}

/** For printers that may take it and a plate that stands on their bed (`box`, in its coordinates). */
export const orderFor = (plan: SlicePlan, printers: readonly SlicedPrinter[], box: Box): EngineOrder | Refusal => {
  const profile = commonProfile(printers)
  const room = roomAround(profile, box)
  const wishes = wishesOf(plan)
  const shown = (value: number): string => value.toFixed(0)
  if (room < 0) {
    const { width, depth, height } = needsOf(wishes, box)
    return refuse('slice.too-large', { width: shown(width), depth: shown(depth), height: shown(height) })
  }
  const crowded = wishes['adhesion_type'] === 'skirt' && room < SKIRT_ROOM
  const settled = crowded ? { ...wishes, adhesion_type: 'none' } : wishes
  const around =
    wishes['adhesion_type'] === 'brim' ? numberOf(wishes, 'brim_width', BRIM_WIDTH) : crowded ? 0 : SKIRT_ROOM
  const covered: Box = {
    ...box,
    minX: box.minX - around,
    minY: box.minY - around,
    maxX: box.maxX + around,
    maxY: box.maxY + around,
  }
  const diameter = numberOf(wishes, 'material_diameter', 1.75)
  const park = parkPlace(profile)
  const rounded = (value: number): number => Math.round(value * 100) / 100
  const values = {
    nozzle_first: numberOf(wishes, 'material_print_temperature_layer_0'),
    nozzle: numberOf(wishes, 'material_print_temperature'),
    nozzle_waiting: Math.min(150, numberOf(wishes, 'material_print_temperature_layer_0')),
    bed_first: numberOf(wishes, 'material_bed_temperature_layer_0'),
    bed: numberOf(wishes, 'material_bed_temperature'),
    prime_line: primeLine(profile, covered, (Math.PI / 4) * diameter ** 2),
    park_x: rounded(park.x),
    park_y: rounded(park.y),
    park_z: rounded(Math.min(profile.height, box.maxZ + 10)),
    width: rounded(profile.width),
    depth: rounded(profile.depth),
    height: rounded(profile.height),
  }
  const hasBed = profile.maxBedTemperature > 0
  return {
    profile,
    wishes: settled,
    start: fillScript(plan.scripts.start, values, hasBed),
    end: fillScript(plan.scripts.end, values, hasBed),
  }
}
