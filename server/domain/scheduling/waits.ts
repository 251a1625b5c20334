// What keeps a job back that has nothing to do with printers.
import { type Found, found } from '../../contract/reasons.ts'
import type { WaitingJob } from './snapshot.ts'

/** Null where it could start if a printer were free. */
export const waitsForItself = (job: WaitingJob, now: number): Found | null => {
  if (job.failure !== null) return found('job.unreadable', { reason: job.failure.replace(/\.$/, '') })
  if (job.held) return found('job.held')
  if (job.approval === 'asked') return found('job.approval')
  if (job.approval === 'refused') return found('job.denied')
  if (job.findings === null) return found('job.reading')
  if (job.earliestStart !== null && job.earliestStart > now) {
    return found('job.early', { at: new Date(job.earliestStart * 1000).toISOString() })
  }
  return null
}
