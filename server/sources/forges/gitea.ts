// Gitea, Forgejo and Codeberg, on any host: the API that each of them serves a description of at /api/swagger.
import * as Type from 'typebox'
import { askJson } from '../ask-json.ts'
import type { TreeEntry } from '../git/walk-tree.ts'
import type { Tools } from '../source.ts'
import { type Forge, inAddress } from './forge.ts'

const Repo = Type.Object({
  name: Type.String(),
  description: Type.Optional(Type.String()),
  owner: Type.Object({ login: Type.String(), full_name: Type.Optional(Type.String()) }),
  licenses: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  topics: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
  parent: Type.Optional(Type.Union([Type.Object({ html_url: Type.String() }), Type.Null()])),
})
const GitTree = Type.Object({
  tree: Type.Union([
    Type.Array(
      Type.Object({
        path: Type.String(),
        mode: Type.String(),
        type: Type.String(),
        sha: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
        size: Type.Optional(Type.Integer({ minimum: 0 })),
      }),
    ),
    Type.Null(),
  ]),
  total_count: Type.Optional(Type.Integer({ minimum: 0 })),
})

export const giteaForge = (base: string, owner: string, repo: string): Forge => {
  const api = `${base}/api/v1/repos/${encodeURIComponent(owner)}/${encodeURIComponent(repo)}`
  return {
    kind: 'gitea',
    url: `${base}/${owner}/${repo}`,
    facts: async (tools) => {
      const { told } = await askJson(api, Repo, tools)
      const { login, full_name: fullName } = told.owner
      return {
        title: told.name,
        description: told.description === undefined || told.description === '' ? null : told.description,
        creators: [fullName === undefined || fullName === '' ? login : fullName],
        licence: told.licenses?.join(' AND ') || null,
        keywords: told.topics ?? [],
        forkedFrom: told.parent?.html_url ?? null,
      }
    },
    list: async (commit, _, tools) => {
      const entries: TreeEntry[] = []
      let seen = 0
      for (let page = 1; seen < tools.limits.files * 4; page++) {
        const address = `${api}/git/trees/${commit}?recursive=1&per_page=1000&page=${page}`
        const { told } = await askJson(address, GitTree, tools)
        const tree = told.tree ?? []
        seen += tree.length
        for (const { path, mode, type, sha, size } of tree)
          if (type !== 'tree') entries.push({ path, mode, id: sha, sizeBytes: type === 'blob' ? (size ?? null) : null })
        // How many come on a page is the server's to say; the end is where the count is reached.
        if (tree.length === 0 || told.total_count === undefined || seen >= told.total_count) return entries
      }
      return null
    },
    rawAddress: (commit, path) => `${api}/raw/${inAddress(path)}?ref=${commit}`,
    archiveAddress: (commit) => `${api}/archive/${commit}.tar.gz`,
  }
}

const Version = Type.Object({ version: Type.String() })

/** Whether Gitea or one of its kin answers there. */
export const isGitea = async (base: string, tools: Tools): Promise<boolean> =>
  (await askJson(`${base}/api/v1/version`, Version, tools)).told.version !== ''
