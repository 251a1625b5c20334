// Commands that heat and cool -> the targets in the modal state.
import { type Command, has, P, R, S, T, wordOf } from './command.ts'
import { extendedParameters, numberOf } from './extended.ts'
import { MOST_TOOLS, type ModalState } from './modal-state.ts'
import type { Wait } from './motion.ts'

const isTool = (tool: number): boolean => tool >= 0 && tool < MOST_TOOLS && Number.isInteger(tool)

/** No heater reaches this; a number beyond is a mistake in the file and may not spoil sums. */
const HOTTEST = 10_000

const temperature = (value: number, otherwise: number): number => (value >= 0 && value <= HOTTEST ? value : otherwise)

export const setNozzle = (state: ModalState, tool: number, target: number): void => {
  if (!isTool(tool)) return
  state.nozzleTargets[tool] = temperature(target, state.nozzleTargets[tool] as number)
  if (tool === state.tool) state.nozzleTarget = state.nozzleTargets[tool] as number
}

/** Takes M104, M109, M140, M190, M141, M191, M106, M107, M116, M568; returns what is waited for, or null. Others: undefined. */
export const takeHeat = (state: ModalState, command: Command): Wait | null | undefined => {
  const asked = (now: number): number => wordOf(command, S, wordOf(command, R, now))
  switch (command.number) {
    case 104:
    case 109: {
      const tool = wordOf(command, T, state.tool)
      setNozzle(state, tool, asked(isTool(tool) ? (state.nozzleTargets[tool] as number) : 0))
      return command.number === 109 ? 'nozzle' : null
    }
    case 568: {
      const tool = wordOf(command, P, state.tool)
      if (has(command, S)) setNozzle(state, tool, wordOf(command, S, 0))
      return null
    }
    case 140:
    case 190:
      state.bedTarget = temperature(asked(state.bedTarget), state.bedTarget)
      return command.number === 190 ? 'bed' : null
    case 141:
    case 191:
      state.chamberTarget = temperature(asked(state.chamberTarget), state.chamberTarget)
      return command.number === 191 ? 'chamber' : null
    case 116:
      return 'nozzle'
    case 106:
      if (wordOf(command, P, 0) === 0) state.fan = fanOf(wordOf(command, S, 255))
      return null
    case 107:
      if (wordOf(command, P, 0) === 0) state.fan = 0
      return null
    default:
      return undefined
  }
}

/** Up to 1 it is a part of the whole (RepRapFirmware), above of 255. A file that means 1 of 255 means no fan. */
const fanOf = (value: number): number => Math.min(1, Math.max(0, value <= 1 ? value : value / 255))

/** Klipper's words for the same. Returns what is waited for, or null. */
export const takeExtendedHeat = (state: ModalState, name: string, command: Command): Wait | null => {
  const parameters = extendedParameters(command)
  const heater = (parameters.get('HEATER') ?? parameters.get('SENSOR') ?? '').toLowerCase()
  if (name === 'TEMPERATURE_WAIT') return heater === 'heater_bed' ? 'bed' : 'nozzle'
  const target = numberOf(parameters, 'TARGET') ?? 0
  if (heater === 'heater_bed') state.bedTarget = temperature(target, state.bedTarget)
  else if (/^extruder\d*$/.test(heater)) setNozzle(state, Number(heater.slice(8) || 0), target)
  else if (heater.includes('chamber')) state.chamberTarget = temperature(target, state.chamberTarget)
  return null
}
