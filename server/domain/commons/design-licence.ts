// Which licence a design has, where manifest, licence file and README each say something.
import type { DesignWarning } from '../../contract/commons.ts'
import type { TextBlock } from '../../contract/design-reading.ts'
import type { Licence } from '../../contract/licences.ts'
import type { DataPackage } from './data-package.ts'
import type { DesignInput } from './design-input.ts'
import { licenceInProse } from './licence-names.ts'
import { licenceOfText } from './licence-text.ts'
import { bothLicences, readLicence, sameLicence } from './licences.ts'
import type { Manifest } from './manifest.ts'
import { licenceSection } from './readme.ts'
import { isLicenceFile, nearestToRoot } from './tree.ts'

interface Sayings {
  readonly input: DesignInput
  readonly manifest: Manifest | null
  readonly bundle: DataPackage | null
  readonly readme: readonly TextBlock[]
}

export interface DesignLicences {
  readonly licence: Licence
  readonly documentation: Licence | null
  readonly software: Licence | null
}

export const licencesOf = (sayings: Sayings, warnings: DesignWarning[]): DesignLicences => {
  const { manifest } = sayings
  const said = manifest?.licences ?? { hardware: null, documentation: null, software: null }
  const documentation = said.documentation === null ? null : readLicence(said.documentation)
  const software = said.software === null ? null : readLicence(said.software)
  const first = chosen(sayings, warnings)
  const licence = withFile(first, [documentation, software], sayings.input, warnings)
  tell(licence, warnings)
  const differing = (other: Licence | null): Licence | null =>
    other === null || sameLicence(other, licence) ? null : other
  return { licence, documentation: differing(documentation), software: differing(software) }
}

/** Of the hardware, else of the manuals, else what the files and the place say. */
const chosen = ({ input, manifest, bundle, readme }: Sayings, warnings: DesignWarning[]): Licence => {
  const said = manifest?.licences
  if (said?.hardware != null) return readLicence(said.hardware)
  if (said?.documentation != null) {
    const message = 'Only the licence of the documentation is stated; it was taken for the design as well.'
    warnings.push({ code: 'licence.documentation-only', place: manifest?.path ?? '', message })
    return readLicence(said.documentation)
  }
  if (bundle?.licence != null) return readLicence(bundle.licence)
  const file = ofFile(input)
  if (file !== null) return file.licence
  const prose = licenceInProse(licenceSection(readme) ?? '')
  if (prose !== null) {
    const message = `The licence was found in the words of the README: ${prose}.`
    warnings.push({ code: 'licence.from-readme', place: 'README', message })
    return { ...readLicence(prose), state: 'guessed' }
  }
  return readLicence(input.facts.licence ?? input.given.licence)
}

const ofFile = ({ paths, texts }: DesignInput): { path: string; licence: Licence } | null => {
  const path = nearestToRoot(paths.filter((one) => isLicenceFile(one) && !one.includes('/')))
  const id = path === null ? null : licenceOfText(texts.get(path) ?? '')
  return path === null || id === null ? null : { path, licence: { ...readLicence(id), written: id } }
}

/** Where the licence file says another one than the manifest, both are kept: the stricter decides. */
const withFile = (
  licence: Licence,
  others: readonly (Licence | null)[],
  input: DesignInput,
  warnings: DesignWarning[],
): Licence => {
  const file = ofFile(input)
  const isKnown = file === null || [licence, ...others].some((one) => one !== null && sameLicence(one, file.licence))
  if (isKnown || licence.state === 'none') return file !== null && licence.state === 'none' ? file.licence : licence
  const message = `${file.path} holds ${file.licence.title}, elsewhere it says ${licence.title}. What only one of them allows is not taken for allowed.`
  warnings.push({ code: 'licence.disagree', place: file.path, message })
  return bothLicences(licence, file.licence)
}

const tell = (licence: Licence, warnings: DesignWarning[]): void => {
  const { state, written, title } = licence
  const messages: Partial<Record<typeof state, string>> = {
    guessed: `"${written}" was read as ${title}.`,
    ambiguous: `"${written}" names a family of licences, but not which one. A steward decides whether it may be printed.`,
    unknown: `"${written}" is no licence that is known here. A steward decides whether it may be printed.`,
    none: 'No licence is stated: its makers have permitted nothing. A steward decides whether it may be printed.',
  }
  const message = messages[state]
  const isOwnWord = written === licence.expression
  if (message !== undefined && !isOwnWord) warnings.push({ code: `licence.${state}`, place: 'licence', message })
}
