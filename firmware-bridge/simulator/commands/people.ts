// Where a person is needed: prompts, pauses, filament changes, and what frees the printer from its waits.
import {
  argument,
  endOf,
  type Firmware,
  type Handler,
  inStages,
  type Output,
  type Stage,
  type Wait,
  word,
} from '../firmware-state.ts'
import { endOfMoves } from './motion.ts'

/** Milliseconds: to park, to pull the filament back, to push the new one in. */
const PARKING = 6500
const UNLOADING = 8500
const LOADING = 37_000

const prompt = (text: string, ...buttons: string[]): string[] => [
  '//action:prompt_end',
  `//action:prompt_begin ${text}`,
  ...buttons.map((button) => `//action:prompt_button ${button}`),
  '//action:prompt_show',
]

/** Only firmware that can be answered stops for a person; the other says that it knows no such command. */
const waitsForPeople =
  (handler: Handler): Handler =>
  (firmware, output, text, command) => {
    const { dialect } = firmware.model
    if (firmware.options.prompts) return handler(firmware, output, text, command)
    if (dialect.halt === 'deaf') output.lines.push(...dialect.unknown(text))
    return null
  }

const pause: Handler = (firmware, output, text) => {
  const message = argument(text)
  if (message !== '') output.lines.push(`echo:${message}\r`)
  output.lines.push(...prompt(message === '' ? 'M0/1 Break Called' : message, 'Continue'))
  const stages: Stage[] = [{ lasts: 'until-answered', say: [] }]
  return inStages(firmware, stages)
}

const parked = (firmware: Firmware): string => {
  const { position } = firmware
  firmware.position = { x: 10, y: firmware.model.depth - 30, z: position.z + 20, e: position.e - 2 }
  const line = firmware.model.dialect.position(firmware)
  firmware.position = position
  return line
}

const changeFilament: Handler = (firmware, output) => {
  output.lines.push('//action:paused')
  const moves = endOfMoves(firmware) - firmware.now
  return inStages(firmware, [
    { lasts: moves + PARKING, say: [parked(firmware)] },
    { lasts: UNLOADING, say: ['echo:Insert filament and send M108', ...prompt('Nozzle Parked', 'Continue')] },
    { lasts: 'until-answered', say: [] },
    { lasts: LOADING, say: prompt('Paused', 'PurgeMore', 'Continue') },
    { lasts: 'until-answered', say: ['//action:prompt_end', '//action:resumed'], repeats: true },
  ])
}

/** Parks and waits, as M125 and M25 do. */
export const parkAndWait = (firmware: Firmware, output: Output): Wait | null => {
  output.lines.push('//action:paused')
  return inStages(firmware, [
    { lasts: PARKING, say: [parked(firmware), 'echo:Send M108 to resume', ...prompt('Nozzle Parked', 'Continue')] },
    { lasts: 'until-answered', say: ['//action:prompt_end', '//action:resumed'] },
  ])
}

/** The next stage of what the firmware is at. True when there is none: the command is done. */
export const endStage = (firmware: Firmware, output: Output, wait: Extract<Wait, { kind: 'stages' }>): boolean => {
  output.lines.push(...(wait.stages[wait.stage]?.say ?? []))
  const next = wait.stages[wait.stage + 1]
  if (next === undefined) return true
  firmware.wait = { ...wait, stage: wait.stage + 1, until: endOf(firmware, next) }
  return false
}

export const waitsForAnswer = (wait: Wait | null): wait is Extract<Wait, { kind: 'stages' }> =>
  wait?.kind === 'stages' && wait.stages[wait.stage]?.lasts === 'until-answered'

/** M108: whatever the firmware waits for is over. */
export const endWait = (firmware: Firmware): void => {
  const { wait } = firmware
  if (wait?.kind === 'heater' || waitsForAnswer(wait)) firmware.wait = { ...wait, until: firmware.now }
}

/** M876: the button of the prompt, counted from 0. */
export const answerPrompt = (firmware: Firmware, button: number): void => {
  const { wait } = firmware
  if (!waitsForAnswer(wait)) return
  const again = wait.stages[wait.stage - 1]
  if (wait.stages[wait.stage]?.repeats && button === 0 && again !== undefined) {
    firmware.wait = { ...wait, stage: wait.stage - 1, until: endOf(firmware, again) }
  } else endWait(firmware)
}

export const peopleCommands: Readonly<Record<string, Handler>> = {
  M0: waitsForPeople(pause),
  M1: waitsForPeople(pause),
  // Only what arrives while something waits has a meaning, and that is seen as it arrives.
  M108: () => null,
  M125: waitsForPeople((firmware, output) => parkAndWait(firmware, output)),
  M600: waitsForPeople(changeFilament),
  M601: waitsForPeople(changeFilament),
  M876: (firmware, _output, text) => {
    answerPrompt(firmware, word(text, 'S') ?? 0)
    return null
  },
}
