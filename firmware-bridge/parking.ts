// One print's pauses: where it stood, that it is brought back exactly there, and that no nozzle stays hot for nothing.
import type { ModalState } from '../gcode/index.ts'
import type { PrinterProfile } from '../server/contract/printers.ts'
import type { Routines, ScriptMoment } from '../server/contract/routines.ts'
import { leaveLines, modeLines, offLines, pauseLines, reheatLines, retracts, returnLines } from './park.ts'
import type { Temperatures } from './protocol/temperatures.ts'
import { fillScript, scriptValues } from './scripts.ts'
import { followModes, type ModeTrail, noModes, type Place, type Standing, standingOf } from './standing.ts'

/** What parking needs of the printer. */
export interface ParkingHost {
  readonly profile: PrinterProfile
  routines(): Routines
  temperatures(): Temperatures
  /** Sends lines one after the other, unmixed with others. */
  send(lines: readonly string[]): Promise<void>
  /** Where the printer says it is, once all lines before are taken; null where it does not say. */
  askPlace(): Promise<Place | null>
  /** Milliseconds that a minute of pause lasts. */
  readonly minute: number
}

/** Below this, in °C, plastic is pulled neither back nor forth. */
export const HOT = 170

export class Parking {
  readonly #host: ParkingHost
  #trail: ModeTrail = noModes
  #standing: Standing | null = null
  #retracted = false
  /** Where it is: at the place of the part, as after M0, or out of its way. */
  #away = false
  /** The next pause leaves the nozzle where it is. */
  stayNext = false
  #since = 0
  #nozzleOff = false
  #chosen: Record<string, number> = {}

  constructor(host: ParkingHost) {
    this.#host = host
  }

  get standing(): Standing | null {
    return this.#standing
  }

  /** A print begins: nothing is known of its modes. */
  begin(): void {
    this.#trail = noModes
    this.forget()
  }

  /** A line of the file was accepted. */
  follow(line: string): void {
    this.#trail = followModes(this.#trail, line)
  }

  /** Somebody sets a heater while the print is paused: that counts when it goes on. */
  choose(heater: string, target: number): void {
    if (this.#standing === null) return
    // Switched off by hand is no wish to print cold.
    if (target > 0) this.#chosen[heater] = target
    else delete this.#chosen[heater]
    if (heater.startsWith('T')) this.#nozzleOff = target === 0
  }

  /** Somebody has moved it by hand during the pause: it is brought back, also from a pause at the place of the part. */
  moved(): void {
    if (this.#standing !== null) this.#away = true
  }

  async park(state: Readonly<ModalState>): Promise<void> {
    const stays = this.stayNext
    this.stayNext = false
    if (state.unit !== 1) await this.#host.send(['G21'])
    const place = state.homed ? await this.#host.askPlace() : null
    const standing = standingOf(state, this.#trail, place, this.#host.temperatures())
    this.#standing = standing
    this.#since = performance.now()
    this.#nozzleOff = false
    this.#chosen = {}
    this.#retracted = false
    this.#away = !stays
    if (stays) return this.#host.send(['M400'])
    const hot = this.#isHot(standing)
    await this.#script('beforePause')
    this.#retracted = retracts(standing, hot) && (standing.knowsXY || standing.knowsZ)
    if (this.#retracted || standing.knowsXY || standing.knowsZ) {
      await this.#host.send(pauseLines(standing, this.#host.profile, this.#retracted))
    }
    await this.#script('afterPause')
  }

  async unpark(): Promise<void> {
    const standing = this.#standing
    if (standing === null) return
    await this.#script('beforeResume')
    await this.reheat()
    if (this.#away) await this.#host.send(returnLines(standing, this.#host.profile, this.#retracted))
    if (this.#host.routines().scripts.afterResume.trim() !== '') {
      await this.#script('afterResume')
      // A script may have left it anywhere.
      await this.#host.send(returnLines(standing, this.#host.profile, false))
    }
    await this.#host.send(modeLines(standing))
    this.forget()
  }

  /** Waits until all that was hot is hot again. */
  async reheat(): Promise<void> {
    if (this.#standing === null) return
    const lines = reheatLines(this.#standing, this.#host.temperatures(), this.#chosen)
    this.#nozzleOff = false
    this.#since = performance.now()
    await this.#host.send(lines)
  }

  /** Heaters off before anything else, then out of the way and motors off. */
  async leave(state: Readonly<ModalState>): Promise<void> {
    const parked = this.#standing !== null && this.#away
    const standing = this.#standing ?? standingOf(state, this.#trail, null, this.#host.temperatures())
    this.#standing = standing
    await this.#host.send(offLines(standing))
    await this.#script('beforeCancel')
    if (!parked) await this.#host.send(leaveLines(standing, this.#host.profile, this.#isHot(standing)))
    await this.#script('afterCancel')
    await this.#host.send(['M84'])
    this.forget()
  }

  /** Runs one of the workshop's scripts, its places filled with where the print stands. */
  async #script(moment: ScriptMoment): Promise<void> {
    await this.#host.send(this.scriptLines(moment))
  }

  scriptLines(moment: ScriptMoment): string[] {
    return fillScript(this.#host.routines().scripts[moment], scriptValues(this.#standing, this.#host.profile))
  }

  forget(): void {
    this.#standing = null
    this.#away = false
    this.#nozzleOff = false
    this.#chosen = {}
  }

  /** Milliseconds until the nozzle is switched off; null where it will not be, 0 where it was. */
  nozzleOffIn(): number | null {
    const minutes = this.#host.routines().nozzleOffMinutes
    if (this.#standing === null || minutes === 0) return null
    if (this.#nozzleOff) return 0
    return Math.max(0, this.#since + minutes * this.#host.minute - performance.now())
  }

  /** Lines that are due by the clock of a paused print. The bed stays warm: it holds the part. */
  takeDue(): string[] {
    if (this.#standing === null || this.#nozzleOff || this.nozzleOffIn() !== 0) return []
    this.#nozzleOff = true
    const { tool } = this.#standing
    const nozzles = Object.entries(this.#host.temperatures()).filter(
      ([heater, { target = 0 }]) => heater.startsWith('T') && target > 0,
    )
    return nozzles.map(([heater]) => (heater === `T${tool}` ? 'M104 S0' : `M104 ${heater} S0`))
  }

  #isHot({ tool }: Standing): boolean {
    return (this.#host.temperatures()[`T${tool}`]?.actual ?? 0) > HOT
  }
}
