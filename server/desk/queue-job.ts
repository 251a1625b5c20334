// A job comes into the queue: by a member's own word, or because he wished it of a slice that is ready now.
import type { Me } from '../contract/members.ts'
import { approvalOfNew } from '../domain/approval.ts'
import { actAs } from '../store/acting.ts'
import type { Database } from '../store/database.ts'
import { readJobSettings } from '../store/job-settings.ts'
import { createJob, readWishes } from '../store/jobs.ts'
import { checkWishes, type Wished } from './job-wishes.ts'

/** Checked, and put at the end of the queue; returns its id. Throws Refused. */
export const queueWished = async (db: Database, me: Me, { fileIds, held, said, wishes }: Wished): Promise<number> => {
  await checkWishes(db, me, fileIds, wishes, wishes)
  const { approvalRoles } = await readJobSettings(db)
  const approval = approvalOfNew(me, approvalRoles)
  return actAs(db, me.id, async (inside) => {
    const id = await createJob(inside, { ...wishes, fileIds, held, approval, memberId: me.id, wishesRead: said })
    await readWishes(inside)
    return id
  })
}
