// Opens whatever address a member pastes: which kind of place it is shows by its looks, or by asking it.
import { mkdir } from 'node:fs/promises'
import { Refused, refuse } from '../contract/refusals.ts'
import type { BrowsedPage, Origin, UpstreamChange } from '../contract/sources.ts'
import { tidyAddress } from './address.ts'
import { browseList, browseRepository } from './browse.ts'
import { checkAddress, type Lookup } from './connect.ts'
import { openFetcher } from './fetcher.ts'
import { forgeOf, repositorySources } from './forges/any-git.ts'
import { openForge } from './forges/forge.ts'
import { type GithubPlaces, githubPlaces } from './forges/github.ts'
import { linkSource } from './links.ts'
import { isManifestName } from './manifest.ts'
import { browseManyfold, isManyfold, manyfoldSource } from './manyfold.ts'
import type { OpenDesign, Source, SourceSettings, Sources, Tools } from './source.ts'
import { receiveUpload } from './upload.ts'
import { compareWith } from './upstream.ts'

/** Where something else than the open internet plays a part: tests, and an own GitHub. */
export interface Surroundings {
  readonly lookup?: Lookup
  readonly github?: GithubPlaces
}

export const openSources = (settings: SourceSettings, surroundings: Surroundings = {}): Sources => {
  const fetcher = openFetcher({ ...settings, ...surroundings })
  const places = surroundings.github ?? githubPlaces
  const repositories = repositorySources(places)
  const manyfold = manyfoldSource(settings.manyfold)
  const links = linkSource((address, tools) => openRepository(repositories, address, tools))
  const toolsFor = async (signal: AbortSignal): Promise<Tools> => {
    await mkdir(settings.temporaryFolder, { recursive: true })
    return { fetcher, limits: settings.limits, signal, temporaryFolder: settings.temporaryFolder }
  }
  const open = async (address: URL, tools: Tools): Promise<OpenDesign> => {
    checkAddress(address, settings.allowedHosts)
    for (const source of inOrder(address, [...repositories, manyfold, links])) {
      const found = await source.open(address, tools)
      if (found !== null) return found
    }
    throw new Refused(refuse('source.missing', { address: address.href }))
  }
  const reopen = async (origin: Origin, tools: Tools, latest: boolean): Promise<OpenDesign> => {
    if (origin.kind === 'upload') throw new Refused(refuse('source.no-upstream'))
    const forge = forgeOf(origin.kind, origin.url, places)
    if (forge === null || origin.commit === null) return open(tidyAddress(origin.url), tools)
    const { ref, commit, path: folder } = origin
    const wanted = latest ? { refAndFolder: ref, folder } : { ref, commit, folder }
    const found = await openForge(forge, wanted, tools)
    if (found === null) throw new Refused(refuse('source.missing', { address: origin.url }))
    return { ...found, origin: { ...found.origin, manifest: origin.manifest } }
  }
  return {
    open: async (address, signal) => open(tidyAddress(address), await toolsFor(signal)),
    receive: async (name, uploaded, signal) => receiveUpload(name, uploaded, await toolsFor(signal)),
    reopen: async (origin, signal) => reopen(origin, await toolsFor(signal), false),
    latest: async (origin, known, signal) => latest(await reopen(origin, await toolsFor(signal), true), origin, known),
    browse: async (address, question, signal) => {
      const url = tidyAddress(address)
      checkAddress(url, settings.allowedHosts)
      return browse(url, question, settings, repositories, await toolsFor(signal))
    },
    close: fetcher.close,
  }
}

/** Those first that recognise the address; a link comes last, as it takes whatever there is. */
const inOrder = (address: URL, sources: readonly Source[]): readonly Source[] => {
  const looksRight = sources.filter((source) => source.recognises(address))
  return [...looksRight, ...sources.filter((source) => !looksRight.includes(source))]
}

const openRepository = async (
  repositories: readonly Source[],
  address: string,
  tools: Tools,
): Promise<OpenDesign | null> => {
  const url = tidyAddress(address)
  for (const source of inOrder(url, repositories)) {
    const found = await source.open(url, tools)
    if (found !== null) return found
  }
  return null
}

const latest = async (
  design: OpenDesign,
  origin: Origin,
  known: Parameters<Sources['latest']>[1],
): Promise<UpstreamChange> => {
  try {
    const same =
      (origin.commit !== null && design.origin.commit === origin.commit) ||
      (origin.commit === null && origin.revision !== null && design.origin.revision === origin.revision)
    const nothing = { added: [], removed: [], changed: [] }
    return same ? { origin: design.origin, changed: false, files: nothing } : await compareWith(design, known)
  } finally {
    await design.close()
  }
}

const browse = async (
  url: URL,
  question: Parameters<Sources['browse']>[1],
  settings: SourceSettings,
  repositories: readonly Source[],
  tools: Tools,
): Promise<BrowsedPage> => {
  const looksLikeList = /\.json$/i.test(url.pathname)
  if (!looksLikeList && !isManifestName(url.pathname)) {
    if (url.pathname === '/' || url.pathname.startsWith('/models')) {
      if (await isManyfold(url, tools)) return browseManyfold(url, question, settings.manyfold, tools)
    } else {
      const design = await openRepository(repositories, url.href, tools)
      if (design !== null) {
        try {
          return await browseRepository(design, question, tools)
        } finally {
          await design.close()
        }
      }
    }
  }
  const list = await browseList(url, question, tools)
  if (list === null) throw new Refused(refuse('source.list', { address: url.href }))
  return list
}
