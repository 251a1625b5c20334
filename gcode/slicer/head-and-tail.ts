// Metadata of a file from its first and its last part alone, whatever lies between.
import type { SlicerMetadata } from './metadata.ts'
import { SlicerNotes } from './notes.ts'

const LF = 10
const SEMICOLON = 59

/**
 * What the slicer says in the first and the last bytes of a file of `sizeBytes`: that is where it says nearly all of
 * it. Give 1 MiB of each, or what there is; they may overlap. Lines that are cut are left out.
 */
export const readHeadAndTail = (head: Uint8Array, tail: Uint8Array, sizeBytes: number): SlicerMetadata => {
  const notes = new SlicerNotes()
  const tailOffset = Math.max(0, sizeBytes - tail.length)
  if (head.length >= sizeBytes) readComments(notes, head)
  else {
    const cut = head.lastIndexOf(LF) + 1
    readComments(notes, head.subarray(0, cut))
    // Where they meet, the line that the head begins ends in the tail.
    if (tailOffset <= head.length)
      readComments(notes, joined(head.subarray(cut), tail.subarray(head.length - tailOffset)))
    else readComments(notes, tail.subarray(endOfLine(tail)))
  }
  return notes.result()
}

const joined = (one: Uint8Array, other: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(one.length + other.length)
  bytes.set(one)
  bytes.set(other, one.length)
  return bytes
}

/** Past the first line feed; all of it where there is none. */
const endOfLine = (bytes: Uint8Array): number => {
  const lineFeed = bytes.indexOf(LF)
  return lineFeed === -1 ? bytes.length : lineFeed + 1
}

/** Finds comments by the library's own search, which is fast from the first byte on: nothing here is warm yet. */
const readComments = (notes: SlicerNotes, part: Uint8Array): void => {
  let at = part.indexOf(SEMICOLON)
  while (at !== -1) {
    const lineFeed = part.indexOf(LF, at)
    const lineEnd = lineFeed === -1 ? part.length : lineFeed
    // Behind a command stands what the command does, and no note.
    if (at === 0 || part[at - 1] === LF) {
      let from = at + 1
      let to = lineEnd
      while (from < to && isBlank(part[from] as number)) from++
      while (to > from && isBlank(part[to - 1] as number)) to--
      notes.comment(part, from, to)
    }
    at = part.indexOf(SEMICOLON, lineEnd)
  }
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === 13
