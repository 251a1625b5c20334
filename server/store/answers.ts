// Who has asked something of a printer waits here for the bell that says it was answered.

export class Answers {
  readonly #waiting = new Map<number, () => void>()

  /** Resolves when the command was answered, or after so many milliseconds. */
  wait(commandId: number, milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(commandId)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      this.#waiting.set(commandId, done)
    })
  }

  answered(commandId: number): void {
    this.#waiting.get(commandId)?.()
  }
}
