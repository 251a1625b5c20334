// What a printer says beside its ok: questions, waits, texts, values, and prints that somebody began by hand.
import { LONGEST_SAYING, type PersonWait } from '../server/contract/printer-controls.ts'
import { addBabyStep, followLine, hearValue, type LiveValues, sayTo, unknownValues } from './live-values.ts'
import { type ManualInput, type ManualWatch, nothingByHand, watchManual } from './manual-print.ts'
import { noPrompt, type PromptState, takePromptAction, toHostPrompt } from './prompts.ts'

/** Keepalive comes every 2 s while the firmware waits for a person; without it, the wait is over. */
const WAIT_MS = 6500
/** A text that came so shortly before is what the wait is about. */
const TEXT_MS = 4000
const ALL_AXES = 7
const axisBits: Readonly<Record<string, number>> = { X: 1, Y: 2, Z: 4 }

export class PrinterWords {
  values: LiveValues = unknownValues
  prompt: PromptState = noPrompt
  manual: ManualWatch = nothingByHand
  #homed = 0
  #waitHeardAt = Number.NEGATIVE_INFINITY
  #text = ''
  #textAt = Number.NEGATIVE_INFINITY
  #waitText = ''

  /** A firmware was reached anew: nothing that was said before holds. */
  forget(): void {
    this.values = unknownValues
    this.prompt = noPrompt
    this.manual = nothingByHand
    this.#homed = 0
    this.endWait()
  }

  get homed(): boolean {
    return this.#homed === ALL_AXES
  }

  /** A line that the printer has accepted, of a file or of a person. Called for every line of a print. */
  follow(line: string): void {
    const second = line.charCodeAt(1)
    if (second === 50 && line.startsWith('G28')) this.#home(line)
    else if ((second === 56 || second === 49) && /^M(?:84|18)\b/.test(line) && !/\sS\d/.test(line)) this.#homed = 0
    this.values = followLine(this.values, line)
  }

  #home(line: string): void {
    if (!/^G28(?:\s|$)/.test(line)) return
    const named = ['X', 'Y', 'Z'].filter((axis) => line.includes(axis, 3))
    this.#homed |= named.length === 0 ? ALL_AXES : named.reduce((bits, axis) => bits | (axisBits[axis] ?? 0), 0)
  }

  /** An accepted baby-step that has no M-code of its own in this dialect. */
  step(z: number): void {
    this.values = addBabyStep(this.values, z)
  }

  say(text: string): void {
    this.values = sayTo(this.values, text)
  }

  /** Something that the firmware said by the way. */
  hearText(text: string): void {
    this.values = hearValue(this.values, text)
    this.#text = text
    this.#textAt = performance.now()
  }

  /** One line as it came: `busy: paused for user` is for the link a sign of life, for people a request. */
  hearLine(line: string): void {
    if (!/^(?:echo:\s*)?busy:\s*paused for/i.test(line)) return
    const now = performance.now()
    if (!this.#waits(now)) this.#waitText = now - this.#textAt < TEXT_MS ? this.#text : ''
    this.#waitHeardAt = now
  }

  /** Whether the action was part of a question, and is dealt with. */
  takePrompt(action: string): boolean {
    const next = takePromptAction(this.prompt, action)
    if (next === null) return false
    this.prompt = next
    return true
  }

  watch(input: ManualInput): void {
    this.manual = watchManual(this.manual, input, performance.now(), new Date())
  }

  #waits(now: number): boolean {
    return now - this.#waitHeardAt < WAIT_MS
  }

  /** The firmware stands still until a person tells it to go on. */
  wait(): PersonWait | null {
    if (!this.#waits(performance.now())) return null
    return { by: 'firmware', text: this.#waitText.slice(0, LONGEST_SAYING), until: null }
  }

  endWait(): void {
    this.#waitHeardAt = Number.NEGATIVE_INFINITY
  }

  shownPrompt(): ReturnType<typeof toHostPrompt> {
    return toHostPrompt(this.prompt)
  }
}
