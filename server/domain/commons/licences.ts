// A licence as it is written -> what it is, and what it permits.
import parse, { type ConjunctionInfo, type Info } from 'spdx-expression-parse'
import type { AskReason, Licence, LicenceState } from '../../contract/licences.ts'
import { licenceNamed, saysNothing } from './licence-names.ts'
import { bothTerms, closed, freerTerms, type Terms, termsOf } from './licence-terms.ts'

const LONGEST = 300

/** What `written` grants. What cannot be told is never taken for a permission: a person is asked. */
export const readLicence = (written: string | null | undefined): Licence => {
  const text = (written ?? '').replace(/\s+/g, ' ').trim().slice(0, LONGEST)
  if (saysNothing(text)) return closedLicence(text, 'none')
  const asItIs = expressionOf(text)
  if (asItIs !== null) return ofExpression(text, text, 'stated', asItIs)
  const named = licenceNamed(text) ?? licenceNamed(text.replace(/\s*\([^)]*\)$/, ''))
  if (named !== null && 'family' in named) {
    return closedLicence(text, named.family === 'non-commercial' ? 'non-commercial' : 'ambiguous')
  }
  const guessed = named?.id ?? eachNamed(text)
  const info = guessed === null ? null : expressionOf(guessed)
  return guessed === null || info === null
    ? closedLicence(text, 'unknown')
    : ofExpression(text, guessed, 'guessed', info)
}

/** Both at once, as where a manifest and a licence file differ. */
export const bothLicences = (one: Licence, other: Licence): Licence => {
  if (one.expression === null || other.expression === null) return one.asks === null ? other : one
  return { ...readLicence(`(${one.expression}) AND (${other.expression})`), written: one.written }
}

const expressionOf = (text: string): Info | null => {
  try {
    return parse(text)
  } catch {
    return null
  }
}

/** `CC BY-SA 4.0 and GPL v3`: each part by its name. */
const eachNamed = (text: string): string | null => {
  const word = /\s+(?:AND|and|&)\s+/.test(text) ? 'AND' : /\s+(?:OR|or)\s+/.test(text) ? 'OR' : null
  if (word === null) return null
  const parts = text.split(/\s+(?:and|or|&)\s+/i).map((part) => licenceNamed(part))
  const known = parts.flatMap((part) => (part !== null && 'id' in part ? [part.id] : []))
  return known.length === parts.length ? known.join(` ${word} `) : null
}

const isPair = (info: Info): info is ConjunctionInfo => 'conjunction' in info

const termsOfInfo = (info: Info): Terms => {
  if (!isPair(info)) {
    if (!info.license.startsWith('LicenseRef-')) return termsOf(info.license) ?? closed('unknown')
    const inner = readLicence(info.license.slice('LicenseRef-'.length))
    return closed(inner.asks ?? 'unknown')
  }
  const left = termsOfInfo(info.left)
  const right = termsOfInfo(info.right)
  return info.conjunction === 'and' ? bothTerms(left, right) : freerTerms(left, right)
}

const ofExpression = (written: string, expression: string, state: LicenceState, info: Info): Licence => {
  // Of a reference to words of one's own, the words are what counts.
  if (!isPair(info) && info.license.startsWith('LicenseRef-')) {
    const inner = readLicence(info.license.slice('LicenseRef-'.length).replaceAll('-', ' ').trim())
    const again = inner.expression === null ? readLicence(info.license.slice('LicenseRef-'.length)) : inner
    return { ...again, written, state: again.state === 'stated' ? 'guessed' : again.state }
  }
  return { expression, written, state, title: titleOf(info), url: urlOf(info), ...termsOfInfo(info) }
}

const closedLicence = (written: string, asks: AskReason): Licence => ({
  expression: null,
  written,
  state: asks === 'non-commercial' ? 'ambiguous' : asks,
  title: asks === 'none' ? 'No licence stated' : written,
  url: null,
  ...(asks === 'non-commercial' ? { ...closed(asks), sell: 'no' as const } : closed(asks)),
})

const titles: Readonly<Record<string, string>> = {
  BY: 'Attribution',
  SA: 'ShareAlike',
  NC: 'NonCommercial',
  ND: 'NoDerivatives',
}

const titleOf = (info: Info): string => {
  if (isPair(info)) return `${titleOf(info.left)} ${info.conjunction} ${titleOf(info.right)}`
  const { license: id, exception } = info
  if (exception) return `${id} with ${exception}`
  const cc = /^CC-((?:BY|NC|SA|ND)(?:-(?:NC|SA|ND))*)-(\d\.\d)$/.exec(id)
  if (cc)
    return `Creative Commons ${(cc[1] ?? '')
      .split('-')
      .map((part) => titles[part])
      .join('-')} ${cc[2]}`
  if (id === 'CC0-1.0') return 'Creative Commons Zero 1.0'
  const cern = /^CERN-OHL-([PSW])-2\.0$/.exec(id)
  if (!cern) return id
  const kinds: Record<string, string> = { P: 'Permissive', S: 'Strongly Reciprocal', W: 'Weakly Reciprocal' }
  return `CERN Open Hardware Licence 2.0, ${kinds[cern[1] ?? '']}`
}

const urlOf = (info: Info): string | null => {
  if (isPair(info)) return null
  const cc = /^CC-(BY(?:-(?:NC|SA|ND))*)-(\d\.\d)$/.exec(info.license)
  if (cc) return `https://creativecommons.org/licenses/${(cc[1] ?? '').toLowerCase()}/${cc[2]}/`
  if (info.license === 'CC0-1.0') return 'https://creativecommons.org/publicdomain/zero/1.0/'
  return `https://spdx.org/licenses/${info.license}.html`
}

/** Whether two say the same, apart from `-only` and `-or-later`. */
export const sameLicence = (one: Licence, other: Licence): boolean => {
  const plain = (licence: Licence): string | undefined => licence.expression?.replace(/-(only|or-later)$|\+$/, '')
  return plain(one) === plain(other)
}

/**
 * The licence under which something made of these parents may be published; or why it may not. `wanted`: what its maker
 * would like, where the parents leave a choice.
 */
export const licenceOfChild = (
  parents: readonly Licence[],
  wanted: string | null,
): { readonly licence: Licence } | { readonly refused: string } => {
  const closedOne = parents.find(({ adapt }) => adapt !== 'yes')
  if (closedOne) {
    const why = closedOne.adapt === 'no' ? 'does not allow to publish changes' : 'does not say that it may be changed'
    return { refused: `${closedOne.title} ${why}` }
  }
  const alike = parents.filter(({ shareAlike }) => shareAlike)
  const kept = [...new Map(alike.map((one) => [one.expression, one])).values()]
  const [first, second] = kept
  if (first !== undefined && second !== undefined) {
    return { refused: `${first.title} and ${second.title} each ask that what is made of it comes under that licence` }
  }
  const own = wanted === null ? null : readLicence(wanted)
  if (own !== null && own.asks !== null) return { refused: `${own.title} is no licence by which others may use it` }
  if (first !== undefined) {
    return own !== null && !sameLicence(own, first)
      ? { refused: `it comes under ${first.title}, because what it was made of asks for that` }
      : { licence: first }
  }
  const all = parents.reduce<Licence | null>(
    (before, one) => (before === null || sameLicence(before, one) ? one : bothLicences(before, one)),
    null,
  )
  return { licence: own ?? all ?? readLicence('') }
}
