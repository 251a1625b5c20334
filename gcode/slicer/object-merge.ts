// Files that name their objects in two dialects at once: one is chosen, and takes from the other what it lacks.
import type { ObjectTrack, TrackedObject } from './object-track.ts'

/** The first one by which something is printed; null where none names anything. */
export const preferredTrack = (tracks: readonly ObjectTrack[]): ObjectTrack | null =>
  tracks.find(({ printed }) => printed) ?? null

/** Beginning of the first range; the tracks come here with at least one where it is asked. */
const firstByte = ({ bounds }: TrackedObject): number => bounds[0] ?? -1

/**
 * Gives names to objects that have only numbers (`M486 S2`), where a comment right before or in them says whose lines
 * these are. PrusaSlicer writes both, in either order.
 */
export const nameByComments = (track: ObjectTrack, comments: ObjectTrack): void => {
  if (track === comments) return
  for (const object of track.objects.values()) {
    if (object.name !== '' || object.bounds.length === 0) continue
    const named = overlapping(comments, firstByte(object), object.bounds[1] ?? 0)
    if (named === undefined) continue
    object.name = named.name
    if (named.copy !== undefined) object.copy = named.copy
  }
}

/** The object that prints most of these bytes, by the first of its ranges that reaches into them. */
const overlapping = (track: ObjectTrack, from: number, to: number): TrackedObject | undefined => {
  let best: TrackedObject | undefined
  let most = 0
  for (const object of track.objects.values()) {
    const { bounds } = object
    const n = firstEndingAfter(bounds, from)
    if (n === bounds.length) continue
    const common = Math.min(to, bounds[n + 1] as number) - Math.max(from, bounds[n] as number)
    if (common > most) {
      most = common
      best = object
    }
  }
  return best
}

/** Place of the first range that ends behind a byte, or the length. */
const firstEndingAfter = (bounds: readonly number[], byte: number): number => {
  let low = 0
  let high = bounds.length / 2
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bounds[2 * middle + 1] as number) > byte) high = middle
    else low = middle + 1
  }
  return 2 * low
}
