// How far a print has come on its toolpath.
import { offsetOf, type ToolpathLayer } from './toolpath-layer.ts'

/** A place among the layers handed out, and a point of the layer there. */
export interface ToolpathPlace {
  readonly layer: number
  readonly point: number
}

/**
 * The last point that the machine has been told to go to once it has taken `bytes` of the file; null before the first.
 * `layers` are all parts handed out so far, in their order.
 */
export const pointAt = (layers: readonly ToolpathLayer[], bytes: number): ToolpathPlace | null => {
  const layer = lastUpTo(layers.length, bytes, (n) => beginOf(layers[n] as ToolpathLayer))
  const found = layers[layer]
  if (!found) return null
  return {
    layer,
    point: Math.max(
      0,
      lastUpTo(found.points, bytes, (n) => offsetOf(found, n)),
    ),
  }
}

/** Point 0 repeats the last one of the part before, where there is one. */
const beginOf = (layer: ToolpathLayer): number => offsetOf(layer, layer.firstPoint > 0 && layer.points > 1 ? 1 : 0)

/** The last of `count` ascending numbers that is not above `bytes`; -1 where all are. */
const lastUpTo = (count: number, bytes: number, numberAt: (n: number) => number): number => {
  let low = -1
  let high = count - 1
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2)
    if (numberAt(middle) <= bytes) low = middle
    else high = middle - 1
  }
  return low
}
