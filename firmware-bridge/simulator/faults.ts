// What goes wrong on the wire between host and printer: planned as data, drawn from a seed, the same each time.

/** Probabilities are per line in that direction, 0 to 1. */
export interface FaultPlan {
  readonly seed: number
  /** One bit of a line to the printer is flipped. */
  readonly garble: number
  /** An `ok` does not arrive. */
  readonly swallowOk: number
  /** A `Resend` for the next line comes although nothing was wrong. */
  readonly spuriousResend: number
  /** Things that happen once, when that many lines have gone to the printer. */
  readonly at: readonly PlannedFault[]
}

export interface PlannedFault {
  readonly line: number
  readonly fault: 'garble' | 'swallow-ok' | 'resend' | 'reset' | 'unplug' | 'stall' | 'kill'
}

export const noFaults: FaultPlan = { seed: 1, garble: 0, swallowOk: 0, spuriousResend: 0, at: [] }

const faultNames: readonly string[] = ['garble', 'swallow-ok', 'resend', 'reset', 'unplug', 'stall', 'kill']

/** `garble=0.01,swallow-ok=0.002,resend=0.001,seed=7,reset@120`: the form in which a plan is typed. Throws on what it does not know. */
export const parseFaults = (text: string): FaultPlan => {
  let plan = noFaults
  for (const part of text.split(',').filter((one) => one !== '')) {
    const planned = /^([a-z-]+)@(\d+)$/.exec(part)
    if (planned && faultNames.includes(planned[1] as string)) {
      plan = { ...plan, at: [...plan.at, { line: Number(planned[2]), fault: planned[1] as PlannedFault['fault'] }] }
      continue
    }
    const [name, value] = part.split('=')
    const amount = Number(value)
    if (!Number.isFinite(amount)) throw new Error(`"${part}" is no fault: write garble=0.01 or reset@120`)
    if (name === 'seed') plan = { ...plan, seed: amount }
    else if (name === 'garble') plan = { ...plan, garble: amount }
    else if (name === 'swallow-ok') plan = { ...plan, swallowOk: amount }
    else if (name === 'resend') plan = { ...plan, spuriousResend: amount }
    else throw new Error(`"${name}" is no fault: garble, swallow-ok, resend, or one of ${faultNames.join(', ')} @line`)
  }
  return plan
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** The wire: it passes on what it is given, damaged after the plan. */
export class Wire {
  readonly #plan: FaultPlan
  readonly #random: () => number
  #lines = 0
  #swallowNext = false

  constructor(plan: FaultPlan) {
    this.#plan = plan
    this.#random = randomFrom(plan.seed)
  }

  /** Text on its way to the printer, and what else happens at this moment. */
  toPrinter(text: string): { text: string; happens: PlannedFault['fault'][] } {
    const plan = this.#plan
    if (plan === noFaults) return { text, happens: [] }
    const happens: PlannedFault['fault'][] = []
    let damaged = ''
    for (const line of text.split(/(?<=\n)/)) {
      const whole = line.endsWith('\n')
      if (whole) this.#lines++
      const due = whole ? plan.at.filter((one) => one.line === this.#lines) : []
      for (const { fault } of due) {
        if (fault === 'swallow-ok') this.#swallowNext = true
        else happens.push(fault)
      }
      const garbles = whole && (this.#random() < plan.garble || due.some(({ fault }) => fault === 'garble'))
      damaged += garbles ? this.#flipBit(line) : line
    }
    return { text: damaged, happens }
  }

  /** Lines on their way to the host. `lastLine` is the printer's last line number, for a resend out of nothing. */
  toHost(lines: readonly string[], lastLine: number): string[] {
    const plan = this.#plan
    if (plan === noFaults) return [...lines]
    const passed: string[] = []
    for (const line of lines) {
      if (line.startsWith('ok') && (this.#swallowNext || this.#random() < plan.swallowOk)) {
        this.#swallowNext = false
        continue
      }
      if (line === 'ok' && this.#random() < plan.spuriousResend) passed.push(`Resend: ${lastLine + 1}`, 'ok')
      passed.push(line)
    }
    return passed
  }

  #flipBit(line: string): string {
    const at = Math.floor(this.#random() * (line.length - 1))
    const code = line.charCodeAt(at) ^ (1 << Math.floor(this.#random() * 7))
    return line.slice(0, at) + String.fromCharCode(code) + line.slice(at + 1)
  }
}
