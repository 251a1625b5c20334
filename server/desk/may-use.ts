// Has this member learnt what is asked for at this printer? For what is done at once: clearing a bed, starting again.
import type { Use } from '../contract/qualifications.ts'
import { Refused, refuse } from '../contract/refusals.ts'
import type { Database } from '../store/database.ts'
import { attendedIn, calendarFor, lacking, openDesk } from './booking-desk.ts'

/** Seconds: what is done at once. */
const AT_ONCE = 60

/** Throws Refused, with what is missing and the next step. `seconds`: how long it will take. */
export const checkLearnt = async (
  db: Database,
  memberId: number,
  printerId: number,
  { use, material = null, seconds = AT_ONCE }: { use: Use; material?: string | null; seconds?: number },
): Promise<void> => {
  const desk = await openDesk(db, memberId)
  if (desk.house.required.length === 0) return
  const printer = desk.printers.find(({ id }) => id === printerId)
  if (printer === undefined) return
  const { now } = desk.house
  const attended = attendedIn(calendarFor(desk, now, now + seconds), now, now + seconds)
  const [first] = lacking(desk, printer, { use, material, attended })
  if (first === undefined) return
  throw new Refused(refuse('qualification.lacking', { reason: first.message, step: first.nextStep }))
}
