// How many lines may be in flight: one, until the firmware shows that it can bear more; one again when the wire is bad. Pure.
import { pingPong, type WindowLimits } from './dialect.ts'
import type { OkDetail } from './reply.ts'

/** More than this at once gains nothing: four lines hide the way there and back. */
const MOST_LINES = 4
/** One line and its end less than the smallest receive buffer (Marlin's RX_BUFFER_SIZE is 128 on 8-bit boards). */
const MOST_BYTES = 120
/** After a resend, one in flight for so many lines. */
const CAUTION_LINES = 32
/** So many resends within so many lines: the wire is bad, and one in flight is all that it gets. */
const BAD_RESENDS = 3
const BAD_WITHIN_LINES = 2000

export interface Pace {
  /** Lines that the firmware's command buffer holds, as ADVANCED_OK shows; 0 where it does not tell. */
  readonly bufferLines: number
  /** Places of it that are taken by what is not ours: a card, a touch screen. */
  readonly others: number
  /** How many lines had been acknowledged at the last resends. */
  readonly resends: readonly number[]
  readonly cautiousUntil: number
  /** One in flight for the rest of this connection. */
  readonly steppedDown: boolean
  readonly stepDowns: number
}

export const freshPace: Pace = {
  bufferLines: 0,
  others: 0,
  resends: [],
  cautiousUntil: 0,
  steppedDown: false,
  stepDowns: 0,
}

/**
 * `B` counts the free places while the line itself still holds one (Marlin queue.cpp, ok_to_send): an idle firmware shows
 * its size less one. `inFlight`: lines of ours behind the acknowledged one.
 */
export const paceAfterOk = (pace: Pace, detail: OkDetail, inFlight: number): Pace => {
  if (detail.bufferFree === undefined || detail.line === undefined) return pace
  const bufferLines = Math.max(pace.bufferLines, detail.bufferFree + 1)
  const others = Math.max(0, bufferLines - 1 - detail.bufferFree - inFlight)
  return bufferLines === pace.bufferLines && others === pace.others ? pace : { ...pace, bufferLines, others }
}

/** `acknowledged`: lines so far. */
export const paceAfterResend = (pace: Pace, acknowledged: number): Pace => {
  const resends = [...pace.resends, acknowledged].slice(-BAD_RESENDS)
  const bad = resends.length === BAD_RESENDS && acknowledged - (resends[0] as number) < BAD_WITHIN_LINES
  const steppedDown = pace.steppedDown || bad
  return {
    ...pace,
    resends,
    cautiousUntil: acknowledged + CAUTION_LINES,
    steppedDown,
    stepDowns: pace.stepDowns + (steppedDown && !pace.steppedDown ? 1 : 0),
  }
}

/** What may be in flight now. `known` is what the dialect allows by itself; `most` what people allow. */
export const limitsOf = (pace: Pace, known: WindowLimits, acknowledged: number, most = MOST_LINES): WindowLimits => {
  if (most <= 1 || pace.steppedDown || acknowledged < pace.cautiousUntil) return { ...known, lines: 1 }
  if (pace.bufferLines === 0) return { ...known, lines: Math.min(known.lines, most) }
  const lines = Math.max(1, Math.min(most, MOST_LINES, pace.bufferLines - pace.others))
  return lines === 1 ? pingPong : { lines, bytes: MOST_BYTES }
}
