// Who does what is done in a transaction: what the database itself writes down names this member.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

/** A transaction whose changes are those of this member. */
export const actAs = <T>(db: Database, memberId: number, work: (db: Database) => Promise<T>): Promise<T> =>
  db.transaction(async (inside) => {
    await inside.run(sql`SELECT set_config('auzolan.member', ${String(memberId)}, true)`)
    return work(inside)
  })
