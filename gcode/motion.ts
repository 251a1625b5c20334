// What the interpreter tells of a file as it is read.
import type { Command } from './command.ts'
import type { ModalState } from './modal-state.ts'

/** What a machine waits for, standing still. */
export type Wait =
  | 'dwell'
  | 'nozzle'
  | 'bed'
  | 'chamber'
  | 'home'
  | 'level'
  | 'tool'
  /** Until somebody presses a button (M0, M1, M226, M600). */
  | 'person'
  /** Until the last move is made (M400), or because a place is named anew (G92). */
  | 'stop'

/** All arguments are of the line on which the interpreter stands. */
export interface MotionSink {
  /** One straight piece: deltas in mm (`de`: of filament), feedrate in mm/s. The state already stands at its end. */
  move(dx: number, dy: number, dz: number, de: number, feedrate: number, state: ModalState, command: Command): void
  /**
   * The machine stands still, or goes its own ways: for so many seconds (`dwell`), else until what is named has happened.
   * With `home`, the seconds are what the way home would take at the feedrate last given, as slicers count it.
   */
  wait(seconds: number, state: ModalState, command: Command, what: Wait): void
}
