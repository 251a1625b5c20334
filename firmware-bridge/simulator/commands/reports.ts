// Questions, settings and reports: what the simulated printer tells about itself.
import { argument, emergencyStop, type Handler, word } from '../firmware-state.ts'

const debugNames = ['ECHO', 'INFO', 'ERRORS', 'DRYRUN', 'COMMUNICATION']

/** Lines of an answer of which one may hold the `ok` already. */
const answer =
  (lines: (firmware: Parameters<Handler>[0]) => string[]): Handler =>
  (firmware, output) => {
    const said = lines(firmware)
    output.lines.push(...said)
    return said.some((line) => line.startsWith('ok')) ? 'silent' : null
  }

const every = (text: string): number => Math.max(0, (word(text, 'S') ?? 0) * 1000)

export const reportCommands: Readonly<Record<string, Handler>> = {
  M105: answer((firmware) => firmware.model.dialect.temperatureAnswer(firmware)),
  M110: (firmware, _output, text) => {
    firmware.lastLine = word(text, 'N') ?? firmware.lastLine
    return null
  },
  M111: (firmware, output, text) => {
    firmware.debug = word(text, 'S') ?? 0
    const on = debugNames.filter((_, bit) => (firmware.debug & (1 << bit)) !== 0)
    output.lines.push(`echo:DEBUG:${on.length > 0 ? on.join(',') : 'off'}`)
    return null
  },
  M112: (firmware, output) => {
    emergencyStop(firmware, output)
    // Klipper goes on to say ok; the others have said what they say.
    const { name } = firmware.model.dialect
    return firmware.halted || name === 'smoothieware' || name === 'reprapfirmware' ? 'silent' : null
  },
  M113: (_firmware, output, text) => {
    if (word(text, 'S') === undefined) output.lines.push('echo:M113 S2')
    return null
  },
  M114: answer((firmware) => firmware.model.dialect.positionAnswer(firmware)),
  M115: answer((firmware) => firmware.model.dialect.identity(firmware)),
  M117: (firmware, output, text) => {
    if (firmware.options.prompts && firmware.model.dialect.name === 'marlin') {
      output.lines.push(`//action:notification ${argument(text)}`)
    }
    return null
  },
  M118: (firmware, output, text) => {
    const said = argument(text)
    if (firmware.model.dialect.name === 'klipper') output.lines.push(`echo: ${said}`)
    else output.lines.push(said.replace(/^E1 /, 'echo:').replace(/^A1 /, '//'))
    return null
  },
  M119: (_firmware, output) => {
    output.lines.push('Reporting endstop status', 'x_min: open', 'y_min: open', 'z_min: open')
    return null
  },
  M154: (firmware, _output, text) => {
    firmware.positionInterval = every(text)
    firmware.positionAt = firmware.now + firmware.positionInterval
    return null
  },
  M155: (firmware, _output, text) => {
    firmware.reportInterval = every(text)
    firmware.reportAt = firmware.now + firmware.reportInterval
    return null
  },
  M502: (firmware, output) => {
    const text = 'Hardcoded Default Settings Loaded'
    if (firmware.options.prompts) output.lines.push(`//action:notification ${text}`)
    output.lines.push(`echo:${text}`)
    return null
  },
  M503: answer((firmware) => [...firmware.model.settings]),
  M92: (firmware, output, text) => {
    if (!/ [XYZE]/.test(text)) output.lines.push(...firmware.model.settings.filter((line) => line.includes('M92')))
    return null
  },
  M500: (firmware, output) => {
    if (hasNoMemory(firmware)) output.lines.push('echo:No EEPROM.')
    return null
  },
  M501: (firmware, output) => {
    if (hasNoMemory(firmware)) output.lines.push('echo:No EEPROM.', 'echo:No EEPROM.')
    return null
  },
  M999: (firmware, output) => {
    const { dialect } = firmware.model
    if (dialect.halt === 'explains') {
      if (dialect.name === 'smoothieware' && firmware.shutDown !== null) {
        output.lines.push('WARNING: After HALT you should HOME as position is currently unknown')
      }
      firmware.shutDown = null
      firmware.homed = false
      return null
    }
    output.lines.push(`Resend: ${firmware.lastLine + 1}`, 'ok')
    return null
  },
}

const hasNoMemory = (firmware: Parameters<Handler>[0]): boolean => firmware.model.banner.includes('echo:No EEPROM.')
