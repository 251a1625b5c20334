// The one way out to other houses: every adapter fetches through it.
import type { Readable } from 'node:stream'

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
