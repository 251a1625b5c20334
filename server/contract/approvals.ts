// Whose jobs wait for an operator's yes, and the yes or no itself; what becomes of failed copies.
import * as Type from 'typebox'
import { endpoint } from './endpoint.ts'
import { Job } from './jobs.ts'
import { roles } from './permissions.ts'
import { IdParams, oneOf } from './values.ts'

export const JobSettings = Type.Object({
  /** Jobs of these roles wait for a yes. */
  approvalRoles: Type.Array(oneOf(...roles), { uniqueItems: true }),
  /** Of a copy that failed or was interrupted: somebody is asked, or it goes back into the queue by itself. */
  afterFailure: oneOf('ask', 'again'),
})
export type JobSettings = Type.Static<typeof JobSettings>

export const showJobSettings = endpoint({
  method: 'GET',
  url: '/api/job-settings',
  summary: 'How this workshop handles jobs',
  access: 'look',
  reply: JobSettings,
})

export const changeJobSettings = endpoint({
  method: 'PATCH',
  url: '/api/job-settings',
  summary: 'Changes how this workshop handles jobs',
  access: 'steward',
  body: Type.Partial(JobSettings),
  reply: JobSettings,
})

export const answerApproval = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/approval',
  summary: 'Says yes or no to a job that waits for it; a no says why',
  access: 'run-printers',
  params: IdParams,
  body: Type.Object({ approved: Type.Boolean(), reason: Type.Optional(Type.String({ maxLength: 500 })) }),
  reply: Job,
})

export const askApproval = endpoint({
  method: 'POST',
  url: '/api/jobs/:id/ask',
  summary: 'Asks again for the yes that was refused',
  access: 'queue',
  params: IdParams,
  reply: Job,
})
