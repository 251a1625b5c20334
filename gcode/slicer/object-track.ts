// The objects that one dialect names, and in which lines of the file each of them is printed.

/** How a file tells its objects apart. */
export const objectDialects = ['klipper', 'm486', 'bambu', 'prusaslicer', 'cura', 'ideamaker'] as const
export type ObjectDialect = (typeof objectDialects)[number]

export type Point = readonly [x: number, y: number]

/** What all dialects together may still take. */
export interface ObjectBudget {
  ranges: number
  points: number
}

export interface TrackedObject {
  readonly id: string
  name: string
  copy?: number
  centre?: Point
  polygon?: readonly Point[]
  /** Bytes of the file, from and to by turns, ascending. */
  readonly bounds: number[]
}

const LONGEST_NAME = 200
const MOST_OBJECTS = 2000

export class ObjectTrack {
  readonly dialect: ObjectDialect
  readonly objects = new Map<string, TrackedObject>()
  /** Whether something was left out. */
  exceeded = false
  readonly #budget: ObjectBudget
  #open: TrackedObject | null = null
  #openedAt = 0

  constructor(dialect: ObjectDialect, budget: ObjectBudget) {
    this.dialect = dialect
    this.#budget = budget
  }

  /** The object that is being printed. */
  get open(): TrackedObject | null {
    return this.#open
  }

  /** The object by its id, made where it is new; null where there are too many. */
  object(id: string, name: string): TrackedObject | null {
    const key = id.slice(0, LONGEST_NAME)
    const known = this.objects.get(key)
    if (known !== undefined) return known
    if (this.objects.size === MOST_OBJECTS) {
      this.exceeded = true
      return null
    }
    const object: TrackedObject = { id: key, name: name.slice(0, LONGEST_NAME), bounds: [] }
    this.objects.set(key, object)
    return object
  }

  /** From the line at this offset on, this object is printed; null is one too many, and printed untold. */
  start(object: TrackedObject | null, offset: number): void {
    if (object !== null && object === this.#open) return
    this.stop(offset)
    this.#open = object
    this.#openedAt = offset
  }

  /** The line at this offset is no object's any more. */
  stop(offset: number): void {
    const open = this.#open
    if (open === null) return
    this.#open = null
    const { bounds } = open
    if (offset <= this.#openedAt) return
    if (bounds.length > 0 && bounds[bounds.length - 1] === this.#openedAt) {
      bounds[bounds.length - 1] = offset
    } else if (this.#budget.ranges > 0) {
      this.#budget.ranges--
      bounds.push(this.#openedAt, offset)
    } else this.exceeded = true
  }

  /** What was just opened turns out to be another object. */
  reopenAs(object: TrackedObject | null): void {
    this.#open = object
  }

  /** Takes an outline in, unless there is one already or all of them together have become too many points. */
  outline(object: TrackedObject, polygon: readonly Point[]): void {
    if (polygon.length < 3 || object.polygon !== undefined) return
    if (polygon.length > this.#budget.points) {
      this.exceeded = true
      return
    }
    this.#budget.points -= polygon.length
    object.polygon = polygon
  }

  get printed(): boolean {
    for (const { bounds } of this.objects.values()) if (bounds.length > 0) return true
    return false
  }
}
