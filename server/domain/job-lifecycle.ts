// Which state of a job may follow which, and what a print's end means for its job.
import type { JobState, PrintState } from '../contract/jobs.ts'

const nextStates: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['printing', 'cancelled'],
  printing: ['queued', 'undecided', 'done', 'cancelled'],
  undecided: ['queued', 'printing', 'done', 'cancelled'],
  done: [],
  cancelled: [],
}

export const mayBecome = (from: JobState, to: JobState): boolean => nextStates[from].includes(to)

/** The states from which a job may become `to`. */
export const statesBefore = (to: JobState): JobState[] =>
  (Object.keys(nextStates) as JobState[]).filter((from) => mayBecome(from, to))

/**
 * What becomes of a job when its print has ended so. A print that never began leaves the job in the queue; one that did
 * not end well is for a person to decide, unless its member has given it up: no part is started again by itself. So is
 * one that was to be gone on with (`resumed`) and never began: from the beginning it would run into its own part.
 */
export const afterPrint = (state: PrintState, givenUp: boolean, resumed = false): JobState | null => {
  switch (state) {
    case 'completed':
      return 'done'
    case 'refused':
      if (givenUp) return 'cancelled'
      return resumed ? 'undecided' : 'queued'
    case 'failed':
    case 'cancelled':
    case 'interrupted':
      return givenUp ? 'cancelled' : 'undecided'
    case 'dispatched':
    case 'printing':
    case 'paused':
      return null
  }
}
