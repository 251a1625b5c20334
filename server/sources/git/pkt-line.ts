// Git's framing: four hex digits of length, then that many bytes (gitprotocol-common).

/** A line, or one of the marks between lines. */
export type Packet = { readonly kind: 'line'; readonly bytes: Buffer } | { readonly kind: 'flush' | 'delim' | 'end' }

/** The lengths below four are marks; 0003 is nothing yet. */
const marks: Readonly<Record<number, 'flush' | 'delim' | 'end'>> = { 0: 'flush', 1: 'delim', 2: 'end' }

export const FLUSH = '0000'
export const DELIM = '0001'

export const pktLine = (text: string): string => (Buffer.byteLength(text) + 4).toString(16).padStart(4, '0') + text

export class WrongPacket extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongPacket'
  }
}

/** Throws WrongPacket where the stream is no sequence of lines, or ends within one. */
export async function* readPackets(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Packet> {
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of pieces) {
    held = held.length === 0 ? Buffer.from(piece) : Buffer.concat([held, piece])
    let at = 0
    while (held.length - at >= 4) {
      const digits = held.toString('latin1', at, at + 4)
      const length = /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : 3
      const mark = marks[length]
      if (mark !== undefined) yield { kind: mark }
      else if (length < 4) throw new WrongPacket('it does not speak git')
      else if (held.length - at < length) break
      else yield { kind: 'line', bytes: held.subarray(at + 4, at + length) }
      at += mark === undefined ? length : 4
    }
    held = held.subarray(at)
  }
  if (held.length > 0) throw new WrongPacket('it broke off in the midst of a line')
}

export const lineText = (bytes: Buffer): string => bytes.toString('utf8').replace(/\n$/, '')
