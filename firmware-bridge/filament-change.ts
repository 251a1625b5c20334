// A change of filament that the bridge leads, step by step with a person at the printer.
import type { FilamentChangeState, FilamentStep } from '../server/contract/printer-controls.ts'
import type { Routines } from '../server/contract/routines.ts'
import { mm } from './park.ts'
import type { Parking } from './parking.ts'

export type FilamentInput = 'parked' | 'unloaded' | 'load' | 'loaded' | 'prime' | 'primed' | 'unload' | 'finish'

/** Which step may follow which: a pure state machine. */
const steps: Readonly<Record<FilamentStep, Partial<Record<FilamentInput, FilamentStep>>>> = {
  parking: { parked: 'unloading' },
  unloading: { unloaded: 'insert' },
  insert: { load: 'loading', unload: 'unloading', finish: 'returning' },
  loading: { loaded: 'priming' },
  priming: { primed: 'check' },
  check: { prime: 'priming', unload: 'unloading', finish: 'returning' },
  returning: {},
}

export const nextFilamentStep = (step: FilamentStep, input: FilamentInput): FilamentStep | null =>
  steps[step][input] ?? null

const SPEED = { unload: 1200, load: 600, prime: 150 }
/** Firmware refuses to move more than this at once (Marlin EXTRUDE_MAXLENGTH is 200 mm). */
const PIECE = 50

/** Filament by so many mm, in pieces; below 0 pulls back. Pure. */
export const feedLines = (length: number, feedratePerMinute: number): string[] => {
  const lines: string[] = []
  for (let left = Math.abs(length); left > 0; left -= PIECE) {
    lines.push(`G1 E${length < 0 ? '-' : ''}${mm(Math.min(left, PIECE))} F${feedratePerMinute}`)
  }
  return lines.length === 0 ? [] : ['M83', ...lines, 'M400']
}

/** A little forward first: it rounds the tip, and the string does not stay in the tube. */
export const unloadLines = (length: number): string[] =>
  length === 0 ? [] : ['M83', `G1 E5 F${SPEED.prime * 2}`, ...feedLines(-length, SPEED.unload)]

export interface FilamentHost {
  readonly parking: Parking
  routines(): Routines
  send(lines: readonly string[]): Promise<void>
  changed(): void
}

export class FilamentChange {
  readonly #host: FilamentHost
  readonly #reason: string
  readonly #tool: number
  #step: FilamentStep = 'parking'

  constructor(host: FilamentHost, reason: string, tool: number) {
    this.#host = host
    this.#reason = reason
    this.#tool = tool
  }

  get state(): FilamentChangeState {
    return { step: this.#step, reason: this.#reason, tool: this.#tool }
  }

  /** The nozzle is out of the way: the filament is pulled out, then a person is waited for. */
  async unload(): Promise<boolean> {
    if (!this.#enter(this.#step === 'parking' ? 'parked' : 'unload')) return false
    const { parking } = this.#host
    await parking.reheat()
    await this.#host.send([
      ...parking.scriptLines('beforeFilament'),
      ...unloadLines(this.#host.routines().unloadLength),
    ])
    return this.#enter('unloaded')
  }

  async load(): Promise<boolean> {
    if (!this.#enter('load')) return false
    await this.#host.parking.reheat()
    await this.#host.send(feedLines(this.#host.routines().loadLength, SPEED.load))
    if (!this.#enter('loaded')) return false
    return this.#prime()
  }

  async prime(): Promise<boolean> {
    if (!this.#enter('prime')) return false
    await this.#host.parking.reheat()
    return this.#prime()
  }

  /** False where that is no step to take now. */
  async finish(): Promise<boolean> {
    if (!this.#enter('finish')) return false
    await this.#host.send(this.#host.parking.scriptLines('afterFilament'))
    return true
  }

  async #prime(): Promise<boolean> {
    await this.#host.send(feedLines(this.#host.routines().primeLength, SPEED.prime))
    return this.#enter('primed')
  }

  #enter(input: FilamentInput): boolean {
    const next = nextFilamentStep(this.#step, input)
    if (next === null) return false
    this.#step = next
    this.#host.changed()
    return true
  }
}
