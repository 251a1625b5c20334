// How long one move takes between the speeds at its ends.

/** Seconds for a move that enters, cruises and leaves at these speeds, or peaks below the cruise speed. mm, mm/s, mm/s². */
export const trapezoidTime = (
  distance: number,
  entry: number,
  cruise: number,
  exit: number,
  acceleration: number,
): number => {
  const speedUp = (cruise * cruise - entry * entry) / (2 * acceleration)
  const slowDown = (cruise * cruise - exit * exit) / (2 * acceleration)
  if (speedUp + slowDown <= distance) {
    return (2 * cruise - entry - exit) / acceleration + (distance - speedUp - slowDown) / cruise
  }
  const rising = (2 * acceleration * distance - entry * entry + exit * exit) / (4 * acceleration)
  const climb = Math.min(distance, Math.max(0, rising))
  const peak = Math.sqrt(entry * entry + 2 * acceleration * climb)
  return Math.max(0, peak - entry) / acceleration + Math.max(0, peak - exit) / acceleration
}
