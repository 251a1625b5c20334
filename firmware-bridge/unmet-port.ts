// The port at which nobody has been met yet: already there a printer can be told to stop.
import type { OpenPort } from './port/open-port.ts'
import type { Port } from './port/port.ts'

export class UnmetPort {
  #port: Port | null = null
  readonly #said: (line: string) => void
  /** Opens, and keeps the last one at hand. */
  readonly open: OpenPort

  constructor(open: OpenPort, said: (line: string) => void) {
    this.#said = said
    this.open = async (...asked) => {
      this.#port = await open(...asked)
      return this.#port
    }
  }

  /** Somebody has been met, or it is closed. */
  forget(): void {
    this.#port = null
  }

  /** Speaks to whoever is there; null: no port is open. */
  get voice(): ((line: string) => void) | null {
    const port = this.#port
    if (port === null) return null
    return (line) => {
      port.write(`${line}\n`)
      this.#said(line)
    }
  }
}
