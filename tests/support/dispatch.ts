// A print sent to a printer past the scheduler: what two servers would do to each other.
import sql from 'sql-template-tag'
import type { Database } from '../../server/store/database.ts'

/** Throws where the printer has a print already, or no copy is left (constraints). */
export const dispatchPrint = async (db: Database, jobId: number, printerId: number): Promise<number> => {
  const row = await db.row<{ id: number }>(sql`
    INSERT INTO print (job_id, printer_id) VALUES (${jobId}, ${printerId}) RETURNING id`)
  return (row as { id: number }).id
}
