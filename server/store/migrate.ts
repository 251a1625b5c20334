// Brings the database to the shape that this program knows: numbered SQL files, each applied once.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMigrations } from 'bullmq'
import pg from 'pg'
import sql, { raw } from 'sql-template-tag'
import type { Database } from './database.ts'

/** The database was written by a newer program than this one. Nothing was changed. */
export class NewerDatabase extends Error {
  constructor(found: number, known: number) {
    super(
      `The database was written by a newer Auzolan (step ${found}; this one knows ${known}). Start that version, or restore a backup.`,
    )
    this.name = 'NewerDatabase'
  }
}

/** One of these at a time over all servers on the database; the number means nothing but this. */
const LOCK = 4_280_001

const folder = join(dirname(fileURLToPath(import.meta.url)), 'migrations')

interface Migration {
  number: number
  name: string
}

const known = (): Migration[] =>
  readdirSync(folder)
    .filter((name) => /^\d{3}_.*\.sql$/.test(name))
    .map((name) => ({ number: Number(name.slice(0, 3)), name }))
    .sort((one, other) => one.number - other.number)

/** The number of the last migration that this program knows. */
export const newestMigration = (): number => known().at(-1)?.number ?? 0

/**
 * Applies what is missing, up to `most`. Throws NewerDatabase. Safe when several servers start at once.
 * `connection` reaches the same database: BullMQ brings its own tables to shape there.
 */
export const migrate = async (db: Database, connection: pg.ClientConfig, most = newestMigration()): Promise<void> => {
  // First: who waits for our own steps (`untilMigrated`) finds these done.
  await migrateQueues(connection)
  await db.transaction(async (inside) => {
    await inside.run(sql`SELECT pg_advisory_xact_lock(${LOCK})`)
    await inside.run(sql`
      CREATE TABLE IF NOT EXISTS migration (
        number integer PRIMARY KEY,
        name text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`)
    const last = await inside.row<{ number: number | null }>(sql`SELECT max(number) AS number FROM migration`)
    const applied = last?.number ?? 0
    if (applied > newestMigration()) throw new NewerDatabase(applied, newestMigration())
    for (const { number, name } of known()) {
      if (number <= applied || number > most) continue
      await inside.run(raw(readFileSync(join(folder, name), 'utf8')))
      await inside.run(sql`INSERT INTO migration (number, name) VALUES (${number}, ${name})`)
    }
  })
}

const LOOK_MS = 200

/** Waits until a server has brought the database to shape: a bridge does not do that itself. Throws NewerDatabase. */
export const untilMigrated = async (db: Database, wanted: () => boolean = () => true): Promise<void> => {
  while (wanted()) {
    const there = await db.row<{ table: string | null }>(sql`SELECT to_regclass('migration') AS "table"`)
    const last = there?.table
      ? await db.row<{ number: number | null }>(sql`SELECT max(number) AS number FROM migration`)
      : null
    const applied = last?.number ?? 0
    if (applied > newestMigration()) throw new NewerDatabase(applied, newestMigration())
    if (applied === newestMigration()) return
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

const migrateQueues = async (connection: pg.ClientConfig): Promise<void> => {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await runMigrations(client, 'bullmq')
  } finally {
    await client.end()
  }
}
