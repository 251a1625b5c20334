// A Manyfold server, by its API (version 0, app/api/v0/openapi.json there).
import { createHash } from 'node:crypto'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { Refused, refuse } from '../contract/refusals.ts'
import type { BrowsedPage, Origin, SkippedFile } from '../contract/sources.ts'
import { askJson } from './ask-json.ts'
import { readAddress } from './fetcher.ts'
import { takeLinked } from './links.ts'
import { keepPaths } from './paths.ts'
import type { BrowseQuestion, OpenDesign, Source, SourceSettings, Tools } from './source.ts'
import { isRefused } from './trouble.ts'

type Applications = SourceSettings['manyfold']

const Reference = Type.Object({ '@id': Type.String(), name: Type.Optional(Type.String()) })
const Model = Type.Object({
  '@id': Type.Optional(Type.String()),
  name: Type.String(),
  caption: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  hasPart: Type.Array(Reference),
  creator: Type.Optional(Type.Union([Reference, Type.Null()])),
  'spdx:license': Type.Optional(Type.Union([Type.Object({ licenseId: Type.Optional(Type.String()) }), Type.Null()])),
  keywords: Type.Optional(Type.Union([Type.Array(Type.String()), Type.Null()])),
})
const ModelFile = Type.Object({
  contentUrl: Type.String(),
  contentSize: Type.Optional(Type.Union([Type.Integer({ minimum: 0 }), Type.Null()])),
  filename: Type.String(),
})
const Collection = Type.Object({
  totalItems: Type.Optional(Type.Integer({ minimum: 0 })),
  member: Type.Array(Reference),
  view: Type.Optional(Type.Object({ next: Type.Optional(Type.Union([Type.String(), Type.Null()])) })),
})
const Token = Type.Object({ access_token: Type.String({ pattern: '^[\\x21-\\x7e]+$' }) })
const NodeInfo = Type.Object({ software: Type.Object({ name: Type.String() }) })

const ACCEPT = 'application/vnd.manyfold.v0+json'
const MODEL = /^(.*)\/models\/([A-Za-z0-9_-]+)\/?$/

export const manyfoldSource = (applications: Applications): Source => ({
  recognises: (address) => MODEL.test(address.pathname),
  open: async (address, tools) => {
    if (!MODEL.test(address.pathname) || !(await isManyfold(address, tools))) return null
    const headers = await headersFor(address, applications, tools)
    const { told } = await askModel(address, headers, tools)
    const listed = await listFiles(told.hasPart, address, headers, tools)
    return openModel(address, told, listed, headers, tools)
  },
})

export const isManyfold = async (address: URL, tools: Tools): Promise<boolean> => {
  try {
    const { told } = await askJson(new URL('/nodeinfo/2.0', address), NodeInfo, tools)
    return told.software.name.toLowerCase() === 'manyfold'
  } catch (error) {
    if (isRefused(error)) return false
    throw error
  }
}

const askModel = async (address: URL, headers: Readonly<Record<string, string>>, tools: Tools) => {
  try {
    return await askJson(address, Model, tools, headers)
  } catch (error) {
    const unknown =
      isRefused(error) && error.refusal.code === 'source.missing' && headers['authorization'] === undefined
    throw unknown ? new Refused(refuse('source.manyfold', { host: address.host })) : error
  }
}

/** Even what everybody may see is given to known applications only, so one signs in where a steward entered it. */
const headersFor = async (
  address: URL,
  applications: Applications,
  tools: Tools,
): Promise<Readonly<Record<string, string>>> => {
  const application = applications.get(address.host)
  if (application === undefined) return { accept: ACCEPT }
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: application.clientId,
    client_secret: application.clientSecret,
    scope: 'public',
  })
  const answer = await tools.fetcher.fetch(new URL('/oauth/token', address), {
    signal: tools.signal,
    method: 'POST',
    body: form.toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
  })
  // A secret that was sent on would be another house's.
  if (answer.status !== 200 || answer.url.host !== address.host) {
    answer.drop()
    throw new Refused(refuse('source.manyfold', { host: address.host }))
  }
  const told = await answer.json()
  if (!Value.Check(Token, told)) throw new Refused(refuse('source.manyfold', { host: address.host }))
  return { accept: ACCEPT, authorization: `Bearer ${told.access_token}` }
}

interface ListedModel {
  readonly files: readonly { readonly path: string; readonly url: URL; readonly sizeBytes: number | null }[]
  readonly skipped: readonly SkippedFile[]
}

const listFiles = async (
  parts: readonly Type.Static<typeof Reference>[],
  address: URL,
  headers: Readonly<Record<string, string>>,
  tools: Tools,
): Promise<ListedModel> => {
  const { limits } = tools
  if (parts.length > limits.files)
    throw new Refused(refuse('source.too-many', { name: address.host, count: limits.files }))
  const keep = keepPaths(limits)
  const files: { path: string; url: URL; sizeBytes: number | null }[] = []
  const skipped: SkippedFile[] = []
  for (const part of parts) {
    try {
      const at = readAddress(part['@id'], address)
      const { told } = await askJson(at, ModelFile, tools, forHost(at, address, headers))
      const checked = keep(told.filename)
      if ('reason' in checked) skipped.push({ path: told.filename.slice(0, 300), reason: checked.reason })
      else
        files.push({
          path: checked.path,
          url: readAddress(told.contentUrl, address),
          sizeBytes: told.contentSize ?? null,
        })
    } catch (error) {
      if (!isRefused(error)) throw error
      skipped.push({ path: (part.name ?? part['@id']).slice(0, 300), reason: error.refusal })
    }
  }
  return { files, skipped }
}

/** The token is for this server's eyes only. */
const forHost = (to: URL, server: URL, headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  to.origin === server.origin ? headers : { accept: ACCEPT }

const openModel = (
  address: URL,
  model: Type.Static<typeof Model>,
  listed: ListedModel,
  headers: Readonly<Record<string, string>>,
  tools: Tools,
): OpenDesign => {
  const sum = createHash('sha256')
  for (const { path, sizeBytes } of listed.files) sum.update(`${path}\0${sizeBytes}\n`)
  const origin: Origin = {
    kind: 'manyfold',
    url: `${address.origin}${address.pathname.replace(/\/$/, '')}`,
    ref: null,
    commit: null,
    path: null,
    revision: `files:${sum.digest('hex')}`,
    manifest: null,
  }
  const files = listed.files.map(({ path, sizeBytes }) => ({ path, sizeBytes, sha: null }))
  return {
    origin,
    facts: {
      title: model.name,
      description: model.description ?? model.caption ?? null,
      creators: model.creator?.name === undefined ? [] : [model.creator.name],
      licence: model['spdx:license']?.licenseId ?? null,
      keywords: model.keywords ?? [],
      forkedFrom: null,
    },
    tree: async () => ({ files, skipped: listed.skipped }),
    readAll: async (take, options = {}) => {
      const lost: SkippedFile[] = []
      const wanted = listed.files.filter(
        ({ path, sizeBytes }) => options.wanted?.({ path, sizeBytes, sha: null }) ?? true,
      )
      let doneBytes = 0
      for (const [at, { path, url, sizeBytes }] of wanted.entries()) {
        const { accept: _, ...secrets } = forHost(url, address, headers)
        const reason = await takeLinked(path, url, take, tools, secrets)
        if (reason !== null) lost.push({ path, reason })
        doneBytes += reason === null ? (sizeBytes ?? 0) : 0
        options.progress?.({ files: wanted.length, doneFiles: at + 1, doneBytes })
      }
      return [...listed.skipped, ...lost]
    },
    close: async () => {},
  }
}

/** One page of what a server shows. Searching is ours: its API has no words to search by. */
export const browseManyfold = async (
  server: URL,
  { search, next }: BrowseQuestion,
  applications: Applications,
  tools: Tools,
): Promise<BrowsedPage> => {
  const headers = await headersFor(server, applications, tools)
  const address = next === null ? new URL('/models?order=recent', server) : readAddress(next, server)
  if (address.origin !== server.origin) throw new Refused(refuse('source.list', { address: server.href }))
  const { told } = await askJson(address, Collection, tools, headers)
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const found = told.member.filter(({ name = '' }) => words.every((word) => name.toLowerCase().includes(word)))
  const following = told.view?.next ?? null
  return {
    kind: 'manyfold',
    designs: found.map((one) => ({
      address: readAddress(one['@id'], server).href,
      title: one.name ?? null,
      description: null,
      licence: null,
      creators: [],
      pictureUrl: null,
    })),
    total: search === '' ? (told.totalItems ?? null) : null,
    next: following === null ? null : readAddress(following, server).href,
    skipped: [],
  }
}
