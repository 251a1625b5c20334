// Changes of filament on one printer: who leads them, and what the person at it may do next.
import type { FilamentChangeState } from '../server/contract/printer-controls.ts'
import { type CommandAnswer, DONE } from './command-queue.ts'
import { FilamentChange } from './filament-change.ts'
import type { Obeying } from './obeying.ts'
import { HOT } from './parking.ts'

export class FilamentDesk {
  readonly #obey: Obeying
  #change: FilamentChange | null = null

  constructor(obey: Obeying) {
    this.#obey = obey
  }

  get state(): FilamentChangeState | null {
    return this.#change?.state ?? null
  }

  /** Filament moves, or the nozzle does: nothing else may. */
  get isBusy(): boolean {
    const step = this.#change?.state.step
    return step !== undefined && step !== 'insert' && step !== 'check'
  }

  forget(): void {
    this.#change = null
  }

  /** Whether the firmware asks the browser by itself when it is told M600. */
  get byFirmware(): boolean {
    const { host } = this.#obey
    const { filamentBy } = host.routines()
    if (filamentBy !== 'auto') return filamentBy === 'firmware'
    return host.capabilities()['PROMPT_SUPPORT'] === true
  }

  /** Somebody asks for it. A print is paused first; without one, the nozzle must be hot. */
  async begin(reason: string): Promise<CommandAnswer> {
    const { host } = this.#obey
    if (this.#change !== null) return { refused: `The filament of ${host.name} is being changed already.` }
    if (host.state() === 'printing' && this.byFirmware) {
      await this.#obey.send(['M600'])
      return DONE
    }
    const actual = host.temperatures()[`T${this.#obey.tool}`]?.actual ?? 0
    if (host.state() === 'idle' && actual < HOT) {
      return { refused: `The nozzle of ${host.name} has ${Math.round(actual)} °C: heat it first.` }
    }
    return this.lead(reason)
  }

  /** The bridge leads: out of the way, filament out, and a person is waited for. */
  async lead(reason: string): Promise<CommandAnswer> {
    const { host, parking } = this.#obey
    const change = new FilamentChange(
      {
        parking,
        routines: () => host.routines(),
        send: (lines) => this.#obey.send(lines),
        changed: () => host.changed(),
      },
      reason,
      this.#obey.tool,
    )
    this.#change = change
    host.changed()
    try {
      const parked = host.state() !== 'printing' || (await host.streamer()?.pause(reason)) === true
      if (parked && (await change.unload())) return DONE
      this.#drop(change)
      return { refused: this.#obey.cannot() }
    } catch (error) {
      this.#drop(change)
      throw error
    }
  }

  #drop(change: FilamentChange): void {
    if (this.#change === change) this.#change = null
  }

  async step(step: 'load' | 'prime' | 'unload' | 'finish'): Promise<CommandAnswer> {
    const change = this.#change
    const { host } = this.#obey
    const refused = { refused: `The filament of ${host.name} is not at that step.` }
    if (change === null) return refused
    if (step !== 'finish') return (await change[step]()) ? DONE : refused
    if (!(await change.finish())) return refused
    this.forget()
    return host.state() === 'paused' ? this.#obey.resume() : DONE
  }
}
