// How wide a bead of plastic is where the slicer does not say so.

/** A bead wider than this, and than 4 times its height, is a purge on one spot: it is not drawn wider. */
const MOST_WIDTH = 2

export type BeadShape = 'flat' | 'outer' | 'round'

/**
 * mm; `section` is the mm² of plastic laid per mm of path, `height` the layer's. A bead is a rectangle with round
 * sides; an outer wall is taken to be squeezed 5 % more; a bridge is round, for it hangs free.
 * (PrusaSlicer, GCodeProcessor.cpp)
 */
export const beadWidth = (section: number, height: number, shape: BeadShape): number => {
  if (!(section > 0 && height > 0)) return 0
  const most = Math.max(MOST_WIDTH, 4 * height)
  if (shape === 'round') return Math.min(most, 2 * Math.sqrt(section / Math.PI))
  if (shape === 'outer') return Math.min(most, (section * 1.05 * 1.05) / height)
  return Math.min(most, section / height + (1 - Math.PI / 4) * height)
}
