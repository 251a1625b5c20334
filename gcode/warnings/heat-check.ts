// Temperatures that a file asks for, and filament that it feeds through a cold nozzle.
import { type Command, has, P, R, S, T, wordOf } from '../command.ts'
import { extendedParameters, numberOf } from '../extended.ts'
import { MOST_TOOLS } from '../modal-state.ts'
import type { Findings } from './findings.ts'
import { rounded } from './findings.ts'
import type { PrinterProfile } from './profile.ts'

const UNSAID = -1

export class HeatCheck {
  readonly #profile: PrinterProfile
  readonly #findings: Findings
  readonly #targets = new Float64Array(MOST_TOOLS).fill(UNSAID)
  /** The target that was set last: tools that share a nozzle have none of their own. */
  #last = UNSAID
  #tool = 0
  #minimum: number
  /** A macro may have heated. */
  #assumed = false
  /** Whether filament fed now would meet a cold nozzle. */
  #isCold = true
  /** Filament that is pulled back, in mm: feeding it again is no printing. */
  #pulled = 0

  constructor(profile: PrinterProfile, findings: Findings) {
    this.#profile = profile
    this.#findings = findings
    this.#minimum = profile.minExtrudeTemperature
    this.#update()
  }

  /** The target of the nozzle in use, in °C. */
  get target(): number {
    const own = this.#targets[this.#tool] as number
    return own === UNSAID ? this.#last : own
  }

  feed(length: number, line: number): void {
    this.#pulled -= length
    if (this.#pulled >= 0) return
    this.#pulled = 0
    if (!this.#isCold) return
    const target = this.target
    if (target === UNSAID) this.#findings.add('nozzle-never-heated', 'warn', line, { minimum: this.#minimum })
    else {
      const values = { target: rounded(target), minimum: rounded(this.#minimum), tool: this.#tool }
      this.#findings.add('cold-extrusion', 'refuse', line, values, String(this.#tool), -target)
    }
  }

  select(tool: number): void {
    if (tool >= 0 && tool < MOST_TOOLS) this.#tool = tool
    this.#update()
  }

  assume(): void {
    this.#assumed = true
    this.#update()
  }

  /** M-codes that heat. */
  m(command: Command): void {
    const asked = wordOf(command, S, wordOf(command, R, Number.NaN))
    switch (command.number) {
      case 104:
      case 109:
        return this.nozzle(wordOf(command, T, this.#tool), asked, command.line)
      case 568:
        return this.nozzle(wordOf(command, P, this.#tool), wordOf(command, S, Number.NaN), command.line)
      case 140:
      case 190:
        return this.#bed(asked, command.line)
      case 141:
      case 191:
        return this.#chamber(asked, command.line)
      case 302:
        return this.#allowCold(command)
      default:
        return
    }
  }

  /** Klipper's SET_HEATER_TEMPERATURE, and macros that start a print with temperatures: `BED_TEMP=60 EXTRUDER=215`. */
  extended(name: string, command: Command): void {
    const parameters = extendedParameters(command)
    const line = command.line
    if (name === 'SET_HEATER_TEMPERATURE') {
      const heater = (parameters.get('HEATER') ?? '').toLowerCase()
      const target = numberOf(parameters, 'TARGET') ?? 0
      if (heater === 'heater_bed') this.#bed(target, line)
      else if (heater.includes('chamber')) this.#chamber(target, line)
      else if (/^extruder\d{0,2}$/.test(heater)) this.nozzle(Number(heater.slice(8)), target, line)
      return
    }
    for (const key of parameters.keys()) {
      const value = numberOf(parameters, key) ?? Number.NaN
      if (/^(EXTRUDER|HOTEND|NOZZLE|TOOL)(_?TEMP(ERATURE)?)?$/.test(key)) this.#tooHot('nozzle', value, line)
      else if (/^BED(_?TEMP(ERATURE)?)?$/.test(key)) this.#tooHot('bed', value, line)
    }
  }

  nozzle(tool: number, target: number, line: number): void {
    if (!(target >= 0)) return
    this.#tooHot('nozzle', target, line)
    if (tool >= 0 && tool < MOST_TOOLS) this.#targets[Math.trunc(tool)] = target
    this.#last = target
    this.#update()
  }

  #bed(target: number, line: number): void {
    if (target > 0 && !this.#profile.hasHeatedBed) this.#findings.add('no-heated-bed', 'note', line)
    else this.#tooHot('bed', target, line)
  }

  #chamber(target: number, line: number): void {
    // Without a heated chamber the firmware takes no notice.
    if (this.#profile.maxChamberTemperature > 0) this.#tooHot('chamber', target, line)
  }

  #tooHot(what: 'nozzle' | 'bed' | 'chamber', target: number, line: number): void {
    const { maxNozzleTemperature, maxBedTemperature, maxChamberTemperature } = this.#profile
    const most = { nozzle: maxNozzleTemperature, bed: maxBedTemperature, chamber: maxChamberTemperature }[what]
    if (!(target > most)) return
    this.#findings.add(`${what}-too-hot`, 'refuse', line, { target: rounded(target), most: rounded(most) }, '', target)
  }

  /** M302: S is the least temperature, P1 takes any; alone, Marlin 1 took any. */
  #allowCold(command: Command): void {
    const usual = this.#profile.minExtrudeTemperature
    if (has(command, S)) this.#minimum = Math.max(0, wordOf(command, S, 0))
    else this.#minimum = wordOf(command, P, 1) === 0 ? usual : 0
    this.#update()
  }

  #update(): void {
    const target = this.target
    this.#isCold = this.#minimum > 0 && (target === UNSAID ? !this.#assumed : target < this.#minimum)
  }
}
