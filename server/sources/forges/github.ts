// GitHub: docs.github.com/rest, and the two houses from which it gives files and archives.
import * as Type from 'typebox'
import { askJson } from '../ask-json.ts'
import type { Source } from '../source.ts'
import { type Forge, inAddress, openForge } from './forge.ts'

export interface GithubPlaces {
  readonly web: string
  readonly api: string
  readonly raw: string
  readonly archives: string
}

export const githubPlaces: GithubPlaces = {
  web: 'https://github.com',
  api: 'https://api.github.com',
  raw: 'https://raw.githubusercontent.com',
  archives: 'https://codeload.github.com',
}

const Named = Type.Object({ html_url: Type.String() })
const Repo = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  owner: Type.Object({ login: Type.String() }),
  license: Type.Optional(
    Type.Union([Type.Object({ spdx_id: Type.Optional(Type.Union([Type.String(), Type.Null()])) }), Type.Null()]),
  ),
  topics: Type.Optional(Type.Array(Type.String())),
  parent: Type.Optional(Named),
})
const GitTree = Type.Object({
  truncated: Type.Boolean(),
  tree: Type.Array(
    Type.Object({
      path: Type.String(),
      mode: Type.String(),
      type: Type.String(),
      sha: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
      size: Type.Optional(Type.Integer({ minimum: 0 })),
    }),
  ),
})
const asJson = { accept: 'application/vnd.github+json' }

export const githubForge = (owner: string, repo: string, places: GithubPlaces = githubPlaces): Forge => {
  const at = `${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`
  const api = `${places.api}/repos/${at}`
  return {
    kind: 'github',
    url: `${places.web}/${owner}/${repo}`,
    facts: async (tools) => {
      const { told } = await askJson(api, Repo, tools, asJson)
      const licence = told.license?.spdx_id ?? null
      return {
        title: told.name,
        description: told.description ?? null,
        creators: [told.owner.login],
        // What GitHub says where it found a text that it does not know.
        licence: licence === 'NOASSERTION' ? null : licence,
        keywords: told.topics ?? [],
        forkedFrom: told.parent?.html_url ?? null,
      }
    },
    list: async (commit, _, tools) => {
      const { told } = await askJson(`${api}/git/trees/${commit}?recursive=1`, GitTree, tools, asJson)
      if (told.truncated) return null
      return told.tree.flatMap(({ path, mode, type, sha, size }) =>
        type === 'tree' ? [] : [{ path, mode, id: sha, sizeBytes: size ?? null }],
      )
    },
    rawAddress: (commit, path) => `${places.raw}/${at}/${commit}/${inAddress(path)}`,
    archiveAddress: (commit) => `${places.archives}/${at}/tar.gz/${commit}`,
  }
}

/** `/owner/repo`, `/owner/repo/tree/main/folder`, `/owner/repo/blob/main/folder/file`, and raw files. */
export const githubSource = (places: GithubPlaces = githubPlaces): Source => {
  const web = new URL(places.web).host
  const raw = new URL(places.raw).host
  const read = (address: URL): { owner: string; repo: string; refAndFolder: string | null } | null => {
    const parts = address.pathname
      .split('/')
      .filter((part) => part !== '')
      .map(decoded)
    const [owner = '', name = ''] = parts
    const repo = name.replace(/\.git$/, '')
    if (!/^[\w.-]+$/.test(owner) || !/^[\w.-]+$/.test(repo)) return null
    if (address.host === raw && raw !== web) {
      const rest = parts[2] === 'refs' && parts[3] === 'heads' ? parts.slice(4) : parts.slice(2)
      return { owner, repo, refAndFolder: rest.slice(0, -1).join('/') }
    }
    if (address.host !== web && address.host !== `www.${web}`) return null
    const rest = parts.slice(3)
    switch (parts[2]) {
      case undefined:
        return { owner, repo, refAndFolder: null }
      case 'tree':
      case 'commit':
        return { owner, repo, refAndFolder: rest.join('/') }
      case 'blob':
      case 'raw':
        return { owner, repo, refAndFolder: rest.slice(0, -1).join('/') }
      default:
        // Archives and released files are links like any other.
        return null
    }
  }
  return {
    recognises: (address) => read(address) !== null,
    open: async (address, tools) => {
      const found = read(address)
      if (found === null) return null
      return openForge(githubForge(found.owner, found.repo, places), found, tools)
    },
  }
}

export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
