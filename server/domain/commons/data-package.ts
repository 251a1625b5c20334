// `datapackage.json` beside the files, as libraries of models write it (Frictionless Data), and as we export it.
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { Changed, type Parent, SaidParent } from '../../contract/design-reading.ts'
import { cleanText } from './fields.ts'
import { webAddress } from './paths.ts'

const Text = Type.String({ maxLength: 20_000 })
const Some = <T extends Type.TSchema>(schema: T) => Type.Array(schema, { maxItems: 500 })

export interface DataPackage {
  readonly name: string | null
  readonly description: string | null
  readonly version: string | null
  readonly keywords: readonly string[]
  readonly licence: string | null
  readonly creators: readonly string[]
  readonly parents: readonly Parent[]
  readonly image: string | null
  readonly lineage: readonly SaidParent[]
  readonly changes: readonly Changed[]
}

const MOST_BYTES = 4 * 1024 * 1024

/** Null: it is none that can be read. Each part that is not as it should be is left out by itself. */
export const readDataPackage = (text: string): DataPackage | null => {
  if (text.length > MOST_BYTES) return null
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  const fields = new Map<string, unknown>(Object.entries(value))
  const line = (key: string): string | null => {
    const found = fields.get(key)
    return typeof found === 'string' && cleanText(found) !== '' ? cleanText(found) : null
  }
  const list = <T extends Type.TSchema>(key: string, schema: T): Type.Static<T>[] => {
    const found = fields.get(key)
    return Array.isArray(found)
      ? found.slice(0, 5000).filter((one): one is Type.Static<T> => Value.Check(schema, one))
      : []
  }
  const sources = list('sources', Type.Object({ title: Text, path: Type.Optional(Text) }))
  return {
    name: line('title') ?? line('name'),
    description: line('description') ?? line('caption'),
    version: line('version'),
    keywords: list('keywords', Text).map(cleanText),
    licence: list('licenses', Type.Object({ name: Text }))[0]?.name ?? null,
    creators: list('contributors', Type.Object({ title: Text, roles: Type.Optional(Some(Text)) }))
      .filter(
        ({ roles }) => roles === undefined || roles.length === 0 || roles.some((role) => /creator|author/i.test(role)),
      )
      .map(({ title }) => cleanText(title)),
    parents: sources.map(({ title, path }) => ({ title: cleanText(title), address: (path && webAddress(path)) || '' })),
    image: line('image'),
    lineage: list('x-lineage', SaidParent),
    changes: list('x-changes', Changed),
  }
}
