// Whether the nozzle's way leads through a zone that it must keep out of.
import type { Findings } from './findings.ts'
import type { ExclusionZone } from './profile.ts'

interface Zone {
  readonly name: string
  /** x, y, x, y ... */
  readonly corners: Float64Array
  readonly minX: number
  readonly maxX: number
  readonly minY: number
  readonly maxY: number
  readonly fromZ: number
  readonly toZ: number
}

export class ZoneCheck {
  readonly #zones: readonly Zone[]
  readonly #findings: Findings

  constructor(zones: readonly ExclusionZone[], findings: Findings) {
    this.#zones = zones.filter(({ outline }) => outline.length >= 3).map(zoneOf)
    this.#findings = findings
  }

  get isEmpty(): boolean {
    return this.#zones.length === 0
  }

  /** One straight way from one place in XY to another, at heights from `lowZ` to `highZ`. */
  segment(
    fromX: number,
    fromY: number,
    toX: number,
    toY: number,
    lowZ: number,
    highZ: number,
    extruding: boolean,
    line: number,
  ): void {
    for (const zone of this.#zones) {
      if (fromX < zone.minX && toX < zone.minX) continue
      if (fromX > zone.maxX && toX > zone.maxX) continue
      if (fromY < zone.minY && toY < zone.minY) continue
      if (fromY > zone.maxY && toY > zone.maxY) continue
      if (highZ < zone.fromZ || lowZ > zone.toZ) continue
      if (!touches(zone.corners, fromX, fromY, toX, toY)) continue
      const code = extruding ? 'extrusion-in-zone' : 'travel-through-zone'
      this.#findings.add(code, extruding ? 'refuse' : 'warn', line, { zone: zone.name }, zone.name)
    }
  }
}

const zoneOf = ({ name, outline, fromZ, toZ }: ExclusionZone): Zone => {
  const xs = outline.map(([x]) => x)
  const ys = outline.map(([, y]) => y)
  return {
    name,
    corners: Float64Array.from(outline.flat()),
    minX: Math.min(...xs),
    maxX: Math.max(...xs),
    minY: Math.min(...ys),
    maxY: Math.max(...ys),
    fromZ: fromZ ?? Number.NEGATIVE_INFINITY,
    toZ: toZ ?? Number.POSITIVE_INFINITY,
  }
}

/** Whether a segment has a point in a polygon: it begins inside, or it crosses an edge. */
const touches = (corners: Float64Array, ax: number, ay: number, bx: number, by: number): boolean => {
  let inside = false
  let lastX = corners[corners.length - 2] as number
  let lastY = corners[corners.length - 1] as number
  for (let n = 0; n < corners.length; n += 2) {
    const x = corners[n] as number
    const y = corners[n + 1] as number
    if (y > ay !== lastY > ay && ax < ((lastX - x) * (ay - y)) / (lastY - y) + x) inside = !inside
    if (crosses(ax, ay, bx, by, lastX, lastY, x, y)) return true
    lastX = x
    lastY = y
  }
  return inside
}

const crosses = (
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean => {
  const c = sideOf(ax, ay, bx, by, cx, cy)
  const d = sideOf(ax, ay, bx, by, dx, dy)
  const a = sideOf(cx, cy, dx, dy, ax, ay)
  const b = sideOf(cx, cy, dx, dy, bx, by)
  // A corner on the line counts for one side, so that no way slips through between two edges.
  return c > 0 !== d > 0 && a > 0 !== b > 0
}

/** Above 0 where a point lies to the left of the line from a to b, below 0 to the right. */
const sideOf = (ax: number, ay: number, bx: number, by: number, x: number, y: number): number =>
  (bx - ax) * (y - ay) - (by - ay) * (x - ax)
