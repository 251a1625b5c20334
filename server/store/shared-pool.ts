// A pool of connections for BullMQ's PostgreSQL backend, with one listening connection for all its workers.
import { EventEmitter } from 'node:events'
import pg from 'pg'
import { isAway } from './database.ts'

/**
 * BullMQ 6.7 takes one connection for each worker that listens, and retries with a pause only on ECONNREFUSED: other
 * signs of a database that is away (a missing socket, a shutdown) make it spin. This pool, which BullMQ takes for a
 * pg.Pool, lends one and the same connection to all who listen, and gives all such errors that one code.
 */
export class SharedPool extends EventEmitter {
  readonly options = { keepAlive: true }
  readonly #connection: pg.ClientConfig
  readonly #pool: pg.Pool
  #client: Promise<pg.Client> | null = null
  readonly #leases = new Set<EventEmitter>()
  /** pg runs one query at a time on a connection; who comes later waits here. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(connection: pg.ClientConfig, schema: string) {
    super()
    this.setMaxListeners(0)
    this.#connection = { ...connection, options: `-c search_path=${schema}`, keepAlive: true }
    this.#pool = new pg.Pool({ ...this.#connection, max: 6, connectionTimeoutMillis: 5000 })
    // With nobody to hear it, an 'error' would end the process; the next query finds a new connection.
    this.on('error', () => {})
    this.#pool.on('error', (error) => this.emit('error', asRefused(error)))
  }

  async query(...statement: Parameters<pg.Pool['query']>): Promise<unknown> {
    try {
      return await this.#pool.query(...statement)
    } catch (error) {
      throw asRefused(error)
    }
  }

  /** A lease on the listening connection, with the face of a pg client. */
  async connect(): Promise<EventEmitter> {
    const client = await this.#shared()
    const lease = new EventEmitter()
    lease.setMaxListeners(0)
    lease.on('error', () => {})
    const query = (...statement: Parameters<pg.Client['query']>): Promise<unknown> => {
      const result = this.#turn.then(() => client.query(...statement))
      this.#turn = result.then(
        () => {},
        () => {},
      )
      return result.catch((error: unknown) => {
        throw asRefused(error)
      })
    }
    const release = (): void => {
      this.#leases.delete(lease)
      lease.removeAllListeners()
    }
    this.#leases.add(lease)
    return Object.assign(lease, { query, release })
  }

  async end(): Promise<void> {
    const client = await this.#client?.catch(() => null)
    this.#client = null
    await client?.end().catch(() => {})
    await this.#pool.end()
  }

  #shared(): Promise<pg.Client> {
    this.#client ??= this.#open().catch((error: unknown) => {
      this.#client = null
      throw asRefused(error)
    })
    return this.#client
  }

  async #open(): Promise<pg.Client> {
    const client = new pg.Client(this.#connection)
    client.setMaxListeners(0)
    const lost = (error?: Error): void => {
      if (this.#client === null) return
      this.#client = null
      const leases = [...this.#leases]
      this.#leases.clear()
      for (const lease of leases) lease.emit('error', asRefused(error ?? new Error('Connection terminated')))
    }
    client.on('error', lost)
    client.on('end', () => lost())
    client.on('notification', (message) => {
      for (const lease of this.#leases) lease.emit('notification', message)
    })
    await client.connect()
    return client
  }
}

const asRefused = (error: unknown): unknown => {
  if (!isAway(error)) return error
  const refused = new Error(`The database does not answer: ${(error as Error).message}`, { cause: error })
  return Object.assign(refused, { code: 'ECONNREFUSED' })
}
