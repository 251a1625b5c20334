// Which state of a printer may follow which: a pure state machine.
import type { SessionState } from '../server/contract/printers.ts'

export type SessionInput =
  | 'open'
  | 'ready'
  | 'lost'
  | 'halt'
  | 'print'
  | 'pause'
  | 'paused'
  | 'resume'
  | 'resumed'
  | 'cancel'
  | 'cancelled'
  | 'finished'
  /** The link is gone, but the firmware may live and remember all: the print waits. */
  | 'adrift'
  /** The firmware has been reached again and has forgotten nothing. */
  | 'back-printing'
  | 'back-paused'
  /** Somebody prints from the card or the screen of the printer. */
  | 'began-by-hand'
  | 'ended-by-hand'

const transitions: Readonly<Record<SessionState, Partial<Record<SessionInput, SessionState>>>> = {
  offline: { open: 'connecting' },
  connecting: { ready: 'idle', lost: 'offline', halt: 'halted' },
  idle: { print: 'printing', 'began-by-hand': 'manual', lost: 'offline', halt: 'halted', open: 'connecting' },
  manual: { 'ended-by-hand': 'idle', lost: 'offline', halt: 'halted' },
  printing: {
    pause: 'pausing',
    cancel: 'cancelling',
    finished: 'idle',
    adrift: 'reconnecting',
    lost: 'offline',
    halt: 'halted',
  },
  pausing: { paused: 'paused', cancel: 'cancelling', finished: 'idle', lost: 'offline', halt: 'halted' },
  paused: { resume: 'resuming', cancel: 'cancelling', adrift: 'reconnecting', lost: 'offline', halt: 'halted' },
  resuming: { resumed: 'printing', cancel: 'cancelling', lost: 'offline', halt: 'halted' },
  cancelling: { cancelled: 'idle', finished: 'idle', lost: 'offline', halt: 'halted' },
  reconnecting: { 'back-printing': 'printing', 'back-paused': 'paused', lost: 'offline', halt: 'halted' },
  halted: { open: 'connecting', lost: 'offline' },
}

/** The state after an input, or null where the input has no meaning in this state. */
export const nextState = (state: SessionState, input: SessionInput): SessionState | null =>
  transitions[state][input] ?? null

const withPrint: readonly SessionState[] = ['printing', 'pausing', 'paused', 'resuming', 'cancelling', 'reconnecting']

/** Whether a print is on the printer. */
export const hasPrint = (state: SessionState): boolean => withPrint.includes(state)
