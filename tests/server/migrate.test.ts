import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { migrate, NewerDatabase, newestMigration } from '../../server/store/migrate.ts'
import { createDatabase } from '../support/database.ts'

describe('migration', async () => {
  const { db, connection } = await createDatabase()

  it('leaves a database alone that is in shape', async () => {
    await migrate(db, connection)
    const applied = await db.rows<{ number: number }>(sql`SELECT number FROM migration ORDER BY number`)
    expect(applied.map(({ number }) => number)).toEqual(Array.from({ length: newestMigration() }, (_, n) => n + 1))
  })

  it('is done once when several servers start at the same moment', async () => {
    await db.run(sql`DROP SCHEMA public CASCADE`)
    await db.run(sql`CREATE SCHEMA public`)
    await Promise.all([migrate(db, connection), migrate(db, connection), migrate(db, connection)])
    expect(await db.rows(sql`SELECT FROM migration`)).toHaveLength(newestMigration())
  })

  it('refuses a database that a newer program has written, and changes nothing in it', async () => {
    await db.run(sql`INSERT INTO migration (number, name) VALUES (999, '999_from_the_future.sql')`)
    await expect(migrate(db, connection)).rejects.toThrow(NewerDatabase)
    await expect(migrate(db, connection)).rejects.toThrow('written by a newer Auzolan (step 999')
    await db.run(sql`DELETE FROM migration WHERE number = 999`)
  })
})
