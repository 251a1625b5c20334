// The queue lives around bookings: in them only their member prints, and nothing runs into them.
import sql from 'sql-template-tag'
import { beforeAll, describe, expect, it } from 'vitest'
import { createBooking } from '../../server/contract/bookings.ts'
import { usualSettings } from '../../server/contract/scheduling.ts'
import { noWishes } from '../../server/desk/job-wishes.ts'
import { schedule } from '../../server/domain/schedule.ts'
import type { Claim } from '../../server/domain/scheduling/snapshot.ts'
import { settleBookings } from '../../server/store/booked-time.ts'
import { createJob } from '../../server/store/jobs.ts'
import { saveSnapshots, signBed } from '../../server/store/printers.ts'
import { heldSeconds, startPrint } from '../../server/store/scheduling.ts'
import { dispatch } from '../../server/work/dispatch.ts'
import { bookable, quickJoin } from '../support/bookings.ts'
import { findings, HOUR, job, noon, printer, randomFleet } from '../support/fleet.ts'
import { openWorkshop, type Person, type Workshop } from '../support/workshop.ts'

let workshop: Workshop
let ane: Person & { id: number }
let bea: Person & { id: number }
let fileId = 0

const idle = async (name: string): Promise<number> => {
  const { db } = workshop
  const id = await bookable(db, name)
  const telemetry = { state: 'idle' as const, reason: null, firmware: null, temperatures: {}, position: null }
  const rest = { progress: null, linesSent: 0, resends: 0, okLatency: 1, at: new Date().toISOString() }
  await saveSnapshots(db, [{ printerId: id, ...telemetry, ...rest }])
  await signBed(db, id, 'clear', ane.id)
  return id
}
const queue = (memberId: number, printerId: number): Promise<number> =>
  createJob(workshop.db, {
    ...noWishes,
    printerId,
    fileIds: [fileId],
    held: false,
    approval: 'none',
    memberId,
    wishesRead: true,
  })
const printing = async (): Promise<number[]> =>
  (await workshop.db.rows<{ id: number }>(sql`SELECT job_id AS id FROM print WHERE ended_at IS NULL ORDER BY id`)).map(
    ({ id }) => id,
  )
const bridgeIsHeard = () =>
  workshop.db.run(sql`
    INSERT INTO bridge (name, instance, host, seen_at) VALUES ('room', gen_random_uuid(), 'here', now() + interval '1 hour')
    ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`)
const now = () => new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString()

beforeAll(async () => {
  workshop = await openWorkshop()
  ane = await quickJoin(workshop, 'Ane')
  bea = await quickJoin(workshop, 'Bea')
  fileId = (await ane.upload('part.gcode', 'G28\nG1 X10 Y10 E1 F1000\n')).id
  await workshop.db.run(sql`
    UPDATE file SET state = 'analysed', findings = ${JSON.stringify(findings({ extruded: null }, 2))} WHERE id = ${fileId}`)
  await bridgeIsHeard()
})

describe('a printer that is booked', () => {
  it('prints what its member has in the queue, before what others queued sooner', async () => {
    const id = await idle('drawn')
    const other = await queue(bea.id, id)
    const mine = await queue(ane.id, id)
    await ane.call(createBooking, { body: { wish: { printerId: id }, start: now(), minutes: 240 } })
    await workshop.db.run(sql`
      UPDATE claim SET during = tstzrange(now() - interval '1 minute', upper(during)) WHERE printer_id = ${id}`)
    expect(await startPrint(workshop.db, other, id)).toBeNull()
    await dispatch(workshop.db, workshop.house.orders)
    expect(await printing()).toEqual([mine])
    const { waitsFor } = (await workshop.db.row<{ waitsFor: string }>(sql`
      SELECT waits_for AS "waitsFor" FROM job_outlook WHERE job_id = ${other}`)) ?? { waitsFor: '' }
    expect(waitsFor).not.toBe('')
  })

  it('is not given a print that would run into the booking, also when it was booked since it was decided', async () => {
    const id = await idle('since')
    const waiting = await queue(bea.id, id)
    const start = new Date(Math.ceil((Date.now() + HOUR * 1000) / 900_000) * 900_000).toISOString()
    await ane.call(createBooking, { body: { wish: { printerId: id }, start, minutes: 60 } })
    const until = Date.now() / 1000 + 2 * HOUR
    expect(await startPrint(workshop.db, waiting, id, until)).toBeNull()
    await dispatch(workshop.db, workshop.house.orders)
    expect(await printing()).not.toContain(waiting)
    expect(await startPrint(workshop.db, waiting, id, Date.now() / 1000 + 600)).not.toBeNull()
  })
})

describe('over random fleets', () => {
  it("nobody's print lies in another's claim, and in a member's own booking only his prints begin", () => {
    let drawn = 0
    for (let seed = 1; seed <= 300; seed++) {
      const fleet = randomFleet(seed)
      const claims: Claim[] = fleet.claims.filter((one) => one.from > noon)
      const [first] = fleet.jobs.filter(({ memberId }) => memberId !== null)
      const [where] = fleet.printers
      if (first === undefined || where === undefined) continue
      const free = claims.filter(({ printerId }) => printerId !== where.id)
      const own: Claim = {
        printerId: where.id,
        from: noon - 60,
        to: noon + 12 * HOUR,
        memberId: first.memberId,
        kind: 'booking',
      }
      const { dispatches, clearBy } = schedule({ ...fleet, claims: [...free, own] }, noon)
      for (const { jobId, printerId } of dispatches) {
        const one = fleet.jobs.find(({ id }) => id === jobId)
        const until = clearBy.get(printerId) ?? Number.POSITIVE_INFINITY
        const others = [...free, own].filter(
          (claim) => claim.printerId === printerId && claim.memberId !== one?.memberId,
        )
        expect(
          others.some((claim) => claim.from < until && noon < claim.to),
          `seed ${seed}`,
        ).toBe(false)
        if (printerId === where.id) drawn += 1
      }
    }
    expect(drawn).toBeGreaterThan(10)
  })

  it('what a member has at the end of a long queue is drawn into his booking', () => {
    const jobs = [...Array.from({ length: 80 }, (_, n) => job(n + 1)), job(500, { memberId: 700 })]
    const claims: Claim[] = [{ printerId: 1, from: noon - 60, to: noon + 4 * HOUR, memberId: 700, kind: 'booking' }]
    const fleet = { ...randomFleet(1), settings: usualSettings, jobs, printers: [printer(1)], claims, promises: [] }
    expect(schedule(fleet, noon).dispatches).toEqual([{ jobId: 500, printerId: 1 }])
  })
})

describe('the account of machine time', () => {
  it('counts an hour that was booked and printed in once, and one that was booked for nothing too', async () => {
    const { db } = workshop
    const id = await idle('account')
    const cleo = await quickJoin(workshop, 'Cleo')
    const made = await cleo.call(createBooking, { body: { wish: { printerId: id }, start: now(), minutes: 120 } })
    const jobId = await queue(cleo.id, id)
    await db.run(sql`UPDATE claim SET during = tstzrange(now() - interval '150 minutes', now() - interval '30 minutes'),
      booked_during = tstzrange(now() - interval '150 minutes', now() - interval '30 minutes'),
      state = 'completed', ended_at = now() WHERE id = ${made.id}`)
    await db.run(sql`INSERT INTO print (job_id, printer_id, state, started_at, ended_at)
      VALUES (${jobId}, ${id}, 'completed', now() - interval '120 minutes', now() - interval '60 minutes')`)
    await db.run(sql`INSERT INTO held_time (source, source_id, member_id, printer_id, seconds, ended_at)
      SELECT 'print', id, ${cleo.id}, printer_id, 3600, now() FROM print WHERE job_id = ${jobId}`)
    await settleBookings(db)
    await settleBookings(db)
    const held = (await heldSeconds(db, 14)).find(({ memberId }) => memberId === cleo.id)
    expect(Math.round((held?.heldSeconds ?? 0) / 60)).toBeGreaterThanOrEqual(119)
    expect(Math.round((held?.heldSeconds ?? 0) / 60)).toBeLessThanOrEqual(120)
  })
})
