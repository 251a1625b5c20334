// What bridges report of prints -> what becomes of their jobs.
import { afterPrint, statesBefore } from '../domain/job-lifecycle.ts'
import type { Database } from '../store/database.ts'
import { moveJobState } from '../store/jobs.ts'
import { settledPrints, withdrawUnclaimed } from '../store/prints.ts'
import { bookHeldTime, clearEjected } from '../store/scheduling.ts'

/** A bridge that has not claimed a print by then is not there. */
const CLAIM_SECONDS = 30

/** Reads the rows and brings the jobs after them; doing it again changes nothing. */
export const followPrints = async (db: Database): Promise<void> => {
  await withdrawUnclaimed(db, CLAIM_SECONDS)
  await bookHeldTime(db)
  await clearEjected(db)
  for (const { jobId, givenUp, state } of await settledPrints(db)) {
    const next = afterPrint(state, givenUp)
    if (next !== null) await moveJobState(db, jobId, statesBefore(next), next)
  }
}
