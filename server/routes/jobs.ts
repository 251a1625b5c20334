// Jobs: queue, move, cancel, decide; and the prints that came of them.
import type { FastifyInstance } from 'fastify'
import {
  cancelJob,
  decideJob,
  type Job,
  type JobState,
  listJobs,
  listPrints,
  moveJob,
  queueJob,
} from '../contract/jobs.ts'
import type { Me } from '../contract/members.ts'
import { may, reaches } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { statesBefore } from '../domain/job-lifecycle.ts'
import { obstacles } from '../domain/match.ts'
import { printerOf } from '../domain/privacy.ts'
import { mount } from '../plugins/mount.ts'
import { fileSeen, jobsSeen, printsSeen } from '../plugins/seen.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import * as jobs from '../store/jobs.ts'
import { placeOf } from '../store/places.ts'
import { askCommand } from '../store/printer-commands.ts'
import { listPrinters, readPrinter } from '../store/printers.ts'
import * as prints from '../store/prints.ts'
import type { House } from './house.ts'

export const mountJobs = (app: FastifyInstance, { db }: House): void => {
  mount(app, listJobs, async ({ query, me }) =>
    jobsSeen(db, me, await (query.ended === true ? jobs.listEndedJobs(db) : jobs.listOpenJobs(db))),
  )

  mount(app, queueJob, async ({ body, me }) => {
    const printerId = body.printerId ?? null
    await checkPrintable(db, body.fileId, printerId, me)
    return wantedJob(db, await jobs.createJob(db, { fileId: body.fileId, memberId: me.id, printerId }))
  })

  mount(app, moveJob, async ({ params, body, me }) => {
    await checkRuns(db, await seenJob(db, params.id, me), me)
    await jobs.moveToPlace(db, params.id, body.place)
    return seenJob(db, params.id, me)
  })

  mount(app, cancelJob, async ({ params, me }) => {
    const job = await ownJob(db, params.id, me)
    if (job.state === 'printing') await cancelItsPrint(db, job, me)
    else await change(db, job, ['queued', 'undecided'], 'cancelled')
    return wantedJob(db, params.id)
  })

  mount(app, decideJob, async ({ params, body, me }) => {
    const job = await ownJob(db, params.id, me)
    const to: JobState = body.decision === 'again' ? 'queued' : body.decision
    await change(db, job, ['undecided'], to)
    return wantedJob(db, params.id)
  })

  mount(app, listPrints, async ({ query, me }) =>
    printsSeen(
      db,
      me,
      await prints.listPrints(db, { printerId: query.printerId, before: query.before, limit: query.limit ?? 50 }),
    ),
  )
}

const wantedJob = async (db: Database, id: number): Promise<Job> => {
  const job = await jobs.readJob(db, id)
  if (job === null) throw new Refused(refuse('job.missing'))
  return job
}

const ownJob = async (db: Database, id: number, me: Me): Promise<Job> => {
  const job = await seenJob(db, id, me)
  if (job.memberId !== me.id) await checkRuns(db, job, me)
  return job
}

/** The job, as this member gets to see it. */
const seenJob = async (db: Database, id: number, me: Me): Promise<Job> => {
  const [job] = await jobsSeen(db, me, [await wantedJob(db, id)])
  if (job === undefined) throw new Refused(refuse('job.missing'))
  return job
}

/** Others' jobs are touched by who runs the printer at which they are; those that may go anywhere, by who runs all. */
const checkRuns = async (db: Database, job: Job, me: Me): Promise<void> => {
  const printerId = printerOf(job)
  const place = printerId === null ? null : await placeOf(db, printerId)
  if (!may(me, 'run-printers', place ?? 'everywhere')) throw new Refused(refuse('permission.missing'))
}

const change = async (db: Database, job: Job, from: JobState[], to: JobState): Promise<void> => {
  const allowed = from.filter((state) => statesBefore(to).includes(state))
  if (!(await jobs.moveJobState(db, job.id, allowed, to))) throw new Refused(refuse('job.state', { state: job.state }))
}

/** The job's print is told to stop; when it has ended, the job is cancelled. */
const cancelItsPrint = async (db: Database, job: Job, me: Me): Promise<void> => {
  const printer = job.lastPrint && (await readPrinter(db, job.lastPrint.printerId))
  if (!printer || printer.print?.jobId !== job.id) throw new Refused(refuse('job.state', { state: job.state }))
  await jobs.giveUpJob(db, job.id)
  await askCommand(db, { printerId: printer.id, bridge: printer.bridge, body: { kind: 'cancel' }, askedBy: me.id })
}

/** A file that cannot be read, or that fits no printer there is, is refused now and not after hours of waiting. */
export const checkPrintable = async (db: Database, fileId: number, printerId: number | null, me: Me): Promise<void> => {
  const file = await fileSeen(db, me, await readFile(db, fileId))
  if (file === null) throw new Refused(refuse('file.missing'))
  if (file.state === 'failed') throw new Refused(refuse('file.unread', { name: file.name, reason: file.reason ?? '' }))
  const all = (await listPrinters(db)).filter((printer) => reaches(me, 'look', printer))
  const wanted = all.filter((printer) => (printerId === null ? may(me, 'queue', printer) : printer.id === printerId))
  if (printerId !== null && wanted.length === 0) throw new Refused(refuse('printer.missing'))
  if (wanted.some((printer) => !may(me, 'queue', printer))) throw new Refused(refuse('permission.missing'))
  const { findings } = file
  if (findings === null || wanted.length === 0) return
  const each = wanted.map(({ name, profile }) => ({ name, found: obstacles(findings, profile) }))
  if (each.some(({ found }) => found.length === 0)) return
  const detail = each.map(({ name, found }) => `${name}: ${found.join(', ')}`).join('; ')
  throw new Refused(refuse('job.never-fits', { name: file.name, detail }))
}
