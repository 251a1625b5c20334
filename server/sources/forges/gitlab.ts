// GitLab, on any host: docs.gitlab.com/api/repositories and /api/repository_files.
import * as Type from 'typebox'
import { askJson } from '../ask-json.ts'
import type { TreeEntry } from '../git/walk-tree.ts'
import type { Tools } from '../source.ts'
import type { Forge } from './forge.ts'

const Project = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  namespace: Type.Optional(Type.Object({ name: Type.String() })),
  license: Type.Optional(Type.Union([Type.Object({ name: Type.String() }), Type.Null()])),
  topics: Type.Optional(Type.Array(Type.String())),
  forked_from_project: Type.Optional(Type.Object({ web_url: Type.String() })),
})
const TreePage = Type.Array(
  Type.Object({
    id: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
    type: Type.String(),
    path: Type.String(),
    mode: Type.String(),
  }),
)
const PER_PAGE = 100

/** `project`: with its groups. */
export const gitlabForge = (base: string, project: string): Forge => {
  const api = `${base}/api/v4/projects/${encodeURIComponent(project)}`
  return {
    kind: 'gitlab',
    url: `${base}/${project}`,
    facts: async (tools) => {
      const { told } = await askJson(`${api}?license=true`, Project, tools)
      return {
        title: told.name,
        description: told.description ?? null,
        creators: told.namespace === undefined ? [] : [told.namespace.name],
        licence: told.license?.name ?? null,
        keywords: told.topics ?? [],
        forkedFrom: told.forked_from_project?.web_url ?? null,
      }
    },
    list: async (commit, folder, tools) => {
      const path = folder === null ? '' : `&path=${encodeURIComponent(folder)}`
      const entries: TreeEntry[] = []
      // GitLab gives a hundred a page and no sizes.
      for (let page = 1; page <= Math.ceil((tools.limits.files * 2) / PER_PAGE); page++) {
        const address = `${api}/repository/tree?recursive=true&per_page=${PER_PAGE}&page=${page}&ref=${commit}${path}`
        const { told, header } = await askJson(address, TreePage, tools)
        for (const { id, type, path: at, mode } of told)
          if (type !== 'tree') entries.push({ path: at, mode, id, sizeBytes: null })
        if ((header('x-next-page') ?? '') === '' && told.length < PER_PAGE) return entries
        if (header('x-next-page') === '') return entries
      }
      return null
    },
    rawAddress: (_, __, id) => `${api}/repository/blobs/${id}/raw`,
    archiveAddress: (commit, folder) =>
      `${api}/repository/archive.tar.gz?sha=${commit}&include_lfs_blobs=false${folder === null ? '' : `&path=${encodeURIComponent(folder)}`}`,
  }
}

/** Whether GitLab answers there and knows this project. */
export const isGitlab = async (base: string, project: string, tools: Tools): Promise<boolean> => {
  const { told } = await askJson(`${base}/api/v4/projects/${encodeURIComponent(project)}`, Project, tools)
  return told.id > 0
}
