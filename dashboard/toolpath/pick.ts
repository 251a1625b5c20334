// Which move lies under a place on screen: the nearest to the eye of those that are close to it.
import type { Matrix4 } from 'three'
import { toolpath } from '../../gcode/index.ts'
import { laysPlastic } from './kinds.ts'
import type { Look } from './look.ts'
import type { Place, ToolpathStore } from './toolpath-store.ts'

/** Of the screen's height, from -1 to 1: so far beside a move it still counts as hit. */
const NEAR = 0.012

/** `x` and `y` from -1 to 1; `project` from mm to the screen; `aspect` is its width to its height. */
export const pickMove = (
  store: ToolpathStore,
  look: Look,
  from: { readonly fromLayer: number; readonly to: Place },
  project: Matrix4,
  screen: { readonly x: number; readonly y: number; readonly aspect: number },
): Place | null => {
  const m = project.elements
  let nearest = Number.POSITIVE_INFINITY
  let found: Place | null = null
  const firstPart = store.layerParts[from.fromLayer] ?? 0
  for (let part = firstPart; part <= from.to.part; part++) {
    const layer = store.layers[part] as toolpath.ToolpathLayer
    const end = part === from.to.part ? from.to.point + 1 : layer.points
    let lastX = 0
    let lastY = 0
    for (let n = 0; n < end; n++) {
      const first = layer.positions[n * 2] as number
      const second = layer.positions[n * 2 + 1] as number
      const px = toolpath.placeOf(first & toolpath.MOST_STEP)
      const py = toolpath.placeOf(second & toolpath.MOST_STEP)
      const pz = toolpath.heightOf((first >>> 22) | ((second >>> 22) << 10))
      const w = at(m, 3, px, py, pz)
      const x = (at(m, 0, px, py, pz) / w) * screen.aspect
      const y = at(m, 1, px, py, pz) / w
      const kind = (layer.measures[n * 4] as number) >>> 11
      if (n > 0 && w > 0 && w < nearest && laysPlastic(kind) && isSeen(look, px, py, kind)) {
        if (distance(screen.x * screen.aspect, screen.y, lastX, lastY, x, y) < NEAR) {
          nearest = w
          found = { part, point: n }
        }
      }
      lastX = x
      lastY = y
    }
  }
  return found
}

const at = (m: readonly number[], row: number, x: number, y: number, z: number): number =>
  (m[row] as number) * x + (m[row + 4] as number) * y + (m[row + 8] as number) * z + (m[row + 12] as number)

const isSeen = ({ cut, hiddenKinds }: Look, x: number, y: number, kind: number): boolean =>
  !hiddenKinds.has(kind) && (cut === null || (cut.axis === 'x' ? x <= cut.at : y >= cut.at))

/** From a point to the line between two others. */
const distance = (px: number, py: number, ax: number, ay: number, bx: number, by: number): number => {
  const wayX = bx - ax
  const wayY = by - ay
  const squared = wayX * wayX + wayY * wayY
  const along = squared > 0 ? Math.min(1, Math.max(0, ((px - ax) * wayX + (py - ay) * wayY) / squared)) : 0
  return Math.hypot(px - ax - along * wayX, py - ay - along * wayY)
}
