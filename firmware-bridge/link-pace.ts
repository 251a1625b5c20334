// How many lines one link may have in flight, and what its acknowledgements tell of its quality.
import { type LinkQuality, QualityMeter } from './link-quality.ts'
import type { Dialect, WindowLimits } from './protocol/dialect.ts'
import { freshPace, limitsOf, paceAfterOk, paceAfterResend } from './protocol/pace.ts'
import type { OkDetail } from './protocol/reply.ts'

export class LinkPace {
  readonly meter = new QualityMeter()
  readonly #most: number | undefined
  #dialect: Dialect
  #pace = freshPace
  #limits: WindowLimits

  /** `most` lines in flight, whatever the firmware could bear. */
  constructor(dialect: Dialect, most: number | undefined) {
    this.#dialect = dialect
    this.#most = most
    this.#limits = limitsOf(this.#pace, dialect.inFlight, 0, most)
  }

  get limits(): WindowLimits {
    return this.#limits
  }

  get quality(): LinkQuality {
    const { stepDowns, steppedDown } = this.#pace
    return this.meter.read({ depth: this.#limits.lines, stepDowns, steppedDown })
  }

  /** Free places are told with each `ok` (ADVANCED_OK). */
  get hasAdvancedOk(): boolean {
    return this.#pace.bufferLines > 0
  }

  speak(dialect: Dialect): void {
    this.#dialect = dialect
    this.#renew()
  }

  /** A line was acknowledged after so many milliseconds. */
  acknowledge(
    milliseconds: number,
    detail: OkDetail | undefined,
    line: { readonly isMove: boolean; readonly inFlight: number; readonly linesReady: boolean },
  ): void {
    this.meter.acknowledge(milliseconds)
    const before = this.#pace
    if (detail?.bufferFree !== undefined) {
      this.#pace = paceAfterOk(before, detail, line.inFlight)
      if (detail.plannerFree !== undefined) this.meter.planner(detail.plannerFree, line.isMove, line.linesReady)
    }
    if (this.#pace !== before || this.meter.acknowledged === before.cautiousUntil) this.#renew()
  }

  /** A line was asked for again. */
  resend(): void {
    this.#pace = paceAfterResend(this.#pace, this.meter.acknowledged)
    this.#renew()
  }

  #renew(): void {
    this.#limits = limitsOf(this.#pace, this.#dialect.inFlight, this.meter.acknowledged, this.#most)
  }
}
