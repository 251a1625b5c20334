// May it be sliced and printed, by the licences of the designs that are in it? Asked at every door that leads to a print.
import { Refused } from '../contract/refusals.ts'
import { designMayBePrinted, type Printable } from '../store/approvals.ts'
import type { Database } from '../store/database.ts'

/** Throws Refused for the first that may not. */
export const checkLicences = async (db: Database, wanted: readonly Printable[]): Promise<void> => {
  for (const one of wanted) {
    const closed = await designMayBePrinted(db, one)
    if (closed !== null) throw new Refused(closed)
  }
}
