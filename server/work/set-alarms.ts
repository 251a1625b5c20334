// Delayed orders for what will be due: they only wake the round, which reads the rows. Without them it comes a little later.
import { type TimeOrder, timesQueue } from '../contract/work.ts'
import { nextDue } from '../store/booking-times.ts'
import type { Database } from '../store/database.ts'
import type { Orders } from '../store/queues.ts'

/** What is due later is set by a later round. Seconds. */
const AHEAD = 86_400

/** One order for each second at which something is due; setting it twice is one. `now` in seconds since 1970. */
export const setAlarms = async (db: Database, orders: Orders, now: number): Promise<void> => {
  for (const at of await nextDue(db, now, now + AHEAD)) {
    const order: TimeOrder = { at }
    await orders.add(timesQueue, `at-${at}`, order, Math.max(1, (at - now) * 1000))
  }
}
