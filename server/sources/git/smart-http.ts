// Speaks git's smart HTTP protocol (gitprotocol-http, gitprotocol-v2), reading only.
//
// A client of our own rather than the `git` program or a package: all requests must go through the one safe fetcher,
// which the program's own network does not; and packages that speak it hold the whole pack in memory. What is spoken is
// small: list the branches, fetch the objects of one commit without its history.
import { Readable } from 'node:stream'
import { Refused, refuse } from '../../contract/refusals.ts'
import { type Answer, readAddress } from '../fetcher.ts'
import type { Tools } from '../source.ts'
import { type Spooled, spool } from '../spool.ts'
import { DELIM, FLUSH, lineText, type Packet, pktLine, readPackets, WrongPacket } from './pkt-line.ts'

export interface Remote {
  /** After redirects, without a slash at its end. */
  readonly url: string
  readonly version: 0 | 2
  readonly capabilities: ReadonlyMap<string, string>
  /** Branches and tags by their full name, tags peeled to their commit. */
  readonly refs: ReadonlyMap<string, string>
  /** The branch that HEAD stands for. */
  readonly head: string | null
}

/** Null: there is no git behind this address. Throws Refused where the place itself fails. */
export const askRemote = async (url: string, tools: Tools): Promise<Remote | null> => {
  const base = url.replace(/\/+$/, '')
  const answer = await tools.fetcher.fetch(`${base}/info/refs?service=git-upload-pack`, {
    signal: tools.signal,
    headers: { 'git-protocol': 'version=2' },
  })
  if (answer.status !== 200 || answer.header('content-type') !== 'application/x-git-upload-pack-advertisement') {
    answer.drop()
    return null
  }
  const found = readAddress(answer.url)
  found.search = ''
  const at = found.href.replace(/\/info\/refs$/, '')
  const lines = (await gather(answer)).filter((line) => !line.startsWith('# service='))
  if (lines[0] !== 'version 2') return advertised(at, lines)
  const capabilities = new Map(lines.slice(1).map((line) => cut(line, '=')))
  return { ...(await listRefs(at, capabilities, tools)), url: at, version: 2, capabilities }
}

/** Fetches one commit's objects, without its history, into a file. `wants`: a commit, or blobs. Throws Refused. */
export const fetchPack = async (
  remote: Remote,
  wants: readonly string[],
  options: { readonly withoutBlobs: boolean },
  tools: Tools,
): Promise<Spooled> => {
  const body = remote.version === 2 ? fetchBody(remote, wants, options.withoutBlobs) : oldFetchBody(wants)
  const answer = await post(remote, body, tools, tools.limits.downloadBytes)
  return spool(Readable.from(packOf(answer), { objectMode: false }), tools.temporaryFolder, tools.signal)
}

/** Whether trees may be fetched alone, and then single files. */
export const hasFilter = (remote: Remote): boolean =>
  remote.version === 2 && (remote.capabilities.get('fetch') ?? '').split(' ').includes('filter')

const listRefs = async (
  url: string,
  capabilities: ReadonlyMap<string, string>,
  tools: Tools,
): Promise<Pick<Remote, 'refs' | 'head'>> => {
  const body =
    pktLine('command=ls-refs\n') +
    objectFormat(capabilities) +
    DELIM +
    ['peel', 'symrefs', 'ref-prefix HEAD', 'ref-prefix refs/heads/', 'ref-prefix refs/tags/'].map(pktLine).join('') +
    FLUSH
  const answer = await post({ url, version: 2 }, body, tools, tools.limits.documentBytes)
  const refs = new Map<string, string>()
  let head: string | null = null
  for (const line of await gather(answer)) {
    const [id = '', name = '', ...attributes] = line.split(' ')
    const of = (key: string) => attributes.find((one) => one.startsWith(key))?.slice(key.length)
    if (name === 'HEAD') head = of('symref-target:') ?? null
    if (isObjectId(id)) refs.set(name, of('peeled:') ?? id)
  }
  return { refs, head }
}

/** What servers say that do not know version 2. */
const advertised = (url: string, lines: readonly string[]): Remote => {
  const refs = new Map<string, string>()
  let capabilities = new Map<string, string>()
  for (const line of lines) {
    const [shown, told] = cut(line, '\0')
    if (told !== '')
      capabilities = new Map(
        told
          .split(' ')
          .map((one) => cut(one, '='))
          .reverse(),
      )
    const [id, name] = cut(shown, ' ')
    if (isObjectId(id)) refs.set(name.replace(/\^\{\}$/, ''), id)
  }
  const symref = capabilities.get('symref') ?? ''
  return { url, version: 0, capabilities, refs, head: symref.startsWith('HEAD:') ? symref.slice(5) : null }
}

const fetchBody = (remote: Remote, wants: readonly string[], withoutBlobs: boolean): string =>
  pktLine('command=fetch\n') +
  objectFormat(remote.capabilities) +
  DELIM +
  ['no-progress', 'ofs-delta', ...(withoutBlobs ? ['filter blob:none'] : []), 'deepen 1'].map(pktLine).join('') +
  wants.map((id) => pktLine(`want ${id}\n`)).join('') +
  pktLine('done\n') +
  FLUSH

const oldFetchBody = (wants: readonly string[]): string =>
  wants
    .map((id, at) => pktLine(`want ${id}${at === 0 ? ' side-band-64k ofs-delta no-progress shallow' : ''}\n`))
    .join('') +
  pktLine('deepen 1') +
  FLUSH +
  pktLine('done\n')

const objectFormat = (capabilities: ReadonlyMap<string, string>): string => {
  const format = capabilities.get('object-format')
  return format === undefined ? '' : pktLine(`object-format=${format}\n`)
}

const post = (
  remote: Pick<Remote, 'url' | 'version'>,
  body: string,
  tools: Tools,
  mostBytes: number,
): Promise<Answer> =>
  tools.fetcher.fetch(`${remote.url}/git-upload-pack`, {
    signal: tools.signal,
    method: 'POST',
    body,
    mostBytes,
    headers: {
      'content-type': 'application/x-git-upload-pack-request',
      accept: 'application/x-git-upload-pack-result',
      ...(remote.version === 2 ? { 'git-protocol': 'version=2' } : {}),
    },
  })

const packets = async function* (answer: Answer): AsyncGenerator<Packet> {
  const host = answer.url.host
  if (answer.status !== 200) {
    answer.drop()
    throw new Refused(refuse('source.answer', { host, detail: `status ${answer.status}` }))
  }
  try {
    yield* readPackets(answer.bytes)
  } catch (error) {
    if (error instanceof WrongPacket) throw new Refused(refuse('source.answer', { host, detail: error.message }))
    throw error
  }
}

const gather = async (answer: Answer): Promise<string[]> => {
  const lines: string[] = []
  for await (const packet of packets(answer)) {
    if (packet.kind !== 'line') continue
    const line = lineText(packet.bytes)
    refuseError(line, answer)
    lines.push(line)
  }
  return lines
}

/** The bytes of side band 1, after whatever stands before them. */
const packOf = async function* (answer: Answer): AsyncGenerator<Buffer> {
  let begun = false
  for await (const packet of packets(answer)) {
    if (packet.kind !== 'line') continue
    const band = packet.bytes[0]
    if (band === 1) {
      begun = true
      yield packet.bytes.subarray(1)
    } else if (band === 3) refuseError(`ERR ${packet.bytes.toString('utf8', 1)}`, answer)
    else if (band !== 2) refuseError(lineText(packet.bytes), answer)
  }
  if (!begun) throw new Refused(refuse('source.answer', { host: answer.url.host, detail: 'it sends no objects' }))
}

const refuseError = (line: string, answer: Answer): void => {
  if (!line.startsWith('ERR ')) return
  const detail = line
    .slice(4, 200)
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
  throw new Refused(refuse('source.answer', { host: answer.url.host, detail }))
}

export const isObjectId = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)

const cut = (text: string, mark: string): [string, string] => {
  const at = text.indexOf(mark)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + mark.length)]
}
