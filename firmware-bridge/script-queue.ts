// Lines of the bridge itself, script after script: two never mix, and what is abandoned stops.
import type { Link } from './link.ts'

export class ScriptQueue {
  readonly #link: () => Link | null
  readonly #notDone: () => string
  #last: Promise<unknown> = Promise.resolve()
  /** Rises when what is being sent is to stop. */
  #abandoned = 0

  /** `notDone`: what is said where the printer is gone. */
  constructor(link: () => Link | null, notDone: () => string) {
    this.#link = link
    this.#notDone = notDone
  }

  abandon(): void {
    this.#abandoned++
  }

  /** Resolves when the last line is accepted; each is told to `accepted`. Throws where it is not sent to its end. */
  async send(lines: readonly string[], accepted: (line: string) => void): Promise<void> {
    const own = this.#abandoned
    const turn = this.#last.then(async () => {
      for (const line of lines) {
        const link = this.#link()
        if (link === null) throw new Error(this.#notDone())
        this.#check(own)
        await link.ask(line)
        accepted(line)
      }
      // A pause or its end is sent in several calls: what would follow this one is abandoned with it.
      this.#check(own)
    })
    this.#last = turn.catch(() => {})
    await turn
  }

  #check(own: number): void {
    if (own !== this.#abandoned) throw new Error('Something else was asked meanwhile: this was not done to its end.')
  }
}
