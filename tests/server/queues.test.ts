import { randomBytes } from 'node:crypto'
import * as Type from 'typebox'
import { afterAll, describe, expect, it } from 'vitest'
import { type Orders, openOrders } from '../../server/store/queues.ts'
import { createDatabase } from '../support/database.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

const Order = Type.Object({ n: Type.Integer() })
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** What the rest of the house relies on, whatever the orders lie in. */
const contract = (open: () => Promise<() => Orders>) => {
  const opened: Orders[] = []
  afterAll(async () => {
    for (const orders of opened) await orders.close()
  })
  const ready = open()
  const orders = async (): Promise<Orders> => {
    const one = (await ready)()
    opened.push(one)
    return one
  }
  const queueName = (): string => `test-${randomBytes(4).toString('hex')}`

  it('carries an order from one process to another', async () => {
    const [giver, taker] = [await orders(), await orders()]
    const queue = queueName()
    const taken: number[] = []
    await taker.work(
      queue,
      Order,
      1,
      async ({ n }) => void taken.push(n),
      () => {},
    )
    await giver.add(queue, 'order-1', { n: 1 })
    await expect.poll(() => taken).toEqual([1])
  })

  it('keeps orders for a worker that comes later', async () => {
    const [giver, taker] = [await orders(), await orders()]
    const queue = queueName()
    for (let n = 0; n < 3; n++) await giver.add(queue, `order-${n}`, { n })
    const taken: number[] = []
    await taker.work(
      queue,
      Order,
      1,
      async ({ n }) => void taken.push(n),
      () => {},
    )
    await expect.poll(() => taken).toEqual([0, 1, 2])
  })

  it('takes the same order twice for one, and again when the first is done', async () => {
    const both = await orders()
    const queue = queueName()
    await both.add(queue, 'order-1', { n: 1 })
    await both.add(queue, 'order-1', { n: 1 })
    const taken: number[] = []
    await both.work(
      queue,
      Order,
      1,
      async ({ n }) => void taken.push(n),
      () => {},
    )
    await expect.poll(() => taken).toEqual([1])
    await pause(200)
    expect(taken).toEqual([1])
    await both.add(queue, 'order-1', { n: 2 })
    await expect.poll(() => taken).toEqual([1, 2])
  })

  it('gives each order to one of several workers', async () => {
    const [giver, one, other] = [await orders(), await orders(), await orders()]
    const queue = queueName()
    const taken: number[] = []
    for (const worker of [one, other])
      await worker.work(
        queue,
        Order,
        2,
        async ({ n }) => void taken.push(n),
        () => {},
      )
    await Promise.all(Array.from({ length: 40 }, (_, n) => giver.add(queue, `order-${n}`, { n })))
    await expect.poll(() => taken.length).toBe(40)
    await pause(100)
    expect([...taken].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n))
  })

  it('tells what fails and does not try it again; the same order may be given anew', async () => {
    const both = await orders()
    const queue = queueName()
    const failures: string[] = []
    let runs = 0
    await both.work(
      queue,
      Order,
      1,
      async () => {
        runs++
        throw new Error('it broke')
      },
      (error) => failures.push(error.message),
    )
    await both.add(queue, 'order-1', { n: 1 })
    await expect.poll(() => failures).toEqual(['it broke'])
    await pause(300)
    expect(runs).toBe(1)
    await both.add(queue, 'order-1', { n: 1 })
    await expect.poll(() => runs).toBe(2)
  })

  it('carries out nothing that has another shape than it should', async () => {
    const both = await orders()
    const queue = queueName()
    const failures: string[] = []
    await both.work(
      queue,
      Order,
      1,
      async () => {},
      (error) => failures.push(error.message),
    )
    await both.add(queue, 'order-1', { n: 'one' })
    await expect.poll(() => failures).toEqual([`An order in ${queue} has the wrong shape.`])
  })

  it('waits for the order under way when it is closed', async () => {
    const both = (await ready)()
    const queue = queueName()
    let done = false
    await both.work(
      queue,
      Order,
      1,
      async () => {
        await pause(300)
        done = true
      },
      () => {},
    )
    await both.add(queue, 'order-1', { n: 1 })
    await pause(100)
    await both.close()
    expect(done).toBe(true)
  })
}

describe('orders on PostgreSQL', () => {
  contract(async () => {
    const { connection } = await createDatabase()
    return () => openOrders(connection, null, () => {})
  })
})

describe.skipIf(!hasRedis)('orders on Redis', () => {
  contract(async () => {
    // A suite that is left out is still read.
    const url = hasRedis ? await startRedis() : ''
    return () => openOrders({}, url, () => {})
  })
})
