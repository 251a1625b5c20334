// Words that are no numbers, and placeholders that a slicer has left in.
import { type Command, E, F, I, J, K, R, S, textOf, wordOf, X, Y, Z } from '../command.ts'
import type { Dialect } from '../rewrite/dialect.ts'
import { isDisplayText, isTextual } from '../rewrite/line-text.ts'
import type { Findings } from './findings.ts'

const LETTER_M = 77
const SMALL_E = 101
const CAPITAL_E = 69
const CAPITAL_G = 71

/** Words of a move that must have a number. */
const numeric = [X, Y, Z, E, F, I, J, K, R].reduce((mask, letter) => mask | (1 << letter), 0)
/** M-codes whose S means nothing without one. */
const heats = new Set([104, 109, 140, 141, 190, 191])

/** `{first_layer_temperature[0]}`, `[bed_temperature]`, `#P_TIME#`: what a slicer or a script was to replace. */
const placeholder = /\{[^{}]*\}|\[[a-z]\w*\]|#[A-Z]+(?:_[A-Z]+)+#/
/** RepRapFirmware works out what stands in braces, and macros take them as values; but slicers' names are none of theirs. */
const slicersOwn = /^\{\s*(?:(?:if|elsif|else|endif)\b|[a-z]+(?:_[a-z0-9]+)+\s*(?:\[\w+\])?\s*\}$)/
const LONGEST_TEXT = 300

export class NumberCheck {
  readonly #findings: Findings
  readonly #dialect: Dialect

  constructor(dialect: Dialect, findings: Findings) {
    this.#dialect = dialect
    this.#findings = findings
  }

  /** G0 to G3. */
  motion(command: Command): void {
    if ((command.mask & (1 << F)) !== 0 && wordOf(command, F, 1) <= 0) {
      this.#findings.add('zero-feedrate', this.#dialect === 'klipper' ? 'refuse' : 'note', command.line)
    }
    if ((command.bare & numeric) !== 0 && !this.text(command)) this.#bare(command, command.bare & numeric)
    if ((command.mask & (1 << E)) !== 0 && hasExponent(command)) {
      this.#findings.add('bad-number', 'refuse', command.line, { word: 'E' }, 'exponent')
    }
  }

  /** Commands other than moves. */
  other(command: Command): void {
    if (this.text(command) || command.letter !== LETTER_M) return
    if ((command.bare & (1 << S)) !== 0 && heats.has(command.number)) this.#bare(command, 1 << S)
  }

  /** Whether there is a placeholder, or an expression, in the text of a command. */
  text(command: Command): boolean {
    if (!mayHoldPlaceholder(command)) return false
    const text = textOf({ ...command, to: Math.min(command.to, command.from + LONGEST_TEXT) })
    const found = placeholder.exec(text)?.[0]
    if (found === undefined) return false
    const mayBeValue = this.#dialect === 'reprapfirmware' || command.letter === 0
    if (mayBeValue && !(found.startsWith('{') ? slicersOwn.test(found) : found.includes('_'))) return true
    const isShown = isDisplayText(command) && command.number !== 486
    if (isTextual(command) && command.letter !== 0 && !isShown) return false
    this.#findings.add('placeholder', isShown ? 'note' : 'refuse', command.line, { placeholder: found.slice(0, 60) })
    return true
  }

  #bare(command: Command, letters: number): void {
    const word = String.fromCharCode(65 + 31 - Math.clz32(letters))
    this.#findings.add('bad-number', 'refuse', command.line, { word }, word)
  }
}

/** Whether `[`, `{` or `#` stands in it: nearly no command has them. */
const mayHoldPlaceholder = (command: Command): boolean => {
  const { bytes, from } = command
  const to = Math.min(command.to, from + LONGEST_TEXT)
  for (let at = from; at < to; at++) {
    const byte = bytes[at]
    if (byte === 91 || byte === 123 || byte === 35) return true
  }
  return false
}

/**
 * `X1e3` and `X1E-05` are numbers with an exponent to whoever wrote them; firmware reads X1 E3. `g1x1e3` and `G1X1E3`
 * are just short: so only a small `e` behind a capital G counts, or a zero between sign and digit.
 */
const hasExponent = (command: Command): boolean => {
  const { bytes, from, to } = command
  let at = to - 1
  while (at > from && bytes[at] !== SMALL_E && bytes[at] !== CAPITAL_E) at--
  if (at <= from + 2 || !isDigit(bytes[at - 1] as number)) return false
  if (bytes[at] === SMALL_E && bytes[from] === CAPITAL_G) return true
  const sign = bytes[at + 1]
  return (sign === 43 || sign === 45) && bytes[at + 2] === 48 && isDigit(bytes[at + 3] as number)
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57
