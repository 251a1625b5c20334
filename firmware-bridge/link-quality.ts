// How good one printer's link is: counted as lines go out and answers come, cheap enough for every one of them.

export interface LinkQuality {
  readonly linesSent: number
  readonly resends: number
  readonly probes: number
  /** Milliseconds from a line to its `ok`: a running mean, and what all but one in a hundred stay below. */
  readonly okLatency: number
  readonly okLatencyP99: number
  readonly linesPerSecond: number
  /** Oks that never came, as far as that is known, and oks that belonged to nothing. */
  readonly lostOks: number
  readonly spuriousOks: number
  /** Moves that found the planner empty although lines were ready; 0 where the firmware does not tell. */
  readonly underruns: number
  /** Whether the firmware tells how full its planner is (ADVANCED_OK). */
  readonly knowsUnderruns: boolean
  /** Lines that may be in flight now. */
  readonly depth: number
  /** How often the link fell back to one line in flight because of resends; `steppedDown`: it stays there. */
  readonly stepDowns: number
  readonly steppedDown: boolean
  /** Of at least 100 lines more than one in ten had to be sent again: a cable is bad, or something disturbs it. */
  readonly poor: boolean
}

const LATENCY_WEIGHT = 1 / 64
/** Buckets of latency: each reaches a tenth further than the last, from 0.02 ms to minutes. */
const BUCKETS = 200
const SHORTEST = 0.02
const GROWTH = Math.log(1.1)
/** Old latencies are forgotten by halves. */
const REMEMBERED = 10_000
const RATE_MS = 2000
/** Moves in a row before an empty planner is no mere beginning. */
const UNDER_WAY = 16

export class QualityMeter {
  linesSent = 0
  resends = 0
  probes = 0
  lostOks = 0
  spuriousOks = 0
  #okLatency = 0
  #latencies = new Uint32Array(BUCKETS)
  #counted = 0
  #acknowledged = 0
  #rateFrom = { at: performance.now(), lines: 0 }
  #rate = 0
  #plannerSize = 0
  #underruns = 0
  #knowsUnderruns = false
  #movesInRow = 0

  /** Lines acknowledged so far. */
  get acknowledged(): number {
    return this.#acknowledged
  }

  /** A line got its `ok` after so many milliseconds. */
  acknowledge(milliseconds: number): void {
    this.#acknowledged++
    this.#okLatency += (milliseconds - this.#okLatency) * LATENCY_WEIGHT
    const bucket = milliseconds <= SHORTEST ? 0 : Math.ceil(Math.log(milliseconds / SHORTEST) / GROWTH)
    const place = Math.min(BUCKETS - 1, bucket)
    this.#latencies[place] = (this.#latencies[place] as number) + 1
    if (++this.#counted < REMEMBERED) return
    this.#counted = 0
    for (let n = 0; n < BUCKETS; n++) {
      this.#latencies[n] = (this.#latencies[n] as number) >> 1
      this.#counted += this.#latencies[n] as number
    }
  }

  /** The planner had so many free places when a line was acknowledged (ADVANCED_OK). */
  planner(free: number, isMove: boolean, linesReady: boolean): void {
    this.#knowsUnderruns = true
    this.#plannerSize = Math.max(this.#plannerSize, free)
    this.#movesInRow = isMove && linesReady ? this.#movesInRow + 1 : 0
    // The move itself is in the planner: with nothing before it, one place is taken.
    if (this.#movesInRow > UNDER_WAY && free >= this.#plannerSize - 1) this.#underruns++
  }

  /** Call it a few times a second. */
  tick(now: number): void {
    const { at, lines } = this.#rateFrom
    if (now - at < RATE_MS) return
    this.#rate = ((this.#acknowledged - lines) * 1000) / (now - at)
    this.#rateFrom = { at: now, lines: this.#acknowledged }
  }

  read(pace: { readonly depth: number; readonly stepDowns: number; readonly steppedDown: boolean }): LinkQuality {
    const { linesSent, resends, probes, lostOks, spuriousOks } = this
    return {
      linesSent,
      resends,
      probes,
      okLatency: this.#okLatency,
      okLatencyP99: this.#percentile(0.99),
      linesPerSecond: this.#rate,
      lostOks,
      spuriousOks,
      underruns: this.#underruns,
      knowsUnderruns: this.#knowsUnderruns,
      ...pace,
      poor: linesSent >= 100 && resends / linesSent > 0.1,
    }
  }

  #percentile(share: number): number {
    let total = 0
    for (const count of this.#latencies) total += count
    if (total === 0) return 0
    let left = total * (1 - share)
    for (let n = BUCKETS - 1; n >= 0; n--) {
      left -= this.#latencies[n] as number
      if (left < 0) return SHORTEST * Math.exp(n * GROWTH)
    }
    return 0
  }
}
