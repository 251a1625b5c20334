// Commands that may stand in a file that a slicer made for us. What is not listed here has no business there: a profile,
// an engine gone wrong or a design must not reach pins, cards, settings that last, or people.
import { type Command, textOf } from '../../gcode/index.ts'
import type { FirmwareDialect } from '../contract/printers.ts'

const LETTER_G = 71
const LETTER_M = 77
const LETTER_T = 84

/** Moves, dwelling, retraction, units, homing and levelling, places. */
const g = new Set([0, 1, 2, 3, 4, 10, 11, 21, 28, 29, 32, 80, 90, 91, 92])

/** Filament counting, motors off, progress, heat, fans, texts, accelerations, factors, levelling on, advance. */
const m = new Set([
  17, 18, 73, 75, 77, 82, 83, 84, 104, 105, 106, 107, 109, 115, 116, 117, 140, 141, 190, 191, 201, 203, 204, 205, 220,
  221, 400, 420, 486, 566, 572, 900,
])

/** Klipper's own that change nothing for good. Macros of the owner (`PRINT_START`) are words as well. */
const klipperNever =
  /^(SAVE_CONFIG|RESTART|FIRMWARE_RESTART|SDCARD_\w+|RUN_SHELL_COMMAND|SET_PIN|FORCE_MOVE|SET_KINEMATIC_POSITION|SET_GCODE_VARIABLE|UPDATE_DELAYED_GCODE|TURN_OFF_HEATERS_NOW|PAUSE|DEBUG_\w+|PID_CALIBRATE)$/

export const isAllowedInSlice = (command: Command, dialect: FirmwareDialect): boolean => {
  const { letter, number, subcode } = command
  if (letter === LETTER_G) return subcode === 0 && g.has(number)
  if (letter === LETTER_M) return subcode === 0 && m.has(number)
  if (letter === LETTER_T) return number === 0
  if (letter !== 0 || dialect !== 'klipper') return false
  const name = textOf(command).split(/\s/, 1)[0]?.toUpperCase() ?? ''
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(name) && !klipperNever.test(name)
}
