// A question of the firmware, as it is put together by `//action:prompt_...`: a pure state machine.
import { type HostPrompt, LONGEST_LABEL, LONGEST_SAYING, MOST_BUTTONS } from '../server/contract/printer-controls.ts'

export interface PromptButton {
  readonly label: string
  /** What Klipper wants to be sent; null: its place is sent by M876. */
  readonly gcode: string | null
}

export interface Prompt {
  readonly text: string
  readonly buttons: readonly PromptButton[]
}

export interface PromptState {
  /** What is being put together, and what people are shown. One at a time. */
  readonly building: Prompt | null
  readonly shown: Prompt | null
}

export const noPrompt: PromptState = { building: null, shown: null }

const cut = (text: string, most: number): string => text.trim().slice(0, most)

/** `Label` or, in Klipper's way, `Label|GCODE|colour`. */
const buttonOf = (argument: string): PromptButton => {
  const [label = '', gcode] = argument.split('|')
  return { label: cut(label, LONGEST_LABEL), gcode: gcode === undefined || gcode.trim() === '' ? null : gcode.trim() }
}

/** The state after one action, or null where the action is no part of a prompt. */
export const takePromptAction = (state: PromptState, action: string): PromptState | null => {
  const match = /^prompt_(\w+)\s*(.*)$/s.exec(action.trim())
  if (match === null) return null
  const [, verb, argument = ''] = match
  const { building } = state
  switch (verb) {
    case 'begin':
      return { building: { text: cut(argument, LONGEST_SAYING), buttons: [] }, shown: null }
    case 'text': {
      if (building === null) return state
      return { ...state, building: { ...building, text: cut(`${building.text}\n${argument}`, LONGEST_SAYING) } }
    }
    case 'button':
    case 'choice':
    case 'footer_button': {
      if (building === null || building.buttons.length >= MOST_BUTTONS) return state
      return { ...state, building: { ...building, buttons: [...building.buttons, buttonOf(argument)] } }
    }
    case 'show':
      return { ...state, shown: building }
    case 'end':
      return noPrompt
    default:
      return state
  }
}

export const toHostPrompt = ({ shown }: PromptState): HostPrompt | null =>
  shown && { text: shown.text, buttons: shown.buttons.map(({ label }) => label) }
