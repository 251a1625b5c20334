// Jobs: queue, change, hold, move, cancel, decide, repeat; and the prints that came of them.
import type { FastifyInstance } from 'fastify'
import { listJobEvents } from '../contract/job-events.ts'
import {
  arrangeJob,
  cancelJob,
  changeJob,
  decideJob,
  holdJob,
  type JobDetails,
  listJobs,
  listPrints,
  moveJob,
  queueJob,
  repeatJob,
  showJob,
} from '../contract/jobs.ts'
import type { Me } from '../contract/members.ts'
import { may } from '../contract/permissions.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { checkWishes, eventValues, newWishes, noWishes, wishesOf } from '../desk/job-wishes.ts'
import { queueWished } from '../desk/queue-job.ts'
import { approvalAfter } from '../domain/approval.ts'
import { isPrivate } from '../domain/privacy.ts'
import { mount } from '../plugins/mount.ts'
import { jobsSeen, printsSeen } from '../plugins/seen.ts'
import { actAs } from '../store/acting.ts'
import type { Database } from '../store/database.ts'
import * as events from '../store/job-events.ts'
import { decideFates, lockJob } from '../store/job-standing.ts'
import * as jobs from '../store/jobs.ts'
import * as prints from '../store/prints.ts'
import type { House } from './house.ts'
import {
  bringAfter,
  cancelItsPrints,
  checkRuns,
  ownJob,
  seenJob,
  shortagesOf,
  shown,
  wantedJob,
} from './job-standing.ts'

const MOST_PRINTS = 200

export const mountJobs = (app: FastifyInstance, { db }: House): void => {
  mount(app, listJobs, async ({ query, me }) => {
    const rows = await (query.ended === true ? jobs.listEndedJobs(db) : jobs.listOpenJobs(db))
    return jobsSeen(db, me, rows.map(shown))
  })

  mount(app, showJob, ({ params, me }) => details(db, params.id, me))

  mount(app, listJobEvents, async ({ params, me }) => {
    const job = await seenJob(db, params.id, me)
    return isPrivate(job) ? [] : events.listJobEvents(db, params.id)
  })

  mount(app, queueJob, async ({ body, me }) => {
    const { fileId, moreFiles = [], held = false, ...wished } = body
    const said = Object.keys(wished).some((wish) => wish.endsWith('Wanted'))
    const id = await queueWished(db, me, {
      fileIds: [fileId, ...moreFiles],
      held: held || !may(me, 'start'),
      said,
      wishes: { ...noWishes, ...wished },
    })
    return wantedJob(db, id)
  })

  mount(app, repeatJob, async ({ params, body, me }) => {
    const job = await seenJob(db, params.id, me)
    const fileIds = (await jobs.listPlates(db, params.id)).map((plate) => plate.fileId)
    // Who is there, and by when it was wanted, was said of the one before.
    const wishes = { ...wishesOf(job), earliestStart: null, wantedBy: null, attendStart: null }
    if (job.memberId !== me.id) wishes.priority = 'normal'
    const held = body.held || !may(me, 'start')
    return wantedJob(db, await queueWished(db, me, { fileIds, held, said: true, wishes }))
  })

  mountChanges(app, db)
  mountEnds(app, db)

  mount(app, listPrints, async ({ query, me }) =>
    printsSeen(
      db,
      me,
      await prints.listPrints(db, { printerId: query.printerId, before: query.before, limit: query.limit ?? 50 }),
    ),
  )
}

const mountChanges = (app: FastifyInstance, db: Database): void => {
  mount(app, changeJob, async ({ params, body, me }) => {
    const job = await ownJob(db, params.id, me)
    if (job.state === 'done' || job.state === 'cancelled') throw new Refused(refuse('job.state', { state: job.state }))
    const files = (await jobs.listPlates(db, params.id)).map(({ fileId }) => fileId)
    const changed = newWishes(wishesOf(job), body)
    if (Object.keys(changed).length === 0) return job
    await checkWishes(db, me, files, { ...wishesOf(job), ...changed }, changed)
    await actAs(db, me.id, async (inside) => {
      await lockJob(inside, job.id)
      const { copiesDone, printing } = await wantedJob(inside, job.id)
      if (changed.copies !== undefined && changed.copies < copiesDone + printing) {
        throw new Refused(refuse('job.copies', { count: copiesDone + printing }))
      }
      await jobs.changeWishes(inside, job.id, changed)
      await events.tellJobs(inside, [job.id], 'changed', eventValues(changed))
      const approval = approvalAfter(job.approval, me, Object.keys(changed))
      if (approval !== job.approval) {
        await jobs.saveApproval(inside, job.id, [job.approval], { approval, by: null, reason: null })
        await events.tellJobs(inside, [job.id], 'approval', { to: approval })
      }
      await bringAfter(inside, job.id)
    })
    return wantedJob(db, job.id)
  })

  mount(app, holdJob, async ({ params, body, me }) => {
    if (!body.held && !may(me, 'start')) throw new Refused(refuse('permission.missing'))
    const job = await ownJob(db, params.id, me)
    await actAs(db, me.id, async (inside) => {
      if (!(await jobs.holdJob(inside, job.id, body.held))) return
      await events.tellJobs(inside, [job.id], body.held ? 'held' : 'released')
    })
    return wantedJob(db, job.id)
  })

  mount(app, moveJob, async ({ params, body, me }) => {
    await checkRuns(db, await seenJob(db, params.id, me), me)
    await actAs(db, me.id, async (inside) => {
      await jobs.moveToPlace(inside, params.id, body.place)
      await events.tellJobs(inside, [params.id], 'moved', { place: body.place })
    })
    return wantedJob(db, params.id)
  })

  mount(app, arrangeJob, async ({ params, body, me }) => {
    const job = await ownJob(db, params.id, me)
    await actAs(db, me.id, async (inside) => {
      await jobs.arrangeOwn(inside, job.id, body.position)
      await events.tellJobs(inside, [job.id], 'moved', { position: body.position })
    })
    return wantedJob(db, job.id)
  })
}

const mountEnds = (app: FastifyInstance, db: Database): void => {
  mount(app, cancelJob, async ({ params, me }) => {
    const job = await ownJob(db, params.id, me)
    await actAs(db, me.id, async (inside) => {
      await lockJob(inside, job.id)
      if (!(await jobs.giveUpJob(inside, job.id))) throw new Refused(refuse('job.state', { state: job.state }))
      await decideFates(inside, job.id, 'forgone', null)
      await cancelItsPrints(inside, job.id, me.id)
      await bringAfter(inside, job.id)
    })
    return wantedJob(db, job.id)
  })

  mount(app, decideJob, async ({ params, body, me }) => {
    const job = await ownJob(db, params.id, me)
    const { decision, printId = null } = body
    await actAs(db, me.id, async (inside) => {
      await lockJob(inside, job.id)
      const fate = decision === 'again' ? 'again' : decision === 'done' ? 'counts' : 'forgone'
      if ((await decideFates(inside, job.id, fate, printId)) === 0) {
        throw new Refused(refuse('job.state', { state: job.state }))
      }
      await events.tellJobs(inside, [job.id], 'decided', { decision })
      if (decision === 'cancelled') {
        await jobs.giveUpJob(inside, job.id)
        await decideFates(inside, job.id, 'forgone', null)
        await cancelItsPrints(inside, job.id, me.id)
      }
      await bringAfter(inside, job.id)
    })
    return wantedJob(db, job.id)
  })
}

const details = async (db: Database, id: number, me: Me): Promise<JobDetails> => {
  const job = await seenJob(db, id, me)
  const [files, printed, shortages] = await Promise.all([
    jobs.listPlates(db, id),
    prints.listPrints(db, { jobId: id, limit: MOST_PRINTS }),
    shortagesOf(db, job),
  ])
  return { ...job, files: isPrivate(job) ? [] : files, prints: await printsSeen(db, me, printed), shortages }
}
