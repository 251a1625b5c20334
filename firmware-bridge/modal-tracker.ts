// What the printer remembers after the lines it has accepted: where it stands, in which mode, how hot.
import { CommandScanner, Interpreter, type ModalState } from '../gcode/index.ts'

export class ModalTracker {
  readonly #interpreter = new Interpreter({ move: () => {}, wait: () => {} })
  readonly #scanner = new CommandScanner(this.#interpreter)

  get state(): Readonly<ModalState> {
    return this.#interpreter.state
  }

  follow(command: string): void {
    this.#scanner.feed(Buffer.from(`${command}\n`, 'latin1'))
  }
}
