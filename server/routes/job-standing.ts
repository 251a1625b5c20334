// A job as it is shown, whose it is, and how it stands after a person's word.
import type { Job, SpoolShortage } from '../contract/jobs.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { standingOf } from '../domain/copies.ts'
import { gramsByTool, spoolShortage } from '../domain/filament.ts'
import { printerOf } from '../domain/privacy.ts'
import { jobsSeen } from '../plugins/seen.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import { readTally, saveStanding } from '../store/job-standing.ts'
import { type JobRow, readJob } from '../store/jobs.ts'
import { placeOf } from '../store/places.ts'
import { loadedEverywhere } from '../store/print-uses.ts'
import { askCommand } from '../store/printer-commands.ts'
import { listPrinters } from '../store/printers.ts'
import { openPrintsOf } from '../store/prints.ts'

export const shown = (row: JobRow): Job => ({ ...row, grams: row.grams === null ? [] : gramsByTool(row.grams) })

export const wantedJob = async (db: Database, id: number): Promise<Job> => {
  const row = await readJob(db, id)
  if (row === null) throw new Refused(refuse('job.missing'))
  return shown(row)
}

/** The job, as this member gets to see it. */
export const seenJob = async (db: Database, id: number, me: Me): Promise<Job> => {
  const [job] = await jobsSeen(db, me, [await wantedJob(db, id)])
  if (job === undefined) throw new Refused(refuse('job.missing'))
  return job
}

/** Of who asks, or of anybody where he runs the machines. */
export const ownJob = async (db: Database, id: number, me: Me): Promise<Job> => {
  const job = await seenJob(db, id, me)
  if (job.memberId !== me.id) await checkRuns(db, job, me)
  return job
}

/** Others' jobs are touched by who runs the printer at which they are; those that may go anywhere, by who runs all. */
export const checkRuns = async (db: Database, job: Job, me: Me): Promise<void> => {
  const printerId = printerOf(job)
  const place = printerId === null ? null : await placeOf(db, printerId)
  if (!may(me, 'run-printers', place ?? 'everywhere')) throw new Refused(refuse('permission.missing'))
}

/** Call it in the transaction of what has changed. */
export const bringAfter = async (db: Database, id: number): Promise<void> => {
  const tally = await readTally(db, id)
  if (tally !== null) await saveStanding(db, id, standingOf(tally))
}

/** Its prints are told to stop; when the last has ended, the job is cancelled. */
export const cancelItsPrints = async (db: Database, jobId: number, askedBy: number): Promise<void> => {
  for (const { printerId, bridge } of await openPrintsOf(db, jobId)) {
    await askCommand(db, { printerId, bridge, body: { kind: 'cancel' }, askedBy })
  }
}

/** Printers the job may go to, on which less is loaded than it takes. */
export const shortagesOf = async (db: Database, job: Job): Promise<SpoolShortage[]> => {
  if (job.toStart === 0) return []
  const [file, printers, loaded] = await Promise.all([readFile(db, job.fileId), listPrinters(db), loadedEverywhere(db)])
  const lengths = file?.findings?.filament ?? []
  return printers
    .filter(({ id, tags }) =>
      job.printerId === null ? job.printerTags.every((tag) => tags.includes(tag)) : id === job.printerId,
    )
    .flatMap((printer) =>
      spoolShortage(
        lengths,
        loaded.filter(({ printerId }) => printerId === printer.id),
      ).map((shortage) => ({ printerId: printer.id, printerName: printer.name, ...shortage })),
    )
}
