// The far end of a bench: a firmware that acknowledges every line, at once or as its planner and its wire allow. Everything
// happens at the moment that is reckoned for it, however late it is looked at.

export interface FarEndOptions {
  /** `ok N7 P15 B3` instead of `ok`. */
  readonly advancedOk: boolean
  /** Moves that the planner holds; 0: nothing is planned, each line is acknowledged at once. */
  readonly blocks: number
  /** Milliseconds that a move takes. */
  readonly blockMs: number
  /**
   * Bytes take their time each way; 0: none. With such a wire the clock of the far end stands still while it is late itself,
   * as every timer is: what a planner lacks then is what the host did not send in time.
   */
  readonly baud: number
  say(text: string): void
  /** The print is over (M400 was acknowledged). */
  over?(stats: FarEndStats): void
}

export interface FarEndStats {
  readonly lines: number
  readonly seconds: number
  /** How often the planner ran empty after it had once been filled. */
  readonly underruns: number
  /** Milliseconds from an `ok` to the line that it lets out: half of them, and all but one in a hundred, are below. */
  readonly nextLineP50: number
  readonly nextLineP99: number
}

const COMMAND_BUFFER = 4
/** Moves at the beginning that do not count: the planner fills. */
const FILLING = 32

interface Timed {
  readonly text: string
  readonly at: number
}

/** Times are in milliseconds of its own clock. */
export class FarEnd {
  readonly #options: FarEndOptions
  #rest = ''
  /** Lines that have arrived, or are on their way, with when they are there. */
  #received: Timed[] = []
  #wireFreeAt = 0
  /** When each move ends. */
  #planner: number[] = []
  /** When the last line was carried out. */
  #freeAt = 0
  /** Answers on their way back. */
  #answers: Timed[] = []
  #answerWireFreeAt = 0
  /** How long the clock has stood still. */
  #stoodStill = 0
  #timer: NodeJS.Timeout | undefined
  #okAt = -1
  #latencies: number[] = []
  #lines = 0
  #moves = 0
  #underruns = 0
  #beganAt = 0

  constructor(options: FarEndOptions) {
    this.#options = options
  }

  hear(text: string): void {
    const now = this.#now()
    this.#rest += text
    let at = 0
    for (let end = this.#rest.indexOf('\n'); end >= 0; end = this.#rest.indexOf('\n', at)) {
      if (end > at) this.#arrive(this.#rest.slice(at, end), now)
      at = end + 1
    }
    this.#rest = this.#rest.slice(at)
    this.#advance(now)
  }

  #now(): number {
    return performance.now() - this.#stoodStill
  }

  /** Everything up to now, and what is then due to be said. */
  #advance(now: number): void {
    for (let due = this.#dueAt(); due <= now; due = this.#dueAt()) {
      this.#carryOut((this.#received.shift() as Timed).text, due)
    }
    const first = this.#answers[0]
    if (first !== undefined && first.at <= now) this.#say(first.at, now)
    this.#sleep()
  }

  /** When the next line will be carried out. */
  #dueAt(): number {
    const first = this.#received[0]
    if (first === undefined) return Number.POSITIVE_INFINITY
    const { blocks } = this.#options
    const waitsFor = isMove(first.text)
      ? this.#planner.length - blocks
      : isLast(first.text)
        ? this.#planner.length - 1
        : -1
    return Math.max(first.at, this.#freeAt, blocks > 0 && waitsFor >= 0 ? (this.#planner[waitsFor] ?? 0) : 0)
  }

  #say(due: number, now: number): void {
    const until = this.#options.baud > 0 ? due : now
    this.#stoodStill += now - until
    let said = ''
    while (this.#answers.length > 0 && (this.#answers[0] as Timed).at <= until) said += this.#answers.shift()?.text
    this.#okAt = until
    this.#options.say(said)
  }

  #sleep(): void {
    clearTimeout(this.#timer)
    const next = Math.min(this.#answers[0]?.at ?? Number.POSITIVE_INFINITY, this.#dueAt())
    if (next === Number.POSITIVE_INFINITY) return
    this.#timer = setTimeout(() => this.#advance(this.#now()), Math.max(0, Math.ceil(next - this.#now())))
  }

  #arrive(text: string, now: number): void {
    if (this.#okAt >= 0) {
      this.#latencies.push(now - this.#okAt)
      this.#okAt = -1
    }
    const { baud } = this.#options
    this.#wireFreeAt = Math.max(this.#wireFreeAt, now) + (baud > 0 ? ((text.length + 1) * 10_000) / baud : 0)
    this.#received.push({ text, at: this.#wireFreeAt })
  }

  #carryOut(text: string, now: number): void {
    const { blocks, blockMs } = this.#options
    this.#freeAt = now
    if (text.includes('M110')) this.#begin(now)
    while (this.#planner.length > 0 && (this.#planner[0] as number) <= now) this.#planner.shift()
    if (blocks > 0 && isMove(text)) {
      this.#moves++
      if (this.#planner.length === 0 && this.#moves > FILLING) this.#underruns++
      this.#planner.push(Math.max(now, this.#planner[this.#planner.length - 1] ?? now) + blockMs)
    }
    this.#lines++
    this.#answer(text, now)
    if (isLast(text)) this.#options.over?.(this.#stats(now))
  }

  #begin(now: number): void {
    this.#beganAt = now
    this.#lines = 0
    this.#moves = 0
    this.#underruns = 0
    this.#latencies = []
  }

  #answer(text: string, now: number): void {
    const { advancedOk, blocks, baud } = this.#options
    let answer = 'ok\n'
    if (advancedOk) {
      const number = /^N(\d+)/.exec(text)?.[1]
      const waiting = Math.min(COMMAND_BUFFER, this.#received.filter(({ at }) => at <= now).length)
      const planner = Math.max(0, (blocks || 16) - 1 - this.#planner.length)
      answer = `ok${number === undefined ? '' : ` N${number}`} P${planner} B${COMMAND_BUFFER - waiting}\n`
    }
    if (text.includes('M105')) answer = 'ok T:210.0 /210.0 B:60.0 /60.0 @:0 B@:0\n'
    if (text.includes('M115'))
      answer = `FIRMWARE_NAME:Marlin 2.1.2.1 EXTRUDER_COUNT:1\nCap:AUTOREPORT_TEMP:1\n${answer}`
    this.#answerWireFreeAt = Math.max(this.#answerWireFreeAt, now) + (baud > 0 ? (answer.length * 10_000) / baud : 0)
    this.#answers.push({ text: answer, at: this.#answerWireFreeAt })
  }

  #stats(now: number): FarEndStats {
    const sorted = Float64Array.from(this.#latencies).sort()
    const at = (share: number): number => sorted[Math.floor(sorted.length * share)] ?? 0
    return {
      lines: this.#lines,
      seconds: (now - this.#beganAt) / 1000,
      underruns: this.#underruns,
      nextLineP50: at(0.5),
      nextLineP99: at(0.99),
    }
  }
}

const isMove = (text: string): boolean => /G1 /.test(text)
const isLast = (text: string): boolean => text.includes('M400')
