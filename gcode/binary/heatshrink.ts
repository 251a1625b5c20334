// Heatshrink: the LZSS of small machines, with which binary G-code packs its blocks.

/** Bits of a copy's length less one; always 4 in binary G-code (libbgcode doc/specifications.md). */
const LENGTH_BITS = 4
const LENGTH_MASK = (1 << LENGTH_BITS) - 1

/**
 * Unpacks `source` into `target`; `windowBits` is 11 or 12. Highest bits first: `1` and a byte, or `0`, how far
 * back less one, and how many less one. Returns true where the source fills the target and ends there.
 */
export const unpackHeatshrink = (source: Uint8Array, target: Uint8Array, windowBits: number): boolean => {
  const end = source.length
  const length = target.length
  const copyBits = 1 + windowBits + LENGTH_BITS
  const backMask = (1 << windowBits) - 1
  let from = 0
  let to = 0
  // The lowest `held` bits are still to be read; what is above them is done with.
  let bits = 0
  let held = 0
  while (to < length) {
    while (held <= 24 && from < end) {
      bits = (bits << 8) | (source[from++] as number)
      held += 8
    }
    if (held < 9) return false
    if (((bits >>> (held - 1)) & 1) === 1) {
      held -= 9
      target[to++] = bits >>> held
      continue
    }
    if (held < copyBits) return false
    held -= copyBits
    const copy = bits >>> held
    let back = to - ((copy >>> LENGTH_BITS) & backMask) - 1
    const stop = Math.min(length, to + (copy & LENGTH_MASK) + 1)
    // What lies before the first byte is zeros.
    for (; back < 0 && to < stop; back++) target[to++] = 0
    while (to < stop) target[to++] = target[back++] as number
  }
  // Less than a byte is left over where the last byte was filled up.
  return from === end && held < 8
}
