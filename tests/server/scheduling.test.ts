import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { listJobs } from '../../server/contract/jobs.ts'
import {
  addCircuit,
  changeRule,
  changeSettings,
  listRules,
  removeCircuit,
  showReasons,
  showSettings,
  showShares,
  trustPrinter,
  usualSettings,
} from '../../server/contract/scheduling.ts'
import { noWishes } from '../../server/desk/job-wishes.ts'
import { openPool } from '../../server/store/database.ts'
import { createJob } from '../../server/store/jobs.ts'
import { createPrinter, saveSnapshots, signBed } from '../../server/store/printers.ts'
import { endPrint } from '../../server/store/prints.ts'
import { startPrint } from '../../server/store/scheduling.ts'
import { dispatch } from '../../server/work/dispatch.ts'
import { followPrints } from '../../server/work/follow-prints.ts'
import { attendedFrom, findings, profile } from '../support/fleet.ts'
import { openWorkshop, refusalOf, type Workshop } from '../support/workshop.ts'

let workshop: Workshop
let stewardId = 0
let fileId = 0

const idle = async (id: number): Promise<void> => {
  await saveSnapshots(workshop.db, [
    {
      printerId: id,
      state: 'idle',
      reason: null,
      firmware: null,
      temperatures: {},
      position: null,
      progress: null,
      linesSent: 0,
      resends: 0,
      okLatency: 1,
      at: new Date().toISOString(),
    },
  ])
}

const addIdlePrinter = async (name: string): Promise<number> => {
  const { db } = workshop
  const id = await createPrinter(db, { name, bridge: 'room', address: `/dev/${name}`, baudRate: 0, profile })
  await idle(id)
  await signBed(db, id, 'clear', stewardId)
  return id
}

const queue = (printerId: number | null = null): Promise<number> =>
  createJob(workshop.db, {
    ...noWishes,
    fileIds: [fileId],
    memberId: stewardId,
    printerId,
    held: false,
    approval: 'none',
    wishesRead: true,
  })

const bridgeIsHeard = (): Promise<number> =>
  workshop.db.run(sql`
    INSERT INTO bridge (name, instance, host, seen_at) VALUES ('room', gen_random_uuid(), 'here', now() + interval '1 hour')
    ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`)

const printsOf = (jobId: number) =>
  workshop.db.rows<{ id: number; printerId: number; state: string }>(
    sql`SELECT id, printer_id AS "printerId", state FROM print WHERE job_id = ${jobId} ORDER BY id`,
  )

/** The bridge's part, in short: it prints, and the print ends so. */
const printTo = async (jobId: number, state: 'completed' | 'failed', hours = 1): Promise<void> => {
  const print = (await printsOf(jobId)).at(-1)
  await workshop.db.run(sql`
    UPDATE print SET state = 'printing', started_at = now() - make_interval(secs => ${hours * 3600}) WHERE id = ${print?.id}`)
  await workshop.db.run(sql`UPDATE printer SET bed = 'occupied', bed_changed_at = now() WHERE id = ${print?.printerId}`)
  await endPrint(workshop.db, { id: print?.id ?? 0, state, reason: null, acceptedBytes: 1 })
  await followPrints(workshop.db)
}

const pass = (): Promise<void> => dispatch(workshop.db, workshop.house.orders)

beforeAll(async () => {
  workshop = await openWorkshop()
  const { db } = workshop
  stewardId = (await db.row<{ id: number }>(sql`SELECT id FROM member`))?.id ?? 0
  const blob = await db.row<{ id: number }>(sql`INSERT INTO blob (hash) VALUES ('x') RETURNING id`)
  fileId =
    (
      await db.row<{ id: number }>(sql`
        INSERT INTO file (name, blob_id, state, findings)
        VALUES ('part.gcode', ${blob?.id}, 'analysed', ${JSON.stringify(findings())}) RETURNING id`)
    )?.id ?? 0
  await bridgeIsHeard()
})

describe('a pass', () => {
  it('starts nothing twice when two servers make it at once', async () => {
    const printers = await Promise.all(Array.from({ length: 5 }, (_, n) => addIdlePrinter(`pair-${n}`)))
    const jobs = await Promise.all(Array.from({ length: 12 }, () => queue()))
    const other = openPool(workshop.db.connection)
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => dispatch(n % 2 === 0 ? workshop.db : other, workshop.house.orders)),
    )
    await other.close()
    const started = (await Promise.all(jobs.map(printsOf))).flat()
    expect(started.map(({ printerId }) => printerId).sort()).toEqual([...printers].sort())
    const waiting = await workshop.steward.call(listJobs, { query: {} })
    expect(waiting.filter(({ state }) => state === 'queued')).toHaveLength(7)
    for (const job of waiting.filter(({ state }) => state === 'queued')) {
      expect(job.waitsFor).toMatch(/\.$/)
      expect(job.prediction).not.toBeNull()
    }
    await workshop.db.run(
      sql`UPDATE job SET state = 'cancelled', to_start = 0, ended_at = now() WHERE state = 'queued'`,
    )
    await workshop.db.run(
      sql`UPDATE print SET state = 'refused', ended_at = now() - interval '1 hour' WHERE ended_at IS NULL`,
    )
    await workshop.db.run(
      sql`UPDATE job SET state = 'cancelled', to_start = 0, ended_at = now() WHERE state = 'printing'`,
    )
    await workshop.db.run(sql`UPDATE printer SET removed_at = now()`)
  })

  it('makes no print where the bed, the printer or the job has changed since it was decided', async () => {
    const { db } = workshop
    const printer = await addIdlePrinter('rechecked')
    const job = await queue(printer)
    await signBed(db, printer, 'occupied', stewardId)
    expect(await startPrint(db, job, printer)).toBeNull()
    await signBed(db, printer, 'clear', stewardId)
    await db.run(
      sql`UPDATE printer_snapshot SET telemetry = telemetry || '{"state": "connecting"}' WHERE printer_id = ${printer}`,
    )
    expect(await startPrint(db, job, printer)).toBeNull()
    await idle(printer)
    await db.run(sql`UPDATE bridge SET seen_at = now() - interval '1 minute'`)
    expect(await startPrint(db, job, printer)).toBeNull()
    await bridgeIsHeard()
    expect(await startPrint(db, job, printer)).not.toBeNull()
    expect(await startPrint(db, job, printer)).toBeNull()
    await db.run(sql`UPDATE job SET state = 'printing' WHERE id = ${job}`)
    await printTo(job, 'completed')
  })

  it('leaves a printer alone that failed twice in a row, until somebody has looked after it', async () => {
    const printer = await addIdlePrinter('weak')
    for (let n = 0; n < 2; n++) {
      const job = await queue(printer)
      await pass()
      await printTo(job, 'failed')
      await signBed(workshop.db, printer, 'clear', stewardId)
    }
    const third = await queue(printer)
    await pass()
    expect(await printsOf(third)).toEqual([])
    const told = await workshop.steward.call(showReasons, { params: { id: third } })
    expect(told.printers.find(({ printerId }) => printerId === printer)?.reasons[0]).toEqual({
      code: 'printer.failed-twice',
      values: { count: 2 },
      message: 'its last 2 prints failed; it waits until somebody has looked after it',
    })
    expect((await workshop.steward.call(trustPrinter, { params: { id: printer } })).failedInRow).toBe(0)
    await pass()
    expect(await printsOf(third)).toHaveLength(1)
    await printTo(third, 'completed')
  })

  it('signs the bed of a printer with an eject script, after a print that ended well', async () => {
    const printer = await addIdlePrinter('ejects')
    const rule = { ejects: true, enclosed: null, circuitId: null, heatingWatts: 0, holdingWatts: 0 }
    await workshop.steward.call(changeRule, { params: { id: printer }, body: rule })
    const jobs = [await queue(printer), await queue(printer)]
    await pass()
    await printTo(jobs[0] as number, 'completed')
    await pass()
    expect(await printsOf(jobs[1] as number)).toHaveLength(1)
    await printTo(jobs[1] as number, 'failed')
    const third = await queue(printer)
    await pass()
    expect(await printsOf(third)).toEqual([])
    await workshop.db.run(sql`UPDATE job SET state = 'cancelled', to_start = 0, ended_at = now() WHERE id = ${third}`)
  })

  it('keeps what it promised across restarts', async () => {
    const printer = await addIdlePrinter('promised')
    await signBed(workshop.db, printer, 'occupied', stewardId)
    const job = await queue(printer)
    await pass()
    const promise = () =>
      workshop.db.row<{ jobId: number; startsAt: string }>(
        sql`SELECT job_id AS "jobId", starts_at AS "startsAt" FROM job_promise WHERE printer_id = ${printer}`,
      )
    const first = await promise()
    expect(first?.jobId).toBe(job)
    await pass()
    expect(await promise()).toEqual(first)
  })
})

describe('the account', () => {
  it('counts machine time really held, half after a half-life, and nothing where the machine was at fault', async () => {
    const ana = await workshop.join('Ana', 'member')
    const anaId = (await workshop.db.row<{ id: number }>(sql`SELECT id FROM member WHERE name = 'Ana'`))?.id ?? 0
    await workshop.db.run(sql`
      INSERT INTO held_time (source, source_id, member_id, seconds, ended_at)
      VALUES ('booking', 1, ${anaId}, 36000, now() - interval '14 days'), ('booking', 2, ${anaId}, 3600, now())`)
    const shares = await ana.call(showShares, {})
    const hers = shares.members.find(({ name }) => name === 'Ana')
    expect(hers?.heldSeconds).toBeCloseTo(18_000 + 3600, -1)
    expect(hers?.points).toBeLessThan(shares.weights.fairShare)
    expect(hers?.points).toBeCloseTo((hers?.factor ?? 0) * shares.weights.fairShare)
    const rows = await workshop.db.rows<{ state: string; seconds: number }>(sql`
      SELECT print.state, held_time.seconds FROM held_time JOIN print ON print.id = source_id WHERE source = 'print'`)
    expect(rows.filter(({ state }) => state === 'completed').every(({ seconds }) => Math.abs(seconds - 3600) < 5)).toBe(
      true,
    )
    expect(rows.filter(({ state }) => state === 'failed').map(({ seconds }) => seconds)).toEqual([0, 0, 0])
  })
})

describe('the settings', () => {
  it('are as usual until a steward sets them', async () => {
    expect(await workshop.steward.call(showSettings, {})).toEqual(usualSettings)
    const hours = {
      ...attendedFrom('10:00', '20:00').hours,
      exceptions: [{ date: '2026-12-25', note: 'Feast', open: [], attended: [] }],
    }
    const changed = { ...usualSettings, halfLifeDays: 7, hours }
    expect(await workshop.steward.call(changeSettings, { body: changed })).toEqual(changed)
    expect(await workshop.steward.call(showSettings, {})).toEqual(changed)
  })

  it('are set by stewards only, and only to what makes sense', async () => {
    const member = await workshop.join('Bittor', 'operator')
    expect((await refusalOf(member.call(changeSettings, { body: usualSettings }))).status).toBe(403)
    expect((await refusalOf(member.call(addCircuit, { body: { name: 'A', limitWatts: 5 } }))).status).toBe(403)
    const twice = { date: '2026-12-25', note: '', open: [], attended: [] }
    const body = { ...usualSettings, hours: { ...usualSettings.hours, exceptions: [twice, twice] } }
    expect((await refusalOf(workshop.steward.call(changeSettings, { body }))).code).toBe('schedule.date')
    const wrong = { ...usualSettings, hours: { ...usualSettings.hours, open: [[{ from: '25:00', to: '26:00' }]] } }
    expect((await refusalOf(workshop.steward.call(changeSettings, { body: wrong as never }))).status).toBe(400)
  })

  it('know circuits and which printers are on them', async () => {
    const circuit = await workshop.steward.call(addCircuit, { body: { name: 'East wall', limitWatts: 2300 } })
    const again = workshop.steward.call(addCircuit, { body: { name: 'east wall', limitWatts: 1 } })
    expect((await refusalOf(again)).code).toBe('circuit.name-taken')
    const printer = await addIdlePrinter('wired')
    const rule = {
      ejects: false,
      enclosed: true,
      circuitId: circuit.id,
      heatingWatts: 350,
      holdingWatts: 120,
    }
    await workshop.steward.call(changeRule, { params: { id: printer }, body: rule })
    const gone = workshop.steward.call(changeRule, { params: { id: printer }, body: { ...rule, circuitId: 999 } })
    expect((await refusalOf(gone)).code).toBe('circuit.missing')
    await workshop.steward.call(removeCircuit, { params: { id: circuit.id } })
    const rules = await workshop.steward.call(listRules, {})
    expect(rules.find(({ printerId }) => printerId === printer)).toMatchObject({ circuitId: null, heatingWatts: 350 })
  })

  it('leave a job that does not wait without reasons', async () => {
    expect((await refusalOf(workshop.steward.call(showReasons, { params: { id: 99_999 } }))).code).toBe('job.missing')
  })
})
