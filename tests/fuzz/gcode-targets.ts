// Everything in gcode/ that reads what strangers have written, and what may never come out of it.

import { decodeBase64 } from '../../gcode/binary/base64.ts'
import {
  Analyser,
  BadContainer,
  PrintableLines,
  readHeadAndTail,
  TextReader,
  ToolpathReader,
} from '../../gcode/index.ts'
import { BadPicture } from '../../gcode/pictures/bad-picture.ts'
import { toPng } from '../../gcode/pictures/to-png.ts'
import { usualProfile } from '../../gcode/warnings/profile.ts'
import { WarningCheck } from '../../gcode/warnings/warning-check.ts'
import { chunksOf, type Random } from './mutate.ts'

/** Text beyond this is not gone through: bombs are for the reader to stop. */
const MOST_TEXT = 20_000_000
/** Seconds; a case that takes longer hangs, or as good as. */
const LONGEST = 20

/** Throws where a number in the value is none. */
const finite = (value: unknown, path = 'result'): void => {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${path} is ${value}`)
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) finite(inner, `${path}.${key}`)
}

const textOf = (bytes: Uint8Array, random: Random): Uint8Array => {
  const parts: Uint8Array[] = []
  let size = 0
  const reader = new TextReader({
    text: (part) => {
      size += part.length
      if (size <= MOST_TEXT) parts.push(part.slice())
    },
    mostUnpackedBytes: 100_000_000,
  })
  for (const chunk of chunksOf(bytes, random)) reader.feed(chunk)
  reader.end()
  return Buffer.concat(parts)
}

const analyse = (text: Uint8Array, random: Random): void => {
  const metadata = readHeadAndTail(
    text.subarray(0, 1 << 20),
    text.subarray(Math.max(0, text.length - (1 << 20))),
    text.length,
  )
  finite(metadata, 'metadata')
  const check = new WarningCheck({ ...usualProfile, dialect: random() < 0.5 ? 'marlin' : 'klipper' })
  const analyser = new Analyser(random() < 0.5 ? { metadata, checks: [check] } : { checks: [check] })
  for (const chunk of chunksOf(text, random)) analyser.feed(chunk)
  const analysis = analyser.result()
  finite(analysis)
  finite(check.result(), 'warnings')
  for (const { base64, format } of analysis.thumbnails) {
    try {
      const bytes = decodeBase64(base64)
      if (bytes !== null) toPng(bytes, format)
    } catch (error) {
      if (!(error instanceof BadPicture)) throw error
    }
  }
  for (const { ranges } of analysis.objects.objects) {
    for (const [from, to] of ranges)
      if (from < 0 || to > text.length || from > to) throw new Error('a range beyond the file')
  }
}

const draw = (text: Uint8Array, random: Random): void => {
  const budget = random() < 0.3 ? { pointBudget: 1 + Math.floor(random() * 5000) } : {}
  const reader = new ToolpathReader({
    layer: (layer) => finite({ z: layer.z, height: layer.height, box: layer.box }),
    ...budget,
  })
  for (const chunk of chunksOf(text, random)) reader.feed(chunk)
  finite(reader.end(), 'toolpath')
}

const rewrite = (text: Uint8Array, random: Random): void => {
  const lines = new PrintableLines(random() < 0.5 ? {} : { compact: true, dialect: 'klipper' })
  let before = 0
  const look = (taken: readonly { text: string; endOffset: number }[]): void => {
    for (const { text: line, endOffset } of taken) {
      if (endOffset < before || endOffset > text.length || line.includes('\n')) throw new Error('a line out of place')
      before = endOffset
    }
  }
  for (const chunk of chunksOf(text, random)) {
    lines.feed(chunk)
    if (random() < 0.1) {
      const from = Math.floor(random() * text.length)
      lines.exclude([{ name: 'x', ranges: [[from, from + Math.floor(random() * 5000)]] }])
    }
    look(lines.take())
  }
  lines.end()
  look(lines.take())
}

/** Puts one hostile file through everything. Throws where something gives way. */
export const tryFile = (bytes: Uint8Array, random: Random): void => {
  const from = performance.now()
  try {
    const text = textOf(bytes, random)
    analyse(text, random)
    if (random() < 0.5) draw(text, random)
    if (random() < 0.5) rewrite(text, random)
  } catch (error) {
    // That is how a damaged file is refused.
    if (!(error instanceof BadContainer)) throw error
  }
  const seconds = (performance.now() - from) / 1000
  if (seconds > LONGEST) throw new Error(`it took ${seconds.toFixed(0)} s`)
}
