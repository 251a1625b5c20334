// Brings a design here: from its address or from a tray, with all that it says of itself.
import { Readable } from 'node:stream'
import type { UpstreamNews } from '../contract/commons.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { readDesign as readReading } from '../domain/commons/design.ts'
import { slugOf } from '../domain/commons/slug.ts'
import { isToldFrom } from '../domain/commons/tree.ts'
import type { OpenDesign, Sources } from '../sources/source.ts'
import { readBlob, writeBlob } from '../store/blobs.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import * as designs from '../store/designs.ts'
import * as pulls from '../store/pulls.ts'

/** Of a file that tells something, so much is kept to read. */
const MOST_TOLD_BYTES = 4 * 1024 * 1024
const LOOK_MS = 1000

/** Somebody has cancelled it. */
class Cancelled extends Error {}

/** Carries out one order. What goes wrong is written on the pull, in words for people. */
export const pullDesign = async (
  db: Database,
  sources: Sources,
  pullId: number,
  failed: (error: Error) => void,
): Promise<void> => {
  if (!(await pulls.takePull(db, pullId))) return
  const pull = await pulls.readPull(db, pullId)
  if (pull === null) return
  const watch = new CancelWatch(db, pullId)
  try {
    const end = pull.kind === 'check' ? await check(db, sources, pull, watch) : await bring(db, sources, pull, watch)
    await pulls.endPull(db, pullId, { state: 'done', ...end })
    if (pull.trayId !== null) await pulls.removeTray(db, pull.trayId)
  } catch (error) {
    if (error instanceof DatabaseAway) throw error
    if (watch.signal.aborted || error instanceof Cancelled) return
    if (!(error instanceof Refused)) failed(error instanceof Error ? error : new Error(String(error)))
    const reason =
      error instanceof Refused ? error.message : 'Something broke on the server while it was pulled. Tell a steward.'
    await pulls.endPull(db, pullId, { state: 'failed', reason })
  } finally {
    watch.close()
  }
}

interface Step {
  readonly step: string
  readonly filesDone: number
  readonly filesTotal: number | null
  readonly bytesDone: number
}

/** Looks every second whether the pull is still wanted, and says how far it is. */
class CancelWatch {
  readonly #abort = new AbortController()
  readonly #timer: NodeJS.Timeout
  #at: Step = { step: 'Looking at the address', filesDone: 0, filesTotal: null, bytesDone: 0 }

  constructor(db: Database, pullId: number) {
    const look = (): void => {
      pulls.saveProgress(db, pullId, this.#at).then(
        (wanted) => {
          if (!wanted) this.#abort.abort(new Cancelled())
        },
        // A database that is away is noticed by the work itself.
        () => {},
      )
    }
    look()
    this.#timer = setInterval(look, LOOK_MS)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  tell(at: Partial<Step>): void {
    this.#at = { ...this.#at, ...at }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

interface End {
  readonly designId?: number
  readonly news?: UpstreamNews
}

const check = async (db: Database, sources: Sources, pull: pulls.PullRow, watch: CancelWatch): Promise<End> => {
  const design = pull.designId === null ? null : await designs.readDesign(db, pull.designId)
  if (design === null) throw new Refused(refuse('design.missing'))
  if (design.origin === null) throw new Refused(refuse('design.no-source', { name: design.name }))
  watch.tell({ step: 'Comparing with its source' })
  const change = await sources.latest(design.origin, await designs.knownFiles(db, design.id), watch.signal)
  const news = {
    checkedAt: new Date().toISOString(),
    isNewer: change.changed,
    commit: change.origin.commit,
    ...change.files,
  }
  await designs.saveNews(db, design.id, news)
  return { designId: design.id, news }
}

const bring = async (db: Database, sources: Sources, pull: pulls.PullRow, watch: CancelWatch): Promise<End> => {
  const tray = pull.trayId === null ? null : await pulls.readTray(db, pull.trayId)
  const open =
    tray === null ? await openAddress(db, sources, pull, watch.signal) : await openTray(db, sources, tray, watch.signal)
  try {
    const place = designs.placeOfOrigin(open.origin)
    const known = place === null ? null : await designs.designAt(db, place)
    if (known !== null && open.origin.commit !== null && known.commit === open.origin.commit)
      return { designId: known.designId }
    const { files, texts, skipped } = await readFiles(db, open, watch)
    if (files.length === 0) throw new Refused(refuse('design.empty'))
    watch.tell({ step: 'Reading what the files say' })
    const reading = readReading({
      paths: files.map(({ path }) => path),
      texts,
      facts: open.facts,
      foundAt: open.origin.kind === 'upload' ? '' : open.origin.url,
      fallbackName: nameOf(tray?.name ?? open.origin.url),
      given: { licence: tray?.licence ?? null, creator: tray?.creator ?? null },
    })
    const told = new Map(reading.files.map((file) => [file.path, file]))
    if (watch.signal.aborted) throw new Cancelled()
    const { designId } = await designs.saveVersion(db, {
      designId: pull.designId ?? known?.designId ?? null,
      ownerId: pull.memberId,
      slug: slugOf(reading.name),
      origin: open.origin,
      reading: { ...reading, warnings: [...reading.warnings, ...skipped] },
      files: files.flatMap((file) => {
        const one = told.get(file.path)
        return one === undefined ? [] : [{ ...one, blobId: file.blobId, sha: file.sha }]
      }),
      ancestors: reading.parents.map((parent) => ({ ...parent, commit: null, versionId: null })),
      isPublished: false,
    })
    return { designId }
  } finally {
    await open.close()
  }
}

/** Of an update, the same place as it is now. */
const openAddress = async (
  db: Database,
  sources: Sources,
  pull: pulls.PullRow,
  signal: AbortSignal,
): Promise<OpenDesign> => {
  const design = pull.kind === 'update' && pull.designId !== null ? await designs.readDesign(db, pull.designId) : null
  if (design?.origin == null) return sources.open(pull.address, signal)
  const change = await sources.latest(design.origin, await designs.knownFiles(db, design.id), signal)
  if (!change.changed) throw new Refused(refuse('design.nothing-new', { name: design.name }))
  return sources.reopen(change.origin, signal)
}

const openTray = async (
  db: Database,
  sources: Sources,
  tray: pulls.TrayRow,
  signal: AbortSignal,
): Promise<OpenDesign> => {
  const files = await pulls.trayFiles(db, tray.id)
  const uploaded = files.map(({ path, sizeBytes, blobId }) => ({
    path,
    sizeBytes,
    read: () => Readable.from(readBlob(db, blobId)),
  }))
  return sources.receive(tray.name, uploaded, signal)
}

interface PulledFile {
  readonly path: string
  readonly sha: string | null
  readonly blobId: number
}

const readFiles = async (db: Database, open: OpenDesign, watch: CancelWatch) => {
  const files: PulledFile[] = []
  const texts = new Map<string, string>()
  watch.tell({ step: 'Fetching the files' })
  const skipped = await open.readAll(
    async ({ path, sha }, bytes) => {
      const told: Uint8Array[] = []
      let toldBytes = 0
      const blob = await writeBlob(db, bytes, (piece) => {
        if (!isToldFrom(path) || toldBytes > MOST_TOLD_BYTES) return
        toldBytes += piece.length
        told.push(Uint8Array.from(piece))
      })
      if (told.length > 0) texts.set(path, Buffer.concat(told).toString('utf8'))
      files.push({ path, sha, blobId: blob.id })
    },
    {
      progress: ({ files: all, doneFiles, doneBytes }) =>
        watch.tell({ filesDone: doneFiles, filesTotal: all, bytesDone: doneBytes }),
    },
  )
  const warnings = skipped.map(({ path, reason }) => ({ code: reason.code, place: path, message: reason.message }))
  return { files, texts, skipped: warnings }
}

/** The last part of an address or a file name, without its ending. */
const nameOf = (text: string): string =>
  (/([^/]+?)(\.git|\.zip|\.tar|\.tar\.gz|\.tgz)?\/*$/i.exec(text)?.[1] ?? text).replace(/[-_]+/g, ' ').trim()
