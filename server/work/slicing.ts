// Works the slices off, one after the other, and stops one that nobody wants any more.
import { Refused } from '../contract/refusals.ts'
import { handOut } from '../desk/hand-out.ts'
import type { SlicePlan } from '../domain/slice-plan.ts'
import { EngineFailed } from '../engines/engine.ts'
import { writeBlob } from '../store/blobs.ts'
import { type Database, DatabaseAway } from '../store/database.ts'
import { createFile, readFile } from '../store/files.ts'
import * as slices from '../store/slices.ts'
import { analyseFile } from './analyse-file.ts'
import type { AnalysisThread } from './analysis-thread.ts'
import { type MadeSlice, makeSlice } from './slice-models.ts'

/** Progress is told no more often. */
const TELL_MS = 500

export class Slicing {
  readonly #db: Database
  readonly #thread: AnalysisThread
  readonly #running = new Map<number, AbortController>()

  constructor(db: Database, thread: AnalysisThread) {
    this.#db = db
    this.#thread = thread
  }

  /** Ends the engine of a slice that was cancelled. */
  async changed(id: number): Promise<void> {
    const running = this.#running.get(id)
    if (running !== undefined && !(await slices.isWanted(this.#db, id))) running.abort(new Error('It was cancelled.'))
  }

  /** Whatever runs is ended; it begins anew at the next start. */
  close(): void {
    for (const running of this.#running.values()) running.abort(new Error('The server stops.'))
  }

  /** Doing it twice is harmless: the row is claimed once. */
  async slice(id: number): Promise<void> {
    const db = this.#db
    const claimed = await slices.claimSlice(db, id)
    if (claimed === null) return
    const control = new AbortController()
    this.#running.set(id, control)
    try {
      const made = await makeSlice(claimed.plan as SlicePlan, {
        db,
        thread: this.#thread,
        signal: control.signal,
        onProgress: this.#teller(id),
        onCheck: async () => void (await slices.beginCheck(db, id)),
      })
      await this.#keep(id, claimed.name, made)
    } catch (error) {
      if (error instanceof DatabaseAway || control.signal.aborted) return
      await slices.failSlice(db, id, reasonOf(error))
      if (!(error instanceof Refused) && !(error instanceof EngineFailed)) throw error
    } finally {
      this.#running.delete(id)
    }
  }

  #teller(id: number): (fraction: number) => void {
    let told = 0
    return (fraction) => {
      const now = performance.now()
      if (now - told < TELL_MS) return
      told = now
      // What is told next replaces it: one that is lost is no loss.
      slices.saveProgress(this.#db, id, fraction).catch(() => {})
    }
  }

  async #keep(id: number, name: string, made: MadeSlice): Promise<void> {
    const db = this.#db
    const [first] = await slices.wishesOfSlice(db, id)
    if (first === undefined || !(await slices.isWanted(db, id))) return
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield* made.pieces
    }
    const blob = await writeBlob(db, pieces())
    const fileId = await createFile(db, {
      name: `${name}.gcode`,
      blobId: blob.id,
      thumbnail: null,
      uploadedBy: first.memberId,
    })
    await analyseFile(db, this.#thread, fileId)
    const findings = (await readFile(db, fileId))?.findings
    await slices.saveWishFile(db, id, first.memberId, fileId)
    await slices.finishSlice(db, id, {
      fileId,
      seconds: findings?.statedSeconds ?? findings?.motionSeconds ?? 0,
      filamentMillimetres: made.filamentMillimetres,
      grams: made.grams,
      layers: findings?.layers ?? 0,
      remarks: made.remarks,
    })
    await handOut(db, id)
  }
}

const reasonOf = (error: unknown): string => {
  if (error instanceof Refused) return error.refusal.message
  return error instanceof EngineFailed ? error.message : 'Something broke on the server while it was sliced. Try again.'
}
