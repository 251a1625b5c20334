// When one printer was last heard, and got on; when its silence is too long.
import { type CommandClass, classOf, dwellOf } from './protocol/command-class.ts'
import type { OkDetail } from './protocol/reply.ts'
import type { SendWindow } from './protocol/send-window.ts'
import { judgeSilence, type SilenceLimits } from './protocol/silence.ts'

/** An `ok` at the end of another line is believed when no other has come for so long, in milliseconds. */
const GLUED_MS = 500

/** Times are milliseconds of a clock that never runs backwards. */
export class LinkWatch {
  readonly #limits: SilenceLimits
  #heardAt = performance.now()
  #sentAt = this.#heardAt
  /** When an ok or a resend came last, or a line went out to which nothing was ahead. */
  #movedAt = this.#heardAt
  #busyAt = Number.NEGATIVE_INFINITY
  #waits = 0
  #probes = 0
  #gluedOk: OkDetail | null = null

  constructor(limits: SilenceLimits) {
    this.#limits = limits
  }

  get heardAt(): number {
    return this.#heardAt
  }

  hear(): void {
    this.#heardAt = performance.now()
  }

  /** A line went out; `first`: nothing was ahead of it. Returns when. */
  send(first: boolean): number {
    this.#sentAt = performance.now()
    if (first) this.#movedAt = this.#sentAt
    this.#waits = 0
    return this.#sentAt
  }

  /** What was waited for has come. */
  move(): void {
    this.#movedAt = this.#heardAt
    this.#waits = 0
    this.#gluedOk = null
  }

  /** An answer came: whoever was probed lives. */
  answer(): void {
    this.#probes = 0
  }

  probe(): void {
    this.#probes++
    this.#movedAt = performance.now()
  }

  busy(): void {
    this.#busyAt = this.#heardAt
  }

  /** The firmware says that it has nothing to do. */
  wait(): void {
    this.#waits++
  }

  /** An `ok` stood at the end of another line. */
  glue(detail: OkDetail): void {
    this.#gluedOk = detail
  }

  /** That `ok`, when it must be the one that is missing. */
  takeGluedOk(): OkDetail | null {
    const detail = this.#gluedOk
    if (detail === null || performance.now() - this.#movedAt < GLUED_MS) return null
    this.#gluedOk = null
    return detail
  }

  /** `textOf` gives the text of a line on the wire. */
  judge(window: SendWindow, textOf: (number: number) => string | undefined): ReturnType<typeof judgeSilence> {
    const now = performance.now()
    return judgeSilence(
      {
        ...awaited(window, textOf),
        probing: window.waiting.some(({ kind }) => kind === 'probe'),
        keepalive: this.#busyAt > 0,
        sinceTraffic: now - Math.max(this.#heardAt, this.#sentAt),
        sinceProgress: now - Math.max(this.#movedAt, this.#busyAt),
        waits: this.#waits,
        probes: this.#probes,
      },
      this.#limits,
    )
  }
}

type Awaited = { readonly awaiting: 'nothing' | 'resend' | 'stale' | CommandClass; readonly dwell: number }

const awaited = (window: SendWindow, textOf: (number: number) => string | undefined): Awaited => {
  const first = window.waiting[0]
  if (first?.kind === 'resend') return { awaiting: 'resend', dwell: 0 }
  if (window.stale > 0) return { awaiting: 'stale', dwell: 0 }
  if (first === undefined) return { awaiting: 'nothing', dwell: 0 }
  const text = first.kind === 'line' ? textOf(first.number) : undefined
  return text === undefined ? { awaiting: 'short', dwell: 0 } : { awaiting: classOf(text), dwell: dwellOf(text) }
}
