// The one way out to other houses: every adapter fetches through it.
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { type Agent, request } from 'undici'
import { Refused, refuse } from '../contract/refusals.ts'
import { checkAddress, guardedAgent, type Lookup } from './connect.ts'
import { limitedBytes, readWhole } from './limited-bytes.ts'
import type { Limits } from './limits.ts'
import { explainTrouble } from './trouble.ts'

export interface FetchOptions {
  readonly signal: AbortSignal
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
  /** Of the decoded body; the limits' `documentBytes` otherwise. */
  readonly mostBytes?: number
  /** What an earlier answer gave as its ETag: 304 comes back if nothing changed. */
  readonly etag?: string
}

export interface Answer {
  readonly status: number
  /** Where it came from after all redirects. */
  readonly url: URL
  readonly header: (name: string) => string | null
  /** Decoded and limited; it fails with Refused where it is too long, too slow or cut off. */
  readonly bytes: Readable
  /** The whole body. Throws Refused. */
  readonly text: () => Promise<string>
  /** The whole body as JSON. Throws Refused where it is none. */
  readonly json: () => Promise<unknown>
  /** Drops what has not been read. */
  readonly drop: () => void
}

export interface Fetcher {
  /** Any status but those of a rate limit is an answer. Throws Refused. */
  readonly fetch: (address: URL | string, options: FetchOptions) => Promise<Answer>
  readonly close: () => Promise<void>
}

export interface FetcherSettings {
  readonly limits: Limits
  readonly allowedHosts: readonly string[]
  /** By host: sent to that host only, and never on after a redirect. */
  readonly tokens: ReadonlyMap<string, string>
  readonly lookup?: Lookup
  readonly now?: () => number
}

/** What a place asks for is waited for once, if it is no longer. */
const LONGEST_WAIT_SECONDS = 10
/** Where a place says that it is busy but not for how long. */
const USUAL_WAIT_SECONDS = 60

export const openFetcher = (settings: FetcherSettings): Fetcher => {
  const agent = guardedAgent(settings.allowedHosts, settings.limits, settings.lookup)
  const now = settings.now ?? Date.now
  /** By host: until when it wants to be left alone, in milliseconds. */
  const busyUntil = new Map<string, number>()
  const fetchOnce = async (address: URL | string, options: FetchOptions): Promise<Answer> => {
    let url = readAddress(address)
    let { headers } = options
    for (let hop = 0; hop <= settings.limits.redirects; hop++) {
      checkAddress(url, settings.allowedHosts)
      const wait = Math.ceil(((busyUntil.get(url.host) ?? 0) - now()) / 1000)
      if (wait > 0) throw busy(url, wait)
      const answer = await ask(agent, url, { ...options, headers: withToken(settings, url, headers) }, settings.limits)
      const seconds = busySeconds(answer, now())
      if (seconds !== null) {
        answer.drop()
        busyUntil.set(url.host, now() + seconds * 1000)
        throw busy(url, seconds)
      }
      const location = answer.header('location')
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === null) return answer
      answer.drop()
      const next = readAddress(location, url)
      // Whoever stands behind another address gets nothing that was meant for this one.
      if (next.origin !== url.origin) headers = withoutSecrets(headers)
      url = next
    }
    throw new Refused(refuse('source.redirects', { host: url.host }))
  }
  return {
    fetch: async (address, options) => {
      try {
        return await fetchOnce(address, options)
      } catch (error) {
        const seconds = error instanceof Refused ? error.refusal.values?.['seconds'] : undefined
        if (typeof seconds !== 'number' || seconds > LONGEST_WAIT_SECONDS) throw error
        await pause(seconds * 1000, undefined, { signal: options.signal })
        return fetchOnce(address, options)
      }
    },
    close: () => agent.destroy(),
  }
}

/** Throws Refused. */
export const readAddress = (address: URL | string, base?: URL): URL => {
  try {
    return new URL(address, base)
  } catch {
    throw new Refused(refuse('source.address', { address: String(address).slice(0, 200) }))
  }
}

const busy = (url: URL, seconds: number): Refused =>
  new Refused(refuse('source.busy', { host: url.host, minutes: Math.max(1, Math.ceil(seconds / 60)), seconds }))

/** How long a place wants to be left alone; null: it has answered. GitHub says 403 where others say 429. */
const busySeconds = (answer: Answer, now: number): number | null => {
  const after = answer.header('retry-after')
  const spent = answer.header('x-ratelimit-remaining') === '0' || answer.header('ratelimit-remaining') === '0'
  const limited =
    answer.status === 429 ||
    (answer.status === 403 && (spent || after !== null)) ||
    (answer.status === 503 && after !== null)
  if (!limited) return null
  const reset = Number(answer.header('x-ratelimit-reset') ?? answer.header('ratelimit-reset') ?? Number.NaN)
  const candidates = [
    Number(after ?? Number.NaN),
    (Date.parse(after ?? '') - now) / 1000,
    // An instant in seconds since 1970, or a number of seconds.
    reset > 1e9 ? reset - now / 1000 : reset,
  ]
  const seconds = candidates.find(Number.isFinite) ?? USUAL_WAIT_SECONDS
  return Math.min(Math.max(Math.ceil(seconds), 1), 24 * 3600)
}

type Headers = Readonly<Record<string, string>>

const withToken = (settings: FetcherSettings, url: URL, headers: Headers | undefined): Headers => {
  const token = settings.tokens.get(url.host)
  const given = headers ?? {}
  if (token === undefined || given['authorization'] !== undefined || url.protocol !== 'https:') return given
  return { ...given, authorization: `Bearer ${token}` }
}

const withoutSecrets = (headers: Headers | undefined): Headers =>
  Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => name.toLowerCase() !== 'authorization'))

const ask = async (agent: Agent, url: URL, options: FetchOptions, limits: Limits): Promise<Answer> => {
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(limits.requestMs)])
  const explain = (error: unknown): unknown =>
    options.signal.aborted ? options.signal.reason : explainTrouble(error, url)
  try {
    const response = await request(url, {
      dispatcher: agent,
      method: options.method ?? 'GET',
      signal,
      body: options.body ?? null,
      headers: {
        'user-agent': 'Auzolan (a workshop pulling open designs)',
        'accept-encoding': 'gzip, identity',
        ...options.headers,
        ...(options.etag === undefined ? {} : { 'if-none-match': options.etag }),
      },
    })
    const header = (name: string): string | null => {
      const value = response.headers[name]
      return (Array.isArray(value) ? value[0] : value) ?? null
    }
    const body = Readable.from(
      limitedBytes(decoded(response.body, header('content-encoding'), url), {
        name: shortName(url),
        mostBytes: options.mostBytes ?? limits.documentBytes,
        limits,
        explain,
      }),
      { objectMode: false },
    )
    const drop = (): void => {
      response.body.on('error', () => {})
      response.body.destroy()
      body.on('error', () => {})
      body.destroy()
    }
    const text = async (): Promise<string> => (await readWhole(body)).toString('utf8')
    const json = async (): Promise<unknown> => {
      const whole = await text()
      try {
        return JSON.parse(whole) as unknown
      } catch {
        throw new Refused(refuse('source.answer', { host: url.host, detail: 'it is not JSON' }))
      }
    }
    return { status: response.statusCode, url, header, bytes: body, text, json, drop }
  } catch (error) {
    throw explain(error)
  }
}

const decoded = (body: Readable, encoding: string | null, url: URL): Readable => {
  if (encoding === null || encoding === 'identity' || encoding === '') return body
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new Refused(refuse('source.answer', { host: url.host, detail: `it is packed as ${encoding}` }))
  const unpacked = createGunzip()
  body.on('error', (error) => unpacked.destroy(error))
  unpacked.on('close', () => body.destroy())
  return body.pipe(unpacked)
}

const shortName = (url: URL): string => {
  const last = url.pathname.split('/').filter(Boolean).at(-1) ?? url.host
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
