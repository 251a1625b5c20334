// The yes or no of who runs the machines, and whose jobs wait for it.
import type { FastifyInstance } from 'fastify'
import { answerApproval, askApproval, changeJobSettings, showJobSettings } from '../contract/approvals.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import { mount } from '../plugins/mount.ts'
import { actAs } from '../store/acting.ts'
import { tellJobs } from '../store/job-events.ts'
import * as settings from '../store/job-settings.ts'
import { saveApproval } from '../store/jobs.ts'
import type { House } from './house.ts'
import { checkRuns, ownJob, seenJob, wantedJob } from './job-standing.ts'

export const mountApprovals = (app: FastifyInstance, { db }: House): void => {
  mount(app, showJobSettings, () => settings.readJobSettings(db))

  mount(app, changeJobSettings, async ({ body }) => {
    await settings.changeJobSettings(db, body)
    return settings.readJobSettings(db)
  })

  mount(app, answerApproval, async ({ params, body, me }) => {
    await checkRuns(db, await seenJob(db, params.id, me), me)
    const reason = body.reason?.trim() || null
    if (!body.approved && reason === null) throw new Refused(refuse('approval.reason'))
    const approval = body.approved ? 'approved' : 'refused'
    await actAs(db, me.id, async (inside) => {
      if (!(await saveApproval(inside, params.id, ['asked'], { approval, by: me.id, reason }))) {
        throw new Refused(refuse('approval.answered'))
      }
      await tellJobs(inside, [params.id], 'approval', { to: approval, reason })
    })
    return wantedJob(db, params.id)
  })

  mount(app, askApproval, async ({ params, me }) => {
    const job = await ownJob(db, params.id, me)
    await actAs(db, me.id, async (inside) => {
      if (!(await saveApproval(inside, job.id, ['refused'], { approval: 'asked', by: null, reason: null }))) {
        throw new Refused(refuse('approval.answered'))
      }
      await tellJobs(inside, [job.id], 'approval', { to: 'asked' })
    })
    return wantedJob(db, job.id)
  })
}
