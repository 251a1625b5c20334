// Watches over one printer's session: when it fails in a way that nobody foresaw, it is ended, and another is begun.
import type { PrinterSession } from './printer-session.ts'

export interface SupervisorOptions {
  /** Makes a session that calls `failed` when it fails. */
  make(failed: (error: Error) => void): PrinterSession
  /** A session has been begun and takes the place of the one before. */
  began(session: PrinterSession): void
  /** Keeps what the wire has carried before a failure. */
  keepLog(failure: string, lines: string): void
  /** Milliseconds before the next session, the first and the most. */
  readonly pause?: { readonly first: number; readonly most: number }
}

const PAUSE_MS = { first: 1000, most: 60_000 }
/** After so long a life, a failure is the first of a new series, in milliseconds. */
const SETTLED_MS = 600_000
/** A failed session is not waited for longer than this. */
const END_MS = 5000

export class Supervisor {
  readonly #options: SupervisorOptions
  #session: PrinterSession
  #stopped = false
  #pause: number
  #begunAt = performance.now()
  #timer: NodeJS.Timeout | undefined
  #ending: Promise<void> = Promise.resolve()

  constructor(options: SupervisorOptions) {
    this.#options = options
    this.#pause = (options.pause ?? PAUSE_MS).first
    this.#session = this.#begin()
  }

  get session(): PrinterSession {
    return this.#session
  }

  async stop(reason: string): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#ending
    await this.#session.stop(reason)
  }

  #begin(): PrinterSession {
    let failedOnce = false
    const session = this.#options.make((error) => {
      // What fails once may fail with every further line: it is dealt with once.
      if (failedOnce || this.#stopped) return
      failedOnce = true
      this.#ending = this.#end(session, error)
    })
    this.#begunAt = performance.now()
    this.#options.began(session)
    session.start()
    return session
  }

  async #end(session: PrinterSession, error: Error): Promise<void> {
    const failure = error.stack ?? error.message
    session.console.add('note', `The session failed: ${error.message}`)
    this.#options.keepLog(failure, session.console.report())
    const reason = `The bridge failed at ${session.options.name} (${error.message}). What went over the wire is kept in its log.`
    const late = new Promise<void>((resolve) => setTimeout(resolve, END_MS).unref())
    // Its heaters are switched off on the way; that this may fail as well is why it is ended.
    await Promise.race([session.stop(reason).catch(() => {}), late])
    if (this.#stopped) return
    const { first, most } = this.#options.pause ?? PAUSE_MS
    if (performance.now() - this.#begunAt > SETTLED_MS) this.#pause = first
    // Spread out: what made many fail at once shall not meet all of them at once again.
    const wait = this.#pause * (0.75 + Math.random() / 2)
    this.#pause = Math.min(most, this.#pause * 2)
    this.#timer = setTimeout(() => {
      this.#session = this.#begin()
    }, wait)
  }
}
