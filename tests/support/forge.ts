// GitHub, GitLab and Gitea, played from a few files: their lists, raw files, archives, and what they say when asked too much.
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import { readWhole } from '../../server/sources/limited-bytes.ts'
import { answerJson, startWebServer, type WebServer } from './web-server.ts'

export interface PlayedForge extends WebServer {
  /** The repository as it is now; tests change it. */
  files: Record<string, string>
  commit: string
  /** Before anything else; true: it is answered already. */
  first: (request: IncomingMessage, response: ServerResponse, url: URL) => boolean
  /** What raw addresses and archives give, where it is not what the list says. */
  instead: Record<string, string>
  /** What archives leave out, as .gitattributes can ask for. */
  readonly leftOut: Set<string>
}

export const blobId = (text: string): string =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex')

export const startForge = async (kind: 'github' | 'gitlab' | 'gitea'): Promise<PlayedForge> => {
  const server = await startWebServer((request, response, url) => {
    if (forge.first(request, response, url)) return
    if (advertise(forge, response, url)) return
    return players[kind](forge, response, url)
  })
  const forge: PlayedForge = {
    ...server,
    files: {},
    commit: 'c0ffee'.padEnd(40, '0'),
    first: () => false,
    instead: {},
    leftOut: new Set(),
  }
  return forge
}

const nothing = (response: ServerResponse): void => void response.writeHead(404).end()

/** Git's old greeting: one branch. */
const advertise = (forge: PlayedForge, response: ServerResponse, url: URL): boolean => {
  if (!/^\/(ada|group\/sub)\/part(\.git)?\/info\/refs$/.test(url.pathname)) return false
  const line = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text
  response.writeHead(200, { 'content-type': 'application/x-git-upload-pack-advertisement' })
  const first = line(`${forge.commit} HEAD\0side-band-64k symref=HEAD:refs/heads/main\n`)
  response.end(`${line('# service=git-upload-pack\n')}0000${first}${line(`${forge.commit} refs/heads/main\n`)}0000`)
  return true
}

const tarball = async (forge: PlayedForge): Promise<Buffer> => {
  const packing = pack()
  for (const [path, text] of Object.entries(forge.files))
    if (!forge.leftOut.has(path))
      packing.entry({ name: `part-${forge.commit.slice(0, 7)}/${path}` }, forge.instead[path] ?? text)
  packing.finalize()
  return gzipSync(await readWhole(Readable.from(packing)))
}

const giveArchive = async (forge: PlayedForge, response: ServerResponse): Promise<void> => {
  response.writeHead(200, { 'content-type': 'application/gzip' }).end(await tarball(forge))
}

const giveFile = (forge: PlayedForge, response: ServerResponse, path: string): void => {
  const text = forge.instead[path] ?? forge.files[path]
  if (text === undefined) return nothing(response)
  response.writeHead(200, { 'content-type': 'text/plain' }).end(text)
}

const tree = (forge: PlayedForge) =>
  Object.entries(forge.files).map(([path, text]) => ({
    path,
    mode: '100644',
    type: 'blob',
    sha: blobId(text),
    size: Buffer.byteLength(text),
  }))

type Player = (forge: PlayedForge, response: ServerResponse, url: URL) => unknown

const players: Readonly<Record<'github' | 'gitlab' | 'gitea', Player>> = {
  github: (forge, response, url) => {
    const path = decodeURIComponent(url.pathname)
    if (path === '/api/repos/ada/part')
      return answerJson(response, {
        name: 'part',
        description: 'A part',
        owner: { login: 'ada' },
        license: { spdx_id: 'CERN-OHL-P-2.0' },
        topics: ['hinge'],
        parent: { html_url: 'https://github.com/grace/part' },
      })
    if (path === `/api/repos/ada/part/git/trees/${forge.commit}`)
      return answerJson(response, { truncated: false, tree: tree(forge) }, { etag: `"${forge.commit}"` })
    if (path === `/codeload/ada/part/tar.gz/${forge.commit}`) return giveArchive(forge, response)
    const raw = `/raw/ada/part/${forge.commit}/`
    return path.startsWith(raw) ? giveFile(forge, response, path.slice(raw.length)) : nothing(response)
  },
  gitlab: (forge, response, url) => {
    if (!url.pathname.startsWith('/api/v4/projects/group%2Fsub%2Fpart')) return nothing(response)
    const path = url.pathname.slice('/api/v4/projects/group%2Fsub%2Fpart'.length)
    if (path === '')
      return answerJson(response, {
        id: 7,
        name: 'part',
        description: 'A part',
        namespace: { name: 'Group' },
        license: { name: 'MIT License' },
        forked_from_project: { web_url: 'https://gitlab.com/grace/part' },
      })
    if (path === '/repository/tree') {
      const folder = url.searchParams.get('path') ?? ''
      const page = Number(url.searchParams.get('page'))
      const all = tree(forge).filter((one) => one.path.startsWith(folder === '' ? '' : `${folder}/`))
      const some = all
        .slice((page - 1) * 100, page * 100)
        .map(({ sha, path: at, mode }) => ({ id: sha, type: 'blob', path: at, mode }))
      return answerJson(response, some, { 'x-next-page': page * 100 < all.length ? String(page + 1) : '' })
    }
    if (path === '/repository/archive.tar.gz') return giveArchive(forge, response)
    const id = /^\/repository\/blobs\/(\w+)\/raw$/.exec(path)?.[1]
    const found = Object.entries(forge.files).find(([, text]) => blobId(text) === id)?.[0]
    return found === undefined ? nothing(response) : giveFile(forge, response, found)
  },
  gitea: (forge, response, url) => {
    const path = decodeURIComponent(url.pathname)
    if (path === '/api/v1/version') return answerJson(response, { version: '12.0.0' })
    const api = '/api/v1/repos/ada/part'
    if (path === api)
      return answerJson(response, {
        name: 'part',
        description: '',
        owner: { login: 'ada', full_name: 'Ada L.' },
        licenses: ['CC-BY-4.0'],
        parent: null,
      })
    if (path === `${api}/git/trees/${forge.commit}`) {
      const page = Number(url.searchParams.get('page'))
      const all = tree(forge)
      return answerJson(response, {
        tree: all.slice((page - 1) * 10, page * 10),
        total_count: all.length,
        truncated: true,
      })
    }
    if (path === `${api}/archive/${forge.commit}.tar.gz`) return giveArchive(forge, response)
    if (path.startsWith(`${api}/raw/`)) return giveFile(forge, response, path.slice(`${api}/raw/`.length))
    return nothing(response)
  },
}

/** Where the played GitHub has what is spread over four hosts. */
export const githubPlacesOf = ({ url }: WebServer) => ({
  web: url,
  api: `${url}/api`,
  raw: `${url}/raw`,
  archives: `${url}/codeload`,
})
