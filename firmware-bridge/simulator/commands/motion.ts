// Moving: what G0 to G92 do to the simulated printer, and its planner.
import { type Block, type Firmware, type Handler, inStages, type Position, shutDown, word } from '../firmware-state.ts'
import { temperatureOf } from '../heater.ts'

const COLDEST_EXTRUSION = 170

const names = (text: string, letter: string): boolean => new RegExp(`[ \\d]${letter}`).test(text)

/** When the last planned move ends; now, where none is under way. */
export const endOfMoves = (firmware: Firmware): number =>
  Math.max(firmware.planner[firmware.planner.length - 1]?.endsAt ?? firmware.now, firmware.now)

const move: Handler = (firmware, output, text) => {
  if (firmware.model.dialect.name === 'klipper') {
    const refused = refusedByKlipper(firmware, text)
    if (refused.length > 0) {
      output.lines.push(...refused)
      return null
    }
  } else if (isColdExtrusion(firmware, text)) output.lines.push('echo: cold extrusion prevented')
  if (isFull(firmware)) return { kind: 'planner-room' }
  plan(firmware, text)
  return null
}

export const isFull = (firmware: Firmware): boolean => firmware.planner.length >= firmware.options.plannerBlocks - 1

const isColdExtrusion = (firmware: Firmware, text: string): boolean => {
  const hot = firmware.heaters[`T${firmware.tool}`]
  if (hot === undefined || temperatureOf(hot, firmware.now) >= COLDEST_EXTRUSION) return false
  return word(text, 'E') !== undefined
}

const refusedByKlipper = (firmware: Firmware, text: string): string[] => {
  const { x, y, z } = targetOf(firmware, text)
  const where = `${x.toFixed(3)} ${y.toFixed(3)} ${z.toFixed(3)} [0.000]`
  const moves = names(text, 'X') || names(text, 'Y') || names(text, 'Z')
  if (moves && !firmware.homed) return [`!! Must home axis first: ${where}`]
  const { width, depth, height } = firmware.model
  if (moves && (x > width + 1 || y > depth + 1 || z > height + 1 || x < -1 || y < -1 || z < -5)) {
    return [`!! Move out of range: ${where}`]
  }
  if (!isColdExtrusion(firmware, text)) return []
  return [
    '// Extrude below minimum temp',
    "// See the 'min_extrude_temp' config option for details",
    '!! Extrude below minimum temp',
  ]
}

const targetOf = (firmware: Firmware, text: string): Position => {
  const { position } = firmware
  const axis = (letter: string, now: number, relative: boolean): number => {
    const value = word(text, letter)
    if (value === undefined) return now
    return relative ? now + value : value
  }
  return {
    x: axis('X', position.x, firmware.relative),
    y: axis('Y', position.y, firmware.relative),
    z: axis('Z', position.z, firmware.relative),
    e: axis('E', position.e, firmware.relative || firmware.relativeE),
  }
}

/** Puts a move into the planner: it ends when those before it and its own length are done. */
export const plan = (firmware: Firmware, text: string): void => {
  const { position, model } = firmware
  const feedrate = word(text, 'F')
  if (feedrate !== undefined && feedrate > 0) firmware.feedrate = feedrate / 60
  const target = targetOf(firmware, text)
  firmware.position = target
  const dx = Math.abs(target.x - position.x)
  const dy = Math.abs(target.y - position.y)
  const dz = Math.abs(target.z - position.z)
  const de = Math.abs(target.e - position.e)
  const distance = Math.hypot(dx, dy, dz) || de
  if (distance === 0) return
  const most = model.maxFeedrate
  const speed = firmware.feedrate * firmware.feedFactor
  const seconds = Math.max(distance / speed, dx / most.x, dy / most.y, dz / most.z, de / most.e)
  const block: Block = { endsAt: endOfMoves(firmware) + seconds * 1000, from: position }
  firmware.planner = [...firmware.planner, block]
}

const home: Handler = (firmware, output, text) => {
  if (firmware.probeBroken) return failProbing(firmware, output)
  const { position, model } = firmware
  const { dialect } = model
  const all = !/ [XYZ]/.test(text)
  const top = model.kinematics === 'delta' ? model.height : 0
  firmware.position = {
    x: all || names(text, 'X') ? 0 : position.x,
    y: all || names(text, 'Y') ? 0 : position.y,
    z: all || names(text, 'Z') || model.kinematics === 'delta' ? top : position.z,
    e: position.e,
  }
  firmware.homed = true
  const marlin = dialect.name !== 'klipper' && dialect.name !== 'smoothieware' && dialect.name !== 'reprapfirmware'
  const active = model.extruders > 1 && marlin ? [`Active Extruder: ${firmware.tool}`] : []
  output.lines.push(...active)
  const lasts = endOfMoves(firmware) - firmware.now + model.homingSeconds * 1000
  return inStages(firmware, [{ lasts, say: marlin ? [...active, dialect.position(firmware)] : [] }])
}

const failProbing = (firmware: Firmware, output: Parameters<Handler>[1]): 'silent' => {
  const { dialect } = firmware.model
  const lines = dialect.halt === 'deaf' ? dialect.fault(firmware, 'Probing Failed') : dialect.fault(firmware, 'probe')
  shutDown(firmware, output, lines, 'Probing failed')
  return 'silent'
}

const level: Handler = (firmware, output) =>
  firmware.probeBroken
    ? failProbing(firmware, output)
    : inStages(firmware, [{ lasts: firmware.model.levellingSeconds * 1000, say: [] }])

const setPosition: Handler = (firmware, output, text) => {
  const { position, model } = firmware
  const value = (letter: string, now: number): number => word(text, letter) ?? now
  firmware.position = {
    x: value('X', position.x),
    y: value('Y', position.y),
    z: value('Z', position.z),
    e: value('E', position.e),
  }
  const { name } = model.dialect
  if (name === 'marlin' || name === 'marlin1') output.lines.push(model.dialect.position(firmware))
  return null
}

/** Stops where it is: what was planned is forgotten. */
export const quickStop = (firmware: Firmware): void => {
  const underWay = firmware.planner[0]
  if (underWay !== undefined) firmware.position = underWay.from
  firmware.planner = []
}

export const motionCommands: Readonly<Record<string, Handler>> = {
  G0: move,
  G1: move,
  G2: move,
  G3: move,
  G4: (firmware, _output, text) => {
    const delay = (word(text, 'P') ?? 0) + (word(text, 'S') ?? 0) * 1000
    return inStages(firmware, [{ lasts: endOfMoves(firmware) - firmware.now + delay, say: [] }])
  },
  G28: home,
  G29: level,
  G80: level,
  G90: (firmware) => {
    firmware.relative = false
    return null
  },
  G91: (firmware) => {
    firmware.relative = true
    return null
  },
  G92: setPosition,
  M82: (firmware) => {
    firmware.relativeE = false
    return null
  },
  M83: (firmware) => {
    firmware.relativeE = true
    return null
  },
  // Motors are let go when the last move is made.
  M84: () => ({ kind: 'planner-empty' }),
  M220: (firmware, output, text) => {
    const percent = word(text, 'S')
    if (percent === undefined) output.lines.push(`FR:${Math.round(firmware.feedFactor * 100)}%`)
    else if (percent > 0) firmware.feedFactor = percent / 100
    return null
  },
  M221: (firmware, output, text) => {
    const percent = word(text, 'S')
    if (percent === undefined)
      output.lines.push(`echo:E${firmware.tool} Flow: ${Math.round(firmware.flowFactor * 100)}%`)
    else if (percent > 0) firmware.flowFactor = percent / 100
    return null
  },
  M400: () => ({ kind: 'planner-empty' }),
  M410: (firmware) => {
    quickStop(firmware)
    return null
  },
}
