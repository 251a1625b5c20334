// A folder on disk as the reader of designs gets it: its paths, and the text of what tells something.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { DesignInput } from '../../server/domain/commons/design-input.ts'
import { isToldFrom } from '../../server/domain/commons/tree.ts'

export const noFacts = { title: null, description: null, creators: [], licence: null, keywords: [], forkedFrom: null }

export const designFolder = (folder: string, given: Partial<DesignInput> = {}): DesignInput => {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
  const texts = new Map(paths.filter(isToldFrom).map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
  return designInput(Object.fromEntries(texts), { paths, ...given })
}

/** Files by path with their text. */
export const designInput = (
  files: Readonly<Record<string, string>>,
  given: Partial<DesignInput> = {},
): DesignInput => ({
  paths: Object.keys(files),
  texts: new Map(Object.entries(files)),
  facts: noFacts,
  foundAt: '',
  fallbackName: 'folder',
  given: { licence: null, creator: null },
  ...given,
})
