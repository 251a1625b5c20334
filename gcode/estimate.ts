// Print time by layer, by role and by place in the file, gathered as the planner tells the time of each move.
import { type Course, CourseBuilder } from './course.ts'
import type { LayerTable } from './layers.ts'
import { Flow } from './measure.ts'
import { type Role, roles } from './roles.ts'

const COURSE_POINTS = 1000

/** Layer and role of a move as one number, and back: a role takes the lowest five bits. */
const ROLE_BITS = 5
export const kindOf = (layer: number, role: number): number => (layer < 0 ? 0 : layer) * (1 << ROLE_BITS) + role

/** A role of the list that stands for moves that lay no plastic. */
export const TRAVEL = 31

export class Estimate {
  readonly flow = new Flow()
  motionSeconds = 0
  dwellSeconds = 0
  /** mm² of filament: what a length of it is in volume. */
  area = 0
  readonly #layers: LayerTable
  readonly #course = new CourseBuilder(0, COURSE_POINTS)
  readonly #byRole = new Float64Array(1 << ROLE_BITS)

  constructor(layers: LayerTable) {
    this.#layers = layers
  }

  /** One move has been timed: its filament in mm, the byte at which its line ends, and what `kindOf` made of it. */
  take(seconds: number, de: number, place: number, kind: number): void {
    const role = kind % (1 << ROLE_BITS)
    const layer = (kind - role) / (1 << ROLE_BITS)
    this.motionSeconds += seconds
    this.#byRole[role] = (this.#byRole[role] as number) + seconds
    const { seconds: byLayer, filament } = this.#layers
    if (layer < byLayer.length) {
      byLayer[layer] = (byLayer[layer] as number) + seconds
      if (role !== TRAVEL) filament[layer] = (filament[layer] as number) + de
    }
    if (role !== TRAVEL) this.flow.add(de * this.area, seconds)
    this.#course.add(place, this.motionSeconds + this.dwellSeconds)
  }

  /** The machine stands still for so long, because the file says so. */
  dwell(seconds: number, place: number): void {
    this.dwellSeconds += seconds
    this.#course.add(place, this.motionSeconds + this.dwellSeconds)
  }

  /** Motion and dwelling through the file of so many bytes. */
  course(sizeBytes: number): Course {
    return this.#course.end(sizeBytes, this.motionSeconds + this.dwellSeconds)
  }

  /** Seconds by role, those that do not occur left out; `travel` is everything that lays no plastic. */
  byRole(): Partial<Record<Role | 'travel', number>> {
    const found: Partial<Record<Role | 'travel', number>> = {}
    roles.forEach((role, n) => {
      const seconds = this.#byRole[n] as number
      if (seconds > 0) found[role] = seconds
    })
    const travel = this.#byRole[TRAVEL] as number
    return travel > 0 ? { ...found, travel } : found
  }
}
