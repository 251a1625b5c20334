// Positions, capabilities and what M115 says, out of a line of the firmware.

export type Position = Readonly<Record<'x' | 'y' | 'z' | 'e', number>>

const positions = /^(?:C:\s*)?X:\s*(-?[\d.]+)\s+Y:\s*(-?[\d.]+)\s+Z:\s*(-?[\d.]+)(?:\s+E0?:\s*(-?[\d.]+))?/

/** `X:0.00 Y:0.00 Z:0.00 E:0.00 Count ...`, also behind `C:` (Teacup, Repetier). */
export const parsePosition = (line: string): Position | null => {
  const match = positions.exec(line.trimStart())
  if (match === null) return null
  return { x: Number(match[1]), y: Number(match[2]), z: Number(match[3]), e: Number(match[4] ?? 0) }
}

/** `Cap:AUTOREPORT_TEMP:1` */
export const parseCapability = (line: string): { kind: 'capability'; name: string; on: boolean } | null => {
  const match = /^Cap:([A-Z0-9_]+):(\d)/.exec(line)
  return match ? { kind: 'capability', name: match[1] as string, on: match[2] !== '0' } : null
}

/** M115's one line: values hold blanks and colons, so a field begins at a capital name before a colon. */
export const parseFields = (line: string): Record<string, string> => {
  const fields: Record<string, string> = {}
  const starts = [...line.matchAll(/(?:^|[\s,])([A-Z][A-Z0-9_]*):/g)]
  starts.forEach((match, n) => {
    const from = match.index + match[0].length
    const to = starts[n + 1]?.index ?? line.length
    fields[match[1] as string] = line.slice(from, to).trim().replace(/,$/, '')
  })
  return fields
}
