// One object as the difference to another (gitformat-pack, "Deltified representation").

export class WrongDelta extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'WrongDelta'
  }
}

/** The size of what comes out, as the difference itself says. */
export const deltaResultBytes = (delta: Buffer): number => readSize(delta, readSize(delta, 0).next).value

/** Throws WrongDelta where it does not fit its base, or reaches over an edge. */
export const applyDelta = (base: Buffer, delta: Buffer): Buffer => {
  const from = readSize(delta, 0)
  if (from.value !== base.length) throw new WrongDelta('a difference belongs to another object')
  const to = readSize(delta, from.next)
  const result = Buffer.allocUnsafe(to.value)
  let [at, filled] = [to.next, 0]
  while (at < delta.length) {
    const op = byteAt(delta, at++)
    if (op === 0) throw new WrongDelta('a difference holds an order that is not known')
    const copied = (op & 0x80) !== 0
    const copy = copied ? readCopy(delta, at, op) : { offset: at, size: op, next: at + op }
    const source = copied ? base : delta
    if (copy.offset + copy.size > source.length || filled + copy.size > result.length)
      throw new WrongDelta('a difference reaches over the edge')
    source.copy(result, filled, copy.offset, copy.offset + copy.size)
    filled += copy.size
    at = copy.next
  }
  if (filled !== result.length) throw new WrongDelta('a difference is too short')
  return result
}

const readCopy = (delta: Buffer, start: number, op: number): { offset: number; size: number; next: number } => {
  let next = start
  const read = (bits: readonly number[]): number =>
    bits.reduce((sum, bit, at) => ((op & bit) === 0 ? sum : sum + byteAt(delta, next++) * 2 ** (8 * at)), 0)
  const offset = read([0x01, 0x02, 0x04, 0x08])
  const size = read([0x10, 0x20, 0x40])
  return { offset, size: size === 0 ? 0x10000 : size, next }
}

/** Seven bits a byte, the lowest first. */
const readSize = (delta: Buffer, start: number): { value: number; next: number } => {
  let value = 0
  for (let at = start; at < start + 7; at++) {
    const byte = byteAt(delta, at)
    value += (byte & 0x7f) * 2 ** (7 * (at - start))
    if ((byte & 0x80) === 0) return { value, next: at + 1 }
  }
  throw new WrongDelta('a difference claims an impossible size')
}

const byteAt = (delta: Buffer, at: number): number => {
  const byte = delta[at]
  if (byte === undefined) throw new WrongDelta('a difference is cut off')
  return byte
}
