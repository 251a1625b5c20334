// What must still be written when the database is there again. It is held in memory: the bridge has its own record.
import { DatabaseAway } from './database.ts'

/** More than anybody presses in an hour; beyond it the oldest are given up. */
const MOST = 1000

export class Unwritten {
  #works: (() => Promise<void>)[] = []

  add(work: () => Promise<void>): void {
    this.#works = [...this.#works, work].slice(-MOST)
  }

  get count(): number {
    return this.#works.length
  }

  /** Writes what it can, oldest first. Throws what the database refuses; that is not tried again. */
  async write(): Promise<void> {
    for (let work = this.#works[0]; work !== undefined; work = this.#works[0]) {
      try {
        await work()
      } catch (error) {
        if (error instanceof DatabaseAway) return
        this.#drop(work)
        throw error
      }
      this.#drop(work)
    }
  }

  #drop(work: () => Promise<void>): void {
    this.#works = this.#works.filter((one) => one !== work)
  }
}
