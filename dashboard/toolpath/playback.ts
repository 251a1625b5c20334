// Walking along a toolpath: move by move, or as long as the moves take.
import { toolpath } from '../../gcode/index.ts'
import type { Place, ToolpathStore } from './toolpath-store.ts'

/** mm; where a place is. */
export const pointAtPlace = (store: ToolpathStore, { part, point }: Place): toolpath.ToolpathPoint | null => {
  const layer = store.layers[part]
  return layer === undefined || layer.points === 0 ? null : toolpath.readPoint(layer, Math.min(point, layer.points - 1))
}

/** So many moves on (or back), within the layer and then into the next one. */
export const stepFrom = (store: ToolpathStore, { part, point }: Place, moves: number): Place => {
  let at = part
  let next = point + moves
  while (next < 0 && at > 0) {
    at--
    next += (store.layers[at]?.points ?? 1) - 1
  }
  for (let layer = store.layers[at]; layer !== undefined && next >= layer.points; layer = store.layers[at]) {
    if (at + 1 >= store.layers.length) return { part: at, point: layer.points - 1 }
    next -= layer.points - 1
    at++
  }
  return { part: at, point: Math.max(0, next) }
}

/** Where the nozzle is after so many seconds of moves at their own speeds; null at the end of what there is. */
export const playFrom = (store: ToolpathStore, from: Place, seconds: number): Place | null => {
  let { part, point } = from
  let left = seconds
  let before = pointAtPlace(store, from)
  while (left > 0) {
    const layer = store.layers[part]
    if (layer === undefined || before === null) return null
    if (point + 1 >= layer.points) {
      if (part + 1 >= store.layers.length) return null
      part++
      point = 0
      continue
    }
    point++
    const next = toolpath.readPoint(layer, point)
    const way = Math.hypot(next.x - before.x, next.y - before.y, next.z - before.z)
    left -= next.kind === toolpath.START || next.speed === 0 ? 0.01 : way / next.speed
    before = next
  }
  return { part, point }
}
