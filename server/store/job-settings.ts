// How this workshop handles jobs.
import sql from 'sql-template-tag'
import type { JobSettings } from '../contract/approvals.ts'
import type { Database } from './database.ts'

export const readJobSettings = async (db: Database): Promise<JobSettings> =>
  (await db.row<JobSettings>(sql`
    SELECT approval_roles AS "approvalRoles", after_failure AS "afterFailure" FROM site`)) ?? {
    approvalRoles: [],
    afterFailure: 'ask',
  }

export const changeJobSettings = async (db: Database, change: Partial<JobSettings>): Promise<void> => {
  const { approvalRoles = null, afterFailure = null } = change
  await db.run(sql`
    UPDATE site SET approval_roles = coalesce(${approvalRoles}::text[], approval_roles),
      after_failure = coalesce(${afterFailure}, after_failure)`)
}
