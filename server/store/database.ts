// The door to PostgreSQL: statements, transactions, and what its errors mean.
import pg from 'pg'
import sql, { type Sql } from 'sql-template-tag'

/** The database cannot be reached now; it may come back. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super(`The database does not answer: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    this.name = 'DatabaseAway'
  }
}

/** No room is left on the database's disk. */
export class DiskFull extends Error {
  constructor(cause: unknown) {
    super('The disk of the database is full.', { cause })
    this.name = 'DiskFull'
  }
}

/** A statement, or several in one transaction: store functions take either. */
export interface Database {
  /** All rows. `Row` names the columns as the statement does. */
  rows<Row extends object>(statement: Sql): Promise<Row[]>
  /** The first row, or null. */
  row<Row extends object>(statement: Sql): Promise<Row | null>
  /** Runs it and returns how many rows it touched. */
  run(statement: Sql): Promise<number>
  /** Everything in `work` happens, or nothing does. Within a transaction it joins that. */
  transaction<T>(work: (db: Database) => Promise<T>): Promise<T>
}

export interface DatabasePool extends Database {
  /** How to reach it: for connections with a life of their own (LISTEN, BullMQ). */
  readonly connection: pg.ClientConfig
  close(): Promise<void>
}

// Numbers as numbers (ids and sizes stay below 2^53), instants as ISO text, as the contract has them.
const types = new Map<number, (text: string) => unknown>([
  [20, Number],
  [1184, (text) => new Date(text).toISOString()],
])
const parsers: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => types.get(oid) ?? pg.types.getTypeParser(oid, format as 'text'),
}

const awayCodes = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ECONNABORTED',
  'EADDRNOTAVAIL',
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '08000',
  '08001',
  '08003',
  '08006',
  '53300',
])

/** Whether an error says that the database is away, not that the statement was wrong. */
export const isAway = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  const { code } = error as { code?: unknown }
  if (typeof code === 'string' && awayCodes.has(code)) return true
  return /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect/.test(
    error.message,
  )
}

const translate = (error: unknown): unknown => {
  if (isAway(error)) return new DatabaseAway(error)
  const { code } = error as { code?: unknown }
  return code === '53100' ? new DiskFull(error) : error
}

/** Whether the same may succeed later: the database is away, has no room now, or two were in each other's way. */
export const mayPass = (error: unknown): boolean => {
  if (error instanceof DatabaseAway || error instanceof DiskFull) return true
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^(40|53)/.test(code)
}

/** The name of the constraint that refused a row, or null where the error is another. */
export const brokenConstraint = (error: unknown): string | null => {
  const { code, constraint } = error as { code?: string; constraint?: string }
  return code !== undefined && /^23(505|P01|503|514)$/.test(code) ? (constraint ?? '') : null
}

type Runner = Pick<pg.Pool | pg.PoolClient, 'query'>

const onRunner = (runner: Runner, transaction: Database['transaction']): Database => {
  const query = async (statement: Sql): Promise<pg.QueryResult> => {
    try {
      return await runner.query({ text: statement.text, values: statement.values as unknown[] })
    } catch (error) {
      throw translate(error)
    }
  }
  return {
    rows: async <Row extends object>(statement: Sql) => (await query(statement)).rows as Row[],
    row: async <Row extends object>(statement: Sql) => ((await query(statement)).rows[0] as Row | undefined) ?? null,
    run: async (statement) => (await query(statement)).rowCount ?? 0,
    transaction,
  }
}

/** `connection` as pg takes it: a socket folder and user, or an address. */
export const openPool = (connection: pg.ClientConfig, most = 10): DatabasePool => {
  const pool = new pg.Pool({ ...connection, max: most, types: parsers, connectionTimeoutMillis: 5000 })
  // A connection that breaks while nobody uses it: the next statement takes a new one.
  pool.on('error', () => {})
  const transaction = async <T>(work: (db: Database) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw translate(error)
    })
    client.on('error', ignore)
    let broken: Error | undefined
    try {
      await client.query('BEGIN')
      const inside: Database = onRunner(client, (nested) => nested(inside))
      const result = await work(inside)
      await client.query('COMMIT')
      return result
    } catch (error) {
      await client.query('ROLLBACK').catch((failure: Error) => {
        broken = failure
      })
      throw translate(error)
    } finally {
      client.off('error', ignore)
      client.release(broken)
    }
  }
  return { ...onRunner(pool, transaction), connection, close: () => pool.end() }
}

const ignore = (): void => {}

// A database that is made for the first time takes this long without anything being wrong.
const QUIET_MS = 10_000

/** Waits until the database answers, for as long as `wanted`. When that takes long, calls `waiting` once with the reason. */
export const untilAnswers = async (
  db: Database,
  waiting: (reason: string) => void,
  wanted: () => boolean = () => true,
): Promise<void> => {
  const since = Date.now()
  let told = false
  while (wanted()) {
    try {
      await db.row(sql`SELECT 1 AS one`)
      return
    } catch (error) {
      if (!(error instanceof DatabaseAway)) throw error
      if (!told && Date.now() - since > QUIET_MS) {
        told = true
        waiting(error.message)
      }
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  }
}
