// What PrusaSlicer and its descendants (SuperSlicer, OrcaSlicer, Bambu Studio) and Slic3r say of a print.
import {
  filamentOf,
  put,
  type Reader,
  type Readers,
  readAmount,
  readByTool,
  readDuration,
  readLandmark,
} from './draft.ts'
import { parseAmount, parseAmounts, parseDuration, parseFilament, tidy } from './values.ts'

const MOST_MILLIMETRES = 1e8
const MOST_CM3 = 1e6
const MOST_GRAMS = 1e6
const MOST_COST = 1e7
const MOST_LAYERS = 1e6

/** Slic3r writes one line for each tool: `filament used = 5181.5mm (12.5cm3)`. Cura writes one list. */
export const readFilamentUsed: Reader = (draft, value) => {
  const { lengths, volumes } = parseFilament(value)
  const one = lengths.length <= 1
  const next = draft.filaments.findIndex(({ length, volumeCm3 }) => length === undefined && volumeCm3 === undefined)
  const from = next === -1 ? draft.filaments.length : next
  for (const [n, length] of lengths.entries()) put(filamentOf(draft, from + n), 'length', length)
  if (one) for (const [n, volume] of volumes.entries()) put(filamentOf(draft, from + n), 'volumeCm3', volume)
}

/** `filament_length_m = 0.2904` */
const readMetres: Reader = (draft, value) => {
  for (const [tool, metres] of parseAmounts(value, MOST_MILLIMETRES / 1000).entries()) {
    if (metres !== undefined) put(filamentOf(draft, tool), 'length', tidy(metres * 1000))
  }
}

/** `model printing time: 11m 15s; total estimated time: 18m 15s` */
const readBambuTimes: Reader = ({ said }, value) => {
  const [model, total] = value.split(/; *total estimated time:/)
  put(said, 'modelSeconds', parseDuration(model ?? ''))
  put(said, 'seconds', parseDuration(total ?? ''))
}

/** `filament: 1,2`: the tools that print, counted from 1; Bambu Studio's lists of what is used are about these. */
const readUsedTools: Reader = ({ aside }, value) => {
  const tools = parseAmounts(value, 64)
  if (tools.every((tool) => tool !== undefined && tool >= 1 && Number.isInteger(tool))) {
    put(
      aside,
      'usedTools',
      tools.map((tool) => (tool as number) - 1),
    )
  }
}

/** `layer num/total_layer_count: 1/139` */
const readLayerOf: Reader = ({ said }, value) =>
  put(said, 'layers', parseAmount(value.slice(value.indexOf('/') + 1), MOST_LAYERS))

const readBlock: Reader = ({ landmarks }, value) => {
  if (value === 'begin') landmarks.add('config-begin')
  if (value === 'end') landmarks.add('config-end')
}

export const prusaSlicerReaders: Readers = {
  'estimated printing time (normal mode)': readDuration('seconds'),
  'estimated printing time (silent mode)': readDuration('silentSeconds'),
  'estimated printing time': readDuration('seconds'),
  'estimated first layer printing time (normal mode)': readDuration('firstLayerSeconds'),
  'estimated first layer printing time (silent mode)': readDuration('silentFirstLayerSeconds'),
  'estimated first layer printing time': readDuration('firstLayerSeconds'),
  'model printing time': readBambuTimes,
  'total estimated time': readDuration('seconds'),

  'filament used [mm]': readByTool('length', MOST_MILLIMETRES),
  'filament used [cm#]': readByTool('volumeCm3', MOST_CM3),
  'filament used [g]': readByTool('massGrams', MOST_GRAMS),
  'filament cost': readByTool('cost', MOST_COST),
  'filament used': readFilamentUsed,
  'total filament used [g]': readAmount('filamentGrams', MOST_GRAMS),
  'total filament used [mm]': readAmount('filamentLength', MOST_MILLIMETRES),
  'total filament cost': readAmount('filamentCost', MOST_COST),
  'total filament used for wipe tower [g]': readAmount('wipeTowerGrams', MOST_GRAMS),
  'total filament length [mm]': ({ aside }, value) => put(aside, 'lengths', parseAmounts(value, MOST_MILLIMETRES)),
  'total filament volume [cm^#]': ({ aside }, value) => put(aside, 'volumes', parseAmounts(value, 1e9)),
  'total filament weight [g]': ({ aside }, value) => put(aside, 'masses', parseAmounts(value, MOST_GRAMS)),
  filament: readUsedTools,

  filament_length_m: readMetres,
  'filament_volume_cm#': readByTool('volumeCm3', MOST_CM3),
  filament_mass_g: readByTool('massGrams', MOST_GRAMS),
  total_filament_cost: readAmount('filamentCost', MOST_COST),

  'total layer number': readAmount('layers', MOST_LAYERS),
  'total layers count': readAmount('layers', MOST_LAYERS),
  'layer num/total_layer_count': readLayerOf,
  'total toolchanges': readAmount('toolChanges', MOST_LAYERS),
  'total filament change': readAmount('toolChanges', MOST_LAYERS),
  max_layer_z: readAmount('maxZ', 1e5),
  max_z_height: readAmount('maxZ', 1e5),

  header_block_start: readLandmark('header'),
  executable_block_end: readLandmark('executable-end'),
  config_block_start: readLandmark('config-begin'),
  config_block_end: readLandmark('config-end'),
  prusaslicer_config: readBlock,
  superslicer_config: readBlock,
  'slic#r_config': readBlock,
}
