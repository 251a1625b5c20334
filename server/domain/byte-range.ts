// Which bytes of a file are asked for by a Range header.

export interface BytesPart {
  readonly from: number
  /** The first byte that is not in it. */
  readonly to: number
}

/**
 * One part in bytes (`bytes=100-199`, `bytes=100-`, `bytes=-50`); null where the whole file is to be sent: there is no
 * such header, it asks for several parts, or for none that is there. (RFC 9110 section 14.2 lets a server ignore it.)
 */
export const partAsked = (header: string | undefined, sizeBytes: number): BytesPart | null => {
  const asked = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (asked === null) return null
  const [, first = '', last = ''] = asked
  if (first === '' && last === '') return null
  const from = first === '' ? Math.max(0, sizeBytes - Number(last)) : Number(first)
  const to = first === '' || last === '' ? sizeBytes : Math.min(sizeBytes, Number(last) + 1)
  return from < to ? { from, to } : null
}
