// The line of the file that leads to a place: its number and its text.
import { LINE_BLOCK } from './messages.ts'

export interface FileLine {
  readonly number: number
  readonly text: string
}

const LF = 10
/** So much before a block is read as well: a line may begin there. */
const BEFORE = 512

/** Which bytes must be read to know the line that ends at `offset`. */
export const bytesForLine = (offset: number): { from: number; to: number } => {
  const block = Math.floor(Math.max(0, offset - 1) / LINE_BLOCK) * LINE_BLOCK
  return { from: Math.max(0, block - BEFORE), to: offset }
}

/** `bytes` are those of `bytesForLine`; `linesBefore` how many lines end before each block. */
export const lineIn = (bytes: Uint8Array, offset: number, linesBefore: Uint32Array): FileLine => {
  const { from } = bytesForLine(offset)
  const block = Math.floor(Math.max(0, offset - 1) / LINE_BLOCK)
  let end = offset - from
  if (bytes[end - 1] === LF) end--
  const begin = bytes.lastIndexOf(LF, end - 1) + 1
  let number = (linesBefore[block] ?? 0) + 1
  for (let at = block * LINE_BLOCK - from; at < end; at++) if (bytes[at] === LF) number++
  return { number, text: new TextDecoder().decode(bytes.subarray(begin, end)).trim() }
}
