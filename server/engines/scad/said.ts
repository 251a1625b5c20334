// What OpenSCAD says, in plain words.
import type { ModelNote } from '../../contract/models.ts'

const MOST_NOTES = 30
const LONGEST = 300

const plain = (line: string, root: string): string =>
  line
    .replaceAll(`${root}/`, '')
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .trim()
    .slice(0, LONGEST)

/** Warnings and echoes, each once. */
export const notesIn = (lines: readonly string[], root: string): ModelNote[] => {
  const notes = new Map<string, ModelNote>()
  for (const line of lines) {
    const said = /^(WARNING|DEPRECATED|ECHO): (.*)$/s.exec(line)
    if (said === null) continue
    const [, kind = '', words = ''] = said
    const message = noteOf(kind, plain(words, root))
    if (notes.size < MOST_NOTES) notes.set(message, { code: `scad-${kind.toLowerCase()}`, message })
  }
  return [...notes.values()]
}

const noteOf = (kind: string, words: string): string => {
  if (kind === 'ECHO') return `The design says: ${words}`
  const missing = /Can't open (?:include file|library|import file) '([^']+)'/.exec(words)?.[1]
  if (missing !== undefined) return `${missing} is not in the design, and was left out.`
  const unknown = /Ignoring unknown (\w+) "?'?([\w$]+)/.exec(words)
  if (unknown !== null) return `${unknown[2]} is not known, and was left out (${placeIn(words)}).`
  if (/Can't get font/.test(words)) return 'A font that it asks for is not here, so a text is missing.'
  return `OpenSCAD warns: ${words}`
}

const placeIn = (words: string): string => /in file (.+), line (\d+)/.exec(words)?.slice(1).join(', line ') ?? words

/** Why there is no model, as a sentence. */
export const failureIn = (lines: readonly string[], root: string): string => {
  const all = lines.join('\n')
  const error = lines.find((line) => line.startsWith('ERROR:'))
  if (error !== undefined) {
    const words = plain(error.slice('ERROR:'.length), root)
    const assertion = /^Assertion '(.*)' failed(?:: "(.*)")? in file/.exec(words)
    if (assertion !== null) return `The design refuses these values: ${assertion[2] ?? assertion[1]}`
    if (/Parser error/.test(words)) return `It is written wrongly at ${placeIn(words)}.`
    if (/[Rr]ecursion/.test(words)) return endless
    return `OpenSCAD cannot make it: ${words}`
  }
  if (/not a 3D object/.test(all)) return 'It makes a flat drawing, no body. linear_extrude() would give it height.'
  if (/top level object is empty/.test(all)) return 'With these values it makes nothing.'
  return 'OpenSCAD broke down over it. Other values may work.'
}

export const endless = 'It calls itself without end, or deeper than OpenSCAD can follow.'
