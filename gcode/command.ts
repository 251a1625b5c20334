// One command of G-code, as the scanner reads it: its name, its words, its place in the file.

/**
 * The command that the scanner stands on. One object serves all lines: read what is needed, keep nothing.
 * For `G92.1 X5 Y`: letter 'G', number 92, subcode 1, mask X|Y, bare Y, values[23] = 5.
 */
export interface Command {
  /** Code of 'G', 'M' or 'T'; 0 for an extended command such as `EXCLUDE_OBJECT_START NAME=x`. */
  letter: number
  number: number
  subcode: number
  /** Bit n is set where the letter number n (A = 0) stands on the line. */
  mask: number
  /** Those of them that stand there without a number (`G28 X`). */
  bare: number
  /** The numbers by letter: `values[23]` is X. Only those named in `mask` belong to this line. */
  readonly values: Float64Array
  /** The bytes that `from` and `to` point into: the command without line number, checksum and comment. */
  bytes: Uint8Array
  from: number
  to: number
  /** Where the line begins in the file, and where the next one does, in bytes. */
  offset: number
  nextOffset: number
  /** Line of the file, counted from 1. */
  line: number
}

export interface CommandSink {
  command(command: Command): void
  /** A comment by `;`, without it, blanks at both ends cut; `offset` is where its line begins in the file. */
  comment?(bytes: Uint8Array, from: number, to: number, offset: number, line: number): void
}

/** Letters as bit numbers of `Command.mask` and places in `Command.values`. */
export const D = 3
export const E = 4
export const F = 5
export const G = 6
export const I = 8
export const J = 9
export const K = 10
export const L = 11
export const P = 15
export const R = 17
export const S = 18
export const T = 19
export const X = 23
export const Y = 24
export const Z = 25

export const has = (command: Command, letter: number): boolean => (command.mask & (1 << letter)) !== 0

/** The number behind a letter, or `otherwise` where the line has none. */
export const wordOf = (command: Command, letter: number, otherwise: number): number =>
  (command.mask & ~command.bare & (1 << letter)) !== 0 ? (command.values[letter] as number) : otherwise

/** The command's text as a printer takes it: no line number, no checksum, no comment. One character a byte. */
export const textOf = (command: Command): string => decodeLatin1(command.bytes, command.from, command.to)

/** Bytes as one character each, so that places in the text and in the file stay the same. */
export const decodeLatin1 = (bytes: Uint8Array, from: number, to: number): string => {
  let text = ''
  for (let at = from; at < to; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(at + 4096, to)))
  }
  return text
}
