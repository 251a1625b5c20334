// The grid by keyboard: where the focus goes, and what is sketched by it.
import { type Axis, cellAt, endOfCell } from './axis.ts'
import type { Sketch } from './taken.ts'

export interface GridState {
  readonly row: number
  readonly cell: number
  /** Where a selection began; null: nothing is selected. */
  readonly anchor: number | null
  readonly sketch: Sketch | null
}

export interface Pressed {
  readonly key: string
  readonly shift: boolean
  readonly ctrl: boolean
}

/** `open`: the form, or what lies there. `page`: other days. `grab`: pick up the booking that lies there. */
export interface Answer {
  readonly state: GridState
  readonly does: 'open' | 'grab' | 'dropped' | null
  readonly page: number
}

const sides: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
}

const within = (value: number, most: number): number => Math.max(0, Math.min(most, value))

/** Null where the key is none of the grid's. */
export const pressKey = (
  state: GridState,
  pressed: Pressed,
  axis: Axis,
  printerIds: readonly number[],
): Answer | null => {
  const { key } = pressed
  const stay = { state, does: null, page: 0 } as const
  const side = sides[key]
  if (side !== undefined) return { ...stay, state: step(state, pressed, side, { axis, printerIds }) }
  if (key === 'Home' || key === 'End') {
    const row = pressed.ctrl ? (key === 'Home' ? 0 : printerIds.length - 1) : state.row
    return { ...stay, state: { ...free(state), row, cell: key === 'Home' ? 0 : axis.cells.length - 1 } }
  }
  if (key === 'PageUp' || key === 'PageDown') {
    return { state: free(state), does: null, page: key === 'PageUp' ? -1 : 1 }
  }
  if (key === 'Enter') return { ...stay, does: 'open' }
  if (key === ' ') return { ...stay, does: 'grab' }
  if (key === 'Escape' && state.sketch !== null) return { ...stay, state: free(state), does: 'dropped' }
  return null
}

const free = (state: GridState): GridState => ({ ...state, anchor: null, sketch: null })

interface Field {
  readonly axis: Axis
  readonly printerIds: readonly number[]
}

const step = (state: GridState, { shift }: Pressed, [down, right]: readonly [number, number], field: Field) => {
  const { axis, printerIds } = field
  if (state.sketch !== null && state.sketch.claimId !== null) return carry(state, shift, [down, right], field)
  const row = within(state.row + down, printerIds.length - 1)
  const cell = within(state.cell + right, axis.cells.length - 1)
  if (!shift || down !== 0) return { ...free(state), row, cell }
  const anchor = state.anchor ?? state.cell
  const sketch = sketchOf(axis, printerIds[row] ?? 0, anchor, cell)
  return { row, cell, anchor, sketch }
}

/** From one cell to another, both with it. */
export const sketchOf = (axis: Axis, printerId: number, one: number, other: number): Sketch => ({
  printerId,
  from: axis.cells[Math.min(one, other)] ?? axis.from,
  to: endOfCell(axis, Math.max(one, other)),
  claimId: null,
})

/** A booking that was picked up goes with the arrows; with Shift its end goes. */
const carry = (
  state: GridState,
  shift: boolean,
  [down, right]: readonly [number, number],
  { axis, printerIds }: Field,
): GridState => {
  const { sketch } = state
  if (sketch === null) return state
  const by = right * axis.cellMinutes * 60_000
  if (shift) {
    const to = Math.max(sketch.from + axis.cellMinutes * 60_000, sketch.to + by)
    return { ...state, sketch: { ...sketch, to } }
  }
  const row = within(state.row + down, printerIds.length - 1)
  const from = sketch.from + by
  const moved = { ...sketch, printerId: printerIds[row] ?? sketch.printerId, from, to: sketch.to + by }
  return { ...state, row, cell: cellAt(axis, from), sketch: moved }
}
