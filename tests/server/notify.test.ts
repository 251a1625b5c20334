import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import type { Change } from '../../server/contract/signals.ts'
import { listen, publish, publishAll } from '../../server/store/notify.ts'
import { createDatabase } from '../support/database.ts'

describe('signals', async () => {
  const { db, connection } = await createDatabase()

  it('reach who listens, in order; a whole batch in one statement', async () => {
    const heard: Change[] = []
    const listening = await listen(
      connection,
      { change: (change) => heard.push(change) },
      () => {},
      () => {},
    )
    await publish(db, 'change', { of: 'job', id: 1 })
    await publishAll(db, 'change', [
      { of: 'job', id: 2 },
      { of: 'file', id: 3 },
    ])
    await expect.poll(() => heard.map(({ id }) => id)).toEqual([1, 2, 3])
    await listening.close()
  })

  it('ring when rows change, and not when the change is taken back', async () => {
    const heard: Change[] = []
    const listening = await listen(
      connection,
      { change: (change) => heard.push(change) },
      () => {},
      () => {},
    )
    const rolledBack = db.transaction(async (inside) => {
      await inside.run(sql`INSERT INTO site (name, time_zone) VALUES ('x', 'UTC')`)
      throw new Error('never mind')
    })
    await expect(rolledBack).rejects.toThrow('never mind')
    await db.run(sql`INSERT INTO site (name, time_zone) VALUES ('y', 'UTC')`)
    await expect.poll(() => heard).toEqual([{ of: 'site', id: 1 }])
    await listening.close()
  })

  it('of another shape are left out and told', async () => {
    const failures: string[] = []
    const listening = await listen(
      connection,
      { change: () => {} },
      () => {},
      (error) => failures.push(error.message),
    )
    await db.run(sql`SELECT pg_notify('auzolan_change', '{"of":"weather"}'), pg_notify('auzolan_change', 'not json')`)
    await expect.poll(() => failures.length).toBe(2)
    await listening.close()
  })

  it('are heard again after the connection was cut, and who listens is told to read anew', async () => {
    const heard: Change[] = []
    let connected = 0
    const listening = await listen(
      connection,
      { change: (change) => heard.push(change) },
      () => connected++,
      () => {},
    )
    await db.run(sql`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
    await expect.poll(() => connected, { timeout: 5000 }).toBe(2)
    await publish(db, 'change', { of: 'job', id: 9 })
    await expect.poll(() => heard).toEqual([{ of: 'job', id: 9 }])
    await listening.close()
  })
})
