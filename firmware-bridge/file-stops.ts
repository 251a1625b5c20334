// Lines of a file that do not simply go to the printer: those that wait for a person, and those that would do harm.
import { LONGEST_SAYING } from '../server/contract/printer-controls.ts'
import { whyLeftOut } from './protocol/file-commands.ts'
import type { LineSource, SourceLine } from './source.ts'

/** Why the lines of a file stop. */
export type FileStop =
  /** M0, M1: a person does something, then it goes on. `seconds`: or after so long. */
  | { readonly kind: 'wait'; readonly text: string; readonly seconds: number | null }
  /** M25, M226, M601, `@pause`: pauses as if somebody had asked. */
  | { readonly kind: 'pause' }
  | { readonly kind: 'filament'; readonly line: string }

type Verdict = 'send' | 'leave-out' | FileStop

const LETTER_M = 77
const LETTER_P = 80
const AT = 64

/** Most lines of a file are moves: they are let through by their first letter. */
export const judgeLine = (line: string): Verdict => {
  const first = line.charCodeAt(0)
  if (first !== LETTER_M) {
    if (first === AT) return /^@pause\b/i.test(line) ? { kind: 'pause' } : 'leave-out'
    return first === LETTER_P && /^PAUSE\b/.test(line) ? { kind: 'pause' } : 'send'
  }
  const match = /^M(\d+)(.*)$/.exec(line)
  if (match === null) return 'send'
  return judgeM(Number(match[1]), match[2] as string, line)
}

const judgeM = (number: number, words: string, line: string): Verdict => {
  if (number === 0 || number === 1) return waitOf(words)
  if (number === 600) return { kind: 'filament', line }
  if (number === 25 || number === 601) return { kind: 'pause' }
  // With a pin, it is the pin that is waited for.
  if (number === 226) return /\bP\d/.test(words) ? 'send' : { kind: 'pause' }
  // They end what a person or the bridge has begun (M410 drops moves that were accepted, M602 resumes).
  if (number === 410 || number === 602 || whyLeftOut(line) !== null) return 'leave-out'
  return 'send'
}

/** `M0 S10 Take the magnet`: S in seconds, P in milliseconds, the rest is for the display (Marlin M0_M1.cpp). */
const waitOf = (words: string): FileStop => {
  const seconds = /(?:^|\s)S(\d+(?:\.\d+)?)(?=\s|$)/.exec(words)
  const milliseconds = /(?:^|\s)P(\d+(?:\.\d+)?)(?=\s|$)/.exec(words)
  const text = words
    .replace(/(?:^|\s)[SP]\d+(?:\.\d+)?(?=\s|$)/g, ' ')
    .trim()
    .slice(0, LONGEST_SAYING)
  const asked = seconds ? Number(seconds[1]) : milliseconds ? Number(milliseconds[1]) / 1000 : 0
  return { kind: 'wait', text, seconds: asked > 0 ? asked : null }
}

/** A source that holds back at lines that stop a print, until it is told to go on. */
export class GuardedSource implements LineSource {
  readonly #source: LineSource
  readonly #stop: (stop: FileStop, line: SourceLine) => void
  readonly #leftOut: (line: SourceLine) => void
  #stopped = false

  constructor(
    source: LineSource,
    stop: (stop: FileStop, line: SourceLine) => void,
    leftOut: (line: SourceLine) => void,
  ) {
    this.#source = source
    this.#stop = stop
    this.#leftOut = leftOut
  }

  /** From now on lines are given out again; the link is to be told. */
  goOn(): void {
    this.#stopped = false
  }

  take(): SourceLine | 'later' | 'end' {
    while (!this.#stopped) {
      const line = this.#source.take()
      if (typeof line === 'string') return line
      const verdict = judgeLine(line.text)
      if (verdict === 'send') return line
      if (verdict === 'leave-out') {
        this.#leftOut(line)
        continue
      }
      this.#stopped = true
      // Not from within the link, which is in the middle of sending.
      queueMicrotask(() => this.#stop(verdict, line))
    }
    return 'later'
  }
}
