// What a print takes besides its moves: heating, homing, levelling, tool changes, dwelling.
import type { ModalState } from '../modal-state.ts'
import type { Wait } from '../motion.ts'
import { HeatUp } from './heat-up.ts'

/** How long a machine takes for what no file tells. Rates in °C/s, times in seconds. */
export interface OverheadRates {
  readonly nozzleRate: number
  readonly bedRate: number
  readonly chamberRate: number
  readonly homeSeconds: number
  readonly levelSeconds: number
  readonly toolChangeSeconds: number
}

/** Bed-slingers of 2020 to 2026, about; a printer's own history is better. */
export const usualRates: OverheadRates = {
  nozzleRate: 2.5,
  bedRate: 0.6,
  chamberRate: 0.05,
  homeSeconds: 15,
  levelSeconds: 60,
  toolChangeSeconds: 10,
}

/** Seconds by what they are for, and how often it happens. None of it is in the motion time. */
export interface Overheads {
  readonly dwellSeconds: number
  readonly heatSeconds: number
  readonly homeSeconds: number
  readonly levelSeconds: number
  readonly toolChangeSeconds: number
  readonly homings: number
  readonly levellings: number
  readonly toolChanges: number
  /** How often somebody must come and press a button; how long that takes, nobody knows. */
  readonly personWaits: number
}

export class OverheadCount {
  readonly #rates: OverheadRates
  readonly #nozzle: HeatUp
  readonly #bed: HeatUp
  readonly #chamber: HeatUp
  #dwell = 0
  #heat = 0
  readonly #counts = { home: 0, level: 0, tool: 0, person: 0 }

  constructor(rates: OverheadRates) {
    this.#rates = rates
    this.#nozzle = new HeatUp(rates.nozzleRate)
    this.#bed = new HeatUp(rates.bedRate)
    this.#chamber = new HeatUp(rates.chamberRate)
  }

  /** The targets are these from now on, so many seconds of motion after the beginning. */
  targets(state: ModalState, motionSeconds: number): void {
    const now = motionSeconds + this.#dwell + this.#heat
    this.#nozzle.set(state.nozzleTarget, now)
    this.#bed.set(state.bedTarget, now)
    this.#chamber.set(state.chamberTarget, now)
  }

  wait(what: Wait, seconds: number, motionSeconds: number): void {
    const now = motionSeconds + this.#dwell + this.#heat
    if (what === 'dwell') this.#dwell += seconds
    else if (what === 'nozzle') this.#heat += this.#nozzle.wait(now)
    else if (what === 'bed') this.#heat += this.#bed.wait(now)
    else if (what === 'chamber') this.#heat += this.#chamber.wait(now)
    else if (what !== 'stop') this.#counts[what]++
  }

  result(): Overheads {
    const { home, level, tool, person } = this.#counts
    return {
      dwellSeconds: this.#dwell,
      heatSeconds: this.#heat,
      homeSeconds: home * this.#rates.homeSeconds,
      levelSeconds: level * this.#rates.levelSeconds,
      toolChangeSeconds: tool * this.#rates.toolChangeSeconds,
      homings: home,
      levellings: level,
      toolChanges: tool,
      personWaits: person,
    }
  }
}

export const overheadSeconds = (overheads: Overheads): number =>
  overheads.dwellSeconds +
  overheads.heatSeconds +
  overheads.homeSeconds +
  overheads.levelSeconds +
  overheads.toolChangeSeconds
