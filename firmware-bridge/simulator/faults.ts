// What goes wrong between host and printer: planned as data, drawn from a seed, the same each time.

/** Probabilities, 0 to 1: the first group for each line to the printer, the second for each line to the host. */
export interface FaultPlan {
  readonly seed: number
  /** One bit of a line to the printer is flipped. */
  readonly garble: number
  /** One byte of it, or all of it, does not arrive. */
  readonly loseByte: number
  readonly loseLine: number
  /** The printer hears noise between two lines, and asks for the next line although nothing was wrong. */
  readonly spuriousResend: number

  /** An `ok` does not arrive; arrives twice; comes at the end of another line. */
  readonly swallowOk: number
  readonly doubleOk: number
  readonly glue: number
  /** A text of the firmware that means nothing comes in between. */
  readonly noise: number
  /** One bit of an answer is flipped. */
  readonly garbleReply: number
  /** An answer comes in two reads; only with the next one; a little late; seconds late. */
  readonly split: number
  readonly join: number
  readonly delay: number
  readonly late: number
  /** Things that happen once, when that many lines have gone to the printer. */
  readonly at: readonly PlannedFault[]
}

const happenings = [
  'garble',
  'swallow-ok',
  'double-ok',
  'resend',
  'storm',
  'miscount',
  'reset',
  'brown-out',
  'kill',
  'unplug',
  'cable',
  'stall',
  'mute',
  'late',
  'heater',
  'probe',
  'touch-print',
  'press-pause',
  'press-resume',
  'press-cancel',
] as const

export type Happening = (typeof happenings)[number]

export interface PlannedFault {
  readonly line: number
  readonly fault: Happening
}

export const noFaults: FaultPlan = {
  seed: 1,
  garble: 0,
  loseByte: 0,
  loseLine: 0,
  spuriousResend: 0,
  swallowOk: 0,
  doubleOk: 0,
  glue: 0,
  noise: 0,
  garbleReply: 0,
  split: 0,
  join: 0,
  delay: 0,
  late: 0,
  at: [],
}

/** How each amount is typed. */
const amounts: Readonly<Record<string, Exclude<keyof FaultPlan, 'at'>>> = {
  seed: 'seed',
  garble: 'garble',
  'lose-byte': 'loseByte',
  'lose-line': 'loseLine',
  resend: 'spuriousResend',
  'swallow-ok': 'swallowOk',
  'double-ok': 'doubleOk',
  glue: 'glue',
  noise: 'noise',
  'garble-reply': 'garbleReply',
  split: 'split',
  join: 'join',
  delay: 'delay',
  late: 'late',
}

/** For who asks how faults are typed. */
export const faultWords = {
  rates: Object.keys(amounts).filter((name) => name !== 'seed'),
  happenings: [...happenings],
}

const isHappening = (name: string): name is Happening => happenings.some((one) => one === name)

/** `garble=0.01,swallow-ok=0.002,seed=7,reset@120`: the form in which a plan is typed. Throws on what it does not know. */
export const parseFaults = (text: string): FaultPlan => {
  let plan = noFaults
  for (const part of text.split(',').filter((one) => one !== '')) {
    const [, name = '', line] = /^([a-z-]+)@(\d+)$/.exec(part) ?? []
    if (isHappening(name)) {
      plan = { ...plan, at: [...plan.at, { line: Number(line), fault: name }] }
      continue
    }
    const [word = '', value] = part.split('=')
    const amount = Number(value)
    const field = amounts[word]
    if (field === undefined) {
      const known = `${faultWords.rates.join(', ')} =rate, or ${happenings.join(', ')} @line`
      throw new Error(`"${word}" is no fault: ${known}`)
    }
    if (!Number.isFinite(amount)) throw new Error(`"${part}" is no fault: write garble=0.01 or reset@120`)
    plan = { ...plan, [field]: amount }
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
