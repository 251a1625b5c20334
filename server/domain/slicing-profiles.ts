// Our own materials and qualities: where a workshop begins. Keys of settings are Cura's.
import type { Settings, SlicingProfile } from '../contract/slicing.ts'

interface Heat {
  readonly first: number
  readonly later: number
  readonly bed: number
}

const material = (
  key: string,
  note: string,
  density: number,
  { first, later, bed }: Heat,
  { fan, speed, settings = {} }: { fan: number; speed?: number; settings?: Settings },
): SlicingProfile => ({
  key,
  kind: 'material',
  name: key.toUpperCase(),
  note,
  materialType: key.toUpperCase(),
  density,
  settings: {
    material_print_temperature_layer_0: first,
    material_print_temperature: later,
    material_bed_temperature_layer_0: bed,
    material_bed_temperature: bed,
    cool_fan_enabled: fan > 0,
    cool_fan_speed: fan,
    cool_fan_speed_0: 0,
    cool_fan_full_layer: fan > 50 ? 2 : 4,
    ...(speed === undefined ? {} : { speed_print: speed }),
    ...settings,
  },
  isBuiltIn: true,
  changedBy: null,
  changedAt: null,
})

/** Temperatures in the middle of what makers of filament write on their spools; density in g/cm³ from their data sheets. */
export const materials: readonly SlicingProfile[] = [
  material('pla', 'Easy and stiff; softens at 55 °C.', 1.24, { first: 210, later: 205, bed: 60 }, { fan: 100 }),
  material(
    'petg',
    'Tough, for outdoors and for what gets warm.',
    1.27,
    { first: 240, later: 235, bed: 80 },
    { fan: 40, speed: 45 },
  ),
  material(
    'abs',
    'For heat and blows; wants a closed printer and fresh air.',
    1.04,
    { first: 245, later: 240, bed: 100 },
    { fan: 0, settings: { cool_min_layer_time: 12 } },
  ),
  material(
    'asa',
    'Like ABS, and lasts in the sun.',
    1.07,
    { first: 255, later: 250, bed: 100 },
    { fan: 10, settings: { cool_min_layer_time: 12 } },
  ),
  material(
    'tpu',
    'Like rubber; slowly.',
    1.21,
    { first: 230, later: 225, bed: 45 },
    { fan: 60, speed: 25, settings: { retraction_amount: 1.5 } },
  ),
  material(
    'pc',
    'Very tough and heat-proof; wants a hot nozzle.',
    1.2,
    { first: 275, later: 270, bed: 110 },
    { fan: 0, speed: 40 },
  ),
  material(
    'pa',
    'Nylon: slides and bends; must be dry.',
    1.14,
    { first: 260, later: 255, bed: 80 },
    { fan: 0, speed: 40 },
  ),
  material(
    'pp',
    'For hinges and what touches food; sticks only to itself.',
    0.9,
    { first: 235, later: 230, bed: 85 },
    { fan: 30, speed: 35 },
  ),
  material('hips', 'Light; dissolves in limonene.', 1.04, { first: 240, later: 235, bed: 100 }, { fan: 0 }),
  material(
    'pva',
    'Dissolves in water: for supports.',
    1.19,
    { first: 210, later: 205, bed: 60 },
    { fan: 100, speed: 30 },
  ),
]

const quality = (key: string, name: string, note: string, settings: Settings): SlicingProfile => ({
  key,
  kind: 'quality',
  name,
  note,
  materialType: null,
  density: null,
  settings,
  isBuiltIn: true,
  changedBy: null,
  changedAt: null,
})

/** For a nozzle of 0.4 mm; layer heights go with the nozzle (`forNozzle`). */
export const qualities: readonly SlicingProfile[] = [
  quality('draft', 'Draft', 'Quick: to see whether it fits.', {
    layer_height: 0.28,
    layer_height_0: 0.28,
    wall_line_count: 2,
    top_layers: 3,
    bottom_layers: 3,
    infill_sparse_density: 12,
    infill_pattern: 'grid',
    speed_print: 60,
  }),
  quality('standard', 'Standard', 'For most things.', {
    layer_height: 0.2,
    layer_height_0: 0.2,
    wall_line_count: 3,
    top_layers: 5,
    bottom_layers: 4,
    infill_sparse_density: 20,
    infill_pattern: 'grid',
    speed_print: 50,
  }),
  quality('fine', 'Fine', 'Thin layers: smooth, and slow.', {
    layer_height: 0.12,
    layer_height_0: 0.2,
    wall_line_count: 3,
    top_layers: 8,
    bottom_layers: 6,
    infill_sparse_density: 20,
    infill_pattern: 'grid',
    speed_print: 40,
  }),
  quality('strong', 'Strong', 'Thick walls and much inside: for parts that bear load.', {
    layer_height: 0.2,
    layer_height_0: 0.2,
    wall_line_count: 5,
    top_layers: 6,
    bottom_layers: 6,
    infill_sparse_density: 40,
    infill_pattern: 'cubic',
    speed_print: 45,
  }),
]

const USUAL_NOZZLE = 0.4

/** Layers of our own qualities are thicker where the nozzle is wider. Others' stay as they were written. */
export const forNozzle = ({ isBuiltIn, kind, settings }: SlicingProfile, nozzle: number): Settings => {
  if (!isBuiltIn || kind !== 'quality') return settings
  const scaled = (key: string): number => Math.round((Number(settings[key]) * nozzle * 100) / USUAL_NOZZLE) / 100
  return { ...settings, layer_height: scaled('layer_height'), layer_height_0: scaled('layer_height_0') }
}
