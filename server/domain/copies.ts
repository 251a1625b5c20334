// How a job stands, by its copies: what is done, what may begin, and which of its files is next.
import type { Fate, JobState, PrintState } from '../contract/jobs.ts'

/** Prints of one file of a job. */
export interface PlateTally {
  /** From 1. */
  readonly position: number
  readonly fileId: number
  /** Good ones; running ones; those of which a person must say something. */
  readonly counted: number
  readonly running: number
  readonly undecided: number
}

export interface Tally {
  readonly copies: number
  readonly givenUp: boolean
  /** In the order in which they are printed; at least one. */
  readonly plates: readonly PlateTally[]
}

export interface Standing {
  readonly state: JobState
  readonly copiesDone: number
  /** Prints of `fileId` that may begin now. */
  readonly toStart: number
  readonly plate: number
  readonly fileId: number
}

/**
 * A copy is one print of each file. A file begins when that copy's file before it is done; of several that may begin, the
 * later one does, so that a copy begun is finished first. As long as a person must say what becomes of a print, nothing
 * further begins: the next one might fail in the same way.
 */
export const standingOf = ({ copies, givenUp, plates }: Tally): Standing => {
  const sum = (count: (plate: PlateTally) => number): number => plates.reduce((all, plate) => all + count(plate), 0)
  const running = sum((plate) => plate.running)
  const undecided = sum((plate) => plate.undecided)
  const copiesDone = plates.at(-1)?.counted ?? 0
  const startable = plates.map((plate, n) => {
    const wanted = n === 0 ? copies : Math.min(copies, plates[n - 1]?.counted ?? 0)
    return Math.max(0, wanted - plate.counted - plate.running - plate.undecided)
  })
  const unfinished = plates.findIndex(({ counted }) => counted < copies)
  const last = startable.findLastIndex((count) => count > 0)
  const next = last >= 0 ? last : unfinished >= 0 ? unfinished : plates.length - 1
  const state = stateOf({ running, undecided, givenUp, done: copiesDone >= copies })
  const rests = state === 'done' || state === 'cancelled' || givenUp || undecided > 0
  return {
    state,
    copiesDone,
    toStart: rests ? 0 : (startable[next] ?? 0),
    plate: plates[next]?.position ?? 1,
    fileId: plates[next]?.fileId ?? 0,
  }
}

const stateOf = (counts: { running: number; undecided: number; givenUp: boolean; done: boolean }): JobState => {
  const { running, undecided, givenUp, done } = counts
  if (running > 0) return undecided > 0 && !givenUp ? 'undecided' : 'printing'
  if (done) return 'done'
  if (givenUp) return 'cancelled'
  return undecided > 0 ? 'undecided' : 'queued'
}

/** So many copies of a job in a row may fail and go back by themselves; then a person is asked in any case. */
const MOST_FAILURES = 3

export interface Ending {
  readonly state: PrintState
  readonly givenUp: boolean
  /** What the workshop wants of failed copies. */
  readonly afterFailure: 'ask' | 'again'
  /** Prints of the job that failed since the last good one, without this. */
  readonly failuresBefore: number
}

/**
 * What a print's end means for its job; null while it runs. A print that never began is printed again. What was stopped
 * by a person is never begun again without a person's word.
 */
export const fateOf = ({ state, givenUp, afterFailure, failuresBefore }: Ending): Fate | null => {
  switch (state) {
    case 'completed':
      return 'counts'
    case 'refused':
      return givenUp ? 'forgone' : 'again'
    case 'failed':
    case 'interrupted':
      if (givenUp) return 'forgone'
      return afterFailure === 'again' && failuresBefore + 1 < MOST_FAILURES ? 'again' : 'undecided'
    case 'cancelled':
      return givenUp ? 'forgone' : 'undecided'
    case 'dispatched':
    case 'printing':
    case 'paused':
      return null
  }
}
