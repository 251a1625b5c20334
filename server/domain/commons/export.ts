// A design as others read it: OKH 2.4, a Frictionless data package, and who is to be named.
import { stringify } from 'smol-toml'
import type { Ancestor } from '../../contract/commons.ts'
import type { SaidParent } from '../../contract/design-reading.ts'
import type { Licence } from '../../contract/licences.ts'

export interface ExportedFile {
  readonly path: string
  readonly hash: string
  readonly sizeBytes: number
  readonly isPrintable: boolean
}

export interface ExportedDesign {
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly safety: string
  /** As its makers call it; else its number here. */
  readonly version: string
  readonly licence: Licence
  readonly creators: readonly string[]
  readonly keywords: readonly string[]
  readonly materials: readonly string[]
  readonly language: string | null
  /** Where it is at home: its source, or its page here. */
  readonly address: string
  readonly commit: string | null
  readonly picture: string | null
  readonly ancestors: readonly Ancestor[]
  readonly lineage: readonly SaidParent[]
  readonly changes: readonly { readonly date: string; readonly by: string; readonly note: string }[]
  readonly files: readonly ExportedFile[]
}

/** SPDX for what stands in no list: `LicenseRef-` and plain characters. */
const expressionOf = ({ expression, written, state }: Licence): string =>
  expression ?? (state === 'none' ? 'LicenseRef-NOASSERTION' : `LicenseRef-${written.replace(/[^A-Za-z0-9.]+/g, '-')}`)

/** Fields of the standard in its order; what has no value is left out. */
export const manifestToml = (design: ExportedDesign): string => {
  const { materials, lineage, changes } = design
  const printed = design.files.filter(({ isPrintable }) => isPrintable).map(({ path }) => path)
  const sources = printed.filter((path) => /\.(scad|step|stp)$/i.test(path))
  const parents = design.ancestors.filter(({ address }) => address !== '')
  const fields: Record<string, unknown> = {
    okhv: '2.4',
    name: design.name,
    repo: design.address,
    version: design.version,
    license: expressionOf(design.licence),
    licensor: design.creators.length === 0 ? 'not known' : [...design.creators],
    function: design.description === '' ? design.name : design.description,
    ...(design.safety === '' ? {} : { 'health-safety-notice': design.safety }),
    ...(design.keywords.length === 0 ? {} : { keywords: [...design.keywords] }),
    ...(design.language === null ? {} : { 'documentation-language': design.language }),
    ...(design.picture === null ? {} : { image: design.picture }),
    ...(parents[0] === undefined ? {} : { 'fork-of': parents[0].address }),
    ...(sources.length === 0 ? {} : { source: sources }),
    ...(printed.length === 0 ? {} : { export: printed.filter((path) => !sources.includes(path)), tsdc: '3DP' }),
    ...(materials.length === 0 ? {} : { material: materials.join(', '), 'printing-process': 'FDM' }),
  }
  if (Array.isArray(fields['export']) && fields['export'].length === 0) delete fields['export']
  const extra = {
    'x-lineage': {
      'derived-from': parents.map(({ title, address, commit }) => ({
        title,
        address,
        ...(commit === null ? {} : { commit }),
      })),
      changes: changes.map(({ date, by, note }) => ({ date, by, note })),
      files: lineage.map(({ path, source, sourcePath, commit, sha256, licence, creators }) => ({
        path,
        source,
        'source-path': sourcePath,
        ...(commit === null ? {} : { commit }),
        ...(sha256 === null ? {} : { sha256 }),
        licence,
        creators,
      })),
    },
  }
  return `${stringify({ ...fields, ...(parents.length + changes.length + lineage.length === 0 ? {} : extra) })}\n`
}

/** Frictionless Data, with the profile that libraries of models read. */
export const dataPackage = (design: ExportedDesign): Record<string, unknown> => ({
  $schema: 'https://manyfold.app/profiles/0.0/datapackage.json',
  name: design.slug,
  title: design.name,
  version: design.version,
  description: design.description,
  homepage: design.address,
  ...(design.picture === null ? {} : { image: design.picture }),
  keywords: [...design.keywords],
  licenses: [
    { name: expressionOf(design.licence), ...(design.licence.url === null ? {} : { path: design.licence.url }) },
  ],
  contributors: design.creators.map((title) => ({ title, roles: ['creator'] })),
  sources: design.ancestors.map(({ title, address }) => ({ title, ...(address === '' ? {} : { path: address }) })),
  resources: design.files.map(({ path, hash, sizeBytes }) => ({
    name: path.toLowerCase().replace(/[^a-z0-9._/-]+/g, '-'),
    path,
    bytes: sizeBytes,
    hash: `sha256:${hash}`,
  })),
  'x-lineage': design.lineage,
  'x-changes': design.changes,
})

/** Title, author, source, licence, changes: what has to be said wherever it is passed on. */
export const attributionLines = (design: ExportedDesign): string[] => {
  const by = design.creators.length === 0 ? 'makers not named' : design.creators.join(', ')
  const at = design.commit === null ? '' : ` @${design.commit.slice(0, 12)}`
  const { licence } = design
  return [
    `"${design.name}" by ${by}`,
    `Source: ${design.address}${at}`,
    `Licence: ${licence.title}${licence.url === null ? '' : ` (${licence.url})`}`,
    ...design.ancestors.map(({ title, address }) => `Based on: ${title}${address === '' ? '' : ` (${address})`}`),
    ...design.changes.map(({ date, by: who, note }) => `Changed ${date} by ${who}: ${note}`),
  ]
}

export const attributionText = (design: ExportedDesign): string => {
  const files = design.lineage.map(
    ({ path, title, source, sourcePath, commit, licence, creators }) =>
      `${path}: made from ${sourcePath} of "${title}" by ${creators.join(', ') || 'makers not named'}, ${licence || 'licence not known'}, ${source}${commit === null ? '' : ` @${commit}`}`,
  )
  return [...attributionLines(design), ...(files.length === 0 ? [] : ['', 'Files:', ...files]), ''].join('\n')
}
