// The dialects that are known, each with the facts that its firmware's source or a recorded talk shows.
import { type Dialect, type DialectName, type Phrases, pingPong } from './dialect.ts'

const percent = (factor: number): number => Math.round(factor * 100)
const height = (value: number): string => String(Number(value.toFixed(3)))

const marlinPhrases: Phrases = {
  babystep: (by, can) => (can['BABYSTEPPING'] ? `M290 Z${height(by)}` : null),
  fan: (speed) => (speed <= 0 ? 'M107' : `M106 S${Math.round(speed * 255)}`),
  feedrate: (factor) => `M220 S${percent(factor)}`,
  flow: (factor) => `M221 S${percent(factor)}`,
  message: (text) => `M117 ${text}`,
  finish: 'M400',
  free: 'M108',
  quickStop: 'M410',
  reportTemperatures: (seconds, can) => (can['AUTOREPORT_TEMP'] ? `M155 S${seconds}` : null),
  reportPosition: (seconds, can) => (can['AUTOREPORT_POS'] ? `M154 S${seconds}` : null),
  answerPrompt: (button, can) => (can['PROMPT_SUPPORT'] ? `M876 S${button}` : null),
}

/** Marlin 2.0.6 and later (queue.cpp). */
const marlin2: Dialect = {
  name: 'marlin-2',
  title: 'Marlin 2',
  numbers: 'checked',
  // MAX_CMD_SIZE is 96 with its end; what is longer is cut, its checksum with it.
  longestLine: 95,
  parenComments: false,
  takesUtf8: true,
  keepalive: 'busy',
  temperaturesInOk: true,
  okAfterResend: true,
  // A number that came already is swallowed without a word: sending it again would tell nothing.
  unanswered: 'next-line',
  answersEmptyLines: false,
  inFlight: pingPong,
  renumberAfter: 1_000_000,
  emergency: 'by-capability',
  tellsCardPrints: true,
  say: marlinPhrases,
}

/** Marlin 1.0 and 1.1: as its successor, but a number that came already is answered by `Resend`. */
const marlin1: Dialect = { ...marlin2, name: 'marlin-1', title: 'Marlin 1' }

/** Prusa's 8-bit firmware (MK2, MK3): it ignores bytes from 0x80 on, which spoils the checksum of a text that has them. */
const prusa: Dialect = {
  ...marlin2,
  name: 'prusa',
  title: 'Prusa',
  takesUtf8: false,
  emergency: 'in-turn',
  say: {
    ...marlinPhrases,
    babystep: () => null,
    free: null,
    quickStop: null,
    reportPosition: () => null,
    answerPrompt: () => null,
  },
}

/** Prusa's 32-bit firmware (Mini, MK4, XL): a Marlin 2 on a USB port with flow control. */
const prusaBuddy: Dialect = {
  ...marlin2,
  name: 'prusa-buddy',
  title: 'Prusa Buddy',
  takesUtf8: false,
  say: { ...marlinPhrases, reportPosition: () => null },
}

/** RepRapFirmware in its Marlin mode (USB, M555 P2): numbers are only repeated in answers, a bad checksum is dropped silently. */
const reprapfirmware: Dialect = {
  ...marlin2,
  name: 'reprapfirmware',
  title: 'RepRapFirmware',
  numbers: 'checksum',
  longestLine: 255,
  parenComments: true,
  keepalive: 'none',
  okAfterResend: false,
  unanswered: 'never',
  emergency: 'at-once',
  say: {
    ...marlinPhrases,
    babystep: (by) => `M290 S${height(by)}`,
    reportTemperatures: () => null,
    reportPosition: () => null,
    answerPrompt: (button) => (button === 0 ? 'M292 P0' : 'M292 P1'),
  },
}

/** Repetier-Firmware 1.0: numbers modulo 65536, a known one is answered by `skip`, M105 by `ok` and then the temperatures. */
const repetier: Dialect = {
  ...marlin2,
  name: 'repetier',
  title: 'Repetier',
  takesUtf8: false,
  keepalive: 'wait',
  temperaturesInOk: false,
  unanswered: 'same-line',
  renumberAfter: 60_000,
  emergency: 'in-turn',
  say: {
    ...marlinPhrases,
    babystep: (by) => `M290 Z${height(by)}`,
    free: null,
    quickStop: null,
    reportPosition: () => null,
    answerPrompt: () => null,
  },
}

/** Smoothieware: asks again by `rs N12` without an `ok`, and says `ok` to an empty line. */
const smoothieware: Dialect = {
  ...marlin2,
  name: 'smoothieware',
  title: 'Smoothieware',
  takesUtf8: false,
  parenComments: true,
  keepalive: 'none',
  okAfterResend: false,
  answersEmptyLines: true,
  emergency: 'at-once',
  say: {
    ...marlinPhrases,
    babystep: () => null,
    free: null,
    quickStop: null,
    reportTemperatures: () => null,
    reportPosition: () => null,
    answerPrompt: () => null,
  },
}

/**
 * Klipper's virtual serial port: a pseudo-terminal, on which nothing is lost; neither number nor checksum is looked at.
 * It reads up to 4096 bytes at once and finds M112 in them as long as fewer than 20 commands wait (gcode.py).
 */
const klipper: Dialect = {
  ...marlin2,
  name: 'klipper',
  title: 'Klipper',
  numbers: 'ignored',
  longestLine: 1024,
  takesUtf8: false,
  keepalive: 'none',
  okAfterResend: false,
  unanswered: 'arrived',
  answersEmptyLines: true,
  inFlight: { lines: 4, bytes: 1024 },
  emergency: 'at-once',
  say: {
    ...marlinPhrases,
    babystep: (by) => `SET_GCODE_OFFSET Z_ADJUST=${height(by)} MOVE=1`,
    free: null,
    quickStop: null,
    reportTemperatures: () => null,
    reportPosition: () => null,
    answerPrompt: () => null,
  },
}

/** Whoever does not say who he is gets what every firmware can bear. */
const unknown: Dialect = {
  ...marlin2,
  name: 'unknown',
  title: 'unknown firmware',
  takesUtf8: false,
}

export const dialects: Readonly<Record<DialectName, Dialect>> = {
  'marlin-1': marlin1,
  'marlin-2': marlin2,
  prusa,
  'prusa-buddy': prusaBuddy,
  reprapfirmware,
  repetier,
  smoothieware,
  klipper,
  unknown,
}
