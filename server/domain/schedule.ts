// What starts next, and why the rest waits: a pure function of how things stand.

import type { Findings } from '../contract/files.ts'
import { type Holder, may, type PrinterPlace } from '../contract/permissions.ts'
import type { BedState, PrinterProfile, SessionState } from '../contract/printers.ts'
import { obstacles } from './match.ts'

export interface WaitingJob {
  readonly id: number
  /** The only printer it may go to, or null. */
  readonly printerId: number | null
  /** Printers at which its member may not print. */
  readonly barred?: ReadonlySet<number>
  /** Null until its file has been analysed. */
  readonly findings: Findings | null
  /** Why its file could not be read, or null. */
  readonly failure: string | null
}

export interface ReadyPrinter {
  readonly id: number
  readonly name: string
  readonly state: SessionState
  readonly bed: BedState
  readonly takesJobs: boolean
  readonly hasPrint: boolean
  /** Its smart plug is off. */
  readonly switchedOff?: boolean
  /** Why its bridge has just refused a print, or null. */
  readonly refusal: string | null
  readonly profile: PrinterProfile
}

export interface Schedule {
  readonly dispatches: readonly { readonly jobId: number; readonly printerId: number }[]
  /** For each job that goes on waiting, a sentence. */
  readonly reasons: ReadonlyMap<number, string>
}

/** `jobs` in the order of the queue. A job that cannot start does not hold up those behind it. */
export const schedule = (jobs: readonly WaitingJob[], printers: readonly ReadyPrinter[]): Schedule => {
  const dispatches: { jobId: number; printerId: number }[] = []
  const reasons = new Map<number, string>()
  const taken = new Set<number>()
  for (const job of jobs) {
    const wanted = printers.filter((printer) => job.printerId === null || printer.id === job.printerId)
    const free = wanted.find((printer) => !taken.has(printer.id) && hindrance(job, printer) === null)
    if (free === undefined) reasons.set(job.id, reasonFor(job, wanted, taken))
    else {
      taken.add(free.id)
      dispatches.push({ jobId: job.id, printerId: free.id })
    }
  }
  return { dispatches, reasons }
}

/** Why this job does not start on this printer now; null where it can. */
const hindrance = (job: WaitingJob, printer: ReadyPrinter): string | null => {
  if (job.barred?.has(printer.id)) return 'its member may not print there'
  if (job.findings === null) return 'the file is still being read'
  const [first] = obstacles(job.findings, printer.profile)
  if (first !== undefined) return first
  if (!printer.takesJobs) return 'it takes no jobs at present'
  if (printer.hasPrint) return 'it is printing'
  if (printer.switchedOff) return 'it is switched off by its plug'
  if (printer.refusal !== null) return `its bridge refused: ${printer.refusal.replace(/\.$/, '')}`
  if (printer.state === 'idle') return printer.bed === 'clear' ? null : 'its bed waits to be cleared'
  if (printer.state === 'offline' || printer.state === 'connecting') return 'it is not connected'
  return printer.state === 'halted' ? 'it has halted and needs a person' : 'it is busy'
}

const reasonFor = (job: WaitingJob, wanted: readonly ReadyPrinter[], taken: ReadonlySet<number>): string => {
  if (job.failure !== null) return `The file could not be read: ${job.failure}`
  if (job.findings === null) return 'The file is still being read.'
  if (wanted.length === 0) {
    return job.printerId === null ? 'There is no printer yet.' : 'The printer it was queued for is gone.'
  }
  const each = wanted.map((printer) => {
    const why = taken.has(printer.id) ? 'a job before this one goes there' : (hindrance(job, printer) ?? 'it is free')
    return `${printer.name}: ${why}`
  })
  return `${each.join(' · ')}.`
}

/** Where a member may not print; nowhere may one whose account does not work. A job without a member may anywhere. */
export const barredTo = (
  memberId: number | null,
  holders: ReadonlyMap<number, Holder>,
  places: readonly PrinterPlace[],
): ReadonlySet<number> => {
  if (memberId === null) return new Set()
  const holder = holders.get(memberId)
  return new Set(places.filter((place) => holder === undefined || !may(holder, 'queue', place)).map(({ id }) => id))
}
