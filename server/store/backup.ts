// The whole workshop in one file, and back: every table as PostgreSQL copies it out, in a compressed archive.
// It fits any PostgreSQL that this program knows: so it also moves a workshop to another database, or another version.
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import tar from 'tar-stream'
import * as Type from 'typebox'
import * as Value from 'typebox/value'
import { openPool } from './database.ts'
import { migrate, newestMigration } from './migrate.ts'

/** An entry of an archive tells its size first, and a table's is not known: so tables travel in pieces. */
const PIECE_BYTES = 4 << 20
const FORMAT = 1

const Manifest = Type.Object({
  format: Type.Literal(FORMAT),
  createdAt: Type.String(),
  /** The last step of the database's shape. */
  migration: Type.Integer(),
  tables: Type.Array(
    Type.Object({
      name: Type.String({ pattern: '^[a-z_]+$' }),
      columns: Type.Array(Type.String({ pattern: '^[a-z_]+$' })),
    }),
  ),
})
type Manifest = Type.Static<typeof Manifest>

/** A backup that cannot be read, or a database that must not be written over. Nothing was changed. */
export class BackupRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'BackupRefused'
  }
}

const connect = async (connection: pg.ClientConfig): Promise<pg.Client> => {
  const client = new pg.Client(connection)
  await client.connect()
  return client
}

/** Writes a backup as the database stands at this moment; the workshop may go on meanwhile. */
export const writeBackup = async (connection: pg.ClientConfig, output: NodeJS.WritableStream): Promise<void> => {
  const client = await connect(connection)
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const archive = tar.pack()
    const written = pipeline(archive, createGzip({ level: 1 }), output)
    // Whoever waits for a piece to be taken must hear that nobody takes any more.
    const failed = written.then(
      () => new Promise<never>(() => {}),
      (error: unknown) => Promise.reject(error),
    )
    await Promise.race([packTables(client, archive), failed])
    archive.finalize()
    await written
  } finally {
    await client.end()
  }
}

const packTables = async (client: pg.Client, archive: tar.Pack): Promise<void> => {
  const manifest = await describe(client)
  archive.entry({ name: 'manifest.json' }, JSON.stringify(manifest, null, 2))
  for (const { name, columns } of manifest.tables) {
    const rows = client.query(copyTo(`COPY (SELECT ${columns.join(', ')} FROM ${name}) TO STDOUT`))
    let piece = 0
    const pack = async (bytes: Buffer): Promise<void> => {
      const entry = archive.entry({ name: `${name}/${String(piece++).padStart(6, '0')}`, size: bytes.length })
      entry.end(bytes)
      await once(entry, 'finish')
    }
    let gathered: Buffer[] = []
    let size = 0
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      gathered.push(chunk)
      size += chunk.length
      if (size < PIECE_BYTES) continue
      await pack(Buffer.concat(gathered))
      gathered = []
      size = 0
    }
    if (size > 0) await pack(Buffer.concat(gathered))
  }
}

/** All tables of ours, each after those it refers to, with the columns that can be written. */
const describe = async (client: pg.Client): Promise<Manifest> => {
  const { rows: tables } = await client.query<{ name: string; columns: string[]; refers: string[] }>(`
    SELECT relname AS name,
      array(SELECT attname::text FROM pg_attribute
        WHERE attrelid = table_.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
      array(SELECT confrelid::regclass::text FROM pg_constraint
        WHERE conrelid = table_.oid AND contype = 'f' AND confrelid <> table_.oid) AS refers
    FROM pg_class table_
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'migration'`)
  const { rows } = await client.query<{ number: number }>('SELECT max(number) AS number FROM migration')
  const sorted: Manifest['tables'] = []
  while (sorted.length < tables.length) {
    const done = new Set(sorted.map(({ name }) => name))
    const next = tables.filter(({ name, refers }) => !done.has(name) && refers.every((other) => done.has(other)))
    if (next.length === 0) throw new Error('Tables refer to each other in a circle.')
    sorted.push(...next.map(({ name, columns }) => ({ name, columns })))
  }
  return { format: FORMAT, createdAt: new Date().toISOString(), migration: rows[0]?.number ?? 0, tables: sorted }
}

/** Fills an empty database from a backup. Throws BackupRefused; then the database is as it was. */
export const readBackup = async (connection: pg.ClientConfig, input: NodeJS.ReadableStream): Promise<void> => {
  const client = await connect(connection)
  try {
    await checkEmpty(client)
    const archive = tar.extract()
    const read = pipeline(input, createGunzip(), archive)
    await Promise.all([fill(client, connection, archive), read])
  } catch (error) {
    if (error instanceof BackupRefused || (error as { code?: string }).code?.startsWith('2')) throw error
    throw new BackupRefused(`The backup cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    await client.end()
  }
  const db = openPool(connection, 2)
  await migrate(db, connection).finally(() => db.close())
}

const checkEmpty = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ table: string | null }>(`SELECT to_regclass('public.site') AS "table"`)
  if (!rows[0]?.table) return
  const { rowCount } = await client.query('SELECT FROM site UNION ALL SELECT FROM member LIMIT 1')
  if (rowCount === 0) return
  throw new BackupRefused(
    'There is a workshop in this database already, and it is not written over. Set AUZOLAN_DATA to an empty folder (or DATABASE_URL to an empty database).',
  )
}

type Table = Manifest['tables'][number]

/** Takes the pieces of one table after the other. */
class TableWriter {
  readonly #client: pg.Client
  #name = ''
  #rows: ReturnType<typeof copyFrom> | null = null

  constructor(client: pg.Client) {
    this.#client = client
  }

  async write(table: Table, bytes: Buffer): Promise<void> {
    if (this.#name !== table.name) await this.finish()
    this.#name = table.name
    const rows = this.#rows ?? this.#begin(table)
    if (!rows.write(bytes)) await once(rows, 'drain')
  }

  /** What was begun is given up: the database forgets it. */
  abandon(): void {
    this.#rows?.destroy()
    this.#rows = null
  }

  #begin({ name, columns }: Table): ReturnType<typeof copyFrom> {
    const rows = this.#client.query(copyFrom(`COPY ${name} (${columns.join(', ')}) FROM STDIN`))
    // Whoever waits for it hears of an error; one that comes when nobody waits any more says nothing new.
    rows.on('error', () => {})
    this.#rows = rows
    return rows
  }

  async finish(): Promise<void> {
    const rows = this.#rows
    if (rows === null) return
    this.#rows = null
    rows.end()
    await once(rows, 'finish')
  }
}

/** One transaction: either the whole workshop is there at its end, or nothing. */
const fill = async (client: pg.Client, connection: pg.ClientConfig, archive: tar.Extract): Promise<void> => {
  const writer = new TableWriter(client)
  try {
    const manifest = await writeTables(client, connection, archive, writer)
    for (const { name, columns } of manifest.tables) if (columns.includes('id')) await continueNumbers(client, name)
    await client.query('COMMIT')
  } catch (error) {
    writer.abandon()
    throw error
  }
}

const writeTables = async (
  client: pg.Client,
  connection: pg.ClientConfig,
  archive: tar.Extract,
  writer: TableWriter,
): Promise<Manifest> => {
  let manifest: Manifest | null = null
  for await (const entry of archive) {
    const { name } = entry.header
    if (manifest === null) {
      manifest = await readManifest(name, entry as AsyncIterable<Buffer>)
      const db = openPool(connection, 2)
      await migrate(db, connection, manifest.migration).finally(() => db.close())
      await client.query('BEGIN')
      // What rows tell of when they are made was told when they were made.
      await client.query("SET LOCAL auzolan.restoring = 'on'")
      continue
    }
    const table = manifest.tables.find((one) => name.startsWith(`${one.name}/`))
    if (table === undefined) throw new BackupRefused(`The backup holds ${name}, which is not in its list.`)
    for await (const bytes of entry as AsyncIterable<Buffer>) await writer.write(table, bytes)
  }
  if (manifest === null) throw new BackupRefused('This is no backup of Auzolan: it is empty.')
  await writer.finish()
  return manifest
}

/** The next row gets the number after the last one. */
const continueNumbers = async (client: pg.Client, table: string): Promise<void> => {
  await client.query(
    `SELECT setval(sequence, (SELECT coalesce(max(id), 0) + 1 FROM ${table}), false)
     FROM pg_get_serial_sequence('${table}', 'id') sequence WHERE sequence IS NOT NULL`,
  )
}

const readManifest = async (name: string, entry: AsyncIterable<Buffer>): Promise<Manifest> => {
  const parts: Buffer[] = []
  for await (const part of entry) parts.push(part)
  const text = Buffer.concat(parts).toString('utf8')
  const manifest: unknown = name === 'manifest.json' ? JSON.parse(text) : null
  if (!Value.Check(Manifest, manifest)) throw new BackupRefused('This is no backup of Auzolan.')
  if (manifest.migration > newestMigration()) {
    throw new BackupRefused('The backup was made by a newer Auzolan. Restore it with that version.')
  }
  return manifest
}
