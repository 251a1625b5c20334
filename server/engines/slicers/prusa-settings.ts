// What Cura's settings are in PrusaSlicer's words. Both ways: for slices, and for profiles that people bring along.
import type { FirmwareDialect } from '../../contract/printers.ts'
import type { FormulaValue } from '../cura/expression-tree.ts'

/** How a value is written: as it is, as the width of a line, as 0 or 1, as percent, or by a table of words. */
export type Writing = 'number' | 'width' | 'integer' | 'switch' | 'percent' | Readonly<Record<string, string>>

export interface PrusaSetting {
  /** Cura's key. */
  readonly key: string
  /** PrusaSlicer's. */
  readonly prusa: string
  readonly writing: Writing
}

const patterns = {
  grid: 'grid',
  lines: 'line',
  triangles: 'triangles',
  trihexagon: 'stars',
  cubic: 'cubic',
  cubicsubdiv: 'adaptivecubic',
  tetrahedral: 'cubic',
  quarter_cubic: 'cubic',
  concentric: 'concentric',
  zigzag: 'rectilinear',
  cross: 'hilbertcurve',
  cross_3d: 'hilbertcurve',
  gyroid: 'gyroid',
}

const setting = (key: string, prusa: string, writing: Writing = 'number'): PrusaSetting => ({ key, prusa, writing })

export const prusaSettings: readonly PrusaSetting[] = [
  setting('layer_height', 'layer_height'),
  setting('layer_height_0', 'first_layer_height'),
  setting('line_width', 'extrusion_width', 'width'),
  setting('wall_line_width_0', 'external_perimeter_extrusion_width', 'width'),
  setting('wall_line_width_x', 'perimeter_extrusion_width', 'width'),
  setting('infill_line_width', 'infill_extrusion_width', 'width'),
  setting('skin_line_width', 'solid_infill_extrusion_width', 'width'),
  setting('support_line_width', 'support_material_extrusion_width', 'width'),
  setting('wall_line_count', 'perimeters', 'integer'),
  setting('top_layers', 'top_solid_layers', 'integer'),
  setting('bottom_layers', 'bottom_solid_layers', 'integer'),
  setting('infill_sparse_density', 'fill_density', 'percent'),
  setting('infill_pattern', 'fill_pattern', patterns),
  setting('magic_spiralize', 'spiral_vase', 'switch'),
  setting('ironing_enabled', 'ironing', 'switch'),
  setting('z_seam_type', 'seam_position', {
    sharpest_corner: 'nearest',
    shortest: 'nearest',
    random: 'random',
    back: 'rear',
  }),
  setting('material_print_temperature', 'temperature', 'integer'),
  setting('material_print_temperature_layer_0', 'first_layer_temperature', 'integer'),
  setting('material_bed_temperature', 'bed_temperature', 'integer'),
  setting('material_bed_temperature_layer_0', 'first_layer_bed_temperature', 'integer'),
  setting('material_diameter', 'filament_diameter'),
  setting('cool_fan_speed_min', 'min_fan_speed', 'integer'),
  setting('cool_fan_speed_max', 'max_fan_speed', 'integer'),
  setting('cool_min_layer_time', 'slowdown_below_layer_time', 'integer'),
  setting('cool_min_speed', 'min_print_speed'),
  setting('speed_wall_x', 'perimeter_speed'),
  setting('speed_wall_0', 'external_perimeter_speed'),
  setting('speed_infill', 'infill_speed'),
  setting('speed_topbottom', 'solid_infill_speed'),
  setting('speed_support', 'support_material_speed'),
  setting('speed_travel', 'travel_speed'),
  setting('speed_layer_0', 'first_layer_speed'),
  setting('bridge_wall_speed', 'bridge_speed'),
  setting('retraction_amount', 'retract_length'),
  setting('retraction_retract_speed', 'retract_speed'),
  setting('retraction_prime_speed', 'deretract_speed'),
  setting('retraction_min_travel', 'retract_before_travel'),
  setting('retraction_hop', 'retract_lift'),
  setting('machine_nozzle_size', 'nozzle_diameter'),
  setting('support_enable', 'support_material', 'switch'),
  setting('support_z_distance', 'support_material_contact_distance'),
  setting('skirt_line_count', 'skirts', 'integer'),
  setting('skirt_gap', 'skirt_distance'),
  setting('brim_width', 'brim_width'),
  setting('xy_offset', 'xy_size_compensation'),
]

/** Keys that are written by `more` below, so that wishes for them count too. */
const byHand = [
  'support_type',
  'support_angle',
  'support_infill_rate',
  'adhesion_type',
  'cool_fan_enabled',
  'cool_fan_full_layer',
  'material_flow',
  'retraction_enable',
  'retraction_hop_enabled',
  'acceleration_enabled',
  'acceleration_print',
]

const known = new Set([...prusaSettings.map(({ key }) => key), ...byHand])

/** Whether a wish for this setting counts in PrusaSlicer. */
export const knownToPrusa = (key: string): boolean => known.has(key)

const flavours: Readonly<Record<FirmwareDialect, string>> = {
  'marlin-1': 'marlin',
  'marlin-2': 'marlin2',
  prusa: 'marlin',
  'prusa-buddy': 'marlin',
  klipper: 'marlin2',
  smoothieware: 'smoothie',
  reprapfirmware: 'reprapfirmware',
  repetier: 'repetier',
}

type Values = ReadonlyMap<string, FormulaValue>

const number = (values: Values, key: string, otherwise = 0): number => {
  const value = values.get(key)
  return typeof value === 'number' ? value : otherwise
}

/**
 * For Cura a line is a box; for PrusaSlicer its sides are round, and lines overlap by what the corners lack. A line that is
 * wider by that lies in the same place and takes the same plastic.
 */
const ROUND_SIDES = 1 - Math.PI / 4

const written = (value: FormulaValue, writing: Writing): string => {
  if (typeof writing === 'object') return writing[String(value)] ?? String(Object.values(writing)[0])
  if (writing === 'switch') return value === true ? '1' : '0'
  if (typeof value !== 'number') return String(value)
  if (writing === 'percent') return `${value}%`
  return writing === 'integer' ? String(Math.round(value)) : String(Number(value.toFixed(4)))
}

/** PrusaSlicer looks through all of them at each layer: many take long. */
const MOST_LAYERS = 100

const more = (values: Values): Record<string, string> => {
  const is = (key: string): boolean => values.get(key) === true
  const brim = values.get('adhesion_type') === 'brim'
  const raft = values.get('adhesion_type') === 'raft'
  // Cura makes every layer a bottom where everything is filled.
  const solid = number(values, 'infill_sparse_density') >= 100
  const fan = is('cool_fan_enabled')
  const rate = Math.max(1, number(values, 'support_infill_rate', 15))
  return {
    brim_width: brim ? written(number(values, 'brim_width', 5), 'number') : '0',
    brim_type: brim ? 'outer_only' : 'no_brim',
    skirts: values.get('adhesion_type') === 'skirt' ? written(number(values, 'skirt_line_count', 1), 'integer') : '0',
    raft_layers: raft ? '3' : '0',
    support_material_buildplate_only: values.get('support_type') === 'buildplate' ? '1' : '0',
    // Cura counts from the vertical, PrusaSlicer from the bed.
    support_material_threshold: String(Math.round(90 - number(values, 'support_angle', 50))),
    support_material_spacing: String(Number(((number(values, 'support_line_width', 0.4) * 100) / rate).toFixed(2))),
    cooling: fan ? '1' : '0',
    fan_always_on: fan ? '1' : '0',
    disable_fan_first_layers: String(Math.max(0, Math.round(number(values, 'cool_fan_full_layer', 2)) - 1)),
    extrusion_multiplier: String(Number((number(values, 'material_flow', 100) / 100).toFixed(4))),
    default_acceleration: is('acceleration_enabled') ? written(number(values, 'acceleration_print'), 'integer') : '0',
    ...(is('retraction_enable') ? {} : { retract_length: '0' }),
    ...(is('retraction_hop_enabled') ? {} : { retract_lift: '0' }),
    top_solid_layers: solid ? '3' : written(Math.min(MOST_LAYERS, number(values, 'top_layers')), 'integer'),
    bottom_solid_layers: solid ? '3' : written(Math.min(MOST_LAYERS, number(values, 'bottom_layers')), 'integer'),
    top_solid_infill_speed: written(number(values, 'speed_topbottom', 20), 'number'),
    small_perimeter_speed: written(number(values, 'speed_wall_0', 20), 'number'),
    gap_fill_speed: written(number(values, 'speed_wall_0', 20), 'number'),
    // PrusaSlicer refuses some patterns where everything is filled.
    ...(solid ? { fill_pattern: 'rectilinear' } : {}),
    ...(is('magic_spiralize')
      ? { perimeters: '1', fill_density: '0%', top_solid_layers: '0', support_material: '0' }
      : {}),
  }
}

/** What belongs to the slice and not to a profile. `outline`: corners of the bed. */
export interface PrusaFrame {
  readonly dialect: FirmwareDialect
  readonly outline: readonly (readonly [number, number])[]
  readonly height: number
  readonly start: string
  readonly end: string
}

const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

/** A flat .ini of everything that PrusaSlicer needs. */
export const prusaIni = (values: Values, frame: PrusaFrame): string => {
  const entries: Record<string, string> = {}
  const rounding = number(values, 'layer_height', 0.2) * ROUND_SIDES
  for (const { key, prusa, writing } of prusaSettings) {
    const value = values.get(key)
    if (value === undefined || value === null) continue
    const wider = writing === 'width' && typeof value === 'number' ? value + rounding : value
    entries[prusa] = written(wider, writing)
  }
  Object.assign(entries, more(values), {
    gcode_flavor: flavours[frame.dialect],
    bed_shape: frame.outline.map(([x, y]) => `${x.toFixed(3)}x${y.toFixed(3)}`).join(','),
    max_print_height: String(frame.height),
    start_gcode: escaped(frame.start),
    end_gcode: escaped(frame.end),
    before_layer_gcode: '',
    layer_gcode: '',
    toolchange_gcode: '',
    between_objects_gcode: '',
    start_filament_gcode: '""',
    end_filament_gcode: '""',
    post_process: '',
    complete_objects: '0',
    use_relative_e_distances: '0',
    use_firmware_retraction: '0',
    use_volumetric_e: '0',
    binary_gcode: '0',
    gcode_label_objects: '1',
    autoemit_temperature_commands: '0',
    remaining_times: '0',
    machine_limits_usage: 'ignore',
    min_skirt_length: '0',
    skirt_height: '1',
    thumbnails: '',
  })
  return Object.entries(entries)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')
}
