// Commands that are words, such as Klipper's `SET_VELOCITY_LIMIT ACCEL=3000` and `EXCLUDE_OBJECT_START NAME='a b'`.
import { type Command, textOf } from './command.ts'

/** Longer ones are not read: polygons of objects can be endless. */
const LONGEST = 2000

const nameEnd = /[\s=]/

/** The name in capitals, without its parameters; '' where this is no extended command. */
export const extendedName = (command: Command): string => {
  if (command.letter !== 0) return ''
  const text = textOf({ ...command, to: Math.min(command.to, command.from + 64) })
  return (text.split(nameEnd, 1)[0] ?? '').toUpperCase()
}

/** Parameters by name in capitals, quotes taken off. Klipper takes `NAME=value`, quoted by ' or " where blanks are inside. */
export const extendedParameters = (command: Command): ReadonlyMap<string, string> => {
  const text = textOf({ ...command, to: Math.min(command.to, command.from + LONGEST) })
  const found = new Map<string, string>()
  for (const [, name, double, single, plain] of text.matchAll(/([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|(\S*))/g)) {
    found.set((name as string).toUpperCase(), double ?? single ?? plain ?? '')
  }
  return found
}

/** The number of a parameter, or undefined where it is none (a macro's `{...}`, for example). */
export const numberOf = (parameters: ReadonlyMap<string, string>, name: string): number | undefined => {
  const text = parameters.get(name)
  return text !== undefined && /^[+-]?(\d{1,12}(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : undefined
}
