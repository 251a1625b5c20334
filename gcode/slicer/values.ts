// What stands behind the `=` or `:` of a slicer's comment -> numbers, times and texts; undefined where it is none.

/** Nobody has more tools than this; longer lists are cut. */
export const MOST_TOOLS = 64

const LONGEST_TEXT = 200

/** A year of printing, in seconds; more is a mistake. */
const LONGEST_DURATION = 366 * 86400

const unitSeconds: Readonly<Record<string, number>> = { d: 86400, h: 3600, m: 60, s: 1 }

/**
 * A time as slicers write it: `1d 2h 3m 4s`, `0.279937s`, `744`, `0 hours 31 minutes`, `40m:36s`, `10.16 minutes`.
 * Returns seconds, or undefined where it is none.
 */
export const parseDuration = (text: string): number | undefined => {
  const plain = text.slice(0, LONGEST_TEXT).trim()
  let seconds = 0
  if (/^\d+(\.\d+)?$/.test(plain)) seconds = Number(plain)
  else {
    let found = false
    for (const [, amount, unit] of plain.matchAll(/(\d+(?:\.\d+)?)\s*(d|h|m|s)[a-z]*(?![\w%])/gi)) {
      seconds += Number(amount) * (unitSeconds[(unit as string).toLowerCase()] as number)
      found = true
    }
    if (!found) return undefined
  }
  return seconds <= LONGEST_DURATION ? seconds : undefined
}

/**
 * A number at the beginning of a text, whatever follows it, if it lies in [0, most]. Of a list it is the first, which
 * is also that of the normal mode where there is a silent one.
 */
export const parseAmount = (text: string, most: number): number | undefined => {
  const found = /^\s*"?(\d{1,15}(?:\.\d*)?|\.\d+)(?:[eE]([+-]?\d{1,2}))?(?![\d.]|[eE][+-]?\d)/.exec(text)
  if (found === null) return undefined
  const value = Number(found[1]) * (found[2] === undefined ? 1 : 10 ** Number(found[2]))
  return value <= most ? value : undefined
}

/** Numbers by tool, `986.61, 0.00` or `1.75|1.75`; an entry that is none is a hole. */
export const parseAmounts = (text: string, most: number): (number | undefined)[] =>
  text.split(/[,;|]/, MOST_TOOLS).map((part) => parseAmount(part, most))

/** `1`, `0`, `True`, `false`. */
export const parseFlag = (text: string): boolean | undefined => {
  const plain = text.trim().toLowerCase()
  if (plain === '1' || plain === 'true') return true
  return plain === '0' || plain === 'false' ? false : undefined
}

/** `20%` or `0.2` -> 0.2; a bare number above 1 is taken for a percentage too. */
export const parseShare = (text: string): number | undefined => {
  const amount = parseAmount(text, 100)
  if (amount === undefined) return undefined
  return text.includes('%') || amount > 1 ? amount / 100 : amount
}

/** Left by a program that was to replace it and did not: `#P_TIME#`, `{time}`, `[printer]`, `_X_PLACEHOLDER`. */
const placeholder = /#[A-Z]+(?:_[A-Z]+)*#|\{[^{}]*\}|\[[a-z_]+\]|PLACEHOLDER|%[A-Za-z_]+%/

export const isPlaceholder = (text: string): boolean => placeholder.test(text)

/** With a blank for each tab, bell and the like; what is left is trimmed. */
export const withoutControls = (text: string): string =>
  Array.from(text, (letter) => (letter < ' ' || letter === '\x7f' ? ' ' : letter))
    .join('')
    .trim()

/** A name: quotes and blanks taken off, cut at 200 characters; undefined where it is empty or a placeholder. */
export const parseName = (text: string): string | undefined => {
  const plain = text.trim()
  const bare = plain.length > 1 && plain.startsWith('"') && plain.endsWith('"') ? plain.slice(1, -1) : plain
  const name = withoutControls(bare.slice(0, 2 * LONGEST_TEXT).replace(/\\(["\\])/g, '$1')).slice(0, LONGEST_TEXT)
  return name === '' || name === '(Unknown)' || isPlaceholder(name) ? undefined : name
}

/** Names by tool, `PLA;ABS` or `"Generic ABS";"A \"special\"; one"`; an entry that is none is a hole. */
export const parseNames = (text: string): (string | undefined)[] => {
  const names: (string | undefined)[] = []
  let from = 0
  let quoted = false
  for (let at = 0; at <= text.length && names.length < MOST_TOOLS; at++) {
    const letter = text[at]
    if (letter === '\\' && quoted) at++
    else if (letter === '"') quoted = !quoted
    if (at >= text.length || (letter === ';' && !quoted)) {
      names.push(parseName(text.slice(from, at)))
      from = at + 1
    }
  }
  return names
}

/** A converted number without the dust of binary fractions: 0.380645 m is 380.645 mm, not 380.64500000000004. */
export const tidy = (amount: number): number => Number(amount.toPrecision(12))

const unitMillimetres: Readonly<Record<string, number>> = { mm: 1, cm: 10, m: 1000 }
const unitCubicCentimetres: Readonly<Record<string, number>> = { mm3: 0.001, cm3: 1, ml: 1 }

/** Filament by tool with its unit: lengths `0.27387m, 0.1m` in mm, volumes `123.4mm3` in cm³. */
export const parseFilament = (text: string): { lengths: (number | undefined)[]; volumes: (number | undefined)[] } => {
  const lengths: (number | undefined)[] = []
  const volumes: (number | undefined)[] = []
  for (const part of text.split(/[,(]/, MOST_TOOLS)) {
    const found = /^\s*(\d{1,9}(?:\.\d{1,15})?)\s*(mm\^?3|cm\^?3|mm|cm|ml|m)(?![\w^])/.exec(part)
    if (found === null) continue
    const unit = (found[2] as string).replace('^', '')
    const length = unitMillimetres[unit]
    if (length !== undefined) lengths.push(tidy(Number(found[1]) * length))
    else volumes.push(tidy(Number(found[1]) * (unitCubicCentimetres[unit] as number)))
  }
  return { lengths, volumes }
}
