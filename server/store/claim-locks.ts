// Who writes claims holds the members and the printers that they are of, in one order: then nobody waits in a circle.
import sql from 'sql-template-tag'
import type { Database } from './database.ts'

/** Numbers of the two kinds of lock; they mean nothing but this. */
const MEMBERS = 428_101
const PRINTERS = 428_102

const MOST_TRIES = 4
/** Who waits longer than this tries again. */
const LOCK_TIMEOUT = '2s'

const inTurn = (ids: readonly number[]): number[] => [...new Set(ids)].sort((one, other) => one - other)

/** Held until the transaction ends. Take members first, then printers, each once. */
export const lockPrinters = async (db: Database, printerIds: readonly number[]): Promise<void> => {
  if (printerIds.length === 0) return
  await db.run(sql`
    SELECT pg_advisory_xact_lock(${PRINTERS}, (id % 2147483647)::integer)
    FROM (SELECT id FROM unnest(${inTurn(printerIds)}::bigint[]) id ORDER BY id) sorted`)
}

/** In one statement, because many wait for its end: who acts, how long one waits, and the locks in their order. */
const lockAll = (
  db: Database,
  { by, memberIds, printerIds }: { by: number; memberIds: readonly number[]; printerIds: readonly number[] },
): Promise<number> => {
  const [members, printers] = [inTurn(memberIds), inTurn(printerIds)]
  const kinds = [...members.map(() => MEMBERS), ...printers.map(() => PRINTERS)]
  return db.run(sql`
    SELECT set_config('auzolan.member', ${String(by)}, true), set_config('lock_timeout', ${LOCK_TIMEOUT}, true),
      pg_advisory_xact_lock(kind, (id % 2147483647)::integer)
    FROM (SELECT kind, id FROM unnest(${kinds}::integer[], ${[...members, ...printers]}::bigint[]) lock (kind, id)
      ORDER BY kind, id) sorted`)
}

/** Deadlock, serialisation, lock timeout: the same may do a moment later. */
const mayPass = (error: unknown): boolean =>
  ['40P01', '40001', '55P03'].includes((error as { code?: string } | null)?.code ?? '')

/** A transaction of the acting member, in which nobody else books for these members or on these printers. */
export const withClaims = async <T>(
  db: Database,
  who: { readonly by: number; readonly memberIds: readonly number[]; readonly printerIds: readonly number[] },
  work: (db: Database) => Promise<T>,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction(async (inside) => {
        await lockAll(inside, who)
        return work(inside)
      })
    } catch (error) {
      if (!mayPass(error) || attempt >= MOST_TRIES) throw error
      await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 40 * attempt))
    }
  }
}
