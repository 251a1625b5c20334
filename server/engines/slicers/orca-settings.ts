// What Cura's settings are in OrcaSlicer's words: three JSON files, all values as text.
import type { FormulaValue } from '../cura/expression-tree.ts'
import type { PrusaFrame } from './prusa-settings.ts'

type Values = ReadonlyMap<string, FormulaValue>

const numberOf = (values: Values, key: string): number => {
  const value = values.get(key)
  return typeof value === 'number' ? value : 0
}

/** Fewest digits that say it. */
const text = (value: number): string => String(Number(value.toFixed(4)))

const patterns: Readonly<Record<string, string>> = {
  grid: 'grid',
  lines: 'line',
  triangles: 'triangles',
  trihexagon: 'tri-hexagon',
  cubic: 'cubic',
  cubicsubdiv: 'adaptivecubic',
  concentric: 'concentric',
  zigzag: 'zig-zag',
  gyroid: 'gyroid',
}

const PROCESS: Readonly<Record<string, string>> = {
  layer_height: 'layer_height',
  initial_layer_print_height: 'layer_height_0',
  wall_loops: 'wall_line_count',
  outer_wall_speed: 'speed_wall_0',
  inner_wall_speed: 'speed_wall_x',
  sparse_infill_speed: 'speed_infill',
  internal_solid_infill_speed: 'speed_topbottom',
  top_surface_speed: 'speed_topbottom',
  initial_layer_speed: 'speed_layer_0',
  initial_layer_infill_speed: 'speed_layer_0',
  support_speed: 'speed_support',
  travel_speed: 'speed_travel',
  support_top_z_distance: 'support_z_distance',
}

const WIDTHS: Readonly<Record<string, string>> = {
  line_width: 'line_width',
  outer_wall_line_width: 'wall_line_width_0',
  inner_wall_line_width: 'wall_line_width_x',
  sparse_infill_line_width: 'infill_line_width',
  internal_solid_infill_line_width: 'skin_line_width',
  top_surface_line_width: 'skin_line_width',
  support_line_width: 'support_line_width',
}

const MOST_LAYERS = 100

const processOf = (values: Values): Record<string, string> => {
  const solid = numberOf(values, 'infill_sparse_density') >= 100
  const rounding = numberOf(values, 'layer_height') * (1 - Math.PI / 4)
  const layers = (key: string): string => (solid ? '3' : text(Math.min(MOST_LAYERS, numberOf(values, key))))
  const numbers = Object.entries(PROCESS).map(([orca, key]) => [orca, text(numberOf(values, key))])
  const widths = Object.entries(WIDTHS).map(([orca, key]) => [orca, text(numberOf(values, key) + rounding)])
  return {
    ...Object.fromEntries([...numbers, ...widths]),
    sparse_infill_density: `${text(numberOf(values, 'infill_sparse_density'))}%`,
    sparse_infill_pattern: solid ? 'zig-zag' : (patterns[String(values.get('infill_pattern'))] ?? 'grid'),
    top_shell_layers: layers('top_layers'),
    bottom_shell_layers: layers('bottom_layers'),
    enable_support: values.get('support_enable') === true ? '1' : '0',
    support_type: values.get('support_structure') === 'tree' ? 'tree(auto)' : 'normal(auto)',
    support_threshold_angle: text(90 - numberOf(values, 'support_angle')),
    support_on_build_plate_only: values.get('support_type') === 'buildplate' ? '1' : '0',
    brim_type: values.get('adhesion_type') === 'brim' ? 'outer_only' : 'no_brim',
    brim_width: text(numberOf(values, 'brim_width')),
    skirt_loops: values.get('adhesion_type') === 'skirt' ? text(numberOf(values, 'skirt_line_count')) : '0',
    print_sequence: 'by layer',
    enable_prime_tower: '0',
    enable_arc_fitting: '0',
  }
}

const flavours: Partial<Record<PrusaFrame['dialect'], string>> = {
  klipper: 'klipper',
  'marlin-2': 'marlin2',
  reprapfirmware: 'reprapfirmware',
}

const machineOf = (values: Values, frame: PrusaFrame): Record<string, string | string[]> => ({
  nozzle_diameter: [text(numberOf(values, 'machine_nozzle_size'))],
  printable_area: frame.outline.map(([x, y]) => `${text(x)}x${text(y)}`),
  printable_height: text(frame.height),
  gcode_flavor: flavours[frame.dialect] ?? 'marlin',
  machine_start_gcode: frame.start,
  machine_end_gcode: frame.end,
  before_layer_change_gcode: '',
  layer_change_gcode: '',
  use_relative_e_distances: '0',
  retraction_length: [values.get('retraction_enable') === true ? text(numberOf(values, 'retraction_amount')) : '0'],
  retraction_speed: [text(numberOf(values, 'retraction_retract_speed'))],
  z_hop: [values.get('retraction_hop_enabled') === true ? text(numberOf(values, 'retraction_hop')) : '0'],
  single_extruder_multi_material: '1',
})

const filamentOf = (values: Values): Record<string, string[]> => {
  const bed = text(numberOf(values, 'material_bed_temperature'))
  const first = text(numberOf(values, 'material_bed_temperature_layer_0'))
  const plates = ['cool_plate', 'eng_plate', 'hot_plate', 'textured_plate']
  return {
    filament_diameter: [text(numberOf(values, 'material_diameter'))],
    filament_flow_ratio: [text(numberOf(values, 'material_flow') / 100)],
    nozzle_temperature: [text(numberOf(values, 'material_print_temperature'))],
    nozzle_temperature_initial_layer: [text(numberOf(values, 'material_print_temperature_layer_0'))],
    ...Object.fromEntries(
      plates.flatMap((plate) => [
        [`${plate}_temp`, [bed]],
        [`${plate}_temp_initial_layer`, [first]],
      ]),
    ),
    fan_min_speed: [text(numberOf(values, 'cool_fan_speed_min'))],
    fan_max_speed: [text(numberOf(values, 'cool_fan_speed_max'))],
    slow_down_layer_time: [text(numberOf(values, 'cool_min_layer_time'))],
    filament_start_gcode: [''],
    filament_end_gcode: [''],
  }
}

/** `type`, `from` and `version` must be there: without them it takes a file for none of its own. */
const file = (type: string, settings: object): Buffer =>
  Buffer.from(
    JSON.stringify({ type, name: type, from: 'User', version: '2.0.0.0', instantiation: 'true', ...settings }),
  )

export const orcaFiles = (values: Values, frame: PrusaFrame): Map<string, Buffer> =>
  new Map([
    ['machine.json', file('machine', machineOf(values, frame))],
    ['process.json', file('process', { ...processOf(values), compatible_printers: ['machine'], post_process: [] })],
    ['filament.json', file('filament', { ...filamentOf(values), compatible_printers: ['machine'] })],
  ])
