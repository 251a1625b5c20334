// One line from the firmware -> what it says.
import { type Position, parseCapability, parseFields, parsePosition } from './report.ts'
import { looksLikeTemperatures, parseTemperatures, type Temperatures } from './temperatures.ts'

/** Values that came with an `ok`. */
export interface OkDetail {
  /** Of ADVANCED_OK and of Repetier: the number of the line. */
  readonly line?: number
  /** ADVANCED_OK: free places in the planner and in the command buffer. */
  readonly plannerFree?: number
  readonly bufferFree?: number
  readonly temperatures?: Temperatures
  readonly position?: Position
  /** Klipper answers M115 on the line of its `ok`. */
  readonly fields?: Readonly<Record<string, string>>
}

export type Reply =
  | { readonly kind: 'ok'; readonly detail?: OkDetail }
  | { readonly kind: 'resend'; readonly line: number }
  /** Why a resend follows: bad checksum, wrong number. Answers nothing by itself. */
  | { readonly kind: 'line-error'; readonly lastLine: number | null; readonly text: string }
  /** Repetier has this line already, or waits for another; the `ok` that follows acknowledges nothing. */
  | { readonly kind: 'skip'; readonly line: number }
  | { readonly kind: 'busy'; readonly what: string }
  | { readonly kind: 'wait' }
  /** The board has begun anew: its numbering, position and heaters are gone. */
  | { readonly kind: 'start' }
  | { readonly kind: 'temperatures'; readonly temperatures: Temperatures; readonly gluedOk?: OkDetail }
  | { readonly kind: 'position'; readonly position: Position; readonly gluedOk?: OkDetail }
  | { readonly kind: 'firmware'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'capability'; readonly name: string; readonly on: boolean }
  | { readonly kind: 'tool'; readonly tool: number }
  /** A print from the printer's own storage: M27's answer, or told by itself. Bytes. */
  | { readonly kind: 'card'; readonly state: 'printing'; readonly done: number; readonly total: number }
  | { readonly kind: 'card'; readonly state: 'idle' | 'done' }
  | { readonly kind: 'card'; readonly state: 'opened'; readonly name: string }
  | { readonly kind: 'action'; readonly action: string }
  /** The firmware has shut itself down and obeys nothing until it is reset. */
  | { readonly kind: 'halted'; readonly reason: string }
  | { readonly kind: 'unknown-command'; readonly command: string }
  /** A complaint after which the firmware goes on. */
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly gluedOk?: OkDetail }

const OK: Reply = { kind: 'ok' }

/** Texts after which a board obeys nothing but a reset (Marlin language.h, Smoothieware, Repetier, RepRapFirmware). */
const halts =
  /printer halted|kill\(\) called|system stopped|thermal runaway|thermal malfunction|heating failed|MAXTEMP triggered|MINTEMP triggered|stopped due to errors|KILL caused|(?:homing|probing) failed.*halt|watchdog timeout|emergency stop|heater \d+ fault|alarm lock/i

/** Klipper's and Smoothieware's `!!` for a command that was not carried out, after which they go on. */
const complaints = /must home|out of range|below minimum temp|unknown command|malformed|unable to parse|too long/i

/** Klipper's and RepRapFirmware's complaint about each move once they do not know where the nozzle is. */
const unhomed = /must home axis|insufficient axes homed/i

/** Whether a complaint means that no move will be made until somebody homes the printer. */
export const losesPosition = (complaint: string): boolean => unhomed.test(complaint)

const resends = /^(?:resend|rs)\s*:?\s*N?:?\s*(\d+)/i
const lineErrors =
  /^error:\s*(?:line number is not|checksum mismatch|no checksum|no line number|wrong checksum|missing checksum|format error|expected line)/i
/** What Marlin's banner says after `start`; also when `start` itself was lost. */
const resetCauses = /^(?:echo:)?\s*(?:PowerUp|External Reset|Brown out Reset|Watchdog Reset|Software Reset)$/
/** Complaints of Marlin that stand behind `echo:`. */
const echoedComplaints = /cold extrusion prevented|too long extrusion prevented|invalid extruder/i

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
  if (isStart(line)) return { kind: 'start' }
  if (line === 'wait') return { kind: 'wait' }
  if (line.startsWith('//')) return parseSlashes(line)
  const busy = /^(?:echo:\s*)?busy:\s*(.*)$/i.exec(line)
  if (busy) return { kind: 'busy', what: busy[1] as string }
  if (/^error\b:?|^!!|^fatal:|^ALARM\b|^:.*system stopped|^: Extruder switched off/i.test(line)) return parseError(line)
  if (/^emergency stop/i.test(line)) return { kind: 'halted', reason: line }
  if (/^echo:/i.test(line)) return parseEcho(line)
  return parseReport(line, tool)
}

const parseReport = (line: string, tool: number): Reply => {
  if (line.startsWith('Cap:')) return parseCapability(line) ?? { kind: 'text', text: line }
  if (/(^|\s)FIRMWARE_NAME:/.test(line)) return { kind: 'firmware', fields: parseFields(line) }
  const position = parsePosition(line)
  if (position) return withGluedOk({ kind: 'position', position }, line)
  if (looksLikeTemperatures(line)) {
    const temperatures = parseTemperatures(line, tool)
    if (temperatures) return withGluedOk({ kind: 'temperatures', temperatures }, line)
  }
  const skip = /^skip\s+(\d+)$/i.exec(line)
  if (skip) return { kind: 'skip', line: Number(skip[1]) }
  const active = /^Active Extruder:\s*(\d+)$/i.exec(line)
  if (active) return { kind: 'tool', tool: Number(active[1]) }
  return parseCard(line) ?? withGluedOk({ kind: 'text', text: line }, line)
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

const isStart = (line: string): boolean =>
  line === 'start' ||
  /^[^a-z]{0,8}start$/i.test(line) ||
  resetCauses.test(line) ||
  line === '// Klipper state: Disconnect'

const parseOk = (line: string, tool: number): Reply => {
  const rest = line.slice(2)
  const numbers = parseOkNumbers(rest)
  if (numbers !== null) return { kind: 'ok', detail: numbers }
  // Smoothieware's answer to M112: the last word that it says.
  if (/emergency stop requested/i.test(rest)) return { kind: 'halted', reason: rest.trim() }
  // `ok T:nan /0` answers an M105 like any other, although it tells nothing.
  if (/^\s*[TB]\d{0,2}:/.test(rest))
    return { kind: 'ok', detail: { temperatures: parseTemperatures(rest, tool) ?? {} } }
  const position = parsePosition(rest)
  if (position) return { kind: 'ok', detail: { position } }
  if (/\bFIRMWARE_NAME:/.test(rest)) return { kind: 'ok', detail: { fields: parseFields(rest) } }
  return OK
}

/** ` N12 P15 B3`, ` P15 B3`, ` 12`. */
const parseOkNumbers = (rest: string): OkDetail | null => {
  const match = /^(?:\s*N?(\d+))?(?:\s*P(\d+)\s*B(\d+))?$/.exec(rest)
  if (match === null || rest === '') return null
  const [, line, planner, buffer] = match
  return {
    ...(line === undefined ? {} : { line: Number(line) }),
    ...(planner === undefined ? {} : { plannerFree: Number(planner), bufferFree: Number(buffer) }),
  }
}

/**
 * An `ok` can be glued to a report that it cut short (Marlin #9111, #9658). It is believed only when an `ok` is missing, and
 * never behind texts of people.
 */
const withGluedOk = <R extends Extract<Reply, { gluedOk?: OkDetail }>>(reply: R, line: string): R => {
  const match = /(?:^|[^a-z])ok((?: N\d+)?(?: P\d+ B\d+)?)$/.exec(line)
  return match === null ? reply : { ...reply, gluedOk: parseOkNumbers(match[1] as string) ?? {} }
}

const parseError = (line: string): Reply => {
  if (lineErrors.test(line)) {
    const last = /last line:\s*(\d+)/i.exec(line)
    return { kind: 'line-error', lastLine: last ? Number(last[1]) : null, text: line }
  }
  const mortal = line.startsWith('!!')
    ? !complaints.test(line)
    : /^(?:fatal:|ALARM\b|:)/i.test(line) || halts.test(line)
  const text = line.replace(/^(?:error:?|fatal:|!!|:)\s*/i, '')
  return mortal ? { kind: 'halted', reason: text } : { kind: 'error', text }
}

const parseEcho = (line: string): Reply => {
  const text = line.slice(5).trim()
  const unknown = /^unknown command:\s*"?([^"]*)"?/i.exec(text)
  if (unknown) return { kind: 'unknown-command', command: unknown[1] as string }
  if (echoedComplaints.test(text)) return { kind: 'error', text }
  return parseCard(text) ?? { kind: 'text', text }
}

const parseSlashes = (line: string): Reply => {
  const action = /^\/\/\s*action:\s*(.*)$/i.exec(line)
  if (action) return { kind: 'action', action: action[1] as string }
  if (/klipper state: shutdown|printer is shutdown/i.test(line))
    return { kind: 'halted', reason: 'Klipper has shut down' }
  const unknown = /^\/\/\s*unknown command:\s*"([^"]*)"/i.exec(line)
  if (unknown) return { kind: 'unknown-command', command: unknown[1] as string }
  return { kind: 'text', text: line.slice(2).trim() }
}

/** What is told of prints that the printer runs from its own storage. */
const parseCard = (line: string): Reply | null => {
  const progress = /^SD printing byte (\d+)\/(\d+)/i.exec(line)
  if (progress) return { kind: 'card', state: 'printing', done: Number(progress[1]), total: Number(progress[2]) }
  if (/^Not SD printing\b/i.test(line)) return { kind: 'card', state: 'idle' }
  if (/^Done printing file\b/i.test(line)) return { kind: 'card', state: 'done' }
  const opened = /^(?:File opened:\s*(.*?)\s+Size:.*|Now (?:fresh|doing) file:\s*(.*))$/i.exec(line)
  return opened ? { kind: 'card', state: 'opened', name: (opened[1] ?? opened[2]) as string } : null
}
