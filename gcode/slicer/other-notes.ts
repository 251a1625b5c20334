// What Cura, Simplify3D, ideaMaker, KISSlicer, Kiri:Moto and IceSL say of a print.
import {
  filamentOf,
  put,
  type Reader,
  type Readers,
  readAmount,
  readByTool,
  readDuration,
  readFillDensity,
  readLandmark,
  readName,
  readNameOfTool,
  readNozzles,
  readOfTool,
  readPositive,
  readSupport,
} from './draft.ts'
import { readFilamentUsed } from './prusaslicer-notes.ts'
import { readFlavour } from './settings.ts'
import { MOST_TOOLS, parseAmount, parseAmounts, parseFilament, parseName, parseNames, parseShare } from './values.ts'

const HOTTEST = 2000
const MOST_LAYERS = 1e6

const all =
  (...readers: Reader[]): Reader =>
  (draft, value, index) => {
    for (const read of readers) read(draft, value, index)
  }

/** `Layer height: 0.1 Walls: 0.8 Fill: 10`: the whole profile in one line, of Cura up to 15. */
const readBasicSettings: Reader = ({ said }, value) => {
  put(said, 'layerHeight', parseAmount(/Layer height: *(.*)/.exec(value)?.[1] ?? '', 1000))
  put(said, 'fillDensity', parseShare(`${/Fill: *(\S*)/.exec(value)?.[1] ?? ''}%`))
}

/** CuraEngine writes this where nobody tells it the time afterwards. */
const CURA_KNOWS_NO_TIME = '6666'

const readCuraTime: Reader = (draft, value, index) => {
  if (value.trim() !== CURA_KNOWS_NO_TIME) readDuration('seconds')(draft, value, index)
}

/** In mm³, by tool: `EXTRUDER_TRAIN.0.MATERIAL.VOLUME_USED:9172`, and UltiGCode's `MATERIAL:9172`, `MATERIAL2:0`. */
const readCubicMillimetres = (first: number): Reader => readOfTool('volumeCm3', 1e9, first, 0.001)

const readNozzleOfTool =
  (first: number): Reader =>
  (draft, value, index) => {
    const diameter = parseAmount(value, 20)
    // In the order of the tools: one that comes from nowhere would make holes.
    const { length } = draft.nozzleDiameters
    if (diameter === undefined || index - first !== length || length === MOST_TOOLS) return
    draft.nozzleDiameters = [...draft.nozzleDiameters, diameter]
  }

export const curaReaders: Readers = {
  time: readCuraTime,
  'print.time': readDuration('seconds'),
  'print time': readDuration('seconds'),
  'layer height': readAmount('layerHeight', 1000),
  layer_count: readAmount('layers', MOST_LAYERS),
  'layer count': readAmount('layers', MOST_LAYERS),
  maxz: readAmount('maxZ', 1e5),
  'print.size.max.z': readAmount('maxZ', 1e5),
  'filament used': readFilamentUsed,
  flavor: readFlavour,
  'target_machine.name': readName('printerModel'),
  'extruder_train.#.material.volume_used': readCubicMillimetres(0),
  'extruder_train.#.nozzle.diameter': readNozzleOfTool(0),
  'extruder_train.#.initial_temperature': readOfTool('firstLayerNozzleTemperature', HOTTEST),
  'build_plate.initial_temperature': readByTool('firstLayerBedTemperature', HOTTEST),
  'build_volume.temperature': readPositive('chamberTemperature', HOTTEST),
  material: readCubicMillimetres(1),
  'material#': readCubicMillimetres(1),
  'basic settings': readBasicSettings,
  'end of gcode': readLandmark('summary'),
  cura_profile_string: readLandmark('summary'),
}

/** `13.16 g (0.03 lb)`, `10524.38 mm^3 (10.52 cc)`: of all tools together. */
const readTotalLength: Reader = ({ said, landmarks }, value) => {
  landmarks.add('summary')
  put(said, 'filamentLength', parseFilament(value).lengths[0])
}

const readTotalVolume: Reader = ({ aside }, value) => put(aside, 'totalVolumeCm3', parseFilament(value).volumes[0])

/** `Extruder 1 Only` */
const readOnlyTool: Reader = ({ aside }, value) => {
  const tool = /^Extruder (\d{1,2}) Only/i.exec(value.trim())?.[1]
  if (tool !== undefined && tool !== '0') put(aside, 'onlyTool', Number(tool) - 1)
}

const readTemperatureNames: Reader = ({ aside }, value) =>
  put(aside, 'temperatureNames', parseNames(value.replaceAll(',', ';')))

/** By name: the list holds extruders and beds, in the order of `temperatureName`. */
const readSetpoints: Reader = (draft, value) => {
  let tool = 0
  for (const [n, temperature] of parseAmounts(value, HOTTEST).entries()) {
    const name = draft.aside.temperatureNames?.[n]?.toLowerCase()
    if (name === undefined) return
    if (name.includes('bed')) put(filamentOf(draft, 0), 'firstLayerBedTemperature', temperature)
    else if (name.includes('extruder')) {
      if (temperature !== 0) put(filamentOf(draft, tool), 'firstLayerNozzleTemperature', temperature)
      tool++
    }
  }
}

const readFirstLayerPercentage: Reader = ({ aside }, value) => {
  const percentage = parseAmount(value, 10000)
  if (percentage !== undefined && percentage > 0) put(aside, 'firstLayerShare', percentage / 100)
}

export const simplify3dReaders: Readers = {
  'build time': all(readDuration('seconds'), readLandmark('summary')),
  'filament length': readTotalLength,
  'material length': readTotalLength,
  'plastic volume': readTotalVolume,
  'material volume': readTotalVolume,
  'plastic weight': readAmount('filamentGrams', 1e6),
  'material weight': readAmount('filamentGrams', 1e6),
  'material cost': readAmount('filamentCost', 1e7),
  processname: readName('printProfile'),
  profilename: readName('printerProfile'),
  printmaterial: ({ aside }, value) => put(aside, 'material', parseName(value)),
  printextruders: readOnlyTool,
  extruderdiameter: all(readNozzles, ({ aside, nozzleDiameters }) => put(aside, 'tools', nozzleDiameters.length)),
  layerheight: readAmount('layerHeight', 1000),
  firstlayerheightpercentage: readFirstLayerPercentage,
  filamentdiameters: readByTool('diameter', 100, true),
  filamentdensities: readByTool('density', 100, true),
  filamentpricesperkg: readByTool('costPerKilogram', 1e6, true),
  infillpercentage: ({ said }, value) => put(said, 'fillDensity', parseShare(`${value}%`)),
  generatesupport: readSupport,
  temperaturename: readTemperatureNames,
  temperaturesetpointtemperatures: readSetpoints,
}

/** `Dimension: 205.000 205.000 205.000 0.400`: the space to print in, then the nozzle. */
const readDimension: Reader = (draft, value, index) => readNozzles(draft, value.trim().split(/\s+/, 4)[3] ?? '', index)

/** `Bounding Box: 76.5 123.5 95.0 110.0 0.0 9.3`: from and to, by axis. */
const readBoundingBox: Reader = ({ said }, value) =>
  put(said, 'maxZ', parseAmount(value.trim().split(/\s+/, 6)[5] ?? '', 1e5))

export const ideaMakerReaders: Readers = {
  'print time': readDuration('seconds'),
  dimension: readDimension,
  'bounding box': readBoundingBox,
  'filament diameter ##': readOfTool('diameter', 100, 1),
  // kg/m³
  'filament density ##': readOfTool('density', 1e5, 1, 0.001),
  'filament type ##': readNameOfTool('type', 1),
  'filament name ##': readNameOfTool('name', 1),
  'material## used': all(readOfTool('length', 1e8, 1), readLandmark('summary')),
  'material## cost': readOfTool('cost', 1e7, 1),
}

/** `305.09 mm  (0.734 cm^3)`, of the tool that the key names. */
const readExtruder: Reader = (draft, value, index) => {
  const { lengths, volumes } = parseFilament(value)
  put(filamentOf(draft, index - 1), 'length', lengths[0])
  put(filamentOf(draft, index - 1), 'volumeCm3', volumes[0])
}

export const kisslicerReaders: Readers = {
  'calculated-during-export build time': readDuration('seconds'),
  'estimated-in-gui build time': readDuration('seconds'),
  'estimated build time': readDuration('seconds'),
  'total estimated (pre-cool) minutes': readLandmark('summary'),
  'ext ##': readExtruder,
  'ext #': readExtruder,
  num_extruders: ({ aside }, value) => put(aside, 'tools', parseAmount(value, 64)),
  printer_name: readName('printerModel'),
  style_name: readName('printProfile'),
  'nozzle_dia_#': readNozzleOfTool(1),
  material_name: readNameOfTool('name'),
  fiber_dia_mm: readOfTool('diameter', 100),
  temperature_c: readOfTool('nozzleTemperature', HOTTEST),
  first_layer_c: readOfTool('firstLayerNozzleTemperature', HOTTEST),
  bed_c: readOfTool('firstLayerBedTemperature', HOTTEST),
  chamber_c: readPositive('chamberTemperature', HOTTEST),
  brim_mm: readAmount('brimWidth', 1000),
}

export const kiriMotoReaders: Readers = {
  '--- print time': all(readDuration('seconds'), readLandmark('summary')),
  '--- filament used': (draft, value) => put(filamentOf(draft, 0), 'length', parseFilament(value).lengths[0]),
  target: readName('printerModel'),
  processname: readName('printProfile'),
  sliceheight: readAmount('layerHeight', 1000),
  firstsliceheight: readAmount('firstLayerHeight', 1000),
  slicefillsparse: readFillDensity,
  slicesupportenable: readSupport,
  firstlayerbrim: readAmount('brimWidth', 1000),
  outputtemp: readOfTool('nozzleTemperature', HOTTEST),
  outputbedtemp: readOfTool('bedTemperature', HOTTEST),
  firstlayernozzletemp: readOfTool('firstLayerNozzleTemperature', HOTTEST),
  firstlayerbedtemp: readOfTool('firstLayerBedTemperature', HOTTEST),
}

export const iceslReaders: Readers = {
  estimated_print_time_s: readDuration('seconds'),
  filament_used_mm: readByTool('length', 1e8),
  filament_used_g: readByTool('massGrams', 1e6),
  filament_name: readNameOfTool('name'),
  filament_type: readNameOfTool('type'),
  layer_count: readAmount('layers', MOST_LAYERS),
  print_height_mm: readAmount('maxZ', 1e5),
  printer: readName('printerModel'),
  z_layer_height_mm: readAmount('layerHeight', 1000),
  z_layer_height_first_layer_mm: readAmount('firstLayerHeight', 1000),
  'nozzle_diameter_mm_#': readNozzleOfTool(0),
  'filament_diameter_mm_#': readOfTool('diameter', 100),
  'extruder_temp_degree_c_#': readOfTool('nozzleTemperature', HOTTEST),
  bed_temp_degree_c: readOfTool('bedTemperature', HOTTEST),
  chamber_temp_degree_c: readPositive('chamberTemperature', HOTTEST),
  gen_supports: readSupport,
  'infill_percentage_#': ({ said }, value, index) => {
    if (index === 0) put(said, 'fillDensity', parseShare(`${value}%`))
  },
}
