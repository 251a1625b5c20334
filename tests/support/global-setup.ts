// One PostgreSQL for all tests: every test file gets a database of its own in it.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import type { TestProject } from 'vitest/node'
import { build } from '../../launch/prepare.mjs'
import { openPool } from '../../server/store/database.ts'
import { migrate } from '../../server/store/migrate.ts'
import { startCluster } from '../../server/store/postgres/cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the socket of the tests' PostgreSQL. */
    postgres: string
  }
}

export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  // What is started as a process is started as it was built.
  build()
  const folder = mkdtempSync(join(tmpdir(), 'auzolan-tests-'))
  // As root, the database runs as another user and must get there.
  chmodSync(folder, 0o755)
  const config = { dataFolder: folder, runtimeFolder: folder }
  const cluster = await startCluster({ config, say: () => {}, durable: false })
  const admin = { host: cluster.socketFolder, user: 'postgres', database: 'postgres' }
  const postgres = openPool(admin, 1)
  await postgres.run(sql`CREATE DATABASE template_auzolan`)
  await postgres.close()
  const connection = { ...admin, database: 'template_auzolan' }
  const template = openPool(connection, 1)
  await migrate(template, connection)
  await template.close()
  project.provide('postgres', cluster.socketFolder)
  return async () => {
    await cluster.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
