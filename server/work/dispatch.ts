// Asks the schedule what starts next, and starts it. One server does it at a time.
import sql from 'sql-template-tag'
import type { Printer } from '../contract/printers.ts'
import { type PrintOrder, printQueue } from '../contract/work.ts'
import { barredTo, type ReadyPrinter, schedule } from '../domain/schedule.ts'
import type { Database } from '../store/database.ts'
import { moveJobState, saveReasons, waitingJobs } from '../store/jobs.ts'
import { holdersWithJobs, listPlaces } from '../store/places.ts'
import { switchedOff } from '../store/plugs.ts'
import { listPrinters } from '../store/printers.ts'
import { dispatchedPrints, dispatchPrint, recentRefusals } from '../store/prints.ts'
import type { Orders } from '../store/queues.ts'

/** One of these at a time over all servers on the database. */
const LOCK = 4_280_002

/** Everything that can start, starts; every job that cannot gets its reason. */
export const dispatch = async (db: Database, orders: Orders): Promise<void> => {
  const started = await db.transaction(async (inside) => {
    await inside.run(sql`SELECT pg_advisory_xact_lock(${LOCK})`)
    const refusals = await recentRefusals(inside)
    const off = await switchedOff(inside)
    const printers = (await listPrinters(inside)).map((printer) => toReadyPrinter(printer, refusals, off))
    const places = await listPlaces(inside)
    const holders = await holdersWithJobs(inside)
    const jobs = (await waitingJobs(inside)).map((job) => ({ ...job, barred: barredTo(job.memberId, holders, places) }))
    const { dispatches, reasons } = schedule(jobs, printers)
    for (const { jobId, printerId } of dispatches) {
      await dispatchPrint(inside, jobId, printerId)
      await moveJobState(inside, jobId, ['queued'], 'printing')
    }
    await saveReasons(inside, reasons)
    return dispatches.length
  })
  if (started > 0) await sendOrders(db, orders)
}

/** Sends an order for each print that waits for its bridge. Sending twice is harmless: it is claimed once. */
export const sendOrders = async (db: Database, orders: Orders): Promise<void> => {
  for (const { printId, bridge } of await dispatchedPrints(db)) {
    const order: PrintOrder = { printId }
    await orders.add(printQueue(bridge), `print-${printId}`, order)
  }
}

const toReadyPrinter = (
  printer: Printer,
  refusals: ReadonlyMap<number, string>,
  off: ReadonlySet<number>,
): ReadyPrinter => ({
  id: printer.id,
  name: printer.name,
  state: printer.telemetry?.state ?? 'offline',
  bed: printer.bed,
  takesJobs: printer.takesJobs,
  hasPrint: printer.print !== null,
  switchedOff: off.has(printer.id),
  refusal: refusals.get(printer.id) ?? null,
  profile: printer.profile,
})
