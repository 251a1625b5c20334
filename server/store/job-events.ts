// What happened to jobs. States and prints are written down by the database itself; here is the rest.
import sql from 'sql-template-tag'
import type { EventValue, JobEvent, JobEventKind } from '../contract/job-events.ts'
import type { Database } from './database.ts'

/** By whoever acts in this transaction (`actAs`). */
export const tellJobs = async (
  db: Database,
  jobIds: readonly number[],
  kind: JobEventKind,
  values: Readonly<Record<string, EventValue>> = {},
): Promise<void> => {
  if (jobIds.length === 0) return
  await db.run(sql`
    INSERT INTO job_event (job_id, by_id, kind, facts)
    SELECT id, acting_member(), ${kind}, ${JSON.stringify(values)} FROM unnest(${[...jobIds]}::bigint[]) id`)
}

export const listJobEvents = (db: Database, jobId: number): Promise<JobEvent[]> =>
  db.rows<JobEvent>(sql`
    SELECT job_event.id, job_event.at, member.name AS by, job_event.kind, job_event.facts AS "values"
    FROM job_event LEFT JOIN member ON member.id = job_event.by_id
    WHERE job_event.job_id = ${jobId} ORDER BY job_event.id`)
