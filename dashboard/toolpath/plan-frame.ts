// What to draw, and how coarsely: the thinned picture while something moves, and slices of the full one at rest.
import { laysPlastic } from './kinds.ts'
import type { Draw, Shape } from './toolpath-gpu.ts'
import { CHUNK_POINTS, type Place, type Span, type ToolpathStore } from './toolpath-store.ts'

/** What of the toolpath is shown. */
export interface Shown {
  readonly fromLayer: number
  readonly to: Place
  /** Up to where it is printed, if what is beyond is shown as well. */
  readonly done: Place | null
  readonly travels: boolean
  readonly dots: boolean
}

export interface Thinned {
  readonly draws: readonly Draw[]
  /** Only each so many layers are drawn, and as many times as high. */
  readonly stride: number
}

/** Of a layer's points, about so many are its outside. */
const LEAST_MOVES = 4000

const pointsOf = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0)

/** Everything that is shown, in the order of the file, in pieces of at most so many moves. */
export const planFull = (store: ToolpathStore, shown: Shown, bead: 'bead' | 'line'): Draw[] => {
  const spans = store.spans(shown.fromLayer, shown.to)
  const shapes: Shape[] = [bead, ...(shown.travels ? ['travel' as const] : []), ...(shown.dots ? ['dot' as const] : [])]
  return spans.flatMap((span) => shapes.map((shape) => ({ ...span, shape, coarse: false })))
}

/** The next slice of what is to be drawn: `rest` is what is left. */
export const takeSlice = (draws: readonly Draw[], moves: number): { slice: Draw[]; rest: Draw[] } => {
  const slice: Draw[] = []
  let left = Math.max(LEAST_MOVES, moves)
  for (let n = 0; n < draws.length; n++) {
    const draw = draws[n] as Draw
    const count = draw.to - draw.from
    if (count <= left) {
      slice.push(draw)
      left -= count
      if (left > 0) continue
      return { slice, rest: draws.slice(n + 1) }
    }
    slice.push({ ...draw, to: draw.from + left })
    return { slice, rest: [{ ...draw, from: draw.from + left }, ...draws.slice(n + 1)] }
  }
  return { slice, rest: [] }
}

/** At most about `budget` moves, so that they show the same shape: every n-th layer, and all of the topmost one. */
export const planThinned = (store: ToolpathStore, shown: Shown, budget: number, bead: 'bead' | 'line'): Thinned => {
  const topLayer = store.layers[shown.to.part]?.index ?? 0
  const all = store.spans(shown.fromLayer, shown.to)
  const total = pointsOf(all)
  const top = store.spans(topLayer, shown.to)
  if (total <= budget) return { draws: all.map((span) => ({ ...span, shape: bead, coarse: false })), stride: 1 }
  const left = Math.max(LEAST_MOVES, budget - Math.min(pointsOf(top), budget / 2))
  const stride = Math.max(1, Math.ceil(total / left))
  const draws: Draw[] = []
  // Counted down from the top, so that the picture does not jump while the range grows.
  for (let layer = topLayer - 1; layer >= shown.fromLayer; layer -= stride) {
    for (const span of store.spans(layer, store.endOf(layer))) draws.push({ ...span, shape: bead, coarse: true })
  }
  const cut = takeSlice(
    top.map((span) => ({ ...span, shape: bead, coarse: false })),
    budget / 2,
  )
  return { draws: [...takeSlice(draws, left).slice, ...cut.slice], stride }
}

/** What has come after `before` was drawn, where only its end has moved on; null where all must be drawn anew. */
export const planAdded = (store: ToolpathStore, before: Shown, shown: Shown, bead: 'bead' | 'line'): Draw[] | null => {
  if (!isGrown(store, before, shown)) return null
  const from = slotOf(store, before.done ?? before.to)
  const to = slotOf(store, shown.done ?? shown.to)
  return planFull(store, shown, bead).flatMap((draw) => {
    const base = draw.chunk.index * CHUNK_POINTS
    const first = Math.max(draw.from, from - base)
    const end = Math.min(draw.to, to - base + 1)
    return first < end ? [{ ...draw, from: first, to: end }] : []
  })
}

/** Whether one picture becomes the other by painting more of it, over what is there. */
export const isGrown = (store: ToolpathStore, before: Shown, shown: Shown): boolean => {
  if (before.fromLayer !== shown.fromLayer || before.travels !== shown.travels || before.dots !== shown.dots)
    return false
  const reached = slotOf(store, before.to) - slotOf(store, shown.to)
  if (before.done === null || shown.done === null) return before.done === shown.done && reached <= 0
  return reached === 0 && slotOf(store, before.done) <= slotOf(store, shown.done)
}

/** The number of a point among the slots of all chunks. */
export const slotOf = (store: ToolpathStore, { part, point }: Place): number => {
  const found = store.parts[part]
  return found === undefined ? -1 : found.chunk.index * CHUNK_POINTS + found.from + point
}

/** The move that ends at a place, or the last one before it that lays plastic in the same part. */
export const laidAt = (store: ToolpathStore, { part, point }: Place): number => {
  const layer = store.layers[part]
  for (let n = point; layer !== undefined && n > 0; n--) {
    if (laysPlastic((layer.measures[n * 4] as number) >>> 11)) return n
  }
  return -1
}
