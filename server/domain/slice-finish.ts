// A slice as it is handed out: the engine's G-code with a picture of the part, and without what the engine left open.

/** Bytes at the beginning in which the engine's own header stands. */
const HEAD_BYTES = 2000
/** Characters of base64 in a line, as slicers write it. */
const LINE_LENGTH = 78

/** Cura's engine writes these for another program to fill in. */
const leftOpen = /^;(TIME:6666|Filament used: 0m|M(IN|AX)[XYZ]:-?2\.14748e\+06)\r?\n/gm

const pictureLines = (png: Uint8Array, size: number): string => {
  const base64 = Buffer.from(png).toString('base64')
  const lines = base64.match(new RegExp(`.{1,${LINE_LENGTH}}`, 'g')) ?? []
  return `; thumbnail begin ${size}x${size} ${base64.length}\n${lines.map((line) => `; ${line}\n`).join('')}; thumbnail end\n`
}

export interface SliceLabel {
  /** Plain words; letters that do not belong into a file are left out. */
  readonly comments: readonly string[]
  /** PNGs by their size in pixels. */
  readonly pictures: readonly { readonly png: Uint8Array; readonly size: number }[]
  /** What the engine counts. */
  readonly seconds: number | null
}

const plain = (comment: string): string =>
  comment
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .slice(0, 200)

/** In pieces, in their order. */
export const finishSlice = (gcode: Buffer, { comments, pictures, seconds }: SliceLabel): Buffer[] => {
  const at = gcode.subarray(0, HEAD_BYTES).lastIndexOf(0x0a) + 1
  const head = gcode
    .subarray(0, at)
    .toString('latin1')
    .replace(leftOpen, (line) => (line.startsWith(';TIME') && seconds !== null ? `;TIME:${Math.round(seconds)}\n` : ''))
  const added = pictures.map(({ png, size }) => pictureLines(png, size)).join('')
  // The engine's first line stays first: by it a file says who made it.
  const first = head.indexOf('\n') + 1
  const said = comments.map((comment) => `; ${plain(comment)}\n`).join('')
  return [Buffer.from(head.slice(0, first) + said + added + head.slice(first), 'latin1'), gcode.subarray(at)]
}
