// The settings that PrusaSlicer, Slic3r, OrcaSlicer and Bambu Studio append to a file, `; name = value` by line.
import {
  type Draft,
  filamentOf,
  put,
  type Reader,
  type Readers,
  readAmount,
  readAxis,
  readByTool,
  readConfig,
  readFillDensity,
  readLandmark,
  readName,
  readNamesByTool,
  readNozzles,
  readPositive,
  readSupport,
} from './draft.ts'
import { type Flavour, flavours } from './metadata.ts'
import { parseAmount, parseAmounts, parseFlag, parseName } from './values.ts'

const HOTTEST = 2000
const FASTEST = 1e5
const MOST_ACCELERATION = 1e8
const LONGEST_SECONDS = 1e5

/** Cura's names where they are others than PrusaSlicer's. */
const flavourNames: Readonly<Record<string, Flavour>> = {
  'marlin(volumetric)': 'marlin',
  rrf: 'reprapfirmware',
  'reprap (reprapfirmware)': 'reprapfirmware',
  makerbot: 'makerware',
}

export const readFlavour: Reader = ({ said }, value) => {
  const name = value.trim().toLowerCase()
  put(said, 'flavour', flavourNames[name] ?? flavours.find((flavour) => flavour === name))
}

/** In mm, or as a part of the layer height: `first_layer_height = 75%`. */
const readFirstLayerHeight: Reader = ({ said, aside }, value) => {
  const amount = parseAmount(value, 1000)
  if (amount === undefined || amount === 0) return
  if (value.includes('%')) put(aside, 'firstLayerShare', amount / 100)
  else put(said, 'firstLayerHeight', amount)
}

/** Bed temperatures for one kind of plate; which of them counts, `curr_bed_type` says. */
const readPlate =
  (kind: string): Reader =>
  ({ aside }, value) => {
    if (!aside.plates.has(kind)) aside.plates.set(kind, parseAmounts(value, HOTTEST))
  }

/** In Slic3r, the cost of the print stands first under the name of what a kilogram costs: so the last one counts. */
const readCostPerKilogram: Reader = (draft, value) => {
  for (const [tool, cost] of parseAmounts(value, 1e6).entries()) {
    if (cost !== undefined && cost > 0) filamentOf(draft, tool).costPerKilogram = cost
  }
}

const readLimitsUsage: Reader = ({ config }, value) => {
  const usage = value.trim()
  if (usage === 'emit_to_gcode' || usage === 'time_estimate_only' || usage === 'ignore') {
    put(config, 'limitsUsage', usage)
  }
}

const readVolumetric: Reader = ({ config }, value) => put(config, 'volumetricE', parseFlag(value))

const readSharedNozzle: Reader = ({ config }, value) => put(config, 'sharedNozzle', parseFlag(value))

/** OrcaSlicer's word for `machine_limits_usage`. */
const readEmitsLimits: Reader = ({ config }, value) => {
  const emits = parseFlag(value)
  if (emits !== undefined) put(config, 'limitsUsage', emits ? 'emit_to_gcode' : 'time_estimate_only')
}

/** A percentage is of another setting, and is left out. */
const readAcceleration =
  (key: 'defaultAcceleration' | 'travelAcceleration' | 'firstLayerAcceleration'): Reader =>
  ({ config }, value) => {
    if (!value.includes('%')) put(config, key, parseAmount(value, MOST_ACCELERATION))
  }

const readZOffset = readLandmark('last-setting')
const brimWidth = readAmount('brimWidth', 1000)

const machineReaders: Readers = {
  machine_limits_usage: readLimitsUsage,
  use_volumetric_e: readVolumetric,
  single_extruder_multi_material: readSharedNozzle,
  emit_machine_limits_to_gcode: readEmitsLimits,
  machine_max_acceleration_x: readAxis('maxAcceleration', 'x', MOST_ACCELERATION),
  machine_max_acceleration_y: readAxis('maxAcceleration', 'y', MOST_ACCELERATION),
  machine_max_acceleration_z: readAxis('maxAcceleration', 'z', MOST_ACCELERATION),
  machine_max_acceleration_e: readAxis('maxAcceleration', 'e', MOST_ACCELERATION),
  machine_max_acceleration_extruding: readConfig('maxExtrudingAcceleration', MOST_ACCELERATION),
  machine_max_acceleration_retracting: readConfig('maxRetractingAcceleration', MOST_ACCELERATION),
  machine_max_acceleration_travel: readConfig('maxTravelAcceleration', MOST_ACCELERATION),
  machine_max_feedrate_x: readAxis('maxFeedrate', 'x', FASTEST),
  machine_max_feedrate_y: readAxis('maxFeedrate', 'y', FASTEST),
  machine_max_feedrate_z: readAxis('maxFeedrate', 'z', FASTEST),
  machine_max_feedrate_e: readAxis('maxFeedrate', 'e', FASTEST),
  machine_max_speed_x: readAxis('maxFeedrate', 'x', FASTEST),
  machine_max_speed_y: readAxis('maxFeedrate', 'y', FASTEST),
  machine_max_speed_z: readAxis('maxFeedrate', 'z', FASTEST),
  machine_max_speed_e: readAxis('maxFeedrate', 'e', FASTEST),
  machine_max_jerk_x: readAxis('jerk', 'x', FASTEST),
  machine_max_jerk_y: readAxis('jerk', 'y', FASTEST),
  machine_max_jerk_z: readAxis('jerk', 'z', FASTEST),
  machine_max_jerk_e: readAxis('jerk', 'e', FASTEST),
  machine_max_junction_deviation: readConfig('junctionDeviation', 100),
  machine_min_extruding_rate: readConfig('minExtrudeFeedrate', FASTEST),
  machine_min_travel_rate: readConfig('minTravelFeedrate', FASTEST),
  machine_load_filament_time: readConfig('loadFilamentSeconds', LONGEST_SECONDS),
  machine_unload_filament_time: readConfig('unloadFilamentSeconds', LONGEST_SECONDS),
  machine_tool_change_time: readConfig('toolChangeSeconds', LONGEST_SECONDS),
  default_acceleration: readAcceleration('defaultAcceleration'),
  travel_acceleration: readAcceleration('travelAcceleration'),
  first_layer_acceleration: readAcceleration('firstLayerAcceleration'),
  initial_layer_acceleration: readAcceleration('firstLayerAcceleration'),
}

const filamentReaders: Readers = {
  filament_type: readNamesByTool('type'),
  filament_settings_id: readNamesByTool('name'),
  filament_vendor: readNamesByTool('vendor'),
  filament_colour: readNamesByTool('colour'),
  filament_density: readByTool('density', 100, true),
  filament_diameter: readByTool('diameter', 100, true),
  filament_cost: readCostPerKilogram,
  filament_load_time: readByTool('loadSeconds', LONGEST_SECONDS),
  filament_unload_time: readByTool('unloadSeconds', LONGEST_SECONDS),
  first_layer_temperature: readByTool('firstLayerNozzleTemperature', HOTTEST, true),
  nozzle_temperature_initial_layer: readByTool('firstLayerNozzleTemperature', HOTTEST, true),
  temperature: readByTool('nozzleTemperature', HOTTEST, true),
  nozzle_temperature: readByTool('nozzleTemperature', HOTTEST, true),
  first_layer_bed_temperature: readByTool('firstLayerBedTemperature', HOTTEST),
  bed_temperature: readByTool('bedTemperature', HOTTEST),
}

const printReaders: Readers = {
  layer_height: readAmount('layerHeight', 1000),
  first_layer_height: readFirstLayerHeight,
  initial_layer_print_height: readFirstLayerHeight,
  nozzle_diameter: readNozzles,
  gcode_flavor: readFlavour,
  printer_model: readName('printerModel'),
  printer_settings_id: readName('printerProfile'),
  print_settings_id: readName('printProfile'),
  chamber_temperature: readPositive('chamberTemperature', HOTTEST),
  chamber_temperatures: readPositive('chamberTemperature', HOTTEST),
  support_material: readSupport,
  enable_support: readSupport,
  fill_density: readFillDensity,
  sparse_infill_density: readFillDensity,
  brim_width: brimWidth,
  brim_type: ({ aside }, value) => put(aside, 'brimType', parseName(value)),
  curr_bed_type: ({ aside }, value) => put(aside, 'bedType', parseName(value)),
  hot_plate_temp_initial_layer: readPlate('hot'),
  cool_plate_temp_initial_layer: readPlate('cool'),
  eng_plate_temp_initial_layer: readPlate('engineering'),
  textured_plate_temp_initial_layer: readPlate('textured'),
  textured_cool_plate_temp_initial_layer: readPlate('textured-cool'),
  supertack_plate_temp_initial_layer: readPlate('supertack'),
  // The last settings in the alphabet, for versions whose block has no end mark.
  z_offset: readZOffset,
  top_solid_layers: readLandmark('last-region-setting'),
}

export const settingReaders: Readers = { ...machineReaders, ...filamentReaders, ...printReaders }

/** As OrcaSlicer and Bambu Studio name the plates in `curr_bed_type`. */
const plateOf: Readonly<Record<string, string>> = {
  'cool plate': 'cool',
  'textured cool plate': 'textured-cool',
  'engineering plate': 'engineering',
  'high temp plate': 'hot',
  'textured pei plate': 'textured',
  'supertack plate': 'supertack',
  'cool plate (supertack)': 'supertack',
}

/** Bed temperatures by tool for the plate that lies on the bed. */
export const platesTemperatures = ({ aside }: Draft): readonly (number | undefined)[] => {
  const plate = plateOf[aside.bedType?.toLowerCase() ?? '']
  return (plate === undefined ? undefined : aside.plates.get(plate)) ?? []
}
