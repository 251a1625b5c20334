// How much of anything from outside is taken.

export interface Limits {
  /** Of one file, unpacked. */
  readonly fileBytes: number
  /** Of a whole design, unpacked. */
  readonly totalBytes: number
  readonly files: number
  /** Folders in folders. */
  readonly depth: number
  /** Of a path, in UTF-8; the database and other systems must hold it too. */
  readonly pathBytes: number
  /** Of a download before it is unpacked. */
  readonly downloadBytes: number
  /** Of a listing or description: JSON, manifests, lists. */
  readonly documentBytes: number
  /** Unpacked over packed: text and hollow models pack 20 to 60 times, bombs a thousand. */
  readonly ratio: number
  /** For one request, from its start to its last byte. */
  readonly requestMs: number
  /** Until the head of an answer is there. */
  readonly headMs: number
  /** Without a single byte. */
  readonly silenceMs: number
  /** The least that must arrive on average once the first `dribbleGraceMs` are over. */
  readonly slowestBytesPerSecond: number
  readonly dribbleGraceMs: number
  readonly headerBytes: number
  readonly redirects: number
}

export const usualLimits: Limits = {
  fileBytes: 500_000_000,
  totalBytes: 2_000_000_000,
  files: 5000,
  depth: 32,
  pathBytes: 512,
  downloadBytes: 2_000_000_000,
  documentBytes: 20_000_000,
  ratio: 200,
  requestMs: 30 * 60_000,
  headMs: 30_000,
  silenceMs: 30_000,
  slowestBytesPerSecond: 500,
  dribbleGraceMs: 20_000,
  headerBytes: 16_384,
  redirects: 5,
}

/** The usual ones for designs of this size: what a download and a file of it may be follows from that. */
export const designLimits = (totalBytes: number): Limits => ({
  ...usualLimits,
  totalBytes,
  downloadBytes: totalBytes,
  fileBytes: Math.min(usualLimits.fileBytes, totalBytes),
})
