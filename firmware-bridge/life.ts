// Connects, stays connected, and connects again, as long as it is wanted.

const RETRY_MS = { first: 500, most: 5000 }

export class Life {
  readonly #connect: () => Promise<void>
  readonly #failed: (reason: string) => void
  #stopped = false
  #wake: () => void = () => {}
  #tellLost: () => void = () => {}
  #ended: Promise<void> = Promise.resolve()

  /** `connect` resolves when the printer is there, throws why it is not: `failed` then hears it. */
  constructor(connect: () => Promise<void>, failed: (reason: string) => void) {
    this.#connect = connect
    this.#failed = failed
  }

  get stopped(): boolean {
    return this.#stopped
  }

  start(crashed: (error: unknown) => void): void {
    this.#ended = this.#live().catch(crashed)
  }

  /** No further connection; `ended` resolves when nothing is under way any more. */
  stop(): void {
    this.#stopped = true
  }

  ended(): Promise<void> {
    return this.#ended
  }

  /** The connection is gone: another is looked for. */
  lost(): void {
    this.#tellLost()
  }

  /** Tries again now, if it rests. */
  wake(): void {
    this.#wake()
  }

  rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async #live(): Promise<void> {
    let wait = RETRY_MS.first
    while (!this.#stopped) {
      const lost = new Promise<void>((resolve) => {
        this.#tellLost = resolve
      })
      try {
        await this.#connect()
        wait = RETRY_MS.first
        await lost
      } catch (error) {
        this.#failed(error instanceof Error ? error.message : String(error))
      }
      if (this.#stopped) break
      // Spread out, so that sixty printers on one hub do not come back in step.
      await this.rest(wait * (0.75 + Math.random() / 2))
      wait = Math.min(wait * 2, RETRY_MS.most)
    }
  }
}
