// Commands that people and their scripts may not send, each with the reason.

const forbidden: readonly [RegExp, string][] = [
  [/^M112\b/i, 'use the emergency stop'],
  [/^M110\b/i, 'it would break the line numbers'],
  [/^M2[0-9]\b|^M3[0-3]\b|^M928\b/i, 'it would write to the card of the printer or print from it'],
  [/^M575\b/i, 'it would change the baud rate and lose the printer'],
  [/^M99[79]\b/i, 'it would restart the firmware; use "Connect anew"'],
  [/^(FIRMWARE_)?RESTART\b/i, 'it would restart the firmware; use "Connect anew"'],
  [/^M15[45]\b/i, 'the bridge sets how often the printer reports'],
  [/^M113\b/i, 'the bridge needs the sign that the printer is busy'],
  [/^M118\b/i, 'the printer would repeat it, and the bridge could take it for the printer itself'],
]

/** In a script, these would wait for a person whom nobody tells, or give the print another turn. */
const alsoInScripts: readonly [RegExp, string][] = [
  [/^M0?[01]\b|^M226\b|^M60[01]\b|^M125\b/i, 'a script may not wait for a person'],
  [/^M108\b|^M410\b|^M524\b|^M876\b/i, 'it would interrupt the script itself'],
]

/** The line as it is sent: no comment, no checksum, ASCII only, its first letter a capital. */
export const plainLine = (line: string): string => {
  const text = (line.split(';')[0] as string)
    .replace(/\*.*$/, '')
    .replace(/[^\x20-\x7e]/g, '')
    .trim()
  return /^[gmt]\s*\d/.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text
}

/** Why a plain line is not sent, or null. */
export const whyForbidden = (line: string): string | null =>
  forbidden.find(([pattern]) => pattern.test(line))?.[1] ?? null

/** The same for a line of a script or a macro. */
export const whyNotInScript = (line: string): string | null =>
  whyForbidden(line) ?? alsoInScripts.find(([pattern]) => pattern.test(line))?.[1] ?? null
