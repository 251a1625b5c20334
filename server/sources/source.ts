// What every source of designs looks like. One adapter per kind of place; `sources.ts` chooses among them.
import type { Readable } from 'node:stream'
import type {
  BrowsedPage,
  KnownFile,
  ListedFile,
  Origin,
  SkippedFile,
  SourceFacts,
  UpstreamChange,
} from '../contract/sources.ts'
import type { Fetcher } from './fetcher.ts'
import type { Limits } from './limits.ts'

/**
 * Takes one file. `bytes` must be read to its end: it fails before the end where the file turns out too large, cut off
 * or other than the place said. A taker that rejects because `bytes` failed loses that file only, and must not keep
 * what it had of it; one that rejects for a reason of its own ends the whole reading.
 */
export type TakeFile = (file: ListedFile, bytes: Readable) => Promise<void>

export interface Progress {
  /** Null: nobody knows how many there will be. */
  readonly files: number | null
  readonly doneFiles: number
  readonly doneBytes: number
}

export interface Tree {
  readonly files: readonly ListedFile[]
  readonly skipped: readonly SkippedFile[]
}

/** A design whose place was found and pinned. `close` it: archives lie in a temporary file until then. */
export interface OpenDesign {
  readonly origin: Origin
  readonly facts: SourceFacts
  /** Lists without fetching the files, as far as the place can do so. */
  readonly tree: () => Promise<Tree>
  /**
   * Hands on every file (or those wanted), one at a time, in the order the place gives them; answers with all that was
   * left out. Throws Refused where the whole place fails.
   */
  readonly readAll: (take: TakeFile, options?: ReadOptions) => Promise<readonly SkippedFile[]>
  readonly close: () => Promise<void>
}

export interface ReadOptions {
  readonly wanted?: (file: ListedFile) => boolean
  readonly progress?: (progress: Progress) => void
}

/** What an adapter is given. */
export interface Tools {
  readonly fetcher: Fetcher
  readonly limits: Limits
  readonly signal: AbortSignal
  /** For what must lie somewhere meanwhile; on the workshop's own disk. */
  readonly temporaryFolder: string
}

export interface Source {
  /** Whether an address is one of this kind; by its looks only, nothing is fetched. */
  readonly recognises: (address: URL) => boolean
  /** Null: after asking the place, it is none of this kind. Throws Refused. */
  readonly open: (address: URL, tools: Tools) => Promise<OpenDesign | null>
}

export const noFacts: SourceFacts = {
  title: null,
  description: null,
  creators: [],
  licence: null,
  keywords: [],
  forkedFrom: null,
}

/** One file of an upload. A single archive among them is unpacked; several files are a folder. */
export interface UploadedFile {
  /** As the browser names it; for a folder, with its folders. */
  readonly path: string
  readonly sizeBytes: number | null
  readonly read: () => Readable
}

export interface BrowseQuestion {
  /** Words that all must occur; empty: everything. */
  readonly search: string
  /** `next` of the page before; null: the first one. */
  readonly next: string | null
}

/** All of it, as `openSources(settings)` of `sources.ts` gives it. Everything throws Refused with a sentence. */
export interface Sources {
  readonly open: (address: string, signal: AbortSignal) => Promise<OpenDesign>
  /** What an upload holds, checked like everything from outside. */
  readonly receive: (name: string, uploaded: readonly UploadedFile[], signal: AbortSignal) => Promise<OpenDesign>
  /** What lies upstream now, compared with what was pulled. Uploads have no upstream: refused. */
  readonly latest: (origin: Origin, known: readonly KnownFile[], signal: AbortSignal) => Promise<UpstreamChange>
  /** The same place at its pinned commit once more. */
  readonly reopen: (origin: Origin, signal: AbortSignal) => Promise<OpenDesign>
  /** A list of manifests (`list.json`) or a Manyfold server, page by page. */
  readonly browse: (address: string, question: BrowseQuestion, signal: AbortSignal) => Promise<BrowsedPage>
  readonly close: () => Promise<void>
}

export interface SourceSettings {
  readonly limits: Limits
  readonly temporaryFolder: string
  /** `host` or `host:port` in the workshop's own network that may be asked all the same. */
  readonly allowedHosts: readonly string[]
  /** By host: a token that raises a forge's limits; sent to that host only. */
  readonly tokens: ReadonlyMap<string, string>
  /** By host: name and secret of an application at a Manyfold server. */
  readonly manyfold: ReadonlyMap<string, { readonly clientId: string; readonly clientSecret: string }>
}
