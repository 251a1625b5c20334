// A slice as Cura's engine takes it, embedded or installed: everything worked out beforehand.
import type { FirmwareDialect } from '../../contract/printers.ts'
import { machineOf } from '../cura/definitions.ts'
import type { FormulaValue } from '../cura/expression-tree.ts'
import { flatDefinition, type ResolvedSettings, SettingResolver } from '../cura/resolve.ts'
import type { SliceJob } from './slicer.ts'

const flavours: Readonly<Record<FirmwareDialect, string>> = {
  'marlin-1': 'RepRap (Marlin/Sprinter)',
  'marlin-2': 'RepRap (Marlin/Sprinter)',
  prusa: 'RepRap (Marlin/Sprinter)',
  'prusa-buddy': 'RepRap (Marlin/Sprinter)',
  klipper: 'RepRap (Marlin/Sprinter)',
  smoothieware: 'RepRap (Marlin/Sprinter)',
  reprapfirmware: 'RepRap (RepRap)',
  repetier: 'Repetier',
}

/** What no profile and no wish decides: where the parts stand, whose start and end it is, and how filament is counted. */
const ours = ({ volume, dialect, start, end }: SliceJob): [string, FormulaValue][] => [
  ['machine_width', volume.width],
  ['machine_depth', volume.depth],
  ['machine_height', volume.height],
  ['machine_shape', volume.shape === 'round' ? 'elliptic' : 'rectangular'],
  // Parts come in the bed's own coordinates; the engine shall add nothing.
  ['machine_center_is_zero', true],
  ['machine_gcode_flavor', flavours[dialect]],
  ['machine_start_gcode', start],
  ['machine_end_gcode', end],
  ['machine_extruder_start_code', ''],
  ['machine_extruder_end_code', ''],
  ['machine_disallowed_areas', []],
  ['nozzle_disallowed_areas', []],
  ['machine_use_extruder_offset_to_offset_coords', false],
  // Our start heats and waits.
  ['material_bed_temp_prepend', false],
  ['material_print_temp_prepend', false],
  ['material_bed_temp_wait', false],
  ['material_print_temp_wait', false],
  ['machine_extruder_count', 1],
  ['extruders_enabled_count', 1],
  ['extruder_nr', 0],
  ['adhesion_extruder_nr', 0],
  ['support_extruder_nr', 0],
  ['support_infill_extruder_nr', 0],
  ['support_extruder_nr_layer_0', 0],
  ['support_interface_extruder_nr', 0],
  ['support_roof_extruder_nr', 0],
  ['support_bottom_extruder_nr', 0],
  ['machine_firmware_retract', false],
  ['relative_extrusion', false],
  ['print_sequence', 'all_at_once'],
  ['mesh_position_x', 0],
  ['mesh_position_y', 0],
  ['mesh_position_z', 0],
  ['center_object', false],
  ['prime_blob_enable', false],
  ['prime_tower_enable', false],
  ['wireframe_enabled', false],
]

/** All settings of a slice, worked out. */
export const resolveSlice = (job: SliceJob): ResolvedSettings =>
  new SettingResolver(machineOf(job.machine), new Map([...job.wishes, ...ours(job)])).all()

/** The definition files that the engine reads, by their names. `more`: settings that this version of it needs besides. */
export const curaFiles = (job: SliceJob, more: ReadonlyMap<string, FormulaValue> = new Map()): Map<string, Buffer> => {
  const machine = machineOf(job.machine)
  const resolved = resolveSlice(job)
  const values = new Map([...more, ...resolved.values])
  const printer = flatDefinition(machine, { ...resolved, values })
  const extruder = { ...printer, name: 'extruder', metadata: { type: 'extruder', position: '0' } }
  return new Map([
    ['printer.def.json', Buffer.from(JSON.stringify(printer))],
    ['extruder.def.json', Buffer.from(JSON.stringify(extruder))],
  ])
}

/** Names of the parts as files; the engine writes them into the G-code, so they are plain. */
export const partFiles = ({ parts }: SliceJob): { names: string[]; files: Map<string, Uint8Array> } => {
  const files = new Map<string, Uint8Array>()
  for (const [place, { name, stl }] of parts.entries()) {
    const plain = name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9_-]+/g, '_')
      .slice(0, 40)
    files.set(`${plain || 'part'}-${place + 1}.stl`, stl)
  }
  return { names: [...files.keys()], files }
}
