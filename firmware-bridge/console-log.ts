// The last lines that went over one printer's wire, both ways.
import type { ConsoleLine } from '../server/contract/signals.ts'

const KEPT = 500
/** Of each way. */
const REPORTED = 200

const signs: Readonly<Record<ConsoleLine['direction'], string>> = { sent: '>', file: '>', received: '<', note: '#' }

type Line = { readonly direction: ConsoleLine['direction']; readonly text: string; readonly at: number }

/** Acknowledgements, polls and reports by the clock: they would drown what people want to read. */
const isHumdrum = ({ direction, text }: Line): boolean =>
  direction === 'file' ||
  /^\s*(?:ok\b|wait$|(?:echo:)?busy:|M105$|M27$|M114$|Not SD printing|(?:ok )?T\d?:\s*-?\d|X:-?\d.*Count X:)/.test(text)

/** The last lines of one kind, and how many of them nobody has taken yet. */
class Ring {
  readonly #lines: Line[] = []
  #count = 0
  #taken = 0

  add(line: Line): void {
    this.#lines[this.#count % KEPT] = line
    this.#count++
  }

  take(): { lines: Line[]; lost: number } {
    const from = Math.max(this.#taken, this.#count - KEPT)
    const lost = from - this.#taken
    this.#taken = this.#count
    return { lines: this.since(from), lost }
  }

  last(most: number): Line[] {
    return this.since(Math.max(0, this.#count - Math.min(most, KEPT)))
  }

  since(from: number): Line[] {
    const lines: Line[] = []
    for (let at = from; at < this.#count; at++) lines.push(this.#lines[at % KEPT] as Line)
    return lines
  }
}

const toConsoleLine = ({ direction, text, at }: Line): ConsoleLine => ({
  direction,
  text,
  at: new Date(at).toISOString(),
})

export class ConsoleLog {
  // Both ways, and room for what is noted between.
  readonly #everything = new Ring()
  readonly #telling = new Ring()

  add(direction: ConsoleLine['direction'], text: string): void {
    const line = { direction, text, at: Date.now() }
    this.#everything.add(line)
    if (!isHumdrum(line)) this.#telling.add(line)
  }

  /** The newest lines, oldest first. Without `everything`, polls, acknowledgements and the lines of the file are left out. */
  last(most: number, everything: boolean): ConsoleLine[] {
    return (everything ? this.#everything : this.#telling).last(most).map(toConsoleLine)
  }

  /** The last 200 lines each way with what was noted between them, for who wants to find out what went wrong. */
  report(): string {
    const lines = this.#everything.last(KEPT)
    const left = { sent: REPORTED, received: REPORTED }
    const kept: Line[] = []
    for (let at = lines.length - 1; at >= 0; at--) {
      const line = lines[at] as Line
      const way = line.direction === 'received' ? 'received' : line.direction === 'note' ? null : 'sent'
      if (way !== null && left[way]-- <= 0) continue
      kept.push(line)
    }
    return kept
      .reverse()
      .map(({ direction, text, at }) => `${new Date(at).toISOString()} ${signs[direction]} ${text}\n`)
      .join('')
  }

  /** What came since the last call, at most `most` lines, and how many were left out for that. */
  takeFresh(most: number, everything: boolean): { lines: ConsoleLine[]; left: number } {
    const { lines, lost } = (everything ? this.#everything : this.#telling).take()
    const left = Math.max(0, lines.length - most)
    return { lines: lines.slice(left).map(toConsoleLine), left: left + lost }
  }

  /** Nobody looks: what is there counts as seen. */
  forgetFresh(): void {
    this.#everything.take()
    this.#telling.take()
  }
}
