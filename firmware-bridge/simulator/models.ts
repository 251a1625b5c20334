// The printers that the simulator can be: their frames, their heaters and the firmware in them.
import { klipper } from './dialects/klipper.ts'
import { buddy, marlin, marlin1, prusa } from './dialects/marlin.ts'
import { repetier } from './dialects/repetier.ts'
import { repRapFirmware } from './dialects/reprapfirmware.ts'
import { smoothieware } from './dialects/smoothieware.ts'
import type { PrinterModel } from './firmware-state.ts'
import {
  fullCapabilities,
  fullSettings,
  marlin1Capabilities,
  marlinBanner,
  marlinCapabilities,
  marlinSettings,
} from './marlin-facts.ts'

const bedSlinger: PrinterModel = {
  name: 'Bed-slinger',
  dialect: marlin,
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
  banner: [...marlinBanner, ...marlinSettings],
  settings: marlinSettings,
  capabilities: marlinCapabilities,
  reportsArea: false,
  positionDigits: 2,
  build: {},
  resetsOnOpen: true,
}

/** A 32-bit board with two nozzles, a card and a screen: ADVANCED_OK, an emergency parser, prompts, a deep buffer. */
const workhorse: PrinterModel = {
  ...bedSlinger,
  name: 'Workhorse',
  extruders: 2,
  homingSeconds: 9,
  firmware:
    'Marlin 2.1.2.1 (Nov 20 2026 17:59:05) SOURCE_CODE_URL:github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 ' +
    'MACHINE_TYPE:Workhorse 200 EXTRUDER_COUNT:2 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff',
  banner: [
    ...marlinBanner.slice(0, 3),
    'echo: Free Memory: 0  PlannerBufferBytes: 1664',
    'echo:No EEPROM.',
    'echo:No EEPROM.',
    '//action:prompt_end',
    'echo:SD card ok',
  ],
  settings: fullSettings,
  capabilities: fullCapabilities,
  reportsArea: true,
  positionDigits: 4,
  build: {
    advancedOk: true,
    emergencyParser: true,
    prompts: true,
    sdCard: true,
    commandBuffer: 32,
    receiveBytes: 1024,
  },
  resetsOnOpen: false,
}

const olderMarlin: PrinterModel = {
  ...bedSlinger,
  name: 'Older Marlin',
  dialect: marlin1,
  homingSeconds: 12.6,
  firmware:
    'Marlin 1.1.9.1 (Github) SOURCE_CODE_URL:https://github.com/MarlinFirmware/Marlin PROTOCOL_VERSION:1.0 ' +
    'MACHINE_TYPE:3D Printer EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff',
  banner: [
    'echo:Marlin 1.1.9.1',
    '',
    'echo: Last Updated: 2020-06-20 | Author: (none, default config)',
    'echo:Compiled: Nov 20 2026',
    'echo: Free Memory: 5437  PlannerBufferBytes: 1232',
    'echo:EEPROM version mismatch (EEPROM=? Marlin=V56)',
    'echo:Hardcoded Default Settings Loaded',
  ],
  capabilities: marlin1Capabilities,
}

const prusaMk3: PrinterModel = {
  ...bedSlinger,
  name: 'Prusa',
  dialect: prusa,
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
  build: { prompts: true, sdCard: true },
}

const prusaBuddy: PrinterModel = {
  ...prusaMk3,
  name: 'Prusa MK4',
  dialect: buddy,
  firmware:
    'Prusa-Firmware-Buddy 6.1.3+7898 (Github) SOURCE_CODE_URL:https://github.com/prusa3d/Prusa-Firmware-Buddy ' +
    'PROTOCOL_VERSION:1.0 MACHINE_TYPE:Prusa-MK4 EXTRUDER_COUNT:1 UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff',
  banner: [],
  capabilities: { ...marlinCapabilities, AUTOREPORT_TEMP: true, AUTOREPORT_POS: true },
  build: { prompts: false, sdCard: true, receiveBytes: 512, commandBuffer: 8 },
  resetsOnOpen: false,
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

const duet: PrinterModel = {
  ...bedSlinger,
  name: 'Duet',
  dialect: repRapFirmware,
  firmware:
    'RepRapFirmware for Duet 2 WiFi/Ethernet FIRMWARE_VERSION: 3.5.4 ELECTRONICS: Duet WiFi 1.02 or later ' +
    'FIRMWARE_DATE: 2024-11-24 10:43:47',
  banner: [],
  settings: [],
  capabilities: {},
  positionDigits: 3,
  build: { keepalive: 0, receiveBytes: 1024, commandBuffer: 2, plannerBlocks: 40 },
  resetsOnOpen: false,
}

const repetierPrinter: PrinterModel = {
  ...bedSlinger,
  name: 'Repetier',
  dialect: repetier,
  firmware:
    'Repetier_1.0.4 COMPILED:Nov 20 2026 FIRMWARE_URL:https://github.com/repetier/Repetier-Firmware/ ' +
    'PROTOCOL_VERSION:1.0 MACHINE_TYPE:Mendel EXTRUDER_COUNT:1 REPETIER_PROTOCOL:3',
  banner: [
    'Info:External Reset',
    'Free RAM:74684',
    'Autoretract:0',
    'X:0.00 Y:0.00 Z:0.000 E:0.0000',
    'SpeedMultiply:100',
    'FlowMultiply:100',
  ],
  settings: [],
  capabilities: { PROGRESS: false, AUTOREPORT_TEMP: true, HOST_RESCUE: true, PAUSESTOP: true },
  build: { idleWait: 1000, keepalive: 1000, commandBuffer: 2 },
}

const smoothie: PrinterModel = {
  ...bedSlinger,
  name: 'Smoothieboard',
  dialect: smoothieware,
  firmware:
    'Smoothieware, FIRMWARE_URL:http%3A//smoothieware.org, X-SOURCE_CODE_URL:https://github.com/Smoothieware/Smoothieware, ' +
    'FIRMWARE_VERSION:edge-e0ffe8b, PROTOCOL_VERSION:1.0, X-FIRMWARE_BUILD_DATE:Nov 20 2026, X-SYSTEM_CLOCK:120MHz, ' +
    'X-AXES:5, X-GRBL_MODE:0',
  banner: ['Smoothie', 'ok'],
  settings: [],
  capabilities: {},
  positionDigits: 4,
  build: { keepalive: 0, receiveBytes: 256, plannerBlocks: 32 },
  resetsOnOpen: false,
}

const klipperPrinter: PrinterModel = {
  ...bedSlinger,
  name: 'Klipper',
  dialect: klipper,
  maxFeedrate: { x: 300, y: 300, z: 25, e: 50 },
  homingSeconds: 12.3,
  firmware: 'Klipper FIRMWARE_VERSION:v0.12.0-445-gf33c76da',
  banner: [],
  settings: [],
  capabilities: {},
  positionDigits: 3,
  // A file's end of a terminal: 4 kB, and more lines in flight than any host sends.
  build: { keepalive: 0, receiveBytes: 4096, commandBuffer: 64, plannerBlocks: 128, residency: 0 },
  resetsOnOpen: false,
}

export const models = {
  marlin: bedSlinger,
  marlin1: olderMarlin,
  full: workhorse,
  prusa: prusaMk3,
  buddy: prusaBuddy,
  delta,
  reprapfirmware: duet,
  repetier: repetierPrinter,
  smoothieware: smoothie,
  klipper: klipperPrinter,
} as const satisfies Readonly<Record<string, PrinterModel>>

export type ModelName = keyof typeof models

export const isModelName = (name: string): name is ModelName => name in models
