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

const transitions: Readonly<Record<SessionState, Partial<Record<SessionInput, SessionState>>>> = {
  offline: { open: 'connecting' },
  connecting: { ready: 'idle', lost: 'offline', halt: 'halted' },
  idle: { print: 'printing', lost: 'offline', halt: 'halted', open: 'connecting' },
  printing: { pause: 'pausing', cancel: 'cancelling', finished: 'idle', lost: 'offline', halt: 'halted' },
  pausing: { paused: 'paused', cancel: 'cancelling', finished: 'idle', lost: 'offline', halt: 'halted' },
  paused: { resume: 'resuming', cancel: 'cancelling', lost: 'offline', halt: 'halted' },
  resuming: { resumed: 'printing', cancel: 'cancelling', lost: 'offline', halt: 'halted' },
  cancelling: { cancelled: 'idle', finished: 'idle', lost: 'offline', halt: 'halted' },
  halted: { open: 'connecting', lost: 'offline' },
}

/** The state after an input, or null where the input has no meaning in this state. */
export const nextState = (state: SessionState, input: SessionInput): SessionState | null =>
  transitions[state][input] ?? null

/** Whether a print is on the printer. */
export const hasPrint = (state: SessionState): boolean =>
  state === 'printing' || state === 'pausing' || state === 'paused' || state === 'resuming' || state === 'cancelling'
