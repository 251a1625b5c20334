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

/** What a firmware's line buffer and its reading of text leave for a command. */
export interface LineRules {
  /** Bytes of a line with its number and checksum, without its end. */
  readonly longestLine: number
  readonly parenComments: boolean
  readonly takesUtf8: boolean
}

/**
 * The firmware's line buffer is 96 bytes with its end (Marlin, Prusa, Repetier: MAX_CMD_SIZE). What is longer is cut there,
 * the checksum with it, and is then asked for again for ever.
 */
export const marlinLine: LineRules = { longestLine: 95, parenComments: false, takesUtf8: false }

/** A number of eight digits and a checksum; numbers begin anew long before they have more. */
const FRAME_BYTES = 'N12345678 *255'.length

/** By far the most lines: nothing in them that a firmware could take for something else. */
const plain = /^[GMT]\d[ -'+-:<-_]*$/
/** Their words are for people: shortened where they are too long, and never in capitals. */
const textCommand = /^M11[78](?!\d)/i
const fileCommand = /^M(?:23|28|30|32|33|928)(?!\d)/i

/**
 * The command as this firmware can take it, one character a byte; null where it is too long to be sent at all, empty where
 * nothing is left of it. Comments go, because some firmware looks for the `*` behind them (Marlin cuts at `;` first, and
 * then misses the checksum); so do `*` and bytes below 0x20, which end lines, halt or are answered at once.
 */
export const fitCommand = (command: string, rules: LineRules = marlinLine): string | null => {
  const longest = rules.longestLine - FRAME_BYTES
  if (command.length <= longest && plain.test(command) && !command.startsWith('M110', 1)) return command
  const clean = cleanCommand(command, rules)
  if (clean.length <= longest) return clean
  return textCommand.test(clean) ? cutText(clean, longest) : null
}

const cleanCommand = (command: string, rules: LineRules): string => {
  let text = command.replace(/;.*$/s, '')
  if (rules.parenComments && !textCommand.test(text)) text = text.replace(/\([^)]*\)?/g, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is to be removed
  text = text.replace(/[\u0000-\u001f\u007f*]/g, '')
  // Prusa drops bytes from 0x80 on and then finds the checksum wrong; Klipper drops all that it has read with them.
  if (!rules.takesUtf8 || !textCommand.test(text)) text = text.replace(/[\u0080-\uffff]/g, '')
  else text = toBytes(text)
  text = text.trim()
  // Marlin looks for M110 anywhere in a numbered line and then counts from whatever number follows.
  if (textCommand.test(text)) return `M${text.slice(1).replace(/m110/gi, 'M 110')}`
  if (/^[a-z]/.test(text)) text = fileCommand.test(text) ? `M${text.slice(1)}` : upperCase(text)
  return text
}

/** Marlin knows commands and their words in capitals only; names of macros may be written as they like. */
const upperCase = (text: string): string => (/^[gmt]\d/.test(text) ? text.toUpperCase() : text)

/** Characters that are no bytes become those of UTF-8. */
const toBytes = (text: string): string =>
  /[\u0100-\uffff]/.test(text)
    ? Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('')
    : text

/** Never in the middle of a character. */
const cutText = (text: string, longest: number): string => {
  let end = longest
  while (end > 0 && (text.charCodeAt(end) & 0xc0) === 0x80) end--
  return text.slice(0, end).trimEnd()
}
