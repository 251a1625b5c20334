// A database of its own for a test file, in the shape that the program wants.
import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { raw } from 'sql-template-tag'
import { afterAll, inject } from 'vitest'
import { type DatabasePool, openPool } from '../../server/store/database.ts'

export interface TestDatabase {
  readonly db: DatabasePool
  readonly connection: pg.ClientConfig
  /** The same as an address, for other processes. */
  readonly url: string
}

/** It is dropped when the test file ends. */
export const createDatabase = async (): Promise<TestDatabase> => {
  const host = inject('postgres')
  const name = `test_${randomBytes(6).toString('hex')}`
  const admin = openPool({ host, user: 'postgres', database: 'postgres' }, 1)
  await admin.run(raw(`CREATE DATABASE ${name} TEMPLATE template_auzolan`))
  const connection = { host, user: 'postgres', database: name }
  const db = openPool(connection)
  afterAll(async () => {
    await db.close()
    await admin.run(raw(`DROP DATABASE ${name} WITH (FORCE)`))
    await admin.close()
  })
  return { db, connection, url: `postgres://postgres@localhost/${name}?host=${encodeURIComponent(host)}` }
}
