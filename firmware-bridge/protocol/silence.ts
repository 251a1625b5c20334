// When is silence too long, and what is to be done about it? Pure: times come from the caller.
import type { CommandClass } from './command-class.ts'

/** How long silence may last, in milliseconds. */
export interface SilenceLimits {
  /** After a short command, before the link is probed. Firmware with keepalive speaks every 2 s while it is busy. */
  readonly probeAfter: number
  /** The same after a command that may take minutes, for firmware that would say that it is busy, and for other. */
  readonly probeLongAfter: number
  readonly probeLongAfterWithoutKeepalive: number
  /** After `Resend`, before its `ok` is taken as given. */
  readonly settleAfter: number
  /** Without a single byte, before the link counts as dead: with keepalive, and for firmware that has none. */
  readonly deadAfter: number
  readonly deadAfterWithoutKeepalive: number
  /** The same during commands that take minutes. */
  readonly deadInLongCommand: number
}

export const usualSilence: SilenceLimits = {
  probeAfter: 2500,
  probeLongAfter: 10_000,
  probeLongAfterWithoutKeepalive: 180_000,
  settleAfter: 700,
  deadAfter: 20_000,
  deadAfterWithoutKeepalive: 90_000,
  deadInLongCommand: 600_000,
}

/** While one probe is out, another would only fill the firmware's buffer: it may have been lost, but not so soon. */
const PROBE_AGAIN = 4
/** Stale lines are refused as they are read: what is not refused by then was emptied with the firmware's buffer. */
const STALE_SHARE = 1 / 3
/** `wait` comes each second from firmware that has nothing to do; one may have been under way already. */
const WAITS = 2
/** Probes without an answer in a row: reports by the clock go on, but nobody listens. */
const MOST_PROBES = 10

/** How things stand. All in milliseconds since something happened. */
export interface Silence {
  /** What is waited for: nothing, the ok of a resend, the answers to stale lines, or that of a command. */
  readonly awaiting: 'nothing' | 'resend' | 'stale' | CommandClass
  readonly probing: boolean
  readonly keepalive: boolean
  /** Since anything went either way. */
  readonly sinceTraffic: number
  /** Since an `ok`, a `busy` or a `Resend`, or the line itself: reports by the clock do not count. */
  readonly sinceProgress: number
  /** Milliseconds that the command asks the printer to wait (G4). */
  readonly dwell?: number
  /** How often the firmware has said `wait` since the line went out. */
  readonly waits?: number
  /** Probes since the last answer. */
  readonly probes?: number
}

/** `settle`: what is owed will not come. `probe`: ask whether the link lives. `dead`: it does not. */
export const judgeSilence = (silence: Silence, limits: SilenceLimits): 'fine' | 'settle' | 'probe' | 'dead' => {
  const { awaiting, keepalive, probing, dwell = 0, waits = 0, probes = 0 } = silence
  switch (awaiting) {
    case 'nothing':
      return 'fine'
    case 'resend':
      return silence.sinceProgress < limits.settleAfter ? 'fine' : 'settle'
    case 'stale':
      return silence.sinceProgress < limits.settleAfter * STALE_SHARE ? 'fine' : 'settle'
    case 'person':
      // Nobody knows when somebody comes; a probe would only wait in the firmware's buffer with the rest.
      if (!keepalive) return 'fine'
  }
  const long = awaiting === 'long' || awaiting === 'person'
  if (silence.sinceTraffic > deadAfter(limits, keepalive, long) + dwell) return 'dead'
  if (!long && probes >= MOST_PROBES) return 'dead'
  if (waits >= WAITS && !probing && silence.sinceProgress > limits.settleAfter) return 'probe'
  // Reports by the clock go on when an ok is lost: they are no reason to wait on.
  const patience = (probeAfter(limits, keepalive, long) + dwell) * (probing ? PROBE_AGAIN : 1)
  return silence.sinceProgress < patience ? 'fine' : 'probe'
}

const deadAfter = (limits: SilenceLimits, keepalive: boolean, long: boolean): number => {
  if (keepalive) return limits.deadAfter
  return long ? limits.deadInLongCommand : limits.deadAfterWithoutKeepalive
}

const probeAfter = (limits: SilenceLimits, keepalive: boolean, long: boolean): number => {
  if (!long) return limits.probeAfter
  return keepalive ? limits.probeLongAfter : limits.probeLongAfterWithoutKeepalive
}
