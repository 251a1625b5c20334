// The text of a manifest -> fields, whatever the manner of their names; nothing in it is trusted to be of a kind.
import { parse as parseToml, TomlError } from 'smol-toml'
import { isMap, parseDocument } from 'yaml'

/** Larger ones are no manifests. */
export const MOST_MANIFEST_BYTES = 256 * 1024
const MOST_ALIASES = 20
const MOST_DEPTH = 40

export interface Fields {
  readonly values: ReadonlyMap<string, unknown>
  /** The keys as they are written, by their plain form. */
  readonly keys: ReadonlyMap<string, string>
}

export interface ReadFields {
  readonly fields: Fields
  /** Lines that are wrong although the rest could be read. */
  readonly slips: readonly string[]
}

/** Its text cannot be read at all. */
export class BadManifest extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.name = 'BadManifest'
  }
}

/** `documentation-language`, `documentationLanguage` and `documentation_language` are one. */
export const plainKey = (key: string): string => key.toLowerCase().replace(/[-_ ]/g, '')

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsOf = (value: unknown): Fields => {
  const values = new Map<string, unknown>()
  const keys = new Map<string, string>()
  if (isRecord(value)) {
    for (const [key, inner] of Object.entries(value)) {
      // The first of two that are one: the standard's own manner of writing stands before a converter's.
      if (values.has(plainKey(key))) continue
      values.set(plainKey(key), inner)
      keys.set(plainKey(key), key)
    }
  }
  return { values, keys }
}

/** Throws BadManifest. */
export const readFields = (text: string, ending: string): ReadFields => {
  if (text.length > MOST_MANIFEST_BYTES) throw new BadManifest('it is larger than 256 kB')
  checkNesting(text)
  return ending === 'toml' ? fromToml(text) : fromYaml(text)
}

/** A parser that goes as deep as its input can be made to fail in ugly ways. */
const checkNesting = (text: string): void => {
  let depth = 0
  for (const sign of text) {
    if (sign === '[' || sign === '{') depth += 1
    else if (sign === ']' || sign === '}' || sign === '\n') depth = Math.max(0, sign === '\n' ? depth : depth - 1)
    if (depth > 500) throw new BadManifest('it is nested too deep')
  }
}

const fromToml = (text: string): ReadFields => {
  try {
    return {
      fields: fieldsOf(parseToml(text.replace(/^﻿/, ''), { maxDepth: MOST_DEPTH, integersAsBigInt: false })),
      slips: [],
    }
  } catch (error) {
    throw new BadManifest(error instanceof TomlError ? firstLine(error.message) : 'it is no TOML', { cause: error })
  }
}

/** Every scalar stays text: `1.10` is a version and no number, `2019-11-16` is read by who wants a date. */
const fromYaml = (text: string): ReadFields => {
  try {
    const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' })
    if (document.contents === null) return { fields: fieldsOf({}), slips: [] }
    if (!isMap(document.contents)) throw new BadManifest('it holds no fields')
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES })
    return { fields: fieldsOf(value), slips: document.errors.map(({ message }) => firstLine(message)) }
  } catch (error) {
    if (error instanceof BadManifest) throw error
    throw new BadManifest(error instanceof Error ? firstLine(error.message) : 'it is no YAML', { cause: error })
  }
}

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 200)

const placeholder = /^\[?(value|text|todo|tbd)\]?$/i
const LONGEST_TEXT = 20_000

/** A piece of text; null where there is none, or only what a template had there. */
export const textOf = (value: unknown): string | null => {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  if (Array.isArray(value)) return value.length === 1 ? textOf(value[0]) : null
  if (typeof value !== 'string') return null
  const text = cleanText(value)
  return text === '' || placeholder.test(text) ? null : text
}

/** Without control and direction characters, and without the quotes of a converter around the whole. */
export const cleanText = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[‪-‮⁦-⁩​﻿]/gu, '')
    .trim()
    .replace(/^"([^"]*)"$/s, '$1')
    .trim()
    .slice(0, LONGEST_TEXT)

/** One, or many, or none: always a list. */
export const listOf = (value: unknown): unknown[] =>
  value === undefined || value === null || value === '' ? [] : Array.isArray(value) ? value.slice(0, 500) : [value]

export const textsOf = (value: unknown): string[] =>
  listOf(value).flatMap((one) => {
    const text = textOf(one)
    return text === null ? [] : [text]
  })

/** A number, also where it is written as text. */
export const numberOf = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

export const truthOf = (value: unknown): boolean | null => {
  const text = textOf(value)?.toLowerCase()
  return text === 'true' || text === 'yes' ? true : text === 'false' || text === 'no' ? false : null
}
