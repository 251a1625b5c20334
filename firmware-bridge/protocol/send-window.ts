// What was sent and not yet acknowledged: which line goes next, and what an `ok` or a `Resend` means for it.
// A pure state machine; the texts of the lines and the clock belong to its caller.
import type { WindowLimits } from './dialect.ts'

/** Something on the wire for which an `ok` is owed. */
export interface Slot {
  /** `line`: a numbered line. `probe`: an un-numbered command. `resend`: the request itself. */
  readonly kind: 'line' | 'probe' | 'resend'
  /** Of a numbered line; -1 otherwise. */
  readonly number: number
  readonly bytes: number
  /** An M105: where its `ok` carries temperatures, no other `ok` can be taken for it. */
  readonly asksTemperatures: boolean
}

export interface SendWindow {
  /** The first number of this numbering: that of the M110 that began it. */
  readonly base: number
  /** The number that the next new line gets. */
  readonly next: number
  /** The line to send next: below `next` while lines are being sent again. */
  readonly cursor: number
  /** Oldest first. */
  readonly waiting: readonly Slot[]
  /** All lines up to this one count as accepted. */
  readonly accepted: number
  /** All lines up to this one are certain to have been: an `ok` too many cannot have feigned it. */
  readonly certain: number
  /** The furthest that `accepted` ever was. */
  readonly furthest: number
  /** Lines that were on the wire behind one that is asked for again: the firmware will refuse each. */
  readonly stale: number
  /** How often lines were asked for without getting any further. */
  readonly repeats: number
  /** How many requests in a row were each for the line after that of the last: two copies of each line are on their way. */
  readonly chain: number
  /** The line that was asked for last. */
  readonly asked: number
  /** Learned: each `ok` names its line (ADVANCED_OK, Repetier). */
  readonly named: boolean
  /** Learned: the `ok` of an M105 carries temperatures. */
  readonly temperaturesInOk: boolean
  /** How many M105 were answered by an `ok` without them: one such `ok` may have been another's, doubled. */
  readonly plainAnswers: number
}

/** More requests than this without getting any further will not end by themselves. */
export const MOST_REPEATS = 10

/**
 * A plain `ok` may be one too many, or may answer a fragment of a line: it proves only that lines this far before its own
 * have arrived, because the firmware takes no later number before them.
 */
const DOUBT = 2
const LONGEST_CHAIN = 3

/** Numbers begin at `base`; what was learned of the firmware stays. */
export const openWindow = (base: number, learned?: SendWindow): SendWindow => ({
  base,
  next: base,
  cursor: base,
  waiting: [],
  accepted: base - 1,
  certain: base - 1,
  furthest: base - 1,
  stale: 0,
  repeats: 0,
  chain: 0,
  asked: -1,
  named: learned?.named ?? false,
  temperaturesInOk: learned?.temperaturesInOk ?? false,
  plainAnswers: learned?.plainAnswers ?? 0,
})

/** Nothing is on the wire and nothing is to be sent again. */
export const isSilent = (window: SendWindow): boolean =>
  window.waiting.length === 0 && window.cursor === window.next && window.stale === 0

export const hasRoom = (window: SendWindow, limits: WindowLimits, bytes: number): boolean => {
  const { waiting } = window
  if (window.stale > 0) return false
  if (waiting.length === 0) return true
  if (waiting.length >= limits.lines || waiting[0]?.kind === 'resend') return false
  let onWire = bytes
  for (const slot of waiting) onWire += slot.bytes
  return onWire <= limits.bytes
}

/** The line at the cursor goes out. */
export const sendLine = (window: SendWindow, bytes: number, asksTemperatures = false): SendWindow => {
  const slot: Slot = { kind: 'line', number: window.cursor, bytes, asksTemperatures }
  const cursor = window.cursor + 1
  const waiting = window.waiting.length === 0 ? [slot] : [...window.waiting, slot]
  return { ...window, cursor, next: Math.max(window.next, cursor), waiting }
}

/** An un-numbered command goes out. */
export const sendProbe = (window: SendWindow, bytes: number, asksTemperatures = true): SendWindow => ({
  ...window,
  waiting: [...window.waiting, { kind: 'probe', number: -1, bytes, asksTemperatures }],
})

/** What an `ok` carries. */
export interface SeenOk {
  readonly line?: number
  readonly temperatures?: boolean
}

export interface OkStep {
  readonly window: SendWindow
  /** `line` and `probe` were acknowledged; `resend` was the ok that follows a request; `spurious` belongs to nothing. */
  readonly was: Slot['kind'] | 'spurious'
  /** Of the line that was acknowledged; -1 otherwise. */
  readonly number: number
  /** Lines before it whose own `ok` has not come and will not. */
  readonly unanswered: number
}

const spurious = (window: SendWindow): OkStep => ({ window, was: 'spurious', number: -1, unanswered: 0 })

/**
 * An `ok` came. Answers come in the order of the lines, so it belongs to the oldest; but what it carries may tell better:
 * the number of its line (ADVANCED_OK; Repetier, modulo 65536), or temperatures, which only an M105 gets.
 */
export const takeOk = (window: SendWindow, ok: SeenOk = {}): OkStep => {
  const { waiting } = window
  if (ok.temperatures) {
    const at = waiting.findIndex((slot) => slot.asksTemperatures)
    const learned = window.temperaturesInOk ? window : { ...window, temperaturesInOk: true }
    return at < 0 ? spurious(learned) : acknowledge(learned, at, true)
  }
  const first = waiting[0]
  if (first === undefined) return spurious(window)
  if (ok.line !== undefined) return takeNamedOk(window, ok.line)
  if (first.kind === 'resend') {
    return { window: { ...window, waiting: waiting.slice(1) }, was: 'resend', number: -1, unanswered: 0 }
  }
  if (!first.asksTemperatures) return acknowledge(window, 0, false)
  if (window.temperaturesInOk) return spurious(window)
  return acknowledge({ ...window, plainAnswers: window.plainAnswers + 1 }, 0, false)
}

const takeNamedOk = (window: SendWindow, line: number): OkStep => {
  const { waiting } = window
  const at = waiting.findIndex(({ kind, number }) => kind === 'line' && (number === line || (number & 0xffff) === line))
  if (at >= 0) return acknowledge({ ...window, named: true }, at, true)
  // Repetier names its last line also when it answers a command that had no number.
  const probe = waiting.findIndex(
    ({ kind, asksTemperatures }) => kind === 'probe' && !(asksTemperatures && window.temperaturesInOk),
  )
  return probe >= 0 && line <= window.cursor ? acknowledge(window, probe, false) : spurious(window)
}

const acknowledge = (window: SendWindow, at: number, sure: boolean): OkStep => {
  const slot = window.waiting[at] as Slot
  let unanswered = 0
  for (let n = 0; n < at; n++) if (window.waiting[n]?.kind === 'line') unanswered++
  const waiting = window.waiting.length === 1 ? [] : window.waiting.slice(at + 1)
  if (slot.kind !== 'line') return { window: { ...window, waiting }, was: 'probe', number: -1, unanswered }
  const accepted = Math.max(window.accepted, slot.number)
  const further = accepted > window.furthest
  return {
    window: {
      ...window,
      waiting,
      accepted,
      certain: Math.max(window.certain, sure ? slot.number : slot.number - DOUBT),
      furthest: further ? accepted : window.furthest,
      repeats: further ? 0 : window.repeats,
    },
    was: 'line',
    number: slot.number,
    unanswered,
  }
}

export interface ResendStep {
  readonly window: SendWindow
  /**
   * `again`: lines from the one asked for are sent again. `ignore`: the firmware has it already.
   * `stale`: refused because an earlier one is missing, which is known. `lost`: the numbers no longer fit together.
   */
  readonly was: 'again' | 'ignore' | 'stale' | 'lost'
}

/**
 * `Resend: n` came. Marlin empties its buffer, then says `ok`: that ok acknowledges nothing, and comes before those of
 * lines that wait in its queue (queue.cpp, flush_and_request_resend). `oldest` is the oldest line that may be asked for;
 * `okFollows` is false for firmware that says no `ok` here.
 */
export const takeResend = (window: SendWindow, line: number, oldest: number, okFollows = true): ResendStep => {
  const owed: Slot[] = okFollows ? [{ kind: 'resend', number: -1, bytes: 0, asksTemperatures: false }] : []
  if (line > window.next) {
    // It still counts as before: the M110 that began this numbering was spoilt.
    if (window.accepted > window.base + DOUBT) return { window, was: 'lost' }
    return { window: askedAgain(window, window.base, owed), was: 'again' }
  }
  if (line < oldest) return { window, was: 'lost' }
  if (line === window.next) return { window: { ...window, waiting: [...owed, ...window.waiting] }, was: 'ignore' }
  if (window.stale > 0 && line === window.cursor) {
    const waiting = [...owed, ...window.waiting.filter(({ kind }) => kind !== 'resend')]
    return { window: { ...window, waiting, stale: window.stale - 1 }, was: 'stale' }
  }
  return { window: askedAgain(window, line, owed), was: 'again' }
}

const askedAgain = (window: SendWindow, line: number, owed: readonly Slot[]): SendWindow => {
  const kept = window.waiting.filter((slot) => slot.kind === 'probe' || (slot.kind === 'line' && slot.number < line))
  const behind = window.waiting.filter((slot) => slot.kind === 'line' && slot.number > line).length
  const chain = line === window.asked + 1 ? window.chain + 1 : 0
  return {
    ...window,
    cursor: line,
    waiting: [...owed, ...kept],
    accepted: Math.min(window.accepted, line - 1),
    // Each line goes out twice, and each second copy is answered by a request for the next: only waiting ends that.
    stale: chain >= LONGEST_CHAIN ? Math.max(1, behind) : behind,
    chain: chain >= LONGEST_CHAIN ? 0 : chain,
    asked: line,
    repeats: window.repeats + 1,
  }
}

/**
 * Repetier says `skip n` of a line that it has, and of one behind a line that it still waits for (gcode.cpp,
 * checkAndPushCommand). It has it only where it certainly has all before it; otherwise the first that it may lack goes out
 * again. The `ok` that follows acknowledges nothing.
 */
export const takeSkip = (window: SendWindow, line: number): { window: SendWindow; was: 'had' | 'again' } => {
  const owed: Slot = { kind: 'resend', number: -1, bytes: 0, asksTemperatures: false }
  const { waiting, certain } = window
  const at = waiting.findIndex(({ kind, number }) => kind === 'line' && (number & 0xffff) === (line & 0xffff))
  const slot = waiting[at]
  if (slot === undefined || window.stale > 0) return { window: { ...window, waiting: [owed, ...waiting] }, was: 'had' }
  if (slot.number > certain + 1) {
    const others = { ...window, waiting: waiting.filter((one) => one !== slot) }
    return { window: askedAgain(others, certain + 1, [owed]), was: 'again' }
  }
  const step = acknowledge(window, at, true)
  return { window: { ...step.window, waiting: [owed, ...step.window.waiting] }, was: 'had' }
}

/** The line has been quiet for long enough: what is still owed for a resend, or was stale, will not come. */
export const settle = (window: SendWindow): SendWindow => ({
  ...window,
  stale: 0,
  waiting: window.waiting.filter((slot) => slot.kind !== 'resend'),
})

/** The link was asked and did not answer: forget the probes, so that another can be sent. */
export const forgetProbes = (window: SendWindow): SendWindow => ({
  ...window,
  waiting: window.waiting.filter((slot) => slot.kind !== 'probe'),
})

/** Whether the answer of an M105 is outstanding: one that is lost would let the next pass for it, and so on for ever. */
export const isAsking = (window: SendWindow): boolean => window.waiting.some((slot) => slot.asksTemperatures)

/** Everything that waits is sent again: for firmware that skips what it has. */
export const sendAgain = (window: SendWindow): SendWindow => {
  const first = window.waiting.find(({ kind }) => kind === 'line')
  return first === undefined
    ? forgetProbes(window)
    : { ...window, cursor: first.number, waiting: [], repeats: window.repeats + 1 }
}

/** Whatever went out has arrived: nothing is lost on this wire, or there is no better word to be had. */
export const vouch = (window: SendWindow): SendWindow => {
  const last = (window.waiting.find(({ kind }) => kind === 'line')?.number ?? window.cursor) - 1
  return { ...window, accepted: last, certain: last, furthest: Math.max(window.furthest, last) }
}
