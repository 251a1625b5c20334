// Asks the schedule what starts next, and starts it. One server does it at a time.
import sql from 'sql-template-tag'
import { type PrintOrder, printQueue } from '../contract/work.ts'
import { type Schedule, schedule } from '../domain/schedule.ts'
import { assemble } from '../domain/scheduling/assemble.ts'
import { linesOf, predictionOf } from '../domain/scheduling/explain.ts'
import { lockPrinters } from '../store/claim-locks.ts'
import type { Database } from '../store/database.ts'
import { moveJobState } from '../store/jobs.ts'
import { publish } from '../store/notify.ts'
import { dispatchedPrints } from '../store/prints.ts'
import type { Orders } from '../store/queues.ts'
import { databaseNow, type Outlook, readStanding, saveOutlooks, savePromises, startPrint } from '../store/scheduling.ts'

/** One of these at a time over all servers on the database. */
const LOCK = 4_280_002

/** Everything that can start, starts; every job that cannot gets its reason. */
export const dispatch = async (db: Database, orders: Orders): Promise<void> => {
  const { plan, started } = await db.transaction(async (inside) => {
    await inside.run(sql`SELECT pg_advisory_xact_lock(${LOCK})`)
    const now = await databaseNow(inside)
    const decided = schedule(assemble(await readStanding(inside), now), now)
    // Nobody books meanwhile: what is read here of claims holds until the prints are there.
    const printers = decided.dispatches.map(({ printerId }) => printerId)
    await lockPrinters(inside, printers)
    let count = 0
    for (const { jobId, printerId } of decided.dispatches) {
      // What has changed since it was read is looked at again with the next bell, which that change rings.
      if ((await startPrint(inside, jobId, printerId, decided.clearBy.get(printerId) ?? null)) === null) continue
      await moveJobState(inside, jobId, ['queued'], 'printing')
      count += 1
    }
    await savePromises(inside, decided.promises)
    return { plan: decided, started: count }
  })
  if (started > 0) await sendOrders(db, orders)
  if ((await saveOutlooks(db, outlooksOf(plan))) > 0) await publish(db, 'change', { of: 'queue', id: 0 })
}

const outlooksOf = (plan: Schedule): Outlook[] =>
  [...linesOf(plan)].map(([jobId, waitsFor]) => {
    const foreseen = plan.predictions.get(jobId)
    return {
      jobId,
      turn: plan.places.get(jobId) ?? null,
      waitsFor,
      prediction: foreseen === undefined ? null : predictionOf(foreseen),
    }
  })

/** Sends an order for each print that waits for its bridge. Sending twice is harmless: it is claimed once. */
export const sendOrders = async (db: Database, orders: Orders): Promise<void> => {
  for (const { printId, bridge } of await dispatchedPrints(db)) {
    const order: PrintOrder = { printId }
    await orders.add(printQueue(bridge), `print-${printId}`, order)
  }
}
