// One line from the firmware -> what it says.
import { looksLikeTemperatures, parseTemperatures, type Temperatures } from './temperatures.ts'

/** Values that came with an `ok`. */
export interface OkDetail {
  /** ADVANCED_OK: the number of the line, free places in the planner and in the command buffer. */
  readonly line?: number
  readonly plannerFree?: number
  readonly bufferFree?: number
  readonly temperatures?: Temperatures
}

export type Reply =
  | { readonly kind: 'ok'; readonly detail?: OkDetail }
  | { readonly kind: 'resend'; readonly line: number }
  /** Why a resend follows: bad checksum, wrong number. Answers nothing by itself. */
  | { readonly kind: 'line-error'; readonly lastLine: number | null; readonly text: string }
  | { readonly kind: 'busy'; readonly what: string }
  | { readonly kind: 'wait' }
  /** The board has begun anew: its numbering, position and heaters are gone. */
  | { readonly kind: 'start' }
  | { readonly kind: 'temperatures'; readonly temperatures: Temperatures }
  | { readonly kind: 'position'; readonly position: Readonly<Record<'x' | 'y' | 'z' | 'e', number>> }
  | { readonly kind: 'firmware'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'capability'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'action'; readonly action: string }
  /** The firmware has shut itself down and obeys nothing until it is reset. */
  | { readonly kind: 'halted'; readonly reason: string }
  | { readonly kind: 'unknown-command'; readonly command: string }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }

const OK: Reply = { kind: 'ok' }

/** Texts after which a board obeys nothing but a reset (Marlin language.h, Smoothieware, Repetier). */
const halts =
  /printer halted|kill\(\) called|system stopped|thermal runaway|thermal malfunction|heating failed|MAXTEMP triggered|MINTEMP triggered|stopped due to errors|KILL caused|homing failed.*halt|watchdog timeout|emergency stop requested/i

const resends = /^(?:resend|rs)\s*:?\s*N?:?\s*(\d+)/i
const lineErrors =
  /^error:\s*(?:line number is not|checksum mismatch|no checksum|no line number|wrong checksum|missing checksum|format error|expected line)/i

/** Reads one line, without its end. `tool` tells to which nozzle a lone `T:` belongs. */
export const parseReply = (raw: string, tool = 0): Reply => {
  // By far the most frequent line, and the one that must be quick.
  if (raw === 'ok') return OK
  const line = clean(raw)
  if (line === 'ok') return OK
  if (startsWithOk(line)) return parseOk(line, tool)
  const first = line.charCodeAt(0) | 32
  if (first === 114) {
    const match = resends.exec(line)
    if (match) return { kind: 'resend', line: Number(match[1]) }
  }
  if (line === 'start' || /^[^a-z]{0,8}start$/i.test(line)) return { kind: 'start' }
  if (line === 'wait') return { kind: 'wait' }
  if (line.startsWith('//')) return parseSlashes(line)
  const busy = /^(?:echo:\s*)?busy:\s*(.*)$/i.exec(line)
  if (busy) return { kind: 'busy', what: busy[1] as string }
  if (/^error:|^!!|^fatal:/i.test(line)) return parseError(line)
  if (/^echo:/i.test(line)) return parseEcho(line)
  if (line.startsWith('Cap:')) return parseCapability(line)
  if (/(^|\s)FIRMWARE_NAME:/.test(line)) return { kind: 'firmware', fields: parseFields(line) }
  const position = /^X:\s*(-?[\d.]+)\s+Y:\s*(-?[\d.]+)\s+Z:\s*(-?[\d.]+)(?:\s+E0?:\s*(-?[\d.]+))?/.exec(line)
  if (position) return { kind: 'position', position: toPosition(position) }
  if (looksLikeTemperatures(line)) {
    const temperatures = parseTemperatures(line, tool)
    if (temperatures) return { kind: 'temperatures', temperatures }
  }
  return { kind: 'text', text: line }
}

const clean = (raw: string): string => {
  let line = raw
  // Bad cables and boot loaders put in bytes that no firmware means.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is to be removed
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) line = line.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
  return line.trim()
}

const startsWithOk = (line: string): boolean => {
  if (line.charCodeAt(0) !== 111 || line.charCodeAt(1) !== 107) return false
  const next = line.charCodeAt(2)
  // A word that merely begins with "ok" is none; `okT:` and `ok12` are.
  return Number.isNaN(next) || !(next >= 97 && next <= 122)
}

const parseOk = (line: string, tool: number): Reply => {
  const rest = line.slice(2)
  const advanced = /^(?: N(\d+))? P(\d+) B(\d+)/.exec(rest)
  if (advanced) {
    const [, number, planner, buffer] = advanced
    const detail = { plannerFree: Number(planner), bufferFree: Number(buffer) }
    return { kind: 'ok', detail: number === undefined ? detail : { ...detail, line: Number(number) } }
  }
  const temperatures = looksLikeTemperatures(rest) ? parseTemperatures(rest, tool) : null
  return temperatures ? { kind: 'ok', detail: { temperatures } } : OK
}

const parseError = (line: string): Reply => {
  if (lineErrors.test(line)) {
    const last = /last line:\s*(\d+)/i.exec(line)
    return { kind: 'line-error', lastLine: last ? Number(last[1]) : null, text: line }
  }
  if (line.startsWith('!!') ? !/must home|out of range|below minimum temp/i.test(line) : halts.test(line)) {
    return { kind: 'halted', reason: line.replace(/^(error:|!!)\s*/i, '') }
  }
  return { kind: 'error', text: line.replace(/^error:\s*/i, '') }
}

const parseEcho = (line: string): Reply => {
  const text = line.slice(5).trim()
  const unknown = /^unknown command:\s*"?([^"]*)"?/i.exec(text)
  if (unknown) return { kind: 'unknown-command', command: unknown[1] as string }
  if (/^busy:/i.test(text)) return { kind: 'busy', what: text.slice(5).trim() }
  return { kind: 'text', text }
}

const parseSlashes = (line: string): Reply => {
  const action = /^\/\/\s*action:\s*(.*)$/i.exec(line)
  if (action) return { kind: 'action', action: action[1] as string }
  if (/klipper state: shutdown/i.test(line)) return { kind: 'halted', reason: 'Klipper has shut down' }
  return { kind: 'text', text: line.slice(2).trim() }
}

const parseCapability = (line: string): Reply => {
  const match = /^Cap:([A-Z0-9_]+):(\d)/.exec(line)
  return match ? { kind: 'capability', name: match[1] as string, on: match[2] !== '0' } : { kind: 'text', text: line }
}

/** M115's one line: values hold blanks and colons, so a field begins at a capital name before a colon. */
const parseFields = (line: string): Record<string, string> => {
  const fields: Record<string, string> = {}
  const starts = [...line.matchAll(/(?:^|[\s,])([A-Z][A-Z0-9_]*):/g)]
  starts.forEach((match, n) => {
    const from = match.index + match[0].length
    const to = starts[n + 1]?.index ?? line.length
    fields[match[1] as string] = line.slice(from, to).trim()
  })
  return fields
}

const toPosition = (match: RegExpExecArray): Record<'x' | 'y' | 'z' | 'e', number> => ({
  x: Number(match[1]),
  y: Number(match[2]),
  z: Number(match[3]),
  e: Number(match[4] ?? 0),
})
