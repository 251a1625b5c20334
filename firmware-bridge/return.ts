// A printer is reached again in mid print: has its firmware forgotten where it was? Pure.

import type { Temperatures } from './protocol/temperatures.ts'
import type { LinkDoubt } from './sent-lines.ts'
import type { SourceLine } from './source.ts'

/** What a firmware said when it was reached again. */
export interface Answers {
  /** It greeted as one that has just begun. */
  readonly started: boolean
  /** Its last line by its own count; null where it does not count (Klipper, RepRapFirmware). */
  readonly lastLine: number | null
  /** M114, in mm as the file counts; null where it did not say. */
  readonly position: { readonly x: number; readonly y: number; readonly z: number } | null
  readonly temperatures: Temperatures
  readonly halted: string | null
}

export interface Expected {
  readonly doubt: LinkDoubt
  /** As reported before the link was lost. */
  readonly temperatures: Temperatures
  /** Where the lines of the file lead: after none of those in doubt, after the first, and so on; null: not known. */
  readonly positions: readonly Answers['position'][]
}

/** `goOn`: these lines in doubt had been accepted. `forgot` says why the print cannot go on by itself. */
export type Verdict = { readonly goOn: readonly SourceLine[] } | { readonly forgot: string }

/** mm; what rounding and levelling may add to a position. */
const SAME_PLACE = 0.1
/** A retraction, or a move too short to be seen in the place, must not be made twice. */
const onlyOnce = /^(?:G[0-35]|G1[01]|M290)\b/
const NOT_CERTAIN = 'Which of its last lines it had is not certain.'
/** °C below what it was: then it was not being heated. */
const COOLED_DOWN = 40
/** Of the heaters, those that were asked for at least this much. */
const HEATED = 35

/** It goes on only where nothing speaks against it and something speaks for it. */
export const judgeReturn = (answers: Answers, expected: Expected): Verdict => {
  if (answers.halted !== null) return { forgot: `It has halted: ${answers.halted}` }
  if (answers.started || (answers.lastLine !== null && answers.lastLine < Math.max(1, expected.doubt.accepted))) {
    return { forgot: 'It has begun anew since.' }
  }
  const cold = coldHeater(answers.temperatures, expected.temperatures)
  if (cold !== null) return { forgot: `${cold} is no longer heated, so it was without power.` }
  return answers.lastLine === null ? byPosition(answers, expected) : byLine(answers.lastLine, expected.doubt)
}

const byLine = (lastLine: number, { accepted, lines }: LinkDoubt): Verdict => {
  const last = lines[lines.length - 1]?.number ?? accepted
  if (lastLine > last) return { forgot: `It counts ${lastLine} lines where ${last} were sent: it heeds another host.` }
  return { goOn: sourcesOf(lines.filter(({ number }) => number <= lastLine)) }
}

/** Firmware that counts no lines tells by its place which of them it has had; lines that do not move may come twice. */
const byPosition = ({ position, temperatures }: Answers, expected: Expected): Verdict => {
  const isHeated = Object.values(temperatures).some(({ target }) => (target ?? 0) > HEATED)
  if (position === null || !isHeated)
    return { forgot: 'It does not say enough to be sure that it remembers the print.' }
  const fitting = expected.positions.map((one) => one !== null && isNear(one, position))
  const first = fitting.indexOf(true)
  if (first < 0) return { forgot: 'It is not where the print had come to.' }
  // A place that the print passes twice tells nothing.
  const end = fitting.indexOf(false, first)
  if (end >= 0 && fitting.indexOf(true, end) >= 0) return { forgot: NOT_CERTAIN }
  const sources = sourcesOf(expected.doubt.lines)
  const maybeHad = sources.slice(first, (end < 0 ? fitting.length : end) - 1)
  if (maybeHad.some(({ text }) => onlyOnce.test(text))) return { forgot: NOT_CERTAIN }
  return { goOn: sources.slice(0, first) }
}

const sourcesOf = (lines: LinkDoubt['lines']): SourceLine[] =>
  lines.flatMap(({ source }) => (source === null ? [] : [source]))

const isNear = (one: NonNullable<Answers['position']>, other: NonNullable<Answers['position']>): boolean =>
  Math.abs(one.x - other.x) < SAME_PLACE &&
  Math.abs(one.y - other.y) < SAME_PLACE &&
  Math.abs(one.z - other.z) < SAME_PLACE

/** A heater that was asked to heat and is not any more, or has cooled down meanwhile. */
const coldHeater = (now: Temperatures, before: Temperatures): string | null => {
  for (const [name, heater] of Object.entries(before)) {
    if ((heater.target ?? 0) < HEATED) continue
    const told = now[name]
    const isOff = told?.target !== undefined && told.target < HEATED
    const isCold = told !== undefined && told.actual < Math.min(heater.actual, heater.target ?? 0) - COOLED_DOWN
    if (told === undefined || isOff || isCold) return name === 'B' ? 'The bed' : `The nozzle ${name}`
  }
  return null
}
