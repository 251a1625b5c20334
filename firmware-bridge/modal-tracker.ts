// What the printer remembers after the lines it has accepted: where it stands, in which mode, how hot.
import { CommandScanner, Interpreter, type ModalState } from '../gcode/index.ts'

/** More filament than this is not pulled back but unloaded, in mm: going on does not feed it again. */
const MOST_RETRACTED = 20

export class ModalTracker {
  readonly #interpreter = new Interpreter({ move: (_dx, _dy, _dz, de) => this.#feed(de), wait: () => {} })
  readonly #scanner = new CommandScanner(this.#interpreter)
  #retracted = 0

  get state(): Readonly<ModalState> {
    return this.#interpreter.state
  }

  /** Filament that is pulled back by E words and not yet fed again, in mm. */
  get retracted(): number {
    return this.#retracted
  }

  follow(command: string): void {
    this.#scanner.feed(Buffer.from(`${command}\n`, 'latin1'))
  }

  /** Where these commands would lead from here, in the file's coordinates: before them, after the first, and so on. */
  placesAfter(commands: readonly string[]): ({ x: number; y: number; z: number } | null)[] {
    const ahead = new Interpreter({ move: () => {}, wait: () => {} })
    const { nozzleTargets: _, ...now } = this.state
    Object.assign(ahead.state, now)
    const scanner = new CommandScanner(ahead)
    const places = [placeOf(ahead.state)]
    for (const command of commands) {
      scanner.feed(Buffer.from(`${command}\n`, 'latin1'))
      places.push(placeOf(ahead.state))
    }
    return places
  }

  #feed(length: number): void {
    const left = this.#retracted - length
    this.#retracted = left > MOST_RETRACTED ? 0 : Math.max(0, left)
  }
}

const ALL_AXES = 7

/** Before all axes are homed, nobody knows. */
const placeOf = (state: Readonly<ModalState>): { x: number; y: number; z: number } | null =>
  (state.homedAxes & ALL_AXES) === ALL_AXES
    ? { x: state.x - state.offsetX, y: state.y - state.offsetY, z: state.z - state.offsetZ }
    : null
