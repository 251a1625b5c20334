// How long a command may go without its `ok`.

/**
 * `short`: seconds. `move`: until the planner has room, the length of a move. `long`: minutes (heating, homing, levelling,
 * waiting for the last move, changing a tool). `person`: until somebody has done something.
 */
export type CommandClass = 'short' | 'move' | 'long' | 'person'

const person = /^(?:M0|M1|M226|M600|M601|M701|M702)(?![\d])/i
const long =
  /^(?:M109|M190|M191|M116|M303|M400|M48|M46|M125|M412|M500|M502|M997|G28|G29|G30|G32|G33|G34|G35|G38|G80|G425|G4|T\d+)(?![\d])/i
/** Klipper's macros and whatever else has no number: nobody knows what they do. */
const named = /^[A-Z][A-Z_]{2,}/i

export const classOf = (command: string): CommandClass => {
  const letter = command.charCodeAt(0) | 32
  if (letter === 103 && /^g[0-3](?!\d)/i.test(command)) return 'move'
  if (person.test(command)) return 'person'
  return long.test(command) || named.test(command) ? 'long' : 'short'
}

/** Milliseconds that the command itself asks the printer to wait: `G4 S30`, `G4 P500`. */
export const dwellOf = (command: string): number => {
  if (!/^G0*4(?!\d)/i.test(command)) return 0
  const seconds = /S(\d+(?:\.\d+)?)/i.exec(command)?.[1]
  if (seconds !== undefined) return Number(seconds) * 1000
  return Number(/P(\d+(?:\.\d+)?)/i.exec(command)?.[1] ?? 0)
}

/** Whether silence after this command is no sign of a dead link. */
export const isLong = (command: string): boolean => classOf(command) === 'long' || classOf(command) === 'person'
