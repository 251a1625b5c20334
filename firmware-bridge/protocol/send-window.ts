// What was sent and not yet acknowledged: which line goes next, and what an `ok` or a `Resend` means for it.
// A pure state machine; the texts of the lines and the clock belong to its caller.

/** Something on the wire for which an `ok` is owed. */
export interface Slot {
  /** `line`: a numbered line. `probe`: the un-numbered M105 that asks whether the link lives. `resend`: the request itself. */
  readonly kind: 'line' | 'probe' | 'resend'
  /** Of a numbered line; -1 otherwise. */
  readonly number: number
  readonly bytes: number
}

export interface SendWindow {
  /** The number that the next new line gets. */
  readonly next: number
  /** The line to send next: below `next` while lines are being sent again. */
  readonly cursor: number
  /** Oldest first. */
  readonly waiting: readonly Slot[]
  /** All lines up to this one are known to have been accepted. */
  readonly accepted: number
  /** Lines that were on the wire behind one that is asked for again: the firmware will refuse each. */
  readonly stale: number
  /** How often one and the same line was asked for in a row. */
  readonly repeats: number
  readonly resends: number
}

/** How much may be on the wire at once. */
export interface WindowLimits {
  readonly lines: number
  readonly bytes: number
}

/** One line at a time: the only depth that is safe with every firmware. */
export const pingPong: WindowLimits = { lines: 1, bytes: 127 }

/** More requests for one line than this will not end by themselves. */
export const MOST_REPEATS = 10

export const openWindow = (next: number): SendWindow => ({
  next,
  cursor: next,
  waiting: [],
  accepted: next - 1,
  stale: 0,
  repeats: 0,
  resends: 0,
})

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
export const sendLine = (window: SendWindow, bytes: number): SendWindow => ({
  ...window,
  cursor: window.cursor + 1,
  next: Math.max(window.next, window.cursor + 1),
  waiting: [...window.waiting, { kind: 'line', number: window.cursor, bytes }],
})

export const sendProbe = (window: SendWindow, bytes: number): SendWindow => ({
  ...window,
  waiting: [...window.waiting, { kind: 'probe', number: -1, bytes }],
})

export interface OkStep {
  readonly window: SendWindow
  /** `line` and `probe` were acknowledged; `resend` was the ok that follows a request; `spurious` belongs to nothing. */
  readonly was: Slot['kind'] | 'spurious'
}

/**
 * An `ok` came. With ADVANCED_OK it names its line: then older ones have been accepted too.
 * An `ok` that carries temperatures answers the probe (`fromProbe`): a line before it was lost, or its ok was.
 * Which of both, the next line will show: the firmware asks for the lost one again.
 */
export const takeOk = (window: SendWindow, line?: number, fromProbe = false): OkStep => {
  const { waiting } = window
  const first = waiting[0]
  if (first === undefined) return { window, was: 'spurious' }
  if (first.kind === 'resend') return { window: { ...window, waiting: waiting.slice(1) }, was: 'resend' }
  const named = line === undefined ? -1 : waiting.findIndex((slot) => slot.kind === 'line' && slot.number === line)
  const probe = fromProbe ? waiting.findIndex((slot) => slot.kind === 'probe') : -1
  // A probe that was given up has been answered after all.
  if (fromProbe && probe < 0) return { window, was: 'spurious' }
  const at = Math.max(named, probe, 0)
  const slot = waiting[at] as Slot
  const rest = { ...window, waiting: waiting.slice(at + 1) }
  if (slot.kind === 'probe') return { window: rest, was: 'probe' }
  return { window: { ...rest, accepted: Math.max(window.accepted, slot.number), repeats: 0 }, was: 'line' }
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
 * `Resend: n` came. Marlin empties its buffer, then says `ok`: that ok acknowledges nothing.
 * (queue.cpp, flush_and_request_resend). `oldest` is the oldest line whose text is still held.
 */
export const takeResend = (window: SendWindow, line: number, oldest: number): ResendStep => {
  const owed: Slot = { kind: 'resend', number: -1, bytes: 0 }
  if (line > window.next || line < oldest) return { window, was: 'lost' }
  if (line === window.next) return { window: { ...window, waiting: [owed, ...window.waiting] }, was: 'ignore' }
  if (window.stale > 0 && line === window.cursor) {
    const waiting = [owed, ...window.waiting]
    return { window: { ...window, waiting, stale: window.stale - 1, resends: window.resends + 1 }, was: 'stale' }
  }
  const kept = window.waiting.filter((slot) => slot.kind !== 'line' || slot.number < line)
  const behind = window.waiting.filter((slot) => slot.kind === 'line' && slot.number > line).length
  const same = line === window.accepted + 1 || line === window.cursor - 1
  return {
    window: {
      ...window,
      cursor: line,
      waiting: [owed, ...kept],
      accepted: Math.min(window.accepted, line - 1),
      stale: behind,
      repeats: same ? window.repeats + 1 : 1,
      resends: window.resends + 1,
    },
    was: 'again',
  }
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

/** The probe was answered: lines before it are no longer waited for; the next line shows which of them are missing. */
export const isIdle = (window: SendWindow): boolean => window.waiting.length === 0 && window.cursor === window.next
