// What a coordinate of the file is short of the machine's: named places, workspaces, home offsets.
import { type Command, E, has, L, P, wordOf, X, Y, Z } from './command.ts'
import { extendedParameters, numberOf } from './extended.ts'
import type { ModalState } from './modal-state.ts'

const WORKSPACES = 9
const AXES = [X, Y, Z] as const

/**
 * The parts of the offset that do not come from G92: workspaces (G54 to G59.3), home offsets (M206), Klipper's
 * SET_GCODE_OFFSET. Each takes the difference to what it was, so that they add up with G92 in any order.
 */
export class Offsets {
  readonly #workspaces = new Float64Array(WORKSPACES * 3)
  readonly #home = new Float64Array(3)
  readonly #klipper = new Float64Array(3)
  #workspace = 0

  /** G54, G55 ... G59, G59.1 to G59.3. */
  select(state: ModalState, command: Command): void {
    const next = command.number === 59 ? 5 + command.subcode : command.number - 54
    if (next < 0 || next >= WORKSPACES) return
    for (let axis = 0; axis < 3; axis++) {
      shift(state, axis, this.#of(next, axis) - this.#of(this.#workspace, axis))
    }
    this.#workspace = next
  }

  /** G10 L2 P1 X Y Z sets where the origin of a workspace lies; L20 so that the place now has the coordinates given. */
  set(state: ModalState, command: Command): void {
    const chosen = wordOf(command, P, 0)
    const workspace = chosen === 0 ? this.#workspace : chosen - 1
    if (!(workspace >= 0 && workspace < WORKSPACES) || !Number.isInteger(workspace)) return
    for (let axis = 0; axis < 3; axis++) {
      const letter = AXES[axis] as number
      if (!has(command, letter)) continue
      const word = wordOf(command, letter, 0) * state.unit
      const before = this.#of(workspace, axis)
      const place = axis === 0 ? state.x : axis === 1 ? state.y : state.z
      const now = wordOf(command, L, 2) === 20 ? place - word : word
      this.#workspaces[workspace * 3 + axis] = now
      if (workspace === this.#workspace) shift(state, axis, now - before)
    }
  }

  /** M206: the machine calls its home by this much more (Marlin). */
  home(state: ModalState, command: Command): void {
    for (let axis = 0; axis < 3; axis++) {
      const letter = AXES[axis] as number
      if (!has(command, letter)) continue
      const now = -wordOf(command, letter, 0) * state.unit
      shift(state, axis, now - (this.#home[axis] as number))
      this.#home[axis] = now
    }
  }

  /** SET_GCODE_OFFSET X= Y= Z=, or X_ADJUST= and so on. */
  klipper(state: ModalState, command: Command): void {
    const parameters = extendedParameters(command)
    for (let axis = 0; axis < 3; axis++) {
      const name = 'XYZ'[axis] as string
      const before = this.#klipper[axis] as number
      const now = numberOf(parameters, name) ?? before + (numberOf(parameters, `${name}_ADJUST`) ?? 0)
      shift(state, axis, now - before)
      this.#klipper[axis] = now
    }
  }

  /** G92: this place is now called so. Without words, everything is 0. G92.1 takes back what G92 has named. */
  name(state: ModalState, command: Command): void {
    if (command.subcode === 1) {
      for (let axis = 0; axis < 3; axis++) setOffset(state, axis, this.#rest(axis))
      return
    }
    if (command.subcode !== 0) return
    const all = (command.mask & ((1 << X) | (1 << Y) | (1 << Z) | (1 << E))) === 0
    if (all || has(command, X)) state.offsetX = state.x - wordOf(command, X, 0) * state.unit
    if (all || has(command, Y)) state.offsetY = state.y - wordOf(command, Y, 0) * state.unit
    if (all || has(command, Z)) state.offsetZ = state.z - wordOf(command, Z, 0) * state.unit
    if (all || has(command, E)) state.offsetE = state.e - wordOf(command, E, 0) * state.unit
  }

  /** What stays after homing an axis: G92 is forgotten there. */
  homed(state: ModalState, axis: number): void {
    setOffset(state, axis, this.#rest(axis))
  }

  #of(workspace: number, axis: number): number {
    return this.#workspaces[workspace * 3 + axis] as number
  }

  #rest(axis: number): number {
    return this.#of(this.#workspace, axis) + (this.#home[axis] as number) + (this.#klipper[axis] as number)
  }
}

const shift = (state: ModalState, axis: number, by: number): void => {
  if (axis === 0) state.offsetX += by
  else if (axis === 1) state.offsetY += by
  else state.offsetZ += by
}

const setOffset = (state: ModalState, axis: number, to: number): void => {
  if (axis === 0) state.offsetX = to
  else if (axis === 1) state.offsetY = to
  else state.offsetZ = to
}
