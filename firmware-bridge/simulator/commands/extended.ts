// Klipper's commands that have names instead of numbers, and what it still does while it is shut down.
import { type Handler, inStages } from '../firmware-state.ts'

const nothing: Handler = () => null

/** `MSG="..."` of a command. */
const message = (text: string): string => /MSG="([^"]*)"|MSG=(\S+)/.exec(text)?.slice(1).find(Boolean) ?? ''

/** It is answered first, and then takes everything down and up again. */
const restart: Handler = (firmware, output, _text, command) => {
  output.lines.push('ok')
  firmware.queue = [{ ...command, own: true }, ...firmware.queue.slice(1)]
  firmware.shutDown = null
  firmware.homed = false
  return inStages(firmware, [
    { lasts: 33, say: ['// Klipper state: Disconnect'] },
    { lasts: 1450, say: ['// Klipper state: Ready'] },
  ])
}

export const extendedCommands: Readonly<Record<string, Handler>> = {
  STATUS: (_firmware, output) => {
    output.lines.push('// Klipper state: Ready')
    return null
  },
  RESPOND: (_firmware, output, text) => {
    const type = /TYPE=(\w+)/.exec(text)?.[1] ?? 'echo'
    const before: Readonly<Record<string, string>> = { command: '// ', error: '!! ', echo: 'echo: ' }
    output.lines.push(`${before[type] ?? 'echo: '}${message(text)}`)
    return null
  },
  HELP: (_firmware, output) => {
    const listed = Object.keys(extendedCommands).sort()
    output.lines.push(
      '// Available extended commands:',
      ...listed.map((name) => `// ${name.padEnd(10)}: as its name says`),
    )
    return null
  },
  FIRMWARE_RESTART: restart,
  RESTART: restart,
  EXCLUDE_OBJECT: nothing,
  EXCLUDE_OBJECT_DEFINE: nothing,
  EXCLUDE_OBJECT_START: nothing,
  EXCLUDE_OBJECT_END: nothing,
  PAUSE: nothing,
  RESUME: nothing,
  CANCEL_PRINT: nothing,
  CLEAR_PAUSE: nothing,
  SAVE_GCODE_STATE: nothing,
  RESTORE_GCODE_STATE: nothing,
  SET_DISPLAY_TEXT: nothing,
  SET_GCODE_OFFSET: nothing,
  SET_PRESSURE_ADVANCE: nothing,
  SET_PRINT_STATS_INFO: nothing,
  SET_VELOCITY_LIMIT: nothing,
  SET_HEATER_TEMPERATURE: nothing,
  TURN_OFF_HEATERS: (firmware) => {
    firmware.heaters = Object.fromEntries(
      Object.entries(firmware.heaters).map(([name, heater]) => [name, { ...heater, target: 0 }]),
    )
    return null
  },
}

/** What needs no working printer is answered even then. */
export const worksShutDown = (code: string): boolean =>
  /^(?:M105|M110|M112|M114|M115|M118|RESPOND|HELP|FIRMWARE_RESTART|RESTART)$/.test(code)
