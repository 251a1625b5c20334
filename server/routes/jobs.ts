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
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { statesBefore } from '../domain/job-lifecycle.ts'
import { obstacles } from '../domain/match.ts'
import { mount } from '../plugins/mount.ts'
import type { Database } from '../store/database.ts'
import { readFile } from '../store/files.ts'
import * as jobs from '../store/jobs.ts'
import { askCommand } from '../store/printer-commands.ts'
import { listPrinters, readPrinter } from '../store/printers.ts'
import * as prints from '../store/prints.ts'
import type { House } from './house.ts'

export const mountJobs = (app: FastifyInstance, { db }: House): void => {
  mount(app, listJobs, ({ query }) => (query.ended === true ? jobs.listEndedJobs(db) : jobs.listOpenJobs(db)))

  mount(app, queueJob, async ({ body, me }) => {
    const printerId = body.printerId ?? null
    await checkPrintable(db, body.fileId, printerId)
    return wantedJob(db, await jobs.createJob(db, { fileId: body.fileId, memberId: me.id, printerId }))
  })

  mount(app, moveJob, async ({ params, body }) => {
    await wantedJob(db, params.id)
    await jobs.moveToPlace(db, params.id, body.place)
    return wantedJob(db, params.id)
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

  mount(app, listPrints, ({ query }) =>
    prints.listPrints(db, { printerId: query.printerId, before: query.before, limit: query.limit ?? 50 }),
  )
}

const wantedJob = async (db: Database, id: number): Promise<Job> => {
  const job = await jobs.readJob(db, id)
  if (job === null) throw new Refused(refuse('job.missing'))
  return job
}

const ownJob = async (db: Database, id: number, me: Me): Promise<Job> => {
  const job = await wantedJob(db, id)
  if (job.memberId !== me.id && !may(me.role, 'run-printers')) throw new Refused(refuse('permission.missing'))
  return job
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
const checkPrintable = async (db: Database, fileId: number, printerId: number | null): Promise<void> => {
  const file = await readFile(db, fileId)
  if (file === null) throw new Refused(refuse('file.missing'))
  if (file.state === 'failed') throw new Refused(refuse('file.unread', { name: file.name, reason: file.reason ?? '' }))
  const all = await listPrinters(db)
  const wanted = printerId === null ? all : all.filter(({ id }) => id === printerId)
  if (printerId !== null && wanted.length === 0) throw new Refused(refuse('printer.missing'))
  const { findings } = file
  if (findings === null || wanted.length === 0) return
  const each = wanted.map(({ name, profile }) => ({ name, found: obstacles(findings, profile) }))
  if (each.some(({ found }) => found.length === 0)) return
  const detail = each.map(({ name, found }) => `${name}: ${found.join(', ')}`).join('; ')
  throw new Refused(refuse('job.never-fits', { name: file.name, detail }))
}
