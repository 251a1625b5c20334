// Whether a printer took what the file says: in order, nothing twice, nothing left out. Pure.
import type { QueuedCommand } from '../../firmware-bridge/simulator/firmware-state.ts'

/** What a host may say beside the lines of a file. */
const hostly =
  /^(?:M105|M110 N\d+|M113 S\d+|M114|M115|M154 S\d+|M155 S\d+|M27|M400|M412 S\d|M413 S0|M408.*|M20|M876 .*)$/

/** What a host says without a number, to find out whether and where the printer is. */
const questions = ['M105', 'M114', 'M115'] as const

/** An un-numbered question, or two run into one, of which a bit was flipped or a byte lost: nothing protects it. */
const wasQuestion = ({ text, number }: QueuedCommand): boolean => {
  if (number >= 0) return false
  return questions.some(
    (question) => isNearly(text, question) || (text.includes(question) && text.length <= 2 * question.length + 1),
  )
}

const isNearly = (text: string, wanted: string): boolean => {
  if (text.length === wanted.length) return [...wanted].filter((letter, at) => letter !== text[at]).length <= 1
  return [...wanted].some((_, at) => wanted.slice(0, at) + wanted.slice(at + 1) === text)
}

/** Doing it twice does what doing it once does. */
const harmlessTwice = /^(?:M8[23]|M10[4679]|M1[49]0|M22[01]|M73|M117|M20[145]|G9[012]|G2[018])\b/
/** So many lines may be in doubt when a printer is lost. */
const MOST_IN_DOUBT = 16

/** Follows what the printer takes. */
export class Judge {
  readonly #commands: readonly string[]
  /** The firmware counts no lines: what is in doubt after a lost link may be sent again where that does no harm. */
  readonly #mayRepeat: boolean
  #taken = 0
  #givenUp = false
  violation: string | null = null

  constructor(commands: readonly string[], mayRepeat: boolean) {
    this.#commands = commands
    this.#mayRepeat = mayRepeat
  }

  /** How many lines of the file the printer has taken. */
  get taken(): number {
    return this.#taken
  }

  /** The host has ended the print by itself: what it says from now on, to cool and to park, is not of the file. */
  giveUp(): void {
    this.#givenUp = true
  }

  take(command: QueuedCommand): void {
    const due = this.#commands[this.#taken]
    // Two lines whose end was lost run into one, and one time in 256 its checksum fits: no host can prevent that.
    if (command.text === due || command.text.startsWith(`${due}*`)) this.#taken++
    else if (this.#givenUp || this.#isHarmlessRepeat(command.text)) return
    else if (hostly.test(command.text) || wasQuestion(command) || isFragment(command)) return
    else {
      const earlier = this.#commands.lastIndexOf(command.text, this.#taken)
      const known = earlier >= 0 ? ` (line ${earlier} of the file)` : ''
      this.violation ??= `the printer took "${command.text}"${known} as N${command.number} where line ${this.#taken} "${due}" was due`
    }
  }

  /** Goes back to where the repetition began. */
  #isHarmlessRepeat(text: string): boolean {
    if (!this.#mayRepeat) return false
    for (let at = this.#taken - 1; at >= Math.max(0, this.#taken - MOST_IN_DOUBT); at--) {
      const command = this.#commands[at] ?? ''
      if (!harmlessTwice.test(command)) return false
      if (command !== text) continue
      this.#taken = at + 1
      return true
    }
    return false
  }

  /** The host believes that so many were taken: never more than is true. `slack`: how far behind it may be. */
  compare(believed: number, slack: number): void {
    if (believed > this.#taken) {
      this.violation ??= `the host believes that ${believed} lines were taken; the printer took ${this.#taken}`
    } else if (this.#taken - believed > slack) {
      this.violation ??= `the host knows of ${believed} lines only; the printer took ${this.#taken}`
    }
  }

  complete(): void {
    if (this.#taken !== this.#commands.length) {
      this.violation ??= `completed, but the printer took ${this.#taken} of ${this.#commands.length} lines`
    }
  }
}

/** The torn end of a line, which no firmware knows as a command. */
const isFragment = ({ text, number }: QueuedCommand): boolean => number < 0 && !/^[GMT]\d/.test(text)
