// Speed, flow, fan, baby-steps and texts of one printer as lines sent to it and its own words tell them.
import { LONGEST_SAYING, type PrinterControls } from '../server/contract/printer-controls.ts'

export type LiveValues = Pick<
  PrinterControls,
  'feedrateFactor' | 'flowFactor' | 'fan' | 'babyStep' | 'message' | 'announced'
>

export const unknownValues: LiveValues = {
  feedrateFactor: null,
  flowFactor: null,
  fan: null,
  babyStep: 0,
  message: null,
  announced: null,
}

const LETTER_M = 77

const numberAfter = (line: string, letter: string): number | null => {
  const match = new RegExp(`\\s${letter}\\s*(-?\\d*\\.?\\d+)`).exec(line)
  return match ? Number(match[1]) : null
}

/** The values after a line that the printer has accepted. Called for every line of a print. */
export const followLine = (values: LiveValues, line: string): LiveValues => {
  if (line.charCodeAt(0) !== LETTER_M) return values
  const code = /^M(\d+)/.exec(line)?.[1]
  switch (code) {
    case '73':
      return { ...values, announced: announcedBy(line) }
    case '106': {
      // P names another fan than the part's.
      if ((numberAfter(line, 'P') ?? 0) !== 0) return values
      return { ...values, fan: fanOf(numberAfter(line, 'S')) }
    }
    case '107':
      return (numberAfter(line, 'P') ?? 0) === 0 ? { ...values, fan: 0 } : values
    case '117':
      return { ...values, message: sayingOf(line.slice(4)) }
    case '220':
    case '221': {
      const percent = numberAfter(line, 'S')
      if (percent === null || percent <= 0) return values
      return { ...values, [code === '220' ? 'feedrateFactor' : 'flowFactor']: percent / 100 }
    }
    case '290': {
      const step = numberAfter(line, 'Z') ?? numberAfter(line, 'S')
      return step === null ? values : { ...values, babyStep: sum(values.babyStep, step) }
    }
    default:
      return values
  }
}

/** RepRapFirmware takes a fraction, all others a byte; without S it is on. */
const fanOf = (speed: number | null): number => {
  if (speed === null) return 1
  return Math.max(0, Math.min(1, speed > 1 ? speed / 255 : speed === 1 ? 1 / 255 : speed))
}

const announcedBy = (line: string): LiveValues['announced'] => {
  const percent = numberAfter(line, 'P')
  const minutesLeft = numberAfter(line, 'R')
  return percent === null && minutesLeft === null ? null : { percent, minutesLeft }
}

const sayingOf = (text: string): string | null => {
  const saying = text.trim().slice(0, LONGEST_SAYING)
  return saying === '' ? null : saying
}

const sum = (one: number, other: number): number => Math.round((one + other) * 1000) / 1000

export const addBabyStep = (values: LiveValues, step: number): LiveValues => ({
  ...values,
  babyStep: sum(values.babyStep, step),
})

export const sayTo = (values: LiveValues, text: string): LiveValues => ({ ...values, message: sayingOf(text) })

/** What the printer itself answers to M220 and M221 (Marlin `FR:120%`, `E0 Flow: 95%`; RepRapFirmware in words). */
export const hearValue = (values: LiveValues, text: string): LiveValues => {
  const feedrate = /^(?:FR|Speed factor(?: override)?):\s*(\d+(?:\.\d+)?)\s*%/i.exec(text)
  if (feedrate) return { ...values, feedrateFactor: Number(feedrate[1]) / 100 }
  const flow = /^(?:E\d+ Flow|Extrusion factor(?: override)? for extruder \d+):\s*(\d+(?:\.\d+)?)\s*%/i.exec(text)
  if (flow) return { ...values, flowFactor: Number(flow[1]) / 100 }
  return values
}
