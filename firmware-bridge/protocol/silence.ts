// When is silence too long, and what is to be done about it? Pure: times come from the caller.

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

/** How things stand. All in milliseconds since something happened. */
export interface Silence {
  /** What is waited for: nothing, the ok of a resend or stale lines, or a line of a short or a long command. */
  readonly awaiting: 'nothing' | 'resend' | 'short' | 'long'
  readonly probing: boolean
  readonly keepalive: boolean
  /** Since anything went either way. */
  readonly sinceTraffic: number
  /** Since an `ok`, a `busy` or a `Resend`, or the line itself: reports by the clock do not count. */
  readonly sinceProgress: number
}

/** `settle`: what is owed will not come. `probe`: ask whether the link lives. `dead`: it does not. */
export const judgeSilence = (silence: Silence, limits: SilenceLimits): 'fine' | 'settle' | 'probe' | 'dead' => {
  if (silence.awaiting === 'nothing') return 'fine'
  if (silence.awaiting === 'resend') return silence.sinceProgress < limits.settleAfter ? 'fine' : 'settle'
  const { keepalive, awaiting, probing } = silence
  const long = awaiting === 'long'
  const deadAfter = keepalive ? limits.deadAfter : long ? limits.deadInLongCommand : limits.deadAfterWithoutKeepalive
  if (silence.sinceTraffic > deadAfter) return 'dead'
  // Reports by the clock go on when an ok is lost: they are no reason to wait on.
  const probeAfter = !long
    ? limits.probeAfter
    : keepalive
      ? limits.probeLongAfter
      : limits.probeLongAfterWithoutKeepalive
  return silence.sinceProgress < probeAfter * (probing ? PROBE_AGAIN : 1) ? 'fine' : 'probe'
}
