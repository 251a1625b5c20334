// What the database must know and may not be told now: kept until it takes it. Of each thing only the newest.

const EVERY_MS = 1000
/** A bridge has some dozens of printers with a handful of things each: more than this is a mistake. */
const MOST = 2000

export class LateWrites {
  readonly #works = new Map<string, () => Promise<unknown>>()
  readonly #failed: (error: Error) => void
  readonly #mayLater: (error: unknown) => boolean
  #told: string | null = null
  #timer: NodeJS.Timeout | undefined
  #writing: Promise<void> | null = null

  /** `mayLater`: whether an error may pass by itself. `failed` hears what it is, once. */
  constructor(mayLater: (error: unknown) => boolean, failed: (error: Error) => void) {
    this.#mayLater = mayLater
    this.#failed = failed
  }

  start(): void {
    this.#timer = setInterval(() => void this.write(), EVERY_MS)
  }

  /** `key` names the thing: a later wish takes the place of an earlier one. */
  put(key: string, work: () => Promise<unknown>): void {
    this.#works.delete(key)
    this.#works.set(key, work)
    const [oldest] = this.#works.keys()
    if (this.#works.size > MOST && oldest !== undefined) this.#works.delete(oldest)
    void this.write()
  }

  get count(): number {
    return this.#works.size
  }

  /** Writes what waits, oldest first; never rejects. Resolves when all is written, or the database takes nothing. */
  write(): Promise<void> {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = null
    })
    return this.#writing
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.write()
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#next(); next !== null; next = this.#next()) {
      const [key, work] = next
      try {
        await work()
      } catch (error) {
        this.#tell(error instanceof Error ? error : new Error(String(error)))
        if (this.#mayLater(error)) return
      }
      this.#told = null
      // Something newer may have come meanwhile.
      if (this.#works.get(key) === work) this.#works.delete(key)
    }
  }

  /** What is tried each second is complained of once. */
  #tell(error: Error): void {
    if (error.message !== this.#told) this.#failed(error)
    this.#told = error.message
  }

  #next(): [string, () => Promise<unknown>] | null {
    for (const entry of this.#works) return entry
    return null
  }
}
