// What goes wrong in an unforeseen way at one printer must not end the process, and with it the prints of all others.
import type { OpenPort } from './port/open-port.ts'

export class Guard {
  readonly #failed: ((error: Error) => void) | undefined

  /** Without `failed`, what is thrown stays thrown. */
  constructor(failed: ((error: Error) => void) | undefined) {
    this.#failed = failed
  }

  run(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.fail(error)
    }
  }

  fail(error: unknown): void {
    if (this.#failed === undefined) throw error
    this.#failed(error instanceof Error ? error : new Error(String(error)))
  }

  /** The same ports, with what they tell under guard. */
  port(open: OpenPort): OpenPort {
    return (address, baudRate, listener) =>
      open(address, baudRate, {
        lines: (lines) => this.run(() => listener.lines(lines)),
        closed: (reason) => this.run(() => listener.closed(reason)),
      })
  }
}
