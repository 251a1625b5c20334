// An arc of G2 or G3 as the moves that firmware makes of it.
import { type ArcCutting, arcByCentre, centreByRadius, segmentsOf } from './arc.ts'
import { type Command, has, I, J, K, P, R, wordOf } from './command.ts'
import type { ModalState } from './modal-state.ts'
import type { MotionSink } from './motion.ts'

/** More full turns than this on one line (`P`) is a mistake. */
const MOST_TURNS = 100

/**
 * Tells the moves of the arc on which `command` stands, from where the state is to the end given (mm, machine's
 * coordinates), `de` mm of filament spread evenly; leaves the state at the end. False, and nothing done, where no such
 * arc exists. The axes of the plane are taken in right-handed order: XY, ZX, YZ.
 */
export const walkArc = (
  state: ModalState,
  command: Command,
  endX: number,
  endY: number,
  endZ: number,
  de: number,
  feedrate: number,
  cutting: ArcCutting,
  sink: MotionSink,
): boolean => {
  const { plane, x, y, z } = state
  const [a, b, c] = plane === 17 ? [x, y, z] : plane === 18 ? [z, x, y] : [y, z, x]
  const [endA, endB, endC] = plane === 17 ? [endX, endY, endZ] : plane === 18 ? [endZ, endX, endY] : [endY, endZ, endX]
  const clockwise = command.number === 2
  const letterI = plane === 17 ? I : plane === 18 ? K : J
  const letterJ = plane === 17 ? J : plane === 18 ? I : K
  const centre = has(command, R)
    ? centreByRadius(a, b, endA, endB, wordOf(command, R, 0) * state.unit, clockwise)
    : { i: wordOf(command, letterI, 0) * state.unit, j: wordOf(command, letterJ, 0) * state.unit }
  // P counts all turns, as slicers mean it that write a full circle with P1.
  const turns = Math.min(MOST_TURNS, Math.max(1, Math.trunc(wordOf(command, P, 1)))) - 1
  const arc = centre && arcByCentre(a, b, endA, endB, centre.i, centre.j, clockwise, turns)
  if (!arc) return false
  const rise = endC - c
  const pieces = segmentsOf(arc, rise, feedrate, cutting)
  let lastA = a
  let lastB = b
  for (let piece = 1; piece <= pieces; piece++) {
    const angle = arc.startAngle + (arc.sweep * piece) / pieces
    const nextA = piece === pieces ? endA : arc.centreA + arc.radius * Math.cos(angle)
    const nextB = piece === pieces ? endB : arc.centreB + arc.radius * Math.sin(angle)
    const da = nextA - lastA
    const db = nextB - lastB
    const dc = rise / pieces
    const dx = plane === 17 ? da : plane === 18 ? db : dc
    const dy = plane === 17 ? db : plane === 18 ? dc : da
    const dz = plane === 17 ? dc : plane === 18 ? da : db
    state.x = piece === pieces ? endX : state.x + dx
    state.y = piece === pieces ? endY : state.y + dy
    state.z = piece === pieces ? endZ : state.z + dz
    sink.move(dx, dy, dz, de / pieces, feedrate, state, command)
    lastA = nextA
    lastB = nextB
  }
  return true
}
