// Who sees whose names: a job's own, and its member's. What occupies a printer, and until when, everyone sees.
import type { GcodeFile } from '../contract/files.ts'
import type { Job, Print } from '../contract/jobs.ts'
import { type Holder, may, type PrinterPlace, reaches } from '../contract/permissions.ts'
import type { Printer } from '../contract/printers.ts'

/** What stands in the place of a name that is not shown. */
export const PRIVATE_PART = 'Private part'

/** One who looks. */
export interface Viewer extends Holder {
  readonly id: number
}

/** Whose jobs are named to everyone: all, or these members'. */
export interface NameRules {
  readonly all: boolean
  readonly members: ReadonlySet<number>
}

/** Whether this viewer sees the names of this member's jobs. Who runs the machines must know whose part it is. */
export const seesNames = (viewer: Viewer, ownerId: number | null, rules: NameRules): boolean =>
  rules.all ||
  may(viewer, 'run-printers') ||
  (ownerId !== null && (ownerId === viewer.id || rules.members.has(ownerId)))

export const printSeenBy = (viewer: Viewer, rules: NameRules, print: Print): Print =>
  seesNames(viewer, print.memberId, rules)
    ? print
    : { ...print, fileName: PRIVATE_PART, memberId: null, memberName: null, reason: null }

/** Whatever else a job carries that its member wrote must be taken off here too. */
export const jobSeenBy = <J extends Job>(viewer: Viewer, rules: NameRules, job: J): J =>
  seesNames(viewer, job.memberId, rules)
    ? job
    : {
        ...job,
        fileName: PRIVATE_PART,
        hasThumbnail: false,
        memberId: null,
        memberName: null,
        note: '',
        attendStart: null,
        attendStartName: null,
        approvalBy: null,
        approvalReason: null,
        lastPrint: job.lastPrint && printSeenBy(viewer, rules, job.lastPrint),
      }

/** Whether this is what `jobSeenBy` has left of a job. */
export const isPrivate = (job: Pick<Job, 'fileName' | 'memberId'>): boolean =>
  job.memberId === null && job.fileName === PRIVATE_PART

export const printerSeenBy = (viewer: Viewer, rules: NameRules, printer: Printer): Printer => {
  const { print } = printer
  if (print === null || seesNames(viewer, print.memberId, rules)) return printer
  return {
    ...printer,
    print: { ...print, fileName: PRIVATE_PART, hasThumbnail: false, objects: [], memberId: null, memberName: null },
  }
}

export const seesFile = (viewer: Viewer, rules: NameRules, file: Pick<GcodeFile, 'memberId'>): boolean =>
  seesNames(viewer, file.memberId, rules)

/** Where a job is, as far as it concerns who may see or touch it: its present print's printer, else the wanted one. */
export const printerOf = (job: Pick<Job, 'state' | 'printerId' | 'lastPrint'>): number | null =>
  job.state === 'printing' && job.lastPrint !== null ? job.lastPrint.printerId : job.printerId

/** A job at a printer that the viewer may not see is not shown, unless it is his own. */
export const seesJob = (
  viewer: Viewer,
  job: Pick<Job, 'memberId' | 'state' | 'printerId' | 'lastPrint'>,
  places: ReadonlyMap<number, PrinterPlace>,
): boolean => {
  const printerId = printerOf(job)
  const place = printerId === null ? undefined : places.get(printerId)
  return job.memberId === viewer.id || place === undefined || reaches(viewer, 'look', place)
}
