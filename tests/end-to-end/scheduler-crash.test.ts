// Fifty jobs on simulated printers, two servers on one database, and somebody who kills -9 one process after another.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sql from 'sql-template-tag'
import { describe, expect, it } from 'vitest'
import { Denied } from '../../launch/demo/client.ts'
import { decideJob, listJobs } from '../../server/contract/jobs.ts'
import { clearBed, listPrinters } from '../../server/contract/printers.ts'
import { changeRule } from '../../server/contract/scheduling.ts'
import { randomOf } from '../../server/domain/simulation/demand.ts'
import { createDatabase } from '../support/database.ts'
import { type Farm, openFarm } from '../support/farm.ts'
import { hasRedis, startRedis } from '../support/redis.ts'

const JOBS = 50
const KILLS = 10
const names = ['Ane', 'Beñat', 'Carmen', 'Daniel']

/** Its last line is of this job alone: who finds it in a printer's record knows that the part was made. */
const lastLine = (job: number): string => `G1 X${100 + job} Y7.5 F6000`
const fileOf = (job: number): Buffer =>
  Buffer.from(
    `M104 S40\nG28\n${Array.from({ length: 180 }, (_, n) => `G1 X${20 + (n % 2) * 60} Y${10 + n} F4000`).join('\n')}\n${lastLine(job)}\n`,
  )

const madeParts = (farm: Farm): string[] =>
  names.flatMap((name) =>
    readFileSync(join(farm.folder, `${name}.txt`), 'latin1')
      .split('\n')
      .map((line) => line.slice(line.indexOf('\t') + 1))
      .filter((line) => line.endsWith('Y7.5 F6000')),
  )

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A server that was just killed does not answer; what was decided meanwhile is refused. Both are tried again. */
const tryTo = async (work: () => Promise<unknown>): Promise<void> => {
  await work().catch((error: unknown) => {
    if (!(error instanceof Denied || error instanceof TypeError || error instanceof SyntaxError)) throw error
  })
}

/** Takes parts off, and looks at what was interrupted: a part that is whole is good, else it is printed again. */
const mind = async (farm: Farm, fileOfJob: ReadonlyMap<number, number>): Promise<void> => {
  const { steward } = farm
  for (const { id, bed, print } of await steward.call(listPrinters, {})) {
    if (bed !== 'clear' && print === null) await tryTo(() => steward.call(clearBed, { params: { id } }))
  }
  for (const { id, state } of await steward.call(listJobs, { query: {} })) {
    if (state !== 'undecided') continue
    const whole = madeParts(farm).includes(lastLine(fileOfJob.get(id) ?? -1))
    await tryTo(() => steward.call(decideJob, { params: { id }, body: { decision: whole ? 'done' : 'again' } }))
  }
}

const runAll = async (redisUrl: string | null, seed: number): Promise<void> => {
  const random = randomOf(seed)
  const { db, url } = await createDatabase()
  const farm = await openFarm({ databaseUrl: url, ...(redisUrl ? { redisUrl } : {}) })
  let other = await farm.startOther()
  let killing = true
  let kills = 0
  const kill = async (): Promise<void> => {
    for (let round = 0; round < KILLS && killing; round++) {
      await pause(300 + 900 * random())
      const choice = random()
      if (choice < 0.35) {
        await farm.server.kill()
        await farm.startServer()
      } else if (choice < 0.65) {
        await other.kill()
        other = await farm.startOther()
      } else {
        await farm.bridges.get('room')?.kill()
        await farm.startBridge('room')
      }
      kills += 1
    }
  }
  try {
    for (const name of names) {
      const { id } = await farm.addPrinter(name, { speed: 300 })
      // Nobody takes the parts of the first one off: a script does.
      const rule = {
        tags: [],
        ejects: name === 'Ane',
        enclosed: null,
        circuitId: null,
        heatingWatts: 0,
        holdingWatts: 0,
      }
      await farm.steward.call(changeRule, { params: { id }, body: rule })
    }
    const fileOfJob = new Map<number, number>()
    for (let job = 1; job <= JOBS; job++) fileOfJob.set(await farm.queue(`part-${job}.gcode`, fileOf(job)), job)
    const killed = kill()
    const end = Date.now() + 200_000
    for (;;) {
      await tryTo(() => mind(farm, fileOfJob))
      const open = await db.row<{ count: number }>(sql`
        SELECT count(*) AS count FROM job WHERE state NOT IN ('done', 'cancelled')`)
      if (open?.count === 0) break
      if (Date.now() > end) throw new Error(`${open?.count} jobs are still open.\n${farm.said()}`)
      await pause(150)
    }
    killing = false
    await killed
    expect(kills).toBeGreaterThan(4)
    const jobs = await db.rows<{ id: number; state: string; completed: number }>(sql`
      SELECT job.id, job.state, (SELECT count(*) FROM print WHERE job_id = job.id AND state = 'completed') AS completed
      FROM job ORDER BY job.id`)
    expect(jobs.map(({ id, state }) => [id, state])).toEqual([...fileOfJob.keys()].map((id) => [id, 'done']))
    expect(jobs.filter(({ completed }) => completed > 1)).toEqual([])
    expect(madeParts(farm).sort()).toEqual([...fileOfJob.values()].map(lastLine).sort())
  } finally {
    killing = false
    await farm.close()
  }
}

describe('two servers on one database, killed at random moments while 50 jobs run', () => {
  it('no job is lost and none is printed twice, with orders on PostgreSQL', () => runAll(null, 5), 240_000)

  it.skipIf(!hasRedis)('nor with orders on Redis', async () => runAll(await startRedis(), 6), 240_000)
})
