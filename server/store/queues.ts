// Orders: BullMQ queues and workers, on PostgreSQL or on Redis. One function decides; nothing else knows.
import {
  createPostgresBackend,
  createRedisBackend,
  type PostgresConnectionOptions,
  type Processor,
  type Queue,
  type Worker,
  withBackend,
} from 'bullmq'
import { Redis } from 'ioredis'
import type pg from 'pg'
import type * as Type from 'typebox'
import * as Value from 'typebox/value'
import { SharedPool } from './shared-pool.ts'

export interface Orders {
  /**
   * Adds an order, to be carried out after `delayMs`. The same `id` twice is one order as long as the first is not done.
   * A colon may stand neither in the queue's name nor in the id, and the id is no bare number.
   */
  add(queue: string, id: string, order: object, delayMs?: number): Promise<void>
  /** Carries out the orders of a queue, some at a time; what throws is told to `failed` and not tried again. */
  work<S extends Type.TSchema>(
    queue: string,
    schema: S,
    atOnce: number,
    carryOut: (order: Type.Static<S>) => Promise<void>,
    failed: (error: Error) => void,
  ): Promise<void>
  /** Stops taking orders, and waits for those under way; not for long where the store of orders is away. */
  close(): Promise<void>
}

interface Backend {
  queue(name: string): Queue
  worker(name: string, carryOut: Processor, atOnce: number): Worker
  close(): Promise<void>
}

/** `redisUrl`: orders go there; null: into the PostgreSQL that `connection` reaches. */
export const openOrders = (
  connection: pg.ClientConfig,
  redisUrl: string | null,
  failed: (error: Error) => void,
): Orders => {
  const backend = redisUrl === null ? onPostgres(connection) : onRedis(redisUrl, failed)
  const queues = new Map<string, Queue>()
  const workers: Worker[] = []

  const queueOf = (name: string): Queue => {
    let queue = queues.get(name)
    if (queue === undefined) {
      queue = backend.queue(name)
      queue.on('error', failed)
      queues.set(name, queue)
    }
    return queue
  }
  return {
    async add(name, id, order, delayMs = 0) {
      // A done order that was kept would swallow the next one of its id.
      await queueOf(name).add('order', order, {
        jobId: id,
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: true,
        ...(delayMs > 0 ? { delay: delayMs } : {}),
      })
    },
    async work(name, schema, atOnce, carryOut, failedOrder) {
      const carryOutChecked: Processor = async ({ data }) => {
        if (!Value.Check(schema, data)) throw new Error(`An order in ${name} has the wrong shape.`)
        await carryOut(data)
      }
      const worker = backend.worker(name, carryOutChecked, atOnce)
      worker.on('failed', (_, error) => failedOrder(error))
      worker.on('error', failed)
      workers.push(worker)
      await worker.waitUntilReady()
    },
    async close() {
      await within(CLOSE_MS, Promise.all(workers.map((worker) => worker.close())))
      await within(CLOSE_MS, Promise.all([...queues.values()].map((queue) => queue.close())))
      await backend.close()
    },
  }
}

const CLOSE_MS = 5000

const within = async (milliseconds: number, work: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  await Promise.race([work, late])
  clearTimeout(timer)
}

/** An order whose worker died is not carried out a second time: the rows say what happened. */
const workerOptions = { maxStalledCount: 0, lockDuration: 60_000, runRetryDelay: 1000 }

const onPostgres = (connection: pg.ClientConfig): Backend => {
  const { Queue, Worker } = withBackend(createPostgresBackend)
  const shared = new SharedPool(connection, 'bullmq')
  // BullMQ asks no more of a pool than what SharedPool has (6.7, PostgresConnection).
  const options = { connection: shared as unknown as PostgresConnectionOptions }
  return {
    queue: (name) => new Queue(name, options) as unknown as Queue,
    worker: (name, carryOut, concurrency) =>
      new Worker(name, carryOut, { ...options, ...workerOptions, concurrency }) as unknown as Worker,
    close: () => shared.end(),
  }
}

const onRedis = (url: string, failed: (error: Error) => void): Backend => {
  const { Queue, Worker } = withBackend(createRedisBackend)
  const redis = new Redis(url, { maxRetriesPerRequest: null })
  redis.on('error', failed)
  const options = { connection: redis }
  return {
    queue: (name) => new Queue(name, options),
    worker: (name, carryOut, concurrency) => new Worker(name, carryOut, { ...options, ...workerOptions, concurrency }),
    // What matters is written by then; a Redis that is away would not answer a farewell.
    close: async () => redis.disconnect(),
  }
}
