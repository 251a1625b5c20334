// How long a machine waits for its heat: targets are set while other things happen, and waited for later.

const ROOM_TEMPERATURE = 20

/** One heater that nears its target evenly. Temperatures in °C, times in seconds since the print began. */
export class HeatUp {
  readonly #rate: number
  #temperature = ROOM_TEMPERATURE
  #target = 0
  #since = 0

  /** `rate` in °C a second. */
  constructor(rate: number) {
    this.#rate = rate
  }

  /** From `now` on it heats, or cools, to `target`. */
  set(target: number, now: number): void {
    if (target === this.#target) return
    this.#temperature = this.#at(now)
    this.#since = now
    this.#target = target
  }

  /** How long it takes from `now` until it is as hot as was asked; cooling down is not waited for. */
  wait(now: number): number {
    return Math.max(0, (this.#target - this.#at(now)) / this.#rate)
  }

  #at(now: number): number {
    const change = (now - this.#since) * this.#rate
    return this.#target > this.#temperature
      ? Math.min(this.#target, this.#temperature + change)
      : Math.max(this.#target, ROOM_TEMPERATURE, this.#temperature - change)
  }
}
