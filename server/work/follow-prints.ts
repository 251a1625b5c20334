// What bridges report of prints -> what becomes of their jobs, and what spools have lost.
import { fateOf, standingOf } from '../domain/copies.ts'
import { usesSince } from '../domain/spool-use.ts'
import { settleBookings } from '../store/booked-time.ts'
import type { Database } from '../store/database.ts'
import { readJobSettings } from '../store/job-settings.ts'
import * as standing from '../store/job-standing.ts'
import { readWishes } from '../store/jobs.ts'
import { lengthsSaved, loadedIn, readRun, saveUses } from '../store/print-uses.ts'
import { withdrawUnclaimed } from '../store/prints.ts'
import { bookHeldTime, clearEjected } from '../store/scheduling.ts'

/** A bridge that has not claimed a print by then is not there. */
const CLAIM_SECONDS = 30

/** Reads the rows and brings the jobs after them; doing it again changes nothing. */
export const followPrints = async (db: Database): Promise<void> => {
  await withdrawUnclaimed(db, CLAIM_SECONDS)
  await bookHeldTime(db)
  await settleBookings(db)
  await clearEjected(db)
  await readWishes(db)
  for (const jobId of await standing.unsettledJobs(db)) await db.transaction((inside) => settle(inside, jobId))
}

/** Each print that has ended gets its meaning, and its filament is taken off, in the same transaction: once. */
const settle = async (db: Database, jobId: number): Promise<void> => {
  await standing.lockJob(db, jobId)
  const { afterFailure } = await readJobSettings(db)
  for (const print of await standing.unsettledPrints(db, jobId)) {
    const tally = await standing.readTally(db, jobId)
    const failuresBefore = await standing.failuresInRow(db, jobId)
    const fate = fateOf({ state: print.state, givenUp: tally?.givenUp ?? true, afterFailure, failuresBefore })
    if (fate === null) continue
    await standing.saveFate(db, print.id, fate)
    // It has gone on with another, whose part it has finished or spoilt: nothing is left to say of that one.
    if (print.resumes !== null && print.state !== 'refused') await standing.saveFate(db, print.resumes, 'again')
    await takeFilament(db, print.id)
  }
  const tally = await standing.readTally(db, jobId)
  if (tally !== null) await standing.saveStanding(db, jobId, standingOf(tally))
}

const takeFilament = async (db: Database, printId: number): Promise<void> => {
  const run = await readRun(db, printId)
  if (run === null || !run.started) return
  const loaded = await loadedIn(db, run.printerId)
  await saveUses(db, printId, usesSince(run, await lengthsSaved(db, printId), loaded))
}
