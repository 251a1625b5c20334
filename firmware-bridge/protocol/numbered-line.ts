// `N1 G28*18`: a command as it goes over the wire, with its line number and checksum.

/**
 * XOR of all bytes before the `*`, as Marlin, Prusa, Repetier and Smoothieware count it (Marlin queue.cpp, get_serial_commands).
 * `text` has one character a byte.
 */
export const checksum = (text: string): number => {
  let sum = 0
  for (let at = 0; at < text.length; at++) sum ^= text.charCodeAt(at)
  return sum & 0xff
}

/** The line as it is sent, line feed included. */
export const numberedLine = (number: number, command: string): string => {
  const body = `N${number} ${command}`
  return `${body}*${checksum(body)}\n`
}

/**
 * The firmware's line buffer is 96 bytes with its end (Marlin, Prusa, Repetier: MAX_CMD_SIZE). What is longer is cut there,
 * the checksum with it, and is then asked for again for ever. With a number of eight digits this is left for the command.
 */
export const LONGEST_COMMAND_BYTES = 95 - 'N12345678 *255'.length

/** The command as this firmware can take it: texts for the display are shortened; null where it cannot be sent at all. */
export const fitCommand = (command: string): string | null => {
  if (command.length <= LONGEST_COMMAND_BYTES) return command
  return /^M11[78]\b/.test(command) ? command.slice(0, LONGEST_COMMAND_BYTES).trimEnd() : null
}
