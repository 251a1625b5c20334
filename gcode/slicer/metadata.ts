// What a slicer says of a file, as plain data. What it does not say is absent.
import type { Axes } from '../machine.ts'

/** The filament of one tool. Temperatures in °C. */
export interface FilamentMetadata {
  /** What the print takes of it. */
  readonly length?: number
  readonly volumeCm3?: number
  readonly massGrams?: number
  /** In the currency that the slicer was told, whichever that is. */
  readonly cost?: number
  /** `PLA`, `PETG`... as the slicer calls it. */
  readonly type?: string
  /** Name of its profile, such as `Prusament PLA @XL`. */
  readonly name?: string
  readonly vendor?: string
  /** `#RRGGBB`, or `#RRGGBBAA`. */
  readonly colour?: string
  /** g/cm³ */
  readonly density?: number
  readonly diameter?: number
  readonly costPerKilogram?: number
  readonly firstLayerNozzleTemperature?: number
  readonly nozzleTemperature?: number
  readonly firstLayerBedTemperature?: number
  readonly bedTemperature?: number
  /** Time that a multi-material unit takes to load and to unload it. */
  readonly loadSeconds?: number
  readonly unloadSeconds?: number
}

/** Which firmware a file is written for, as slicers call it. */
export const flavours = [
  'marlin',
  'marlin2',
  'klipper',
  'reprapfirmware',
  /** RepRap/Sprinter: what slicers have called Marlin, Repetier and their like before they told them apart. */
  'reprap',
  'sprinter',
  'repetier',
  'smoothie',
  'teacup',
  'makerware',
  'sailfish',
  'mach3',
  'machinekit',
  'bambu',
  'griffin',
  'ultigcode',
  'no-extrusion',
] as const
export type Flavour = (typeof flavours)[number]

/**
 * Settings of the slicer that decide how long a print takes. Speeds in mm/s, accelerations in mm/s², jerk in mm/s; of
 * several modes the normal one. 0 is what the slicer says too: it mostly means "not limited".
 */
export interface SlicerConfig {
  /** E words are volumes in mm³, not lengths. */
  readonly volumetricE?: boolean
  /** Several filaments go through one nozzle. */
  readonly sharedNozzle?: boolean
  /** Whether the limits are in the file as M201..M205, or only in the slicer's own estimate, or not even there. */
  readonly limitsUsage?: 'emit_to_gcode' | 'time_estimate_only' | 'ignore'
  readonly maxFeedrate?: Partial<Axes>
  readonly maxAcceleration?: Partial<Axes>
  readonly maxExtrudingAcceleration?: number
  readonly maxRetractingAcceleration?: number
  readonly maxTravelAcceleration?: number
  readonly jerk?: Partial<Axes>
  /** mm */
  readonly junctionDeviation?: number
  readonly minExtrudeFeedrate?: number
  readonly minTravelFeedrate?: number
  /** What the print itself asks for, within those limits. */
  readonly defaultAcceleration?: number
  readonly travelAcceleration?: number
  readonly firstLayerAcceleration?: number
  readonly loadFilamentSeconds?: number
  readonly unloadFilamentSeconds?: number
  readonly toolChangeSeconds?: number
}

/** Temperatures in °C. */
export interface SlicerMetadata {
  readonly slicer?: { readonly name: string; readonly version: string }
  /** How long the print takes, as the slicer states it; and with the printer in its silent mode. */
  readonly seconds?: number
  readonly silentSeconds?: number
  readonly firstLayerSeconds?: number
  readonly silentFirstLayerSeconds?: number
  /** `seconds` without heating, levelling and what else goes before the first layer (Bambu Studio). */
  readonly modelSeconds?: number
  /** By tool, T0 first. A tool of which nothing is known is an empty object. */
  readonly filaments: readonly FilamentMetadata[]
  /** Of all tools: what the slicer states, else the sum. `wipeTowerGrams` is in it. */
  readonly filamentLength?: number
  readonly filamentGrams?: number
  readonly filamentCost?: number
  readonly wipeTowerGrams?: number
  /** By tool. */
  readonly nozzleDiameters: readonly number[]
  readonly layerHeight?: number
  readonly firstLayerHeight?: number
  readonly layers?: number
  readonly toolChanges?: number
  /** Top of the part. */
  readonly maxZ?: number
  readonly printerModel?: string
  /** Names of the printer's and the print's profile. */
  readonly printerProfile?: string
  readonly printProfile?: string
  readonly flavour?: Flavour
  /** Of the first tool that prints. */
  readonly firstLayerNozzleTemperature?: number
  readonly firstLayerBedTemperature?: number
  readonly chamberTemperature?: number
  readonly support?: boolean
  /** 0 where there is none; absent where the slicer decides from part to part. */
  readonly brimWidth?: number
  /** 0 to 1 */
  readonly fillDensity?: number
  /** The slicer's own end of the file: whether such a slicer writes one, and whether it is there. */
  readonly footer: { readonly expected: boolean; readonly seen: boolean }
  readonly config: SlicerConfig
}
