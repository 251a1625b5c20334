// The printers that the simulator can be: their frames, their heaters and how their firmware speaks.

export interface HeaterModel {
  /** °C a second at full power. */
  readonly heating: number
  /** Seconds in which the difference to the room falls to a third. */
  readonly coolingTime: number
}

export interface PrinterModel {
  readonly name: string
  readonly kinematics: 'cartesian' | 'delta'
  readonly width: number
  readonly depth: number
  readonly height: number
  readonly extruders: number
  readonly nozzle: HeaterModel
  readonly bed: HeaterModel
  /** mm/s and mm/s²: how fast simulated moves are, whatever the file asks. */
  readonly maxFeedrate: { readonly x: number; readonly y: number; readonly z: number; readonly e: number }
  readonly acceleration: number
  readonly homingSeconds: number
  readonly levellingSeconds: number
  /** M115 without `FIRMWARE_NAME:`. */
  readonly firmware: string
  /** The lines after `start` at boot. */
  readonly banner: readonly string[]
  /** What M503 answers; Marlin says it at boot too. */
  readonly settings: readonly string[]
  readonly capabilities: Readonly<Record<string, boolean>>
  readonly temperatureStyle: 'marlin' | 'prusa'
  /** What an accepted number sent again gets: Marlin 2.1 is silent, older firmware asks for the next line. */
  readonly duplicates: 'silent' | 'resend'
  /** Prusa refuses a checksum without a line number; Marlin takes the line. */
  readonly refusesBareChecksum: boolean
  /** Decimal places of M114. */
  readonly positionDigits: number
}

const marlinCapabilities: Readonly<Record<string, boolean>> = {
  SERIAL_XON_XOFF: false,
  BINARY_FILE_TRANSFER: false,
  EEPROM: false,
  VOLUMETRIC: true,
  AUTOREPORT_POS: false,
  AUTOREPORT_TEMP: true,
  PROGRESS: false,
  PRINT_JOB: true,
  AUTOLEVEL: false,
  RUNOUT: false,
  Z_PROBE: false,
  LEVELING_DATA: false,
  BUILD_PERCENT: false,
  SOFTWARE_POWER: false,
  TOGGLE_LIGHTS: false,
  CASE_LIGHT_BRIGHTNESS: false,
  EMERGENCY_PARSER: false,
  HOST_ACTION_COMMANDS: false,
  PROMPT_SUPPORT: false,
  SDCARD: false,
  REPEAT: false,
  SD_WRITE: false,
  AUTOREPORT_SD_STATUS: false,
  LONG_FILENAME: false,
  LFN_WRITE: false,
  CUSTOM_FIRMWARE_UPLOAD: false,
  EXTENDED_M20: false,
  THERMAL_PROTECTION: true,
  MOTION_MODES: false,
  ARCS: true,
  BABYSTEPPING: false,
  CHAMBER_TEMPERATURE: false,
  COOLER_TEMPERATURE: false,
  MEATPACK: false,
  CONFIG_EXPORT: false,
}

const marlinBanner = [
  'PowerUp',
  'Marlin 2.1.2.1',
  'echo: Last Updated: 2023-05-16 | Author: (none, default config)',
  'echo: Compiled: Nov 20 2026',
  'echo: Free Memory: 0  PlannerBufferBytes: 1280',
  'echo:Hardcoded Default Settings Loaded',
]

const marlinSettings = [
  'echo:; Linear Units:',
  'echo:  G21 ; (mm)',
  'echo:; Temperature Units:',
  'echo:  M149 C ; Units in Celsius',
  'echo:; Filament settings (Disabled):',
  'echo:  M200 S0 D1.75',
  'echo:; Steps per unit:',
  'echo:  M92 X80.00 Y80.00 Z400.00 E500.00',
  'echo:; Max feedrates (units/s):',
  'echo:  M203 X300.00 Y300.00 Z5.00 E25.00',
  'echo:; Max Acceleration (units/s2):',
  'echo:  M201 X3000.00 Y3000.00 Z100.00 E10000.00',
  'echo:; Acceleration (units/s2) (P<print-accel> R<retract-accel> T<travel-accel>):',
  'echo:  M204 P3000.00 R3000.00 T3000.00',
  'echo:; Advanced (B<min_segment_time_us> S<min_feedrate> T<min_travel_feedrate> J<junc_dev>):',
  'echo:  M205 B20000.00 S0.00 T0.00 J0.01',
  'echo:; Home offset:',
  'echo:  M206 X0.00 Y0.00 Z0.00',
  'echo:; Hotend PID:',
  'echo:  M301 P22.20 I1.08 D114.00',
]

const bedSlinger: PrinterModel = {
  name: 'Bed-slinger',
  kinematics: 'cartesian',
  width: 220,
  depth: 220,
  height: 250,
  extruders: 1,
  nozzle: { heating: 3.5, coolingTime: 120 },
  bed: { heating: 0.7, coolingTime: 400 },
  maxFeedrate: { x: 300, y: 300, z: 5, e: 25 },
  acceleration: 3000,
  homingSeconds: 8,
  levellingSeconds: 40,
  firmware:
    'Marlin 2.1.2.1 (Nov 20 2026 17:14:30) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 ' +
    'MACHINE_TYPE:Bed-slinger 220 EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff',
  banner: marlinBanner,
  settings: marlinSettings,
  capabilities: marlinCapabilities,
  temperatureStyle: 'marlin',
  duplicates: 'silent',
  refusesBareChecksum: false,
  positionDigits: 2,
}

const prusa: PrinterModel = {
  ...bedSlinger,
  name: 'Prusa',
  width: 250,
  depth: 210,
  height: 210,
  nozzle: { heating: 4, coolingTime: 110 },
  bed: { heating: 0.9, coolingTime: 350 },
  maxFeedrate: { x: 200, y: 200, z: 12, e: 120 },
  acceleration: 1250,
  homingSeconds: 12,
  levellingSeconds: 30,
  firmware:
    'Prusa-Firmware 3.14.0 based on Marlin FIRMWARE_URL:https://github.com/prusa3d/Prusa-Firmware PROTOCOL_VERSION:1.0 ' +
    'MACHINE_TYPE:Prusa i3 MK3S EXTRUDER_COUNT:1 UUID:00000000-0000-0000-0000-000000000000',
  banner: ['echo: 3.14.0-8094', 'echo: Last Updated: Sep 17 2024 12:00:00 | Author: (none, default config)'],
  settings: [],
  capabilities: {
    AUTOREPORT_TEMP: true,
    AUTOREPORT_FANS: true,
    AUTOREPORT_POSITION: true,
    EXTENDED_M20: true,
    PRUSA_MMU2: true,
  },
  temperatureStyle: 'prusa',
  duplicates: 'resend',
  refusesBareChecksum: true,
}

const delta: PrinterModel = {
  ...bedSlinger,
  name: 'Delta',
  kinematics: 'delta',
  width: 180,
  depth: 180,
  height: 300,
  nozzle: { heating: 3, coolingTime: 130 },
  bed: { heating: 0.5, coolingTime: 450 },
  maxFeedrate: { x: 400, y: 400, z: 400, e: 50 },
  acceleration: 2000,
  homingSeconds: 5,
  levellingSeconds: 25,
  firmware:
    'Marlin 2.1.2.1 (Nov 20 2026 17:14:30) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 ' +
    'MACHINE_TYPE:Delta 180 EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff',
}

export const models = { marlin: bedSlinger, prusa, delta } as const

export type ModelName = keyof typeof models

export const isModelName = (name: string): name is ModelName => name in models
