// Lists of designs: an OKH `list.json` of manifests, or a repository full of manifests, page by page.
import type { Readable } from 'node:stream'
import * as Type from 'typebox'
import { type Refusal, Refused, refuse } from '../contract/refusals.ts'
import type { BrowsedDesign, BrowsedPage, ListedFile, SkippedFile } from '../contract/sources.ts'
import { askJson } from './ask-json.ts'
import { readWhole } from './limited-bytes.ts'
import { type ManifestSummary, readManifest } from './manifest.ts'
import type { BrowseQuestion, OpenDesign, Tools } from './source.ts'
import { isRefused } from './trouble.ts'

/** How many are shown at once, how many are read at once, and how many are read to find that many. */
const PAGE = 20
const AT_ONCE = 5
const MOST_READ = 100
const MOST_LISTED = 50_000
const MANIFEST_BYTES = 300_000

/** One of a list: an address, and how its manifest is read. */
interface Listed {
  readonly address: string
  /** Throws Refused. */
  readonly read: () => Promise<string>
}

/** Null: what lies there is no list. Throws Refused. */
export const browseList = async (address: URL, question: BrowseQuestion, tools: Tools): Promise<BrowsedPage | null> => {
  let told: unknown
  try {
    told = (await askJson(address, Type.Unknown(), tools)).told
  } catch (error) {
    if (isRefused(error) && error.refusal.code === 'source.answer') return null
    throw error
  }
  const addresses = addressesIn(told, address)
  if (addresses === null) return null
  return page(
    addresses.map((one) => ({ address: one.href, read: () => readManifestAt(one, tools) })),
    question,
    tools,
  )
}

/** The manifests of a repository, such as the LOSH list. */
export const browseRepository = async (
  design: OpenDesign,
  question: BrowseQuestion,
  tools: Tools,
): Promise<BrowsedPage> => {
  const { files } = await design.tree()
  const manifests = files.filter(({ path }) => /\.(toml|ya?ml)$/i.test(path))
  const read = async (path: string): Promise<string> => {
    const pieces: Buffer[] = []
    const take = async (_: ListedFile, bytes: Readable): Promise<void> => {
      pieces.push(await readWhole(bytes))
    }
    const lost = await design.readAll(take, {
      wanted: (file) => file.path === path && (file.sizeBytes ?? 0) <= MANIFEST_BYTES,
    })
    const reason = lost.find((one) => one.path === path)?.reason
    if (reason !== undefined) throw new Refused(reason)
    return Buffer.concat(pieces).toString('utf8')
  }
  // One at a time: they come out of one pack or one after the other from the forge.
  return page(
    manifests.map(({ path }) => ({ address: path, read: () => read(path) })),
    question,
    tools,
    1,
  )
}

const readManifestAt = async (url: URL, tools: Tools): Promise<string> => {
  const answer = await tools.fetcher.fetch(url, { signal: tools.signal, mostBytes: MANIFEST_BYTES })
  if (answer.status === 200) return answer.text()
  answer.drop()
  throw new Refused(refuse('source.missing', { address: url.href }))
}

/** Lists are plain arrays of addresses, of objects that hold one, or either below a name. */
const addressesIn = (told: unknown, base: URL): URL[] | null => {
  if (!Array.isArray(told)) {
    if (typeof told !== 'object' || told === null) return null
    const inside: unknown[] = ['manifests', 'list', 'items'].map((name) =>
      new Map<string, unknown>(Object.entries(told)).get(name),
    )
    const found = inside.find(Array.isArray)
    return found === undefined ? null : addressesIn(found, base)
  }
  const listed = (told as unknown[]).slice(0, MOST_LISTED).flatMap((one) => {
    const text = typeof one === 'string' ? one : addressField(one)
    if (text === null || !URL.canParse(text, base.href)) return []
    const url = new URL(text, base)
    return url.protocol === 'https:' || url.protocol === 'http:' ? [url] : []
  })
  return listed.length === 0 && told.length > 0 ? null : listed
}

const addressField = (one: unknown): string | null => {
  if (typeof one !== 'object' || one === null) return null
  const fields = new Map<string, unknown>(Object.entries(one))
  const found = ['manifest', 'manifestUrl', 'url', 'link', 'href']
    .map((name) => fields.get(name))
    .find((value) => typeof value === 'string')
  return typeof found === 'string' ? found : null
}

const page = async (
  all: readonly Listed[],
  question: BrowseQuestion,
  tools: Tools,
  atOnce = AT_ONCE,
): Promise<BrowsedPage> => {
  const words = question.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const designs: BrowsedDesign[] = []
  const skipped: SkippedFile[] = []
  const begin = Number(question.next ?? 0)
  let at = Number.isSafeInteger(begin) && begin >= 0 ? begin : 0
  const last = Math.min(all.length, at + (words.length === 0 ? PAGE : MOST_READ))
  while (at < last && designs.length < PAGE) {
    tools.signal.throwIfAborted()
    const some = all.slice(at, Math.min(at + atOnce, last))
    at += some.length
    for (const one of await Promise.all(some.map(readOne))) {
      if ('reason' in one) skipped.push({ path: one.address, reason: one.reason })
      else if (matches(one.manifest, one.address, words)) designs.push(shown(one.manifest, one.address))
    }
  }
  const next = at < all.length ? String(at) : null
  return { kind: 'okh-list', designs, total: words.length === 0 ? all.length : null, next, skipped }
}

type ReadManifest = { readonly address: string } & (
  | { readonly manifest: ManifestSummary }
  | { readonly reason: Refusal }
)

const readOne = async ({ address, read }: Listed): Promise<ReadManifest> => {
  try {
    const manifest = readManifest(await read())
    if (manifest !== null) return { address, manifest }
    return { address, reason: refuse('source.answer', { host: address, detail: 'it is no OKH manifest' }) }
  } catch (error) {
    if (isRefused(error)) return { address, reason: error.refusal }
    throw error
  }
}

const matches = (manifest: ManifestSummary, address: string, words: readonly string[]): boolean => {
  const text = [
    manifest.title,
    manifest.description,
    manifest.licence,
    ...manifest.creators,
    ...manifest.keywords,
    // Its host is the same for all of a list.
    address.replace(/^https?:\/\/[^/]*/, ''),
  ]
    .join(' ')
    .toLowerCase()
  return words.every((word) => text.includes(word))
}

const shown = (manifest: ManifestSummary, address: string): BrowsedDesign => {
  const picture = manifest.picture
  const isWeb = URL.canParse(address)
  return {
    // A manifest within a repository is pulled by what it names; one with an address of its own by that.
    address: isWeb ? address : (manifest.repositories[0] ?? address),
    title: manifest.title,
    description: manifest.description?.slice(0, 500) ?? null,
    licence: manifest.licence,
    creators: [...manifest.creators],
    pictureUrl: picture === null ? null : pictureAddress(picture, isWeb ? address : manifest.repositories[0]),
  }
}

const pictureAddress = (picture: string, base: string | undefined): string | null => {
  if (!URL.canParse(picture, base)) return null
  const url = new URL(picture, base)
  return url.protocol === 'https:' ? url.href : null
}
