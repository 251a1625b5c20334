import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { listBridges } from '../../server/contract/printers.ts'
import { createDatabase } from '../support/database.ts'
import { type Farm, type FarmPrinter, openFarm } from '../support/farm.ts'
import { commandsOf } from '../support/gcode.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

const cube = fileURLToPath(new URL('../fixtures/cube.gcode', import.meta.url))

/** A workshop of two rooms: a server, two bridges, one PostgreSQL that none of them has started. */
const rooms = (redis: () => Promise<string | null>) => {
  let farm: Farm
  let left: FarmPrinter
  let right: FarmPrinter
  const database = createDatabase()
  beforeAll(async () => {
    const redisUrl = await redis()
    const { url } = await database
    farm = await openFarm({ databaseUrl: url, bridges: ['left', 'right'], ...(redisUrl ? { redisUrl } : {}) })
    left = await farm.addPrinter('Etxe', { speed: 200 }, 'left')
    right = await farm.addPrinter('Lore', { speed: 200, model: 'prusa' }, 'right')
    return () => farm.close()
  })

  it('each bridge serves its own printers, and both print at the same time', async () => {
    const bytes = readFileSync(cube)
    const jobs = await Promise.all([
      farm.queue('left.gcode', Buffer.concat([bytes, Buffer.from('; left\n')]), left.id),
      farm.queue('right.gcode', Buffer.concat([bytes, Buffer.from('; right\n')]), right.id),
    ])
    for (const job of jobs) expect(await farm.untilJob(job, ['done', 'undecided'])).toBe('done')
    expect(left.printed()).toEqual(commandsOf(cube))
    expect(right.printed()).toEqual(commandsOf(cube))
  }, 90_000)

  it('one bridge goes, and the printers of the other do not care', async () => {
    await farm.bridges.get('right')?.kill()
    await farm.until(right.id, ({ bridgeAlive }) => !bridgeAlive, 'the bridge counts as gone', 10_000)
    expect(await farm.printer(right.id)).toMatchObject({
      telemetry: { state: 'offline', reason: 'The bridge right does not answer.' },
    })
    expect(await farm.printer(left.id)).toMatchObject({ bridgeAlive: true, telemetry: { state: 'idle' } })
    await farm.startBridge('right')
    await farm.until(right.id, ({ telemetry }) => telemetry?.state === 'idle', 'it is back')
    const bridges = await farm.steward.call(listBridges, {})
    expect(bridges.map(({ name, alive }) => [name, alive])).toEqual([
      ['left', true],
      ['right', true],
    ])
  }, 60_000)

  it('a second process of the same bridge waits until the first has ended', async () => {
    let started = false
    const second = farm.startBridge('left').then(() => {
      started = true
    })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(started).toBe(false)
    await farm.stopFirst('left')
    await second
    await farm.until(left.id, ({ telemetry }) => telemetry?.state === 'idle', 'the second serves the printer')
  }, 60_000)
}

describe('two bridges on one external PostgreSQL', () => rooms(async () => null))

describe.skipIf(!hasRedis)('two bridges on one external PostgreSQL, orders on Redis', () => rooms(startRedis))
