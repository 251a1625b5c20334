// The bed of a printer as a person sees it from above: its edge, and where the nozzle may not go.
import type { PrintVolume } from '../../gcode/index.ts'

export const ROUND_PIECES = 96

/** A part of the bed that the nozzle keeps out of; corners in mm. */
export interface Zone {
  readonly name: string
  readonly outline: readonly (readonly [x: number, y: number])[]
}

export interface Bed {
  readonly volume: PrintVolume
  readonly zones: readonly Zone[]
}

export const edgeOf = ({ shape, width, depth, originX, originY }: PrintVolume): [number, number][] => {
  if (shape === 'rectangular') {
    return [
      [originX, originY],
      [originX + width, originY],
      [originX + width, originY + depth],
      [originX, originY + depth],
    ]
  }
  return Array.from({ length: ROUND_PIECES }, (_, n): [number, number] => {
    const angle = (2 * Math.PI * n) / ROUND_PIECES
    return [originX + (width / 2) * Math.cos(angle), originY + (width / 2) * Math.sin(angle)]
  })
}
