// What differs between firmwares that all say `ok`: how they count lines, what they promise, and how things are said to them.

export const dialectNames = [
  'marlin-1',
  'marlin-2',
  'prusa',
  'prusa-buddy',
  'reprapfirmware',
  'repetier',
  'smoothieware',
  'klipper',
  'unknown',
] as const
export type DialectName = (typeof dialectNames)[number]

export const isDialectName = (name: string): name is DialectName => dialectNames.some((known) => known === name)

/** How much may be on the wire at once. */
export interface WindowLimits {
  readonly lines: number
  readonly bytes: number
}

/** One line at a time: the only depth that is safe with every firmware. */
export const pingPong: WindowLimits = { lines: 1, bytes: 127 }

/** How a thing is said in this dialect; null where it cannot be. Lengths in mm. */
export interface Phrases {
  /** Moves the nozzle by so much without the print noticing. `can` are the capabilities of M115. */
  babystep(height: number, can: Readonly<Record<string, boolean>>): string | null
  /** 0 to 1. */
  fan(speed: number): string
  /** 1 is the speed of the file. */
  feedrate(factor: number): string
  flow(factor: number): string
  /** Shows a text on the printer's display. */
  message(text: string): string | null
  /** Has its `ok` when the last move is made. */
  readonly finish: string
  /** Ends a wait for heat or for a person: un-numbered, past everything. */
  readonly free: string | null
  /** Drops the moves that are planned, keeps the firmware alive. */
  readonly quickStop: string | null
  /** Temperatures by the clock, each so many seconds; 0 ends it. */
  reportTemperatures(seconds: number, can: Readonly<Record<string, boolean>>): string | null
  reportPosition(seconds: number, can: Readonly<Record<string, boolean>>): string | null
  /** Answers the prompt that is shown by the index of its button, from 0. */
  answerPrompt(button: number, can: Readonly<Record<string, boolean>>): string | null
}

export interface Dialect {
  readonly name: DialectName
  /** For people. */
  readonly title: string
  /**
   * What an `N..*..` is worth: `checked`: only the next number is taken. `checksum`: a bad checksum is dropped without a
   * word and numbers are not looked at. `ignored`: neither is looked at.
   */
  readonly numbers: 'checked' | 'checksum' | 'ignored'
  /** Bytes of a line with its number and checksum, without its end. */
  readonly longestLine: number
  /** `(...)` is a comment. */
  readonly parenComments: boolean
  /** Bytes from 0x80 on are taken as they are; elsewhere they spoil the checksum or the whole read. */
  readonly takesUtf8: boolean
  /** What says that the firmware is at work: `busy:` every 2 s during a command, `wait` every second while idle, or nothing. */
  readonly keepalive: 'busy' | 'wait' | 'none'
  /** Whether the `ok` of an M105 carries the temperatures; elsewhere they follow on a line of their own. */
  readonly temperaturesInOk: boolean
  /** Whether an `ok` follows a `Resend`. */
  readonly okAfterResend: boolean
  /**
   * How to learn what became of a line whose `ok` does not come. `next-line`: the one after it is accepted, or the lost one
   * asked for. `same-line`: it may be sent again, one that was taken is skipped. `arrived`: nothing is lost on this wire.
   * `never`: this firmware cannot tell.
   */
  readonly unanswered: 'next-line' | 'same-line' | 'arrived' | 'never'
  /** Whether an empty line gets an `ok`: it must never be sent while something is awaited. */
  readonly answersEmptyLines: boolean
  /** How much may be in flight without ADVANCED_OK: more than one line only where the receive buffer is known. */
  readonly inFlight: WindowLimits
  /** The numbers begin anew after so many lines. */
  readonly renumberAfter: number
  /** Whether M112 acts as it arrives: always, if M115 names EMERGENCY_PARSER, or only when its turn comes. */
  readonly emergency: 'at-once' | 'by-capability' | 'in-turn'
  /** Whether prints from the firmware's own storage can be asked for by M27. */
  readonly tellsCardPrints: boolean
  readonly say: Phrases
}
