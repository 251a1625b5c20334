// Licences as people write them -> SPDX ids. Our own table: general correctors grant more than was said.

/** Words that say: nothing is permitted, or nothing is said. */
const nothing =
  /^(none|noassertion|all ?rights ?reserved|unlicensed|proprietary|copyright|n\/?a|unknown|no licen[cs]e|-|\[?value\]?|<.*>)$/i

/** Whether these words grant nothing. */
export const saysNothing = (written: string): boolean => {
  const plain = written.replace(/^LicenseRef-/i, '').trim()
  return plain === '' || nothing.test(plain)
}

/** Addresses of licences by which people name them. */
const addresses: readonly (readonly [RegExp, (found: RegExpExecArray) => string])[] = [
  [/creativecommons\.org\/licenses\/(by(?:-nc)?(?:-sa|-nd)?)\/(\d\.\d)/i, ([, kind, number]) => `cc ${kind} ${number}`],
  [/creativecommons\.org\/publicdomain\/zero/i, () => 'cc0'],
  [/(?:spdx|opensource)\.org\/licenses?\/([\w.+-]+?)(?:\.html|\/)?$/i, ([, id]) => id ?? ''],
  [/gnu\.org\/licenses\/((?:a|l|f)?[gf][pd]l)-(\d\.\d)/i, ([, kind, number]) => `${kind} ${number}`],
]

/** Words in one manner: lower case, the common long names shortened, what says nothing left out. */
const simplify = (written: string): string => {
  let text = written.trim()
  for (const [pattern, named] of addresses) {
    const found = pattern.exec(text)
    if (found) text = named(found)
  }
  return text
    .toLowerCase()
    .replace(/licenseref-/g, '')
    .replace(/creative ?commons/g, 'cc')
    .replace(/^attribution(?=[\s-])/, 'cc by')
    .replace(/attribution/g, 'by')
    .replace(/non-?\s?commercial/g, 'nc')
    .replace(/no-?\s?deriv(ative)?s?( works?)?/g, 'nd')
    .replace(/share-?\s?alike/g, 'sa')
    .replace(/gnu (affero|lesser|library)? ?general public/g, (_, kind: string | undefined) => `${kind?.[0] ?? ''}gpl`)
    .replace(/open hardware/g, 'ohl')
    .replace(/strongly[ -]reciprocal|strong/g, 's')
    .replace(/weakly[ -]reciprocal|weak/g, 'w')
    .replace(/permissive/g, 'p')
    .replace(/\b(version|v\.?)(?= ?\d)|(?<=\d)v\b/g, ' ')
    .replace(/\bgplv(?=\d)/g, 'gpl ')
    .replace(/\b(international|unported|generic|public|licen[cs]es?|licen[cs]ed|licen[cs]e|the|gnu|under|a)\b/g, ' ')
    .replace(/[^a-z0-9.+]+/g, ' ')
    .replace(/\b([als]*gpl)(\d)/g, '$1 $2')
    .replace(/(^|\s)(cc0|cc|by|ohl)\s+\2(?=\s|$)/g, '$1$2')
    .trim()
}

/** Of a simplified text: the SPDX id, or `?` for a family of which the kind or the version is missing. */
const families: readonly (readonly [RegExp, (found: readonly string[]) => string])[] = [
  [/^cc ?(0|zero)( 1\.0)?( universal)?$/, () => 'CC0-1.0'],
  [
    /^cc by(?: (nc))?(?: (sa|nd))?(?: (nc))?(?: (1\.0|2\.0|2\.5|3\.0|4\.0|1|2|3|4))$/,
    ([, nc, other, late, number]) =>
      `CC-BY${nc || late ? '-NC' : ''}${other ? `-${other.toUpperCase()}` : ''}-${(number ?? '').length === 1 ? `${number}.0` : number}`,
  ],
  [/^(cc )?by nc( sa| nd)?( \d.*)?$|^cc (nc|nd)\b.*$/, () => '?nc'],
  [/^(cc|cc by|cc sa|by|by sa|cc by sa|cc by nd|by sa \d.*|by \d.*|by nd.*)$/, () => '?'],
  [
    /^cern (?:ohl )?(p|s|w)(?: 2(?:\.0)?)?(?: or later| only|\+)?$/,
    ([, kind]) => `CERN-OHL-${(kind ?? '').toUpperCase()}-2.0`,
  ],
  [
    /^cern (?:ohl )?2(?:\.0)? (p|s|w)(?: or later| only|\+)?$/,
    ([, kind]) => `CERN-OHL-${(kind ?? '').toUpperCase()}-2.0`,
  ],
  [/^cern ohl 1\.([12])$/, ([, number]) => `CERN-OHL-1.${number}`],
  [/^cern( ohl)?( 2(\.0)?)?$|^ohl$/, () => '?'],
  [/^tapr( ohl)?( 1(\.0)?)?$/, () => 'TAPR-OHL-1.0'],
  // Without "or later" the narrower reading is taken.
  [
    /^(a|l)?gpl (1|2|2\.1|3)(?:\.0)?( only| or later| or newer|\+)?$/,
    ([, kind, number, later]) =>
      `${(kind ?? '').toUpperCase()}GPL-${number?.includes('.') ? number : `${number}.0`}-${later && later !== ' only' ? 'or-later' : 'only'}`,
  ],
  [/^(a|l)?gpl$/, () => '?'],
  [/^(mit|expat|mit x11)$/, () => 'MIT'],
  [/^apache( software)? 2(\.0)?$/, () => 'Apache-2.0'],
  [/^apache$|^bsd$/, () => '?'],
  [/^bsd ([23]) clause$|^([23]) clause bsd$/, ([, one, other]) => `BSD-${one ?? other}-Clause`],
  [/^(simplified|freebsd) bsd$/, () => 'BSD-2-Clause'],
  [/^(new|modified|revised) bsd$/, () => 'BSD-3-Clause'],
  [/^(mpl|mozilla) 2(\.0)?$/, () => 'MPL-2.0'],
  [/^unlicense$/, () => 'Unlicense'],
  [/^isc$/, () => 'ISC'],
  [/^zlib$/, () => 'Zlib'],
  [/^solderpad( hardware)? ?2\.1$|^shl ?2\.1$/, () => 'Apache-2.0 WITH SHL-2.1'],
  [/^polyform nc( 1(\.0){0,2})?$/, () => 'PolyForm-Noncommercial-1.0.0'],
  [/^public domain$|^domain$/, () => '?'],
]

/** `id`: an SPDX expression; `family`: a known one, of which it is not said which; null: not recognised. */
export type NamedLicence = { readonly id: string } | { readonly family: 'any' | 'non-commercial' } | null

/** What licence is meant by these words. */
export const licenceNamed = (written: string): NamedLicence => {
  // What is long is a sentence, and slow to search.
  if (written.length > 200) return null
  const text = simplify(written)
  for (const [pattern, id] of families) {
    const found = pattern.exec(text)
    if (found === null) continue
    const named = id(found)
    if (named === '?') return { family: 'any' }
    return named === '?nc' ? { family: 'non-commercial' } : { id: named }
  }
  return null
}

const inProse: readonly (readonly [RegExp, string])[] = [
  [/CERN[- ]?(?:OHL)?[- ]?(?:v?2(?:\.0)?)?[- ]?(?:OHL[- ])?(?:S\b|Strongly Reciprocal)/i, 'CERN-OHL-S-2.0'],
  [/CERN[- ]?(?:OHL)?[- ]?(?:v?2(?:\.0)?)?[- ]?(?:OHL[- ])?(?:W\b|Weakly Reciprocal)/i, 'CERN-OHL-W-2.0'],
  [/CERN[- ]?(?:OHL)?[- ]?(?:v?2(?:\.0)?)?[- ]?(?:OHL[- ])?(?:P\b|Permissive)/i, 'CERN-OHL-P-2.0'],
  [/CERN (?:Open Hardware Licen[cs]e|OHL)[ ,]*(?:version |v)?1\.2/i, 'CERN-OHL-1.2'],
  [/\bTAPR\b/, 'TAPR-OHL-1.0'],
  [/\bMIT Licen[cs]e/i, 'MIT'],
  [/Apache Licen[cs]e,? (?:version )?2/i, 'Apache-2.0'],
]

const ccInProse =
  /(?:Creative Commons|CC)[\s-]+(?:BY|Attribution)[\w\s-]{0,40}?\s?(?:version |v)?([1-4]\.\d)(?: (?:International|Unported|Generic))?/i
const gplInProse =
  /GNU (?:(?:Affero|Lesser) )?(?:General Public Licen[cs]e|GPL)[\s,]*(?:version |v)?\d(?:\.\d)?|\b[AL]?GPL[- ]?v?\d(?:\.\d)?\b/i

/** The first licence that a text speaks of; null: none. */
export const licenceInProse = (text: string): string | null => {
  const all = inProse.map(([pattern, id]) => ({ at: pattern.exec(text)?.index, id: id as string | null }))
  for (const pattern of [ccInProse, gplInProse]) {
    const found = pattern.exec(text)
    const named = found && licenceNamed(found[0])
    if (found && named && 'id' in named) all.push({ at: found.index, id: named.id })
  }
  const first = all.filter(({ at }) => at !== undefined).sort((one, other) => (one.at ?? 0) - (other.at ?? 0))[0]
  return first?.id ?? null
}
