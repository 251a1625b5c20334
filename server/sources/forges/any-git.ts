// A repository on a host that is not known: which forge stands there is found by asking.
import type { SourceKind } from '../../contract/sources.ts'
import { askRemote } from '../git/smart-http.ts'
import { noFacts, type Source, type Tools } from '../source.ts'
import { isRefused } from '../trouble.ts'
import { type Forge, openForge } from './forge.ts'
import { giteaForge, isGitea } from './gitea.ts'
import { decoded, type GithubPlaces, githubForge, githubSource } from './github.ts'
import { gitlabForge, isGitlab } from './gitlab.ts'

/** Any repository that speaks smart HTTP, with no forge around it. */
export const plainForge = (url: string): Forge => ({
  kind: 'git',
  url,
  facts: async () => noFacts,
  list: null,
  rawAddress: () => url,
  archiveAddress: () => url,
})

export interface RepositoryAddress {
  readonly base: string
  /** Groups, owner and name. */
  readonly path: string
  readonly refAndFolder: string | null
  readonly looksLike: 'gitlab' | 'gitea' | null
}

/** What the forges put behind a repository's own path: GitLab `/-/tree/`, Gitea `/src/branch/`; or `#ref:folder`. */
export const readRepositoryAddress = (address: URL): RepositoryAddress => {
  const base = address.origin
  const whole = address.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decoded)
    .join('/')
  const bare = (path: string): string => path.replace(/(?<=[^/])\.git$/, '')
  const gitlab = /^(.+?)\/-\/(tree|blob|raw)\/(.+)$/.exec(whole)
  if (gitlab?.[1] !== undefined) {
    const rest = gitlab[3] ?? ''
    return {
      base,
      path: bare(gitlab[1]),
      refAndFolder: gitlab[2] === 'tree' ? rest : parentOf(rest),
      looksLike: 'gitlab',
    }
  }
  const gitea = /^([^/]+\/[^/]+)\/(src|raw)\/(?:branch|tag|commit)\/(.+)$/.exec(whole)
  if (gitea?.[1] !== undefined) {
    const rest = gitea[3] ?? ''
    const isFile = gitea[2] === 'raw' || /\.[A-Za-z0-9]{1,6}$/.test(rest.slice(rest.indexOf('/') + 1))
    return { base, path: bare(gitea[1]), refAndFolder: isFile ? parentOf(rest) : rest, looksLike: 'gitea' }
  }
  const fragment = decoded(address.hash.slice(1)).replace(':', '/')
  return { base, path: bare(whole), refAndFolder: fragment === '' ? null : fragment, looksLike: null }
}

const parentOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))

const yes = async (asked: Promise<boolean>): Promise<boolean> => {
  try {
    return await asked
  } catch (error) {
    if (isRefused(error)) return false
    throw error
  }
}

const forgeAt = async ({ base, path }: RepositoryAddress, tools: Tools): Promise<Forge> => {
  const [owner = '', repo = '', more] = path.split('/')
  if (more === undefined && repo !== '' && (await yes(isGitea(base, tools)))) return giteaForge(base, owner, repo)
  if (repo !== '' && (await yes(isGitlab(base, path, tools)))) return gitlabForge(base, path)
  return plainForge(`${base}/${path}`)
}

export const anyGitSource: Source = {
  recognises: (address) => address.pathname.endsWith('.git') || readRepositoryAddress(address).looksLike !== null,
  open: async (address, tools) => {
    const found = readRepositoryAddress(address)
    if (found.path === '') return null
    const forge = await forgeAt(found, tools)
    const opened = await openForge(forge, found, tools)
    if (opened !== null || forge.kind !== 'git') return opened
    // Some servers know a repository by its `.git` only.
    if ((await askRemote(`${forge.url}.git`, tools)) === null) return null
    return openForge(plainForge(`${forge.url}.git`), found, tools)
  },
}

/** The forge of an origin, to open it again. Null: it is no repository. */
export const forgeOf = (kind: SourceKind, url: string, places: GithubPlaces): Forge | null => {
  const { base, path } = readRepositoryAddress(new URL(url))
  const [owner = '', repo = ''] = path.split('/')
  switch (kind) {
    case 'github':
      return githubForge(owner, repo, places)
    case 'gitlab':
      return gitlabForge(base, path)
    case 'gitea':
      return giteaForge(base, owner, repo)
    case 'git':
      return plainForge(url)
    default:
      return null
  }
}

export const repositorySources = (places: GithubPlaces): readonly Source[] => [githubSource(places), anyGitSource]
