// A plain link: to a file, an archive, or an OKH manifest that says where its design lies.
import { readFile } from 'node:fs/promises'
import { Refused, refuse } from '../contract/refusals.ts'
import type { Origin, SkippedFile, SourceFacts } from '../contract/sources.ts'
import { type Answer, readAddress } from './fetcher.ts'
import { handOn } from './hand-on.ts'
import { isManifestName, type ManifestSummary, readManifest } from './manifest.ts'
import { contentsOf, fileNameFrom } from './packed-design.ts'
import { keepPaths } from './paths.ts'
import { noFacts, type OpenDesign, type Source, type TakeFile, type Tools } from './source.ts'
import { type Spooled, spool } from './spool.ts'
import { isRefused } from './trouble.ts'

const FILE_NAME =
  /\.(stl|3mf|obj|amf|step|stp|scad|gcode|gco|bgcode|zip|tar|tar\.gz|tgz|fcstd|ya?ml|toml|json|7z|rar)$/i
const LARGEST_MANIFEST_BYTES = 300_000

/** `openRepository`: what a manifest names as its repository; null where there is none. */
export const linkSource = (openRepository: (address: string, tools: Tools) => Promise<OpenDesign | null>): Source => ({
  recognises: (address) => FILE_NAME.test(address.pathname),
  open: async (address, tools) => {
    const answer = await tools.fetcher.fetch(address, {
      signal: tools.signal,
      mostBytes: tools.limits.downloadBytes,
      headers: { 'accept-encoding': 'identity' },
    })
    if (answer.status !== 200) {
      answer.drop()
      throw new Refused(refuse('source.missing', { address: address.href }))
    }
    const name = nameOf(answer, address, tools)
    if (/^(text\/html|application\/xhtml)/.test(answer.header('content-type') ?? '')) {
      answer.drop()
      throw new Refused(refuse('source.none', { address: address.href }))
    }
    const spooled = await spool(answer.bytes, tools.temporaryFolder, tools.signal)
    try {
      return await openSpooled(spooled, name, address, openRepository, tools)
    } catch (error) {
      await spooled.drop()
      throw error
    }
  },
})

const openSpooled = async (
  spooled: Spooled,
  name: string,
  address: URL,
  openRepository: (address: string, tools: Tools) => Promise<OpenDesign | null>,
  tools: Tools,
): Promise<OpenDesign> => {
  const manifest = await manifestIn(spooled, name)
  if (manifest !== null) {
    for (const repository of manifest.repositories) {
      const found = await orNull(openRepository(repository, tools))
      if (found === null) continue
      await spooled.drop()
      return { ...found, origin: { ...found.origin, manifest: address.href } }
    }
    return manifestAlone(spooled, manifest, name, address, tools)
  }
  const { isArchive, ...contents } = await contentsOf(spooled, name, tools)
  const origin = originOf(isArchive ? 'archive' : 'file', address, spooled)
  return { origin, facts: noFacts, ...contents, close: spooled.drop }
}

const originOf = (kind: 'archive' | 'file' | 'manifest', address: URL, { sha256 }: Spooled): Origin => ({
  kind,
  url: address.href,
  ref: null,
  commit: null,
  path: null,
  revision: `sha256:${sha256}`,
  manifest: kind === 'manifest' ? address.href : null,
})

const orNull = async (asked: Promise<OpenDesign | null>): Promise<OpenDesign | null> => {
  try {
    return await asked
  } catch (error) {
    if (isRefused(error)) return null
    throw error
  }
}

const manifestIn = async (spooled: Spooled, name: string): Promise<ManifestSummary | null> => {
  if (spooled.sizeBytes > LARGEST_MANIFEST_BYTES || /\.(stl|3mf|obj|amf|step|stp|scad|gcode|zip)$/i.test(name))
    return null
  const bytes = await readFile(spooled.file)
  return bytes.includes(0) ? null : readManifest(bytes.toString('utf8'))
}

/** The repository of a manifest does not answer, or it names none: what is left is the manifest and what it links to. */
const manifestAlone = (
  spooled: Spooled,
  manifest: ManifestSummary,
  name: string,
  address: URL,
  tools: Tools,
): OpenDesign => {
  const keep = keepPaths(tools.limits)
  const ownName = isManifestName(name) ? name : 'okh.yml'
  keep(ownName)
  const linked = new Map<string, URL>()
  const skipped: SkippedFile[] = []
  for (const path of new Set(manifest.files)) {
    const url = linkedAddress(path, address)
    if (url === null || !FILE_NAME.test(url.pathname)) continue
    const checked = keep(/^https?:/.test(path) ? fileNameFrom(url.pathname, tools) : path)
    if ('reason' in checked) skipped.push({ path: path.slice(0, 300), reason: checked.reason })
    else linked.set(checked.path, url)
  }
  const files = [
    { path: ownName, sizeBytes: spooled.sizeBytes, sha: null },
    ...[...linked.keys()].slice(0, tools.limits.files - 1).map((path) => ({ path, sizeBytes: null, sha: null })),
  ]
  return {
    origin: originOf('manifest', address, spooled),
    facts: factsOf(manifest),
    tree: async () => ({ files, skipped }),
    readAll: async (take, options = {}) => {
      const lost: SkippedFile[] = []
      const own = await contentsOf(spooled, ownName, tools)
      await own.readAll(take, { wanted: (file) => options.wanted?.(file) ?? true })
      for (const [at, file] of files.entries()) {
        const url = linked.get(file.path)
        if (url !== undefined && (options.wanted?.(file) ?? true)) {
          const reason = await takeLinked(file.path, url, take, tools)
          if (reason !== null) lost.push({ path: file.path, reason })
        }
        options.progress?.({ files: files.length, doneFiles: at + 1, doneBytes: 0 })
      }
      return [...skipped, ...lost]
    },
    close: spooled.drop,
  }
}

/** One file behind an address. Null: it was taken. */
export const takeLinked = async (
  path: string,
  url: URL,
  take: TakeFile,
  tools: Tools,
  headers: Readonly<Record<string, string>> = {},
): Promise<SkippedFile['reason'] | null> => {
  tools.signal.throwIfAborted()
  let answer: Answer
  try {
    const mostBytes = tools.limits.fileBytes
    answer = await tools.fetcher.fetch(url, {
      signal: tools.signal,
      mostBytes,
      headers: { 'accept-encoding': 'identity', ...headers },
    })
  } catch (error) {
    if (isRefused(error)) return error.refusal
    throw error
  }
  if (answer.status !== 200 || /^text\/html/.test(answer.header('content-type') ?? '')) {
    answer.drop()
    return refuse('entry.missing')
  }
  const length = Number(answer.header('content-length') ?? Number.NaN)
  const sizeBytes = Number.isSafeInteger(length) && length >= 0 ? length : null
  return handOn(
    { path, sizeBytes, sha: null },
    async () => answer.bytes,
    (error) => error,
    take,
  )
}

export const factsOf = (manifest: ManifestSummary): SourceFacts => ({
  title: manifest.title,
  description: manifest.description,
  creators: [...manifest.creators],
  licence: manifest.licence,
  keywords: [...manifest.keywords],
  forkedFrom: manifest.forkedFrom,
})

/** What the place calls the file, or else the end of its address. */
const nameOf = (answer: Answer, address: URL, tools: Tools): string => {
  const told = answer.header('content-disposition') ?? ''
  const starred = /filename\*=(?:UTF-8|utf-8)''([^;]+)/.exec(told)?.[1]
  const plain = /filename="?([^";]+)"?/.exec(told)?.[1]
  const fromAddress = readAddress(address).pathname
  return fileNameFrom(decodedOr(starred) ?? plain ?? decodedOr(fromAddress) ?? fromAddress, tools)
}

const decodedOr = (text: string | undefined): string | null => {
  try {
    return text === undefined ? null : decodeURIComponent(text)
  } catch {
    return null
  }
}

const linkedAddress = (path: string, base: URL): URL | null => {
  try {
    return new URL(path, base)
  } catch {
    return null
  }
}
