// The planner that goes with a machine.
import type { MachineLimits } from '../machine.ts'
import { KlipperLookAhead } from './klipper-look-ahead.ts'
import { LookAhead } from './look-ahead.ts'
import type { MoveTimed, Planner } from './planner.ts'

export const openPlanner = (limits: MachineLimits, timed: MoveTimed): Planner =>
  limits.model === 'klipper' ? new KlipperLookAhead(limits, timed) : new LookAhead(limits, timed)
