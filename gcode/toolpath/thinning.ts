// Which points of a part can be left out without moving an outline by more than 0.05 mm.
import { PART_POINTS, type StagedPoints } from './staged-points.ts'
import { laysPlastic, RETRACT, START, STEPS, UNRETRACT } from './toolpath-layer.ts'

/** mm; no outline is moved further than this. */
export const MOST_DEVIATION = 0.05
/** The same in µm, less what rounding to steps has moved already (0.5 µm in x and y, 1.25 µm in z). */
const MOST_MICROMETRES = MOST_DEVIATION * 1000 - 2
const MICROMETRES_OF_Z = STEPS.perMm / STEPS.perMmOfZ

/** A path is looked at in pieces of so many points: what it costs is bounded by their square. */
const PIECE_POINTS = 256
/** Between nothing and the most, deviation is chosen in so many levels. */
const LEVELS = 64
/** Changes of width (10 µm) up to this one, and of speed up to this part, do not end a path. */
const SAME_WIDTH = 2
const SAME_SPEED = 1 / 16

export interface Thinned {
  /** Points left of the part, and how far (mm) outlines may have moved. */
  readonly kept: number
  readonly deviation: number
  readonly travelsDropped: boolean
}

/**
 * Weighs every point by the deviation at which it may go (Douglas and Peucker, pieces of paths on which kind, tool,
 * width, height and speed stay the same), then keeps as many as are allowed, if so few are enough.
 */
export class Thinning {
  /** 1 where a point stays. */
  readonly keep = new Uint8Array(PART_POINTS)
  /** Square of that deviation, in µm². */
  readonly #weight = new Float64Array(PART_POINTS)
  readonly #stack = new Int32Array(PIECE_POINTS * 2 + 2)
  readonly #limits = new Float64Array(PIECE_POINTS + 1)
  readonly #droppable = new Int32Array(LEVELS)
  #farthest = 0

  /** Chooses among the points before `to`: at most `allowed` of them stay, unless outlines need more. */
  thin(points: StagedPoints, to: number, allowed: number): Thinned {
    if (to <= allowed) {
      this.keep.fill(1, 0, to)
      return { kept: to, deviation: 0, travelsDropped: false }
    }
    this.#weigh(points, to)
    const level = this.#levelFor(to, allowed)
    const micrometres = (Math.min(level, LEVELS - 1) + 1) * (MOST_MICROMETRES / LEVELS)
    let kept = 0
    for (let n = 0; n < to; n++) {
      const stays = (this.#weight[n] as number) > micrometres * micrometres ? 1 : 0
      this.keep[n] = stays
      kept += stays
    }
    if (level === LEVELS) kept = this.#dropTravels(points, to)
    return { kept, deviation: micrometres / 1000, travelsDropped: level === LEVELS }
  }

  /** The lowest level of deviation that leaves no more than allowed; `LEVELS` where none does. */
  #levelFor(to: number, allowed: number): number {
    const droppable = this.#droppable.fill(0)
    const perLevel = MOST_MICROMETRES / LEVELS
    for (let n = 0; n < to; n++) {
      const weight = this.#weight[n] as number
      if (weight > MOST_MICROMETRES * MOST_MICROMETRES) continue
      const level = Math.min(LEVELS - 1, Math.max(0, Math.ceil(Math.sqrt(weight) / perLevel) - 1))
      droppable[level] = (droppable[level] as number) + 1
    }
    let kept = to
    for (let level = 0; level < LEVELS; level++) {
      kept -= droppable[level] as number
      if (kept <= allowed) return level
    }
    return LEVELS
  }

  /** Leaves only what lays plastic, and where it begins; returns how many points stay. */
  #dropTravels(points: StagedPoints, to: number): number {
    let kept = 0
    for (let n = 0; n < to; n++) {
      if (!laysPlastic(points.kind[n] as number)) {
        const leadsOn = n + 1 < to && laysPlastic(points.kind[n + 1] as number)
        if (leadsOn) points.kind[n] = START
        this.keep[n] = leadsOn || n === 0 ? 1 : 0
      }
      kept += this.keep[n] as number
    }
    return kept
  }

  #weigh(points: StagedPoints, to: number): void {
    this.#weight.fill(0, 0, to)
    let anchor = 0
    this.#weight[0] = Number.POSITIVE_INFINITY
    for (let n = 1; n <= to; n++) {
      if (n < to && n - anchor < PIECE_POINTS && samePath(points, anchor + 1, n)) continue
      this.#weight[n - 1] = Number.POSITIVE_INFINITY
      this.#weighPiece(points, anchor, n - 1)
      anchor = n - 1
    }
  }

  #weighPiece(points: StagedPoints, first: number, last: number): void {
    const stack = this.#stack
    const least = MOST_MICROMETRES / LEVELS
    let depth = 0
    stack[0] = first
    stack[1] = last
    this.#limits[0] = Number.POSITIVE_INFINITY
    while (depth >= 0) {
      const from = stack[depth * 2] as number
      const to = stack[depth * 2 + 1] as number
      const limit = this.#limits[depth] as number
      depth--
      if (to - from < 2) continue
      const distance = this.#findFarthest(points, from, to)
      // A point cannot stay where the one that splits the path before it goes.
      const weight = distance < limit ? distance : limit
      const split = this.#farthest
      this.#weight[split] = weight
      if (weight <= least * least) continue
      depth++
      stack[depth * 2] = from
      stack[depth * 2 + 1] = split
      this.#limits[depth] = weight
      depth++
      stack[depth * 2] = split
      stack[depth * 2 + 1] = to
      this.#limits[depth] = weight
    }
  }

  /** Into `#farthest`, which point between two lies farthest from the line between them; the square of how far, in µm². */
  #findFarthest(points: StagedPoints, from: number, to: number): number {
    const { x, y, z } = points
    const x0 = x[from] as number
    const y0 = y[from] as number
    const z0 = z[from] as number
    const vx = (x[to] as number) - x0
    const vy = (y[to] as number) - y0
    const vz = ((z[to] as number) - z0) * MICROMETRES_OF_Z
    const squared = vx * vx + vy * vy + vz * vz
    const scale = squared > 0 ? 1 / squared : 0
    let most = -1
    for (let n = from + 1; n < to; n++) {
      const wx = (x[n] as number) - x0
      const wy = (y[n] as number) - y0
      const wz = ((z[n] as number) - z0) * MICROMETRES_OF_Z
      let along = (wx * vx + wy * vy + wz * vz) * scale
      if (along < 0) along = 0
      else if (along > 1) along = 1
      const offX = wx - along * vx
      const offY = wy - along * vy
      const offZ = wz - along * vz
      const distance = offX * offX + offY * offY + offZ * offZ
      if (distance > most) {
        most = distance
        this.#farthest = n
      }
    }
    return most
  }
}

/** Whether the way to `b` goes on as the way to `a` did. */
const samePath = (points: StagedPoints, a: number, b: number): boolean => {
  const kind = points.kind[a] as number
  if (kind !== points.kind[b] || kind === START || kind === RETRACT || kind === UNRETRACT) return false
  if (points.tool[a] !== points.tool[b] || points.height[a] !== points.height[b]) return false
  const width = points.width[a] as number
  const speed = points.speed[a] as number
  return (
    Math.abs(width - (points.width[b] as number)) <= SAME_WIDTH &&
    Math.abs(speed - (points.speed[b] as number)) <= speed * SAME_SPEED
  )
}
