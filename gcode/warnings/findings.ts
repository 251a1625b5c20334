// Warnings as they gather: each once, with its first line, how often, and its worst case.
import { messageOf } from './messages.ts'
import type { Severity, Warning, WarningCode, WarningValues } from './warning.ts'

interface Finding {
  readonly code: WarningCode
  severity: Severity
  readonly line: number
  count: number
  worst: number
  values: WarningValues
}

/** A hostile file can name tools and codes without end. */
const MOST_FINDINGS = 200

const ranks: Readonly<Record<Severity, number>> = { refuse: 0, warn: 1, note: 2 }

export class Findings {
  readonly #found = new Map<string, Finding>()

  /**
   * Counts one more of `code`, apart for each `what` (a side, a tool, a command). `worst` grows with how bad it is:
   * the values of the largest are kept.
   */
  add(code: WarningCode, severity: Severity, line: number, values: WarningValues = {}, what = '', worst = 0): void {
    const key = what === '' ? code : `${code} ${what}`
    const known = this.#found.get(key)
    if (known === undefined) {
      if (this.#found.size < MOST_FINDINGS) {
        this.#found.set(key, { code, severity, line, count: 1, worst, values })
      }
      return
    }
    known.count++
    if (ranks[severity] < ranks[known.severity]) known.severity = severity
    if (worst <= known.worst) return
    known.worst = worst
    known.values = values
  }

  has(code: WarningCode): boolean {
    return this.#found.has(code)
  }

  /** The gravest first, then in the order of the file. */
  result(): Warning[] {
    return [...this.#found.values()]
      .sort((one, other) => ranks[one.severity] - ranks[other.severity] || one.line - other.line)
      .map(({ code, severity, line, count, values }) => ({
        code,
        severity,
        line,
        count,
        values,
        message: messageOf(code, values),
      }))
  }
}

/** For people: hundredths are enough. */
export const rounded = (value: number): number => Math.round(value * 100) / 100
