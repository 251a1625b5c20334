// Takes an order, claims its print, hands it to the printer's session, and writes how it ended.
import type { KeptPrint } from '../server/contract/print-record.ts'
import type { PrintOrder } from '../server/contract/work.ts'
import { type Database, DatabaseAway, mayPass } from '../server/store/database.ts'
import { fileBytes, readCourse } from '../server/store/files.ts'
import {
  type ClaimedPrint,
  claimPrint,
  type EndedPrint,
  endPrint,
  readClaimed,
  readPrint,
  refusePrint,
} from '../server/store/prints.ts'
import type { FileShelf } from './file-shelf.ts'
import type { PrintPlan } from './print-plan.ts'
import type { PrinterSession } from './printer-session.ts'
import type { PrintOutcome } from './streamer.ts'

export interface PrintWorker {
  readonly db: Database
  readonly shelf: FileShelf
  /** This process: it alone may go on with what it has claimed. */
  readonly instance: string
  session(printerId: number): PrinterSession | undefined
  failed(error: Error): void
  /** What the database must know before it is asked for a claim: a bed that was taken by hand, above all. */
  caughtUp(): Promise<void>
  /** Prints under way, until their end is written. */
  readonly running: Set<Promise<void>>
  /** Prints that have ended and whose end the database does not have yet. */
  readonly unwritten: Map<number, KeptPrint>
}

const RETRY_MS = 1000

/** Ends as soon as the print is claimed or refused: from then on its row tells the story. */
export const takeOrder = async (worker: PrintWorker, { printId }: PrintOrder): Promise<void> => {
  const { db } = worker
  const print = await readPrint(db, printId)
  if (print === null || print.state !== 'dispatched') return
  const session = worker.session(print.printerId)
  if (session === undefined) return refusePrint(db, printId, 'This bridge does not serve the printer.')
  if (session.state !== 'idle') return refusePrint(db, printId, `The printer is ${session.state}.`)
  await worker.caughtUp()
  const claimed = await claimSurely(worker, printId)
  if (claimed === null) return
  const running = run(worker, session, claimed).catch(worker.failed)
  worker.running.add(running)
  running.finally(() => worker.running.delete(running)).catch(worker.failed)
}

/** The database may go after it has taken the claim and before it has said so: then the print is ours all the same. */
const claimSurely = async ({ db, instance }: PrintWorker, printId: number): Promise<ClaimedPrint | null> => {
  try {
    return await claimPrint(db, printId, instance)
  } catch (error) {
    if (!(error instanceof DatabaseAway)) throw error
    return untilThere(() => readClaimed(db, printId, instance))
  }
}

const run = async (worker: PrintWorker, session: PrinterSession, claimed: ClaimedPrint): Promise<void> => {
  const { plan, release } = await untilThere(() => planFor(worker, claimed))
  const ended = session.print(plan)
  const { streamer } = session
  // Between the claim and now it may have been unplugged or been given another command.
  const outcome: PrintOutcome =
    'refused' in ended
      ? { state: 'failed', reason: ended.refused, acceptedBytes: claimed.from?.bytes ?? 0 }
      : await ended
  const record = 'refused' in ended ? null : (streamer?.record(new Date()) ?? null)
  // From here on the disk knows how it ended, until the database does.
  if (record !== null) worker.unwritten.set(claimed.id, { instance: worker.instance, record, outcome })
  try {
    await release()
    await untilWritten(worker, { id: claimed.id, ...outcome, record })
  } finally {
    worker.unwritten.delete(claimed.id)
  }
}

const planFor = async (
  { db, shelf, failed }: PrintWorker,
  claimed: ClaimedPrint,
): Promise<{ plan: PrintPlan; release(): Promise<void> }> => {
  const [file, course] = await Promise.all([fileBytes(db, claimed.fileId), readCourse(db, claimed.fileId)])
  let path: string | null = null
  const plan: PrintPlan = {
    printId: claimed.id,
    totalBytes: file?.sizeBytes ?? 0,
    course,
    from: claimed.from,
    givenUp: claimed.givenUp,
    fetch: async () => {
      path = await shelf.fetch(claimed.fileId)
      return path
    },
  }
  const release = async (): Promise<void> => {
    if (path !== null) await shelf.release(path).catch(failed)
  }
  return { plan, release }
}

/** The outcome is not lost when the database is away for an hour: it is written when it is back. */
const untilWritten = (worker: PrintWorker, ended: EndedPrint): Promise<void> =>
  untilThere(() => endPrint(worker.db, ended))

/** Does it again until the database is there, and has room. */
const untilThere = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!mayPass(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    }
  }
}
