// An OKH manifest by its address: what it says of itself, and where its repository is. All three dialects, read only as
// far as finding and listing needs; the whole of it is read where the design is.
import { parse as parseToml } from 'smol-toml'
import { parseDocument } from 'yaml'

export interface ManifestSummary {
  readonly title: string | null
  readonly description: string | null
  readonly licence: string | null
  readonly creators: readonly string[]
  readonly picture: string | null
  readonly keywords: readonly string[]
  readonly forkedFrom: string | null
  /** Candidates in the order in which they are to be tried. */
  readonly repositories: readonly string[]
  /** Paths and addresses of files that it names. */
  readonly files: readonly string[]
}

/** Larger than any manifest that was ever seen; a reader of YAML must not be given more. */
const LONGEST_MANIFEST = 300_000

export const isManifestName = (name: string): boolean => /^okh[^/]*\.(toml|ya?ml)$/i.test(name)

/** Null: it is no OKH manifest. */
export const readManifest = (text: string): ManifestSummary | null => {
  if (text.length > LONGEST_MANIFEST) return null
  const fields = asToml(text) ?? asYaml(text)
  if (fields === null) return null
  const get = (...names: readonly string[]): unknown => names.map((name) => fields.get(name)).find(isThere)
  const title = plainText(get('title', 'name'))
  const repositories = ['repo', 'project-link', 'documentation-home'].flatMap((name) => texts(fields.get(name)))
  if (title === null && repositories.length === 0) return null
  const licence = get('license', 'licence')
  return {
    title,
    description: plainText(get('description', 'function')),
    licence: plainText(licence) ?? plainText(field(licence, 'hardware')) ?? plainText(field(licence, 'documentation')),
    creators: [...names(get('licensor')), ...names(get('contributors'))].slice(0, 50),
    picture: texts(get('image')).concat(texts(field(first(get('image')), 'location')))[0] ?? null,
    keywords: texts(get('keywords')).slice(0, 50),
    forkedFrom: plainText(get('fork-of')) ?? plainText(field(get('derivative-of'), 'web')),
    repositories: repositories.filter((one) => /^https?:\/\//.test(one)),
    files: fileFields.flatMap((name) => paths(fields.get(name))),
  }
}

const fileFields = [
  'design-files',
  'manufacturing-files',
  'making-instructions',
  'bom',
  'readme',
  'source',
  'export',
  'auxiliary',
  'part',
  'image',
  'archive-download',
] as const

type Fields = ReadonlyMap<string, unknown>

/** Converted manifests write camelCase; the specification writes kebab-case. */
const fieldsOf = (told: unknown): Fields | null => {
  if (typeof told !== 'object' || told === null || Array.isArray(told)) return null
  const kebab = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return new Map(Object.entries(told).map(([key, value]: [string, unknown]) => [kebab(key), value]))
}

const asToml = (text: string): Fields | null => {
  try {
    return fieldsOf(parseToml(text))
  } catch {
    return null
  }
}

const asYaml = (text: string): Fields | null => {
  try {
    const parsed = parseDocument(text.replace(/^%.*$/m, ''), {
      logLevel: 'silent',
      schema: 'failsafe',
      prettyErrors: false,
    })
    // Names that stand for names that stand for names: no manifest needs any.
    return parsed.errors.length > 0 ? null : fieldsOf(parsed.toJS({ maxAliasCount: 20 }))
  } catch {
    return null
  }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

const first = (value: unknown): unknown => (Array.isArray(value) ? (value[0] as unknown) : value)

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value)?.get(name) : undefined

/** Templates leave `value` where nobody wrote anything. */
const plainText = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  const text = value.trim()
  return text === '' || /^\[?value\]?$/.test(text) ? null : text.slice(0, 5000)
}

const texts = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => {
    const text = plainText(one)
    return text === null ? [] : [text]
  })

const names = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => texts(one).concat(texts(field(one, 'name'))))

const paths = (value: unknown): string[] =>
  (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((one) => [
    ...texts(one),
    ...['path', 'source', 'export', 'location'].flatMap((name) => texts(field(one, name))),
  ])
