// Time that passes only when there is nothing left to do: hours of printing in seconds, the same each time.
import { randomFrom } from '../../firmware-bridge/simulator/faults.ts'

/** What `setTimeout` and its like give back here. */
class VirtualTimer {
  readonly at: number
  readonly order: number
  readonly run: () => void
  cancelled = false

  constructor(at: number, order: number, run: () => void) {
    this.at = at
    this.order = order
    this.run = run
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }
}

const before = (one: VirtualTimer, other: VirtualTimer): boolean =>
  one.at < other.at || (one.at === other.at && one.order < other.order)

/** While one of these is under way, somebody waits for the disk: time stands still, or a run would not repeat. */
const diskWork = /^FS|^FileHandle/

export class VirtualTime {
  #now = 0
  #order = 0
  /** Something was done since everything that follows from it was waited for. */
  #busy = true
  readonly #heap: VirtualTimer[] = []
  readonly #real = {
    setTimeout: globalThis.setTimeout,
    setInterval: globalThis.setInterval,
    setImmediate: globalThis.setImmediate,
    clearTimeout: globalThis.clearTimeout,
    clearInterval: globalThis.clearInterval,
    clearImmediate: globalThis.clearImmediate,
    dateNow: Date.now,
    random: Math.random,
  }

  get now(): number {
    return this.#now
  }

  /** From now on everybody in this process lives in this time, and draws from this seed. */
  install(seed: number): void {
    const later = (milliseconds: number, run: () => void): VirtualTimer => this.#add(this.#now + milliseconds, run)
    const cancel = (timer: unknown): void => {
      if (timer instanceof VirtualTimer) timer.cancelled = true
    }
    type Run = (...values: unknown[]) => void
    const replacements = {
      setTimeout: (run: Run, milliseconds = 0, ...values: unknown[]) =>
        later(Math.max(1, Number(milliseconds) || 0), () => run(...values)),
      setInterval: (run: Run, milliseconds = 0, ...values: unknown[]) =>
        this.#every(Math.max(1, Number(milliseconds) || 0), () => run(...values)),
      setImmediate: (run: Run, ...values: unknown[]) => later(0, () => run(...values)),
      clearTimeout: cancel,
      clearInterval: cancel,
      clearImmediate: cancel,
    }
    for (const [name, value] of Object.entries(replacements)) define(globalThis, name, value)
    define(performance, 'now', () => this.#now)
    define(Date, 'now', () => 1_800_000_000_000 + this.#now)
    define(Math, 'random', randomFrom(seed))
  }

  /** Gives everybody the real time back; what still waited here never happens. */
  restore(): void {
    const { dateNow, random, ...timers } = this.#real
    for (const [name, value] of Object.entries(timers)) define(globalThis, name, value)
    Reflect.deleteProperty(performance, 'now')
    define(Date, 'now', dateNow)
    define(Math, 'random', random)
  }

  /** Lets time pass until something holds, or that many milliseconds of it have gone. True where it holds. */
  async until(holds: () => boolean, milliseconds: number): Promise<boolean> {
    const end = this.#now + milliseconds
    for (;;) {
      if (this.#busy) await this.#settle()
      this.#busy = true
      if (holds()) return true
      const next = this.#heap[0]
      if (next === undefined || next.at > end) {
        this.#now = end
        return false
      }
      this.#takeFirst()
      if (next.cancelled) {
        this.#busy = false
        continue
      }
      this.#now = Math.max(this.#now, next.at)
      next.run()
    }
  }

  /** Everything that follows from what has happened, without any time passing. */
  async #settle(): Promise<void> {
    do {
      await new Promise<void>((resolve) => this.#real.setImmediate(resolve))
    } while (process.getActiveResourcesInfo().some((name) => diskWork.test(name)))
  }

  #every(milliseconds: number, run: () => void): VirtualTimer {
    const timer = new VirtualTimer(Number.POSITIVE_INFINITY, 0, run)
    const again = (): void => {
      if (timer.cancelled) return
      run()
      this.#add(this.#now + milliseconds, again)
    }
    this.#add(this.#now + milliseconds, again)
    return timer
  }

  #add(at: number, run: () => void): VirtualTimer {
    const timer = new VirtualTimer(at, this.#order++, run)
    const heap = this.#heap
    let hole = heap.length
    heap.push(timer)
    while (hole > 0) {
      const above = (hole - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || before(parent, timer)) break
      heap[hole] = parent
      hole = above
    }
    heap[hole] = timer
    return timer
  }

  #takeFirst(): void {
    const last = this.#heap.pop()
    if (last !== undefined && this.#heap.length > 0) this.#sink(last)
  }

  #sink(timer: VirtualTimer): void {
    const heap = this.#heap
    let hole = 0
    for (;;) {
      const left = 2 * hole + 1
      const right = heap[left + 1]
      let child = heap[left]
      let at = left
      if (child === undefined) break
      if (right !== undefined && before(right, child)) {
        child = right
        at = left + 1
      }
      if (!before(child, timer)) break
      heap[hole] = child
      hole = at
    }
    heap[hole] = timer
  }
}

const define = (owner: object, name: string, value: unknown): void => {
  Object.defineProperty(owner, name, { value, configurable: true, writable: true })
}
