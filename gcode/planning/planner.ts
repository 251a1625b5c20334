// A planner: moves in, the time of each out.
import type { MachineLimits } from '../machine.ts'

/**
 * Told once per move, in order: its time in seconds, the filament it feeds in mm, and the two tags it was added with
 * (the analysis gives the place in the file, and layer and role).
 */
export type MoveTimed = (seconds: number, de: number, place: number, kind: number) => void

/** All values in mm, mm/s, mm/s². */
export interface Planner {
  /** May change between two moves. */
  limits: MachineLimits
  /** The time of a move is told some moves later, when it is known what follows. */
  move(dx: number, dy: number, dz: number, de: number, feedrate: number, place: number, kind: number): void
  /** The machine comes to a stop: everything that waits is timed. */
  flush(): void
}
