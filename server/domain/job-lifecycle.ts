// Which state of a job may follow which. How a job stands by its copies: copies.ts
import type { JobState } from '../contract/jobs.ts'

const nextStates: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ['printing', 'done', 'cancelled'],
  printing: ['queued', 'undecided', 'done', 'cancelled'],
  undecided: ['queued', 'printing', 'done', 'cancelled'],
  done: [],
  cancelled: [],
}

export const mayBecome = (from: JobState, to: JobState): boolean => nextStates[from].includes(to)

/** The states from which a job may become `to`. */
export const statesBefore = (to: JobState): JobState[] =>
  (Object.keys(nextStates) as JobState[]).filter((from) => mayBecome(from, to))
