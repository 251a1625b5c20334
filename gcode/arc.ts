// G2 and G3 as circles: centre, radius, sweep, and into how many straight pieces firmware cuts them.

/** An arc in the plane of its first two axes, the third moving evenly along. Lengths in mm. */
export interface Arc {
  readonly centreA: number
  readonly centreB: number
  readonly radius: number
  readonly startAngle: number
  /** Radians, positive counter-clockwise. */
  readonly sweep: number
}

/**
 * The arc from (a, b) to (endA, endB) about (a + i, b + j). Start equal to end is a full circle
 * (G2 and G3, NIST RS274NGC 3.5.3); `turns` are full circles besides.
 * Returns null where the radius is 0: firmware then moves straight.
 */
export const arcByCentre = (
  a: number,
  b: number,
  endA: number,
  endB: number,
  i: number,
  j: number,
  clockwise: boolean,
  turns = 0,
): Arc | null => {
  const radius = Math.hypot(i, j)
  if (radius < 1e-9) return null
  const centreA = a + i
  const centreB = b + j
  const startAngle = Math.atan2(-j, -i)
  let sweep = Math.atan2(endB - centreB, endA - centreA) - startAngle
  if (clockwise) {
    if (sweep >= -1e-9) sweep -= 2 * Math.PI
  } else if (sweep <= 1e-9) sweep += 2 * Math.PI
  if (Math.abs(endA - a) < 1e-9 && Math.abs(endB - b) < 1e-9) sweep = clockwise ? -2 * Math.PI : 2 * Math.PI
  sweep += (clockwise ? -2 : 2) * Math.PI * turns
  return { centreA, centreB, radius, startAngle, sweep }
}

/**
 * The centre, as an offset from the start, of the arc of radius `r` (negative: the long way round), after Marlin's G2_G3.
 * Returns null where no such arc exists (start equals end, or the radius is too small by more than rounding).
 */
export const centreByRadius = (
  a: number,
  b: number,
  endA: number,
  endB: number,
  r: number,
  clockwise: boolean,
): { i: number; j: number } | null => {
  const dA = endA - a
  const dB = endB - b
  const chord = Math.hypot(dA, dB)
  if (chord < 1e-9 || r === 0) return null
  const half = chord / 2
  const squared = r * r - half * half
  if (squared < -0.01 * r * r) return null
  const height = Math.sqrt(Math.max(0, squared)) * (clockwise !== r < 0 ? -1 : 1)
  return { i: dA / 2 - (dB / chord) * height, j: dB / 2 + (dA / chord) * height }
}

/** How an arc is cut: by the length and time of a piece, or by how far a piece may lie beside the arc. */
export type ArcCutting = 'by-length' | 'by-chord'

/** mm: what the chord of a piece may leave out, by each rule. */
const CHORD = { byLength: 0.02, byChord: 0.0125 }
const MOST_PIECES = 100_000

/**
 * Into how many straight pieces an arc is cut. By length: a chord error of 0.02 mm within 0.1 to 2 mm a piece, and no more
 * than 50 pieces a second (Marlin 2, and the slicers for it). By chord: 0.0125 mm whatever the speed (the slicers for
 * other firmware).
 */
export const segmentsOf = (arc: Arc, rise: number, feedrate: number, cutting: ArcCutting): number => {
  if (cutting === 'by-chord') {
    const half = Math.acos(Math.max(0, 1 - CHORD.byChord / Math.max(arc.radius, CHORD.byChord)))
    return Math.min(MOST_PIECES, Math.max(1, Math.ceil(Math.abs(arc.sweep) / (2 * half))))
  }
  const length = Math.hypot(Math.abs(arc.sweep) * arc.radius, rise)
  const piece = Math.min(2, Math.max(0.1, Math.min(Math.sqrt(8 * arc.radius * CHORD.byLength), feedrate / 50)))
  return Math.min(MOST_PIECES, Math.max(1, Math.floor(length / piece + 0.8)))
}
