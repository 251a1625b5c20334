// What an archive holds, whatever packed it.
import type { Readable } from 'node:stream'

export type EntryKind = 'file' | 'folder' | 'link' | 'device' | 'locked'

export interface RawEntry {
  /** As it stands in the archive: not checked. */
  readonly path: string
  readonly kind: EntryKind
  readonly sizeBytes: number
  readonly open: () => Promise<Readable>
}

/** Visits every entry in turn; the next one comes when the visit of the one before has ended. */
export type Walk = (visit: (entry: RawEntry, index: number) => Promise<void>) => Promise<void>
